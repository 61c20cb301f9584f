"""A window on a file: its text as it comes in, whatever the encoding, and how much of it was taken."""

import codecs
from typing import BinaryIO

# Small enough that the segments of a block stay in the cache of a core.
CHUNK_BYTES = 16_384
BLANK = " \t\r\n\0\x1a"
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Window:
    """Text that was read and not yet taken. Bytes stand for themselves (Latin-1) unless the file is UTF-16."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._buffer = ""
        self._start = 0
        self.ended = False
        first = file.read(4)
        encoding = "latin-1"
        for mark, name in _MARKS:
            if first.startswith(mark):
                encoding, first = name, first[2:]
        if first.startswith(codecs.BOM_UTF8):
            first = first[3:]
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._buffer = self._decoder.decode(first)

    def skip_blank(self) -> bool:
        """Skip blanks and line ends; False at the end of the file."""
        while True:
            while self._start < len(self._buffer):
                if self._buffer[self._start] not in BLANK:
                    return True
                self._start += 1
            if not self.more():
                return False

    def following(self, offset: int) -> str:
        """The character that far from here; empty beyond the end of the file."""
        while self._start + offset >= len(self._buffer):
            if not self.more():
                return ""
        return self._buffer[self._start + offset]

    def begins_with(self, text: str) -> bool:
        """Whether the text stands here."""
        return self.following(len(text) - 1) != "" and self._buffer.startswith(text, self._start)

    def size(self) -> int:
        """Characters read and not taken."""
        return len(self._buffer) - self._start

    def find_last(self, terminator: str) -> int:
        """Characters up to and with the last terminator; 0 where there is none."""
        return max(0, self._buffer.rfind(terminator, self._start) + 1 - self._start)

    def text(self, length: int) -> str:
        """The next characters, which stay."""
        return self._buffer[self._start : self._start + length]

    def take(self, length: int) -> None:
        """Go on behind the next characters."""
        self._start += length

    def more(self) -> bool:
        """Read on; forgets what was taken. False at the end of the file."""
        self._buffer = self._buffer[self._start :]
        self._start = 0
        while not self.ended:
            chunk = self._file.read(CHUNK_BYTES)
            self.ended = not chunk
            text = self._decoder.decode(chunk, self.ended)
            if text:
                self._buffer += text
                return True
        return False
