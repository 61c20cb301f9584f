"""Bytes to segments, streamed: delimiters come from each ISA, whatever its length, line ends and encoding.

Traps handled: byte order marks and UTF-16; terminators CR, LF or CRLF; lines wrapped inside segments; an ISA that is
not 106 characters long; several interchanges with other delimiters in one file.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from config.limits import EDI_SEGMENT_BYTES_MAX
from sources.x12.findings import X12StructureError

_CHUNK_BYTES = 65_536
_ISA_ELEMENTS = 16
_LINE_ENDS = str.maketrans("", "", "\r\n")
_BLANK = " \t\r\n\0\x1a"


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its number in the file from 1, its elements (the first is its name), its component separator."""

    number: int
    elements: list[str]
    separator: str
    # Element, component, repetition, terminator: as the interchange names them.
    separators: tuple[str, str, str, str] = ("*", ":", "^", "~")

    @property
    def name(self) -> str:
        """Name such as CLM."""
        return self.elements[0]

    def get(self, position: int) -> str:
        """Element by its position from 1, without blanks around it; empty when it is not there."""
        return self.elements[position].strip() if position < len(self.elements) else ""

    def parts(self, position: int) -> list[str]:
        """Components of an element."""
        return [part.strip() for part in self.get(position).split(self.separator)]


@dataclass(frozen=True, slots=True)
class _Delimiters:
    element: str
    component: str
    terminator: str


def segments(file: BinaryIO) -> Iterator[Segment]:
    """All segments of a file. Raises X12StructureError where the rest cannot be read."""
    text = _Text(file)
    number = 0
    delimiters: _Delimiters | None = None
    marks = ("*", ":", "^", "~")
    while text.skip_blank():
        number += 1
        if text.starts_with("ISA") and not text.following(3).isalnum():
            delimiters = _delimiters(text, number)
        if delimiters is None:
            raise X12StructureError(number, "NO_ISA", "the file does not begin with ISA: it is no X12 interchange")
        raw = text.take(delimiters.terminator, number)
        if delimiters.terminator not in "\r\n":
            raw = raw.translate(_LINE_ENDS)
        if raw.strip():
            elements = _decoded(raw).split(delimiters.element)
            if elements[0] == "ISA":
                repetition = elements[11].strip() if len(elements) > 11 else ""
                marks = (delimiters.element, delimiters.component, repetition, delimiters.terminator)
            yield Segment(number, elements, delimiters.component, marks)
        else:
            number -= 1


def _delimiters(text: "_Text", number: int) -> _Delimiters:
    """From the ISA at the start of the text: what follows ISA, ISA16, and what follows that."""
    element = text.following(3)
    position, seen = 3, 0
    while seen < _ISA_ELEMENTS:
        character = text.following(position)
        if not character or position > EDI_SEGMENT_BYTES_MAX:
            raise X12StructureError(number, "ISA_SHORT", f"ISA has {seen} elements, not {_ISA_ELEMENTS}")
        seen += character == element
        position += 1
    while text.following(position) in ("\r", "\n") and text.following(position + 1) not in ("", "\r", "\n", "G"):
        position += 1
    component, terminator = text.following(position), text.following(position + 1)
    if not terminator:
        raise X12StructureError(number, "ISA_SHORT", "the file ends within ISA")
    if terminator.isalnum() or component.isalnum() or terminator in (element, component, " "):
        raise X12StructureError(
            number,
            "ISA_DELIMITERS",
            f"after ISA15 stand {component!r} and {terminator!r}: a component separator and a segment terminator "
            "belong there; the elements of ISA may be miscounted",
        )
    return _Delimiters(element, component, terminator)


def _decoded(raw: str) -> str:
    """Text is cut as single bytes; what is UTF-8 is read as that, anything else as Latin-1."""
    if raw.isascii():
        return raw
    try:
        return raw.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return raw


class _Text:
    """A window on the file: what was read and not yet taken."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._buffer = ""
        self._start = 0
        self._ended = False
        first = file.read(4)
        encoding = "latin-1"
        for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
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
                if self._buffer[self._start] not in _BLANK:
                    return True
                self._start += 1
            if not self._more():
                return False

    def starts_with(self, text: str) -> bool:
        return self.following(len(text) - 1) != "" and self._buffer.startswith(text, self._start)

    def following(self, offset: int) -> str:
        """The character that far from here; empty beyond the end of the file."""
        while self._start + offset >= len(self._buffer):
            if not self._more():
                return ""
        return self._buffer[self._start + offset]

    def take(self, terminator: str, number: int) -> str:
        """Up to the terminator, which is taken too; the rest of the file where there is none."""
        searched = self._start
        while (end := self._buffer.find(terminator, searched)) < 0:
            if len(self._buffer) - self._start > EDI_SEGMENT_BYTES_MAX:
                raise X12StructureError(
                    number,
                    "SEGMENT_LONG",
                    f"no segment terminator {terminator!r} within {EDI_SEGMENT_BYTES_MAX} characters; ISA names it, "
                    "does the file use it?",
                )
            searched = len(self._buffer)
            if not self._more():
                taken, self._buffer, self._start = self._buffer[self._start :], "", 0
                return taken
            searched -= self._dropped
        taken = self._buffer[self._start : end]
        self._start = end + 1
        return taken

    def _more(self) -> bool:
        """Read on; drops what was taken. False at the end of the file."""
        self._dropped = self._start
        self._buffer = self._buffer[self._start :]
        self._start = 0
        while not self._ended:
            chunk = self._file.read(_CHUNK_BYTES)
            self._ended = not chunk
            text = self._decoder.decode(chunk, self._ended)
            if text:
                self._buffer += text
                return True
        return False
