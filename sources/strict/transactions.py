"""A file cut into its transactions, each as an interchange of its own that pyx12 can read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from config.limits import STRICT_TRANSACTION_BYTES_MAX
from sources.x12.findings import X12StructureError
from sources.x12.segments import STANDARD, Elements, Separators, blocks

# Widths of ISA01 to ISA16: pyx12 reads them by position.
_ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_LAST_RESORT = "\x1c"


@dataclass
class Cut:
    """A transaction: number of its ST in the file, ST02, its text, and whether it was too long to be kept."""

    segment: int
    control: str
    text: str = ""
    too_long: bool = False


@dataclass
class _Open:
    """The envelopes that are open, and the segments of the transaction."""

    interchange: Elements = field(default_factory=list)
    group: Elements = field(default_factory=list)
    separators: Separators = STANDARD
    started: Cut | None = None
    segments: list[str] = field(default_factory=list)
    size: int = 0


def transactions(file: BinaryIO) -> Iterator[Cut]:
    """Each transaction with its SE, in the order of the file; one that breaks off is the business of the reader."""
    now = _Open()
    try:
        for block in blocks(file):
            for place, elements in enumerate(block.segments):
                name = elements[0]
                if name == "ISA":
                    now = _Open(interchange=elements, separators=block.separators)
                elif name == "GS":
                    now = _Open(now.interchange, elements, now.separators)
                elif name == "ST":
                    control = elements[2].strip() if len(elements) > 2 else ""
                    now = _Open(now.interchange, now.group, now.separators, Cut(block.first + place, control))
                if now.started is not None:
                    _add(now, now.started, elements)
                if name == "SE" and now.started is not None:
                    yield _closed(now, now.started)
                    now = _Open(now.interchange, now.group, now.separators)
    except X12StructureError:
        return


def _add(now: _Open, cut: Cut, elements: Elements) -> None:
    now.size += sum(map(len, elements)) + len(elements)
    if now.size > STRICT_TRANSACTION_BYTES_MAX:
        cut.too_long = True
        now.segments.clear()
    else:
        now.segments.append(now.separators.element.join(elements))


def _closed(now: _Open, cut: Cut) -> Cut:
    """The transaction in envelopes whose counts are right: those of the file are the business of the reader."""
    if cut.too_long or not now.interchange or not now.group:
        return cut
    mark = now.separators.element
    group = now.group[6].strip() if len(now.group) > 6 else "1"
    isa = _isa(now.interchange, now.separators)
    lines = [
        isa,
        mark.join(now.group),
        *now.segments,
        mark.join(("GE", "1", group)),
        mark.join(("IEA", "1", isa.split(mark)[13])),
    ]
    terminator = _terminator(now.separators)
    cut.text = "".join(line + terminator for line in lines)
    return cut


def _isa(elements: Elements, separators: Separators) -> str:
    padded = [
        (elements[place].strip() if place < len(elements) else "")[:width].ljust(width)
        for place, width in enumerate(_ISA_WIDTHS, start=1)
    ]
    padded[-1] = separators.component
    return separators.element.join(("ISA", *padded))


def _terminator(separators: Separators) -> str:
    """That of the file; a line end is none to pyx12."""
    if separators.terminator not in "\r\n":
        return separators.terminator
    others = (separators.element, separators.component, separators.repetition)
    return "~" if "~" not in others else _LAST_RESORT
