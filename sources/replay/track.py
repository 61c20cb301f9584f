"""The mark of one file while it is sent."""

import os
import time
from typing import BinaryIO

from sources.replay.checkpoint import Mark, Marks, Position


class FileChangedError(Exception):
    """Somebody wrote to the file while it was read."""


class Track:
    """How far a file was sent before, and how far it is now. Without marks (a pipe, a dry run) nothing is kept."""

    def __init__(self, file: BinaryIO, marks: Marks | None, name: str, from_start: bool) -> None:
        self.name = name
        self._file = file
        self._marks = marks
        self._stat = _changes_with(file)
        found = Mark() if marks is None or from_start else marks.find(name)
        self.before = found.position
        self._sent_before = found.sent
        self._marked = found.position
        # The time of receipt is that of the first attempt: what is sent again is the same record.
        self.received_at = found.received_at or time.time_ns() // 1_000_000
        self._write(found.position, found.sent, found.finished)

    def is_due(self, position: Position) -> bool:
        """Whether a mark would say more than the last one did."""
        return self._marks is not None and position > self._marked

    def write(self, position: Position, sent: int, finished: bool = False) -> None:
        """Mark what the broker confirmed: `sent` claims by this run. Raises FileChangedError."""
        self.check()
        self._write(max(position, self.before), self._sent_before + sent, finished)

    def check(self) -> None:
        """Raise FileChangedError where the file is not what it was when its reading began."""
        if self._marks is not None and _changes_with(self._file) != self._stat:
            raise FileChangedError

    def _write(self, position: Position, sent: int, finished: bool) -> None:
        if self._marks is not None:
            self._marks.write(self.name, Mark(position, sent, finished, self.received_at))
            self._marked = position


def _changes_with(file: BinaryIO) -> tuple[int, int] | None:
    """Size and time of the last write of a file on a disk."""
    if not file.seekable():
        return None
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns
