"""A transmission: its fixed header, the segments that all its transactions share, and up to four transactions.

Layout of D.0: header of 56 characters, segments that begin with 1E, fields that begin with 1C and two characters of
their id, and 1D before each transaction. Senders leave the first separators out; the header's length tells it anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

GROUP, SEGMENT, FIELD = "\x1d", "\x1e", "\x1c"
HEADER_CHARACTERS = 56
# Version D.0; 5.1 has the same header and most of the same fields.
VERSIONS = ("D0", "51")
PATIENT, PHARMACY, PRESCRIBER, INSURANCE, PAYMENTS = "01", "02", "03", "04", "05"
CLAIM, COMPOUND, PRICING, CLINICAL = "07", "10", "11", "13"
# Segments before the first transaction are for all of them.
_SHARED = (PATIENT, INSURANCE)


@dataclass(frozen=True, slots=True)
class Header:
    """The fixed header; each value without the blanks that fill it up."""

    bin: str
    version: str
    transaction_code: str
    processor_control_number: str
    count: str
    provider_qualifier: str
    provider: str
    date_of_service: str
    software: str


@dataclass(frozen=True, slots=True)
class Part:
    """A segment: its number in the file, its id such as 07, its fields as id and value in their order."""

    number: int
    segment: str
    fields: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Value of the first field of that id; empty when it is not there."""
        return next((value for found, value in self.fields if found == name), "")


@dataclass
class Transaction:
    """The segments of one prescription, with those that it shares; `number` is that of its first segment."""

    number: int
    parts: list[Part] = field(default_factory=list)

    def part(self, segment: str) -> Part:
        """The first segment of that id; an empty one when it is missing."""
        return next((part for part in self.parts if part.segment == segment), Part(self.number, segment, ()))

    def has(self, segment: str) -> bool:
        """Whether the segment is there."""
        return any(part.segment == segment for part in self.parts)


@dataclass
class Transmission:
    """A header with its transactions. `wrong` holds position, code and text of what is odd, by number of segment."""

    number: int
    header: Header
    transactions: list[Transaction]
    segments: int
    wrong: list[tuple[int, str, str, str]]


def header_of(text: str) -> Header | None:
    """The header at the start of a transmission; None where a separator stands within it."""
    fixed = text[:HEADER_CHARACTERS]
    if len(fixed) < HEADER_CHARACTERS or any(mark in fixed for mark in (GROUP, SEGMENT, FIELD)):
        return None
    ends = (6, 8, 10, 20, 21, 23, 38, 46, 56)
    return Header(*[fixed[start:end].strip() for start, end in zip((0, *ends), ends, strict=False)])


def transmission_of(text: str, number: int) -> Transmission | None:
    """A transmission whose header is segment `number` of the file; None where it has no header."""
    header = header_of(text)
    if header is None:
        return None
    made = Transmission(number, header, [], 1, [])
    rest = text[HEADER_CHARACTERS:]
    first = min((at for at in map(rest.find, (GROUP, SEGMENT, FIELD)) if at >= 0), default=len(rest))
    if rest[:first].strip() and not rest.startswith("AM"):
        text = f"after the header's {HEADER_CHARACTERS} characters stand {first} more; they are left out"
        made.wrong.append((number, "header", "HEADER_LENGTH", text))
        rest = rest[first:]
    shared: list[Part] = []
    for place, group in enumerate(rest.split(GROUP)):
        _take_group(made, group, place, shared)
    shared = _merged(made, shared)
    for transaction in made.transactions:
        transaction.parts = _merged(made, transaction.parts)
        own = {part.segment for part in transaction.parts}
        transaction.parts = [part for part in shared if part.segment not in own] + transaction.parts
    return made


def _merged(made: Transmission, parts: list[Part]) -> list[Part]:
    """The parts, one of each segment: the fields of one that stands twice follow those of the first."""
    found: dict[str, Part] = {}
    for part in parts:
        before = found.get(part.segment)
        if before is not None:
            text = f"AM{part.segment} stands twice in one transaction; the fields of both are read as those of one"
            made.wrong.append((part.number, f"AM{part.segment}", "SEGMENT_TWICE", text))
            part = Part(before.number, part.segment, before.fields + part.fields)
        found[part.segment] = part
    return list(found.values())


def _take_group(made: Transmission, group: str, place: int, shared: list[Part]) -> None:
    """Segments of a group; a claim segment begins a transaction even where no group separator does.

    So does a patient or an insurance between two claim segments: it is the second one's.
    """
    current: Transaction | None = None
    parts = list(_parts(made, group))
    last = max((at for at, part in enumerate(parts) if part.segment == CLAIM), default=-1)
    for at, part in enumerate(parts):
        begins = part.segment == CLAIM or (part.segment in _SHARED and at < last)
        if current is None and place == 0 and part.segment in _SHARED:
            shared.append(part)
        elif current is None or (begins and current.has(CLAIM)):
            if current is not None:
                text = "a second claim segment (AM07) without a group separator before it; it is read as a transaction"
                made.wrong.append((part.number, "AM07", "GROUP_MISSING", text))
            current = Transaction(part.number, [part])
            made.transactions.append(current)
        else:
            current.parts.append(part)


def _parts(made: Transmission, group: str) -> Iterator[Part]:
    for raw in group.split(SEGMENT):
        if not raw.strip(" \r\n" + FIELD):
            continue
        made.segments += 1
        number = made.number + made.segments - 1
        name, *fields = raw.lstrip(FIELD).split(FIELD)
        if len(name) != 4 or not name.startswith("AM"):
            text = "the segment does not begin with its identification (AM and two digits); it is left out"
            made.wrong.append((number, "", "SEGMENT_UNKNOWN", text))
            continue
        kept = [(one[:2], one[2:].strip()) for one in fields if one.strip()]
        if any(len(name) < 2 for name, _ in kept):
            text = "a field is shorter than its id of two characters; it is left out"
            made.wrong.append((number, name, "FIELD_SHORT", text))
        yield Part(number, name[2:], tuple([one for one in kept if len(one[0]) == 2 and one[1]]))
