"""How far a file was sent: written only after the broker confirmed everything before, so that kill -9 loses nothing.

A mark belongs to the content of a file, not to its name or time: a moved file goes on where it stopped, a changed one
starts anew. The same content for another cluster, in another currency or from another submitter is another mark.
"""

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

# A mark that old is of a run that nobody finished; its file would be sent from its beginning.
FORGOTTEN_AFTER_SECONDS = 30 * 86_400
_DIGEST_BYTES = 16


class Position(NamedTuple):
    """A claim in a file: document of an archive from 0, its place there (line or segment), how many share the place."""

    document: int = 0
    place: int = -1
    again: int = 0


NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Mark:
    """Every claim up to and with `position` is on the topic: `sent` of them; the whole file when `finished`.

    `received_at` is when the file was begun, in milliseconds since 1970-01-01 UTC; 0 for a file that was not.
    """

    position: Position = NOWHERE
    sent: int = 0
    finished: bool = False
    received_at: int = 0


def digest_of(file: BinaryIO) -> str:
    """Hex digest of the content from the beginning; the file is left at its beginning."""
    file.seek(0)
    made = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    while chunk := file.read(1 << 20):
        made.update(chunk)
    file.seek(0)
    return made.hexdigest()


def name_of(digest: str, *terms: str) -> str:
    """Name of a mark: of the content, and of what decides which records it becomes and where they go."""
    return hashlib.blake2b("\n".join((digest, *terms)).encode(), digest_size=_DIGEST_BYTES).hexdigest()


class Marks:
    """Marks in a folder, one file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._forget_old()

    def find(self, name: str) -> Mark:
        """The mark of that name; one at the beginning where there is none, or none that can be read."""
        try:
            value = json.loads(self._path(name).read_bytes())
            document, place, again = value["position"]
            position = Position(int(document), int(place), int(again))
            return Mark(position, int(value["sent"]), value["finished"] is True, int(value["received_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Mark()

    def write(self, name: str, mark: Mark) -> None:
        """Put a mark in the place of the one before, whole or not at all."""
        value = {
            "position": list(mark.position),
            "sent": mark.sent,
            "finished": mark.finished,
            "received_at": mark.received_at,
        }
        partial = self._path(name).with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps(value), encoding="utf-8")
        partial.replace(self._path(name))

    def forget(self, name: str) -> None:
        """Take a mark away: the file is sent from its beginning the next time."""
        self._path(name).unlink(missing_ok=True)

    def forget_all(self) -> None:
        """Take all marks away: nothing is under way."""
        for path in self._folder.glob("*.json"):
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _forget_old(self) -> None:
        before = time.time() - FORGOTTEN_AFTER_SECONDS
        for path in (*self._folder.glob("*.json"), *self._folder.glob("*.tmp")):
            try:
                if path.stat().st_mtime < before:
                    path.unlink(missing_ok=True)
            except OSError:
                continue
