"""Bytes to records, streamed: what stands between STX and ETX, or on a line of its own where nothing frames it."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from config.limits import NCPDP_RECORD_BYTES_MAX

STX, ETX = "\x02", "\x03"
_CHUNK_BYTES = 65_536
_BLANK = " \t\r\n\0\x1a\x03\x04"
# A framed record ends with ETX, and is cut off by the start of the next; a bare one also ends with its line.
_FRAMED_END = re.compile("[\x02\x03]")
_BARE_END = re.compile("[\x02\x03\x04\r\n]")


class RecordTooLongError(ValueError):
    """A record without an end within the limit: the rest of the file cannot be cut into records."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record without its frame. `complete` is False where the file or another record began before its end."""

    text: str
    framed: bool
    complete: bool


def records(file: BinaryIO) -> Iterator[Record]:
    """All records of a file; at most one is in memory. Raises RecordTooLongError."""
    window = _Window(file)
    while window.skip_blank():
        framed = window.take_mark(STX)
        text, end = window.take(_FRAMED_END if framed else _BARE_END)
        yield Record(_decoded(text), framed, not framed or end == ETX)


def _decoded(raw: str) -> str:
    """Text is cut as single bytes; what is UTF-8 is read as that, anything else as Latin-1."""
    if raw.isascii():
        return raw
    try:
        return raw.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return raw


class _Window:
    """What was read of the file and not yet taken."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._buffer = file.read(_CHUNK_BYTES).removeprefix(codecs.BOM_UTF8).decode("latin-1")
        self._start = 0

    def skip_blank(self) -> bool:
        """Skip what stands between records; False at the end of the file."""
        while True:
            while self._start < len(self._buffer):
                if self._buffer[self._start] not in _BLANK:
                    return True
                self._start += 1
            if not self._more():
                return False

    def take_mark(self, mark: str) -> bool:
        """Take the character if it is there."""
        if self._buffer[self._start] != mark:
            return False
        self._start += 1
        return True

    def take(self, ends: re.Pattern[str]) -> tuple[str, str]:
        """Up to an end, and the end: ETX is taken, STX is left; empty at the end of the file."""
        searched = self._start
        while (found := ends.search(self._buffer, searched)) is None:
            length = len(self._buffer) - self._start
            if length > NCPDP_RECORD_BYTES_MAX:
                raise RecordTooLongError(f"no record ends within {NCPDP_RECORD_BYTES_MAX:,} bytes")
            if not self._more():
                taken, self._start = self._buffer[self._start :], len(self._buffer)
                return taken, ""
            searched = self._start + length
        taken = self._buffer[self._start : found.start()]
        self._start = found.start() if found[0] == STX else found.end()
        return taken, found[0]

    def _more(self) -> bool:
        """Read on; drops what was taken. False at the end of the file."""
        chunk = self._file.read(_CHUNK_BYTES)
        self._buffer = self._buffer[self._start :] + chunk.decode("latin-1")
        self._start = 0
        return bool(chunk)
