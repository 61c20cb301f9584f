"""A watched folder: which file is next, and where it goes when it is done. Knows nothing of claims."""

import json
import os
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from sources.replay.documents import is_waiting, shown_name
from sources.replay.report import FileReport

DONE, FAILED = "done", "failed"
# Hidden within the folder, so that it moves with it.
OWN = ".claims-watch"
REJECTS = "rejects.jsonl"
# A disk takes names of 255 bytes: room for a number, and for what the names of report and rejects add.
_NAME_BYTES_MAX = 200
Changes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the folder is looked into, and how long a file's size and time must not change before it is read."""

    poll_seconds: float = 1.0
    quiet_seconds: float = 2.0


def changes_with(path: Path) -> Changes | None:
    """Size and time of the last write of a file; None of anything that is no file of its own."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


class Inbox:
    """Files wait in `folder`; what becomes of one is prepared in `staging` and appears beside it where it is moved."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        self.folder = folder
        self.pace = pace
        self.staging = folder / OWN / "staging"
        self._seen: dict[str, tuple[Changes, float]] = {}

    def next(self) -> Path | None:
        """The oldest file that has been quiet for long enough, if there is one."""
        now = time.monotonic()
        found: dict[str, tuple[Changes, float]] = {}
        for path in self._waiting():
            changes = changes_with(path)
            if changes is not None:
                before = self._seen.get(path.name)
                found[path.name] = before if before is not None and before[0] == changes else (changes, now)
        self._seen = found
        quiet = [name for name, (_, since) in found.items() if now - since >= self.pace.quiet_seconds]
        return self.folder / min(quiet, key=lambda name: (found[name][0][1], name)) if quiet else None

    def is_empty(self) -> bool:
        """Whether no file waits, quiet or not."""
        return not self._seen

    def clear_staging(self) -> None:
        """What is left of a file that was interrupted is made again."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(mode=0o700)

    def put_away(self, path: Path, report: FileReport) -> Path:
        """Move what was prepared, then the report, then the file; returns where it is now.

        The file goes last: as long as it is here, everything is made again under the same names.
        """
        folder = self.folder / (DONE if report.status == "sent" else FAILED)
        target = _free(folder, path.name)
        for made in sorted(self.staging.iterdir()):
            if made.stat().st_size:
                made.replace(folder / (f"{target.name}.{REJECTS}" if made.name == REJECTS else made.name))
        text = json.dumps(report.as_json() | {"file": shown_name(target)}, ensure_ascii=False, indent=2)
        partial = self.staging / "report"
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(folder / f"{target.name}.report.json")
        path.rename(target)
        self._seen.pop(path.name, None)
        return target

    def _waiting(self) -> list[Path]:
        with os.scandir(self.folder) as entries:
            return [Path(entry.path) for entry in entries if is_waiting(Path(entry.name))]


def _free(folder: Path, name: str) -> Path:
    """A name that no earlier file has, cut if need be; the same one each time until the file is there."""
    number, name = 1, os.fsdecode(os.fsencode(name)[:_NAME_BYTES_MAX])
    target = folder / name
    while target.exists():
        number += 1
        target = folder / f"{name}.{number}"
    return target
