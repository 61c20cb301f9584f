"""Bytes to segments, many at a time: delimiters come from each ISA, whatever its length, line ends and encoding.

Traps handled: byte order marks and UTF-16; terminators CR, LF or CRLF; lines wrapped inside segments; an ISA that is
not 106 characters long; several interchanges with other delimiters in one file; a new ISA after one that broke off.
A segment is the list of its elements, the name first. Its number in the file is that of its block plus its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from config.limits import EDI_SEGMENT_BYTES_MAX
from schemas.counted import counted
from sources.x12.findings import X12StructureError
from sources.x12.window import BLANK, Window

Elements = list[str]
_ISA_ELEMENTS = 16
_ISA = re.compile("ISA[^0-9A-Za-z]")
_LINE_ENDS = frozenset("\r\n")
# Blanks that may stand between a terminator and the next ISA.
_BLANKS_SEEN = 1_000
_REPETITION = 11
# Elements of people's own words: their blanks around a component separator are theirs.
_WORDED = frozenset(("NTE", "K3", "NM1", "N2", "N3", "N4", "PER", "PWK", "MSG"))


class Separators(NamedTuple):
    """As an interchange names them; the repetition separator of versions before 5010 is no separator."""

    element: str
    component: str
    repetition: str
    terminator: str


STANDARD = Separators("*", ":", "^", "~")


@dataclass(frozen=True, slots=True)
class Block:
    """Segments in a row: the number of the first in the file (from 1), and the separators they are written with."""

    first: int
    segments: list[Elements]
    separators: Separators
    # Characters of its longest segment.
    longest: int = 0
    # What follows them without a terminator, where the data, or the interchange, breaks off.
    cut: Elements | None = None

    @property
    def last(self) -> int:
        """Number of the last segment, a cut one counted."""
        return self.first + len(self.segments) - (self.cut is None)


def blocks(file: BinaryIO) -> Iterator[Block]:
    """All segments of a file; an ISA is a block of its own. Raises X12StructureError where the rest cannot be read."""
    window = Window(file)
    number = 1
    separators: Separators | None = None
    while window.skip_blank():
        if window.begins_with("ISA") and not window.following(3).isalnum():
            separators, isa = _header(window, number)
            yield Block(number, [isa], separators)
            number += 1
            continue
        if separators is None:
            raise X12StructureError(number, "NO_ISA", "the file does not begin with ISA: it is no X12 interchange")
        text = _stretch(window, separators, number)
        segments, longest = _cut(text, separators)
        endless = longest > EDI_SEGMENT_BYTES_MAX
        if endless:
            too_long = (len(separators.element.join(one)) > EDI_SEGMENT_BYTES_MAX for one in segments)
            segments = segments[: next(place for place, long in enumerate((*too_long, True)) if long)]
        cut = None if endless or not segments or _is_ended(text, separators.terminator) else segments.pop()
        if segments or cut:
            block = Block(number, segments, separators, longest, cut)
            yield block
            number = block.last + 1
        if endless:
            raise _endless(number, separators.terminator)


def _stretch(window: Window, separators: Separators, number: int) -> str:
    """Whole segments: what is read of the file up to the last terminator, or to the next ISA."""
    while not (length := window.find_last(separators.terminator)):
        if window.size() > EDI_SEGMENT_BYTES_MAX:
            raise _endless(number, separators.terminator)
        if not window.more():
            length = window.size()
            break
    text = window.text(length)
    for found in _ISA.finditer(text):
        place = found.start()
        before = text[max(0, place - _BLANKS_SEEN) : place]
        ended = _is_ended(before, separators.terminator)
        if ended or (before[-1:] in _LINE_ENDS and _is_header(text, place)):
            text = text[:place]
            break
    window.take(len(text))
    return text


def _is_ended(text: str, terminator: str) -> bool:
    """Whether a terminator stands at the end, before blanks or as one of them."""
    tail = text[-_BLANKS_SEEN:]
    return terminator in tail[len(tail.rstrip(BLANK)) - 1 :]


def _is_header(text: str, place: int) -> bool:
    """Whether an ISA after a mere line end looks like one through and through: a broken off interchange before it."""
    mark = text[place + 3]
    return text[place + 4 : place + 5] == "0" and text[place + 6 : place + 7] == mark


def _cut(text: str, separators: Separators) -> tuple[list[Elements], int]:
    """The segments of a text, and the length of the longest."""
    element, component, _, terminator = separators
    for mark in "\r\n\0\x1a":
        if mark != terminator and mark in text:
            text = text.replace(mark, "")
    raws = [raw for raw in text.split(terminator) if raw]
    longest = max(map(len, raws), default=0)
    if not text.isascii():
        raws = [_decoded(raw) for raw in raws]
    segments = [raw.split(element) for raw in raws]
    marks = (element, component, terminator)
    if "\t" in text or text[-1:] == " " or any(f" {mark}" in text or f"{mark} " in text for mark in marks):
        segments = [trimmed for segment in segments if (trimmed := _trimmed(segment, component)) != [""]]
    return segments, longest


def _trimmed(segment: Elements, component: str) -> Elements:
    """Without blanks around elements and their parts: blanks pad, and mean nothing."""
    if segment[0].strip() in _WORDED:
        return [part.strip() for part in segment]
    return [
        component.join([part.strip() for part in whole.split(component)]) if component in whole else whole.strip()
        for whole in segment
    ]


def _decoded(raw: str) -> str:
    """Text is cut as single bytes; what is UTF-8 is read as that, anything else as Latin-1."""
    if raw.isascii():
        return raw
    try:
        return raw.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return raw


def _header(window: Window, number: int) -> tuple[Separators, Elements]:
    """The separators that the ISA here names, and its elements: what follows ISA, ISA16, and what follows that."""
    element = window.following(3)
    position, seen = 3, 0
    while seen < _ISA_ELEMENTS:
        character = window.following(position)
        if not character:
            text = f"the file ends within ISA, in element {seen} of {_ISA_ELEMENTS}; send it again, whole"
            raise X12StructureError(number, "ISA_SHORT", text)
        if position > EDI_SEGMENT_BYTES_MAX:
            raise X12StructureError(number, "ISA_SHORT", f"ISA has {counted(seen, 'element')}, not {_ISA_ELEMENTS}")
        seen += character == element
        position += 1
    while window.following(position) in ("\r", "\n") and window.following(position + 1) not in ("", "\r", "\n", "G"):
        position += 1
    component, terminator = window.following(position), window.following(position + 1)
    if not terminator:
        raise X12StructureError(number, "ISA_SHORT", "the file ends within ISA; send it again, whole")
    if terminator.isalnum() or component.isalnum() or terminator in (element, component, " "):
        raise X12StructureError(
            number,
            "ISA_DELIMITERS",
            f"after ISA15 stand {component!r} and {terminator!r}: a component separator and a segment terminator "
            "belong there; the elements of ISA may be miscounted",
        )
    raw = window.text(position + 1)
    window.take(position + 2)
    elements = raw.translate({10: None, 13: None}).split(element)
    repetition = elements[_REPETITION].strip()
    known = repetition if len(repetition) == 1 and not repetition.isalnum() else ""
    return Separators(element, component, known, terminator), elements


def _endless(number: int, terminator: str) -> X12StructureError:
    within = f"within {EDI_SEGMENT_BYTES_MAX:,} characters"
    text = f"no segment terminator {terminator!r} {within}; ISA names it, is it used?"
    return X12StructureError(number, "SEGMENT_LONG", text)
