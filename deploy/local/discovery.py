"""How other processes find the services of a state folder: one file, believed only while its writer lives."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import psutil

FILE = "services.json"
# psutil computes creation times from the boot time, which moves a little when the clock is set.
SAME_SECONDS = 2.0


@dataclasses.dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the services of a state folder answer; None for one that is not embedded there."""

    kafka_bootstrap: str | None
    database_url: str | None


def running(state_dir: Path) -> Endpoints | None:
    """The services of the folder while the process that started them lives (a service may be away for a moment)."""
    written = _read(state_dir)
    if written is None or not _lives(written.get("owner")):
        return None
    return Endpoints(kafka_bootstrap=written.get("kafka_bootstrap"), database_url=written.get("database_url"))


def owner_of(state_dir: Path) -> str:
    """The owner in words, for a message."""
    written = _read(state_dir)
    owner = written.get("owner") if written else None
    return f"process {owner['pid']} ({owner['command']})" if owner and _lives(owner) else "another process"


def publish(state_dir: Path, endpoints: Endpoints, pids: dict[str, int]) -> None:
    """Write the file for this process as the owner, readable by its user only: it holds the database's password."""
    written = {
        "owner": {**_identity(os.getpid()), "command": psutil.Process().name()},
        "services": {name: _identity(pid) for name, pid in pids.items()},
        **dataclasses.asdict(endpoints),
    }
    path = state_dir / FILE
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(written, file, indent=1)
    fresh.replace(path)


def withdraw(state_dir: Path) -> None:
    """Remove the file."""
    (state_dir / FILE).unlink(missing_ok=True)


def _read(state_dir: Path) -> dict[str, Any] | None:
    try:
        written = json.loads((state_dir / FILE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return written if isinstance(written, dict) else None


def _identity(pid: int) -> dict[str, Any]:
    """A pid alone is given to another process later; with the time of creation it is one process."""
    try:
        return {"pid": pid, "created": psutil.Process(pid).create_time()}
    except psutil.NoSuchProcess:
        return {"pid": pid, "created": None}


def _lives(identity: Any) -> bool:
    try:
        process = psutil.Process(int(identity["pid"]))
        same = abs(process.create_time() - float(identity["created"])) < SAME_SECONDS
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, KeyError, TypeError, ValueError):
        return False
