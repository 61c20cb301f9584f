"""The 999 (005010X231A1) of a group: each transaction accepted or rejected, with segment, element and code.

A transaction is rejected (R) when it breaks off, or when something grave was found in it and no claim of it could be
read; it is accepted with errors noted (E) when its claims were read all the same, each answered by the 277CA.
IK404, the copy of a bad element, is never given: it may be personal.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from config.limits import ANSWER_NOTES_MAX
from schemas.edi import EdiEnvelope
from sources.answers.elements import reference_number
from sources.answers.interchange import clean, segment
from sources.x12.catalog import CATALOG, Row
from sources.x12.findings import EdiFinding

GUIDE = "005010X231A1"
_POSITION = re.compile(r"([A-Z][A-Z0-9]{1,2})(\d\d)(?:-(\d+))?")
_NAME = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_SEGMENT_HAS_ELEMENT_ERRORS, _TRANSACTION_HAS_SEGMENT_ERRORS = "8", "5"
_UNKNOWN = Row("", "999", "error", segment=_SEGMENT_HAS_ELEMENT_ERRORS, element="7")
_CODES_MAX = 5
# Element 447 has four characters: loop 2010AA is told as 2010.
_LOOP_MAX = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: its segment, its position in the transaction, its loop, and the claim around it."""

    finding: EdiFinding
    row: Row
    claim: str = ""

    @property
    def name(self) -> str:
        """The segment that the finding is about; of a missing one its own name, not that of the segment before it."""
        if self.row.segment and _NAME.fullmatch(self.finding.position):
            return self.finding.position
        position = _POSITION.fullmatch(self.finding.position)
        return self.finding.segment_name or (position.group(1) if position else self.finding.position) or "ST"

    @property
    def element(self) -> tuple[int, int] | None:
        """Element and component (0 for all of the element) in that segment; None of a finding about all of it."""
        position = _POSITION.fullmatch(self.finding.position)
        if position is None or not self.row.element or position.group(1) != self.name:
            return None
        return int(position.group(2)), int(position.group(3) or 0)

    def of_segment(self) -> tuple[str, str, int, str]:
        """What findings of one IK3 have in common: name and code of the segment, its position, and its claim."""
        code = self.row.segment or _SEGMENT_HAS_ELEMENT_ERRORS
        return self.name, code, self.finding.in_transaction, self.claim


@dataclass
class TransactionHeard:
    """What was found in one transaction. `claims` counts those that could be read; `broken` is one that breaks off."""

    kind: str
    control: str
    guide: str
    claims: int = 0
    errors: int = 0
    broken: bool = False
    codes: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def note(self, finding: EdiFinding, claim: str = "") -> None:
        """Take a finding of channel 999, about the transaction or a claim in it."""
        row = CATALOG.get(finding.code, _UNKNOWN)
        if not (row.transaction or row.segment or row.element):
            return
        if row.severity == "error" or finding.fatal:
            self.errors += 1
        breaks_off = bool(finding.fatal and row.transaction)
        self.broken = self.broken or breaks_off
        code = row.transaction or _TRANSACTION_HAS_SEGMENT_ERRORS
        if code not in self.codes:
            # What it is rejected for stands before what is merely noted, of which there may be more than room.
            self.codes.insert(0 if breaks_off else len(self.codes), code)
        if (row.segment or row.element) and len(self.places) < ANSWER_NOTES_MAX:
            self.places.append(Place(finding, row, claim))

    @property
    def answer(self) -> str:
        """IK501."""
        if self.broken or (self.errors and not self.claims):
            return "R"
        return "E" if self.codes else "A"

    def segments(self) -> Iterator[str]:
        """AK2 to IK5; errors in the elements of one segment stand together."""
        yield segment("AK2", clean(self.kind, 3), clean(self.control, 9), clean(self.guide, 35))
        ordered = sorted(self.places, key=lambda place: place.finding.in_transaction)
        for (name, code, _, claim), places in groupby(ordered, key=Place.of_segment):
            yield from _segments_of(name, code, claim, list(places))
        yield segment("IK5", self.answer, *self.codes[:_CODES_MAX])


def _segments_of(name: str, code: str, claim: str, places: Sequence[Place]) -> Iterator[str]:
    """IK3, CTX and IK4 of findings in one segment."""
    finding = places[0].finding
    yield segment("IK3", clean(name, 3), str(max(1, finding.in_transaction)), clean(finding.loop, _LOOP_MAX), code)
    if claim:
        yield segment("CTX", f"CLM01:{clean(claim, 35)}")
    for place in places:
        position = place.element
        if position is not None:
            element, component = position
            where = f"{element}:{component}" if component else str(element)
            yield segment("IK4", where, reference_number(place.finding.position), place.row.element)


@dataclass
class GroupHeard:
    """What was found in one group: `envelope` with its numbers, its transactions, and codes of the group itself."""

    envelope: EdiEnvelope
    functional: str
    version: str
    stated: str = ""
    codes: list[str] = field(default_factory=list)
    transactions: list[TransactionHeard] = field(default_factory=list)

    def note(self, finding: EdiFinding) -> None:
        """Take a finding about the group."""
        code = CATALOG.get(finding.code, _UNKNOWN).group
        if code and code not in self.codes:
            self.codes.append(code)

    def counts(self) -> tuple[int, int]:
        """Transactions accepted, and rejected."""
        rejected = sum(transaction.answer == "R" for transaction in self.transactions)
        return len(self.transactions) - rejected, rejected

    @property
    def answer(self) -> str:
        """AK901."""
        accepted, rejected = self.counts()
        if rejected:
            return "P" if accepted else "R"
        if not self.transactions:
            return "R"
        return "E" if self.codes or any(one.codes for one in self.transactions) else "A"

    def body(self) -> Sequence[str]:
        """AK1 to AK9."""
        received = len(self.transactions)
        included = self.stated.lstrip("0") if self.stated.isascii() and self.stated.isdigit() else ""
        lines = [
            segment("AK1", clean(self.functional, 2), clean(self.envelope.group_control, 9), clean(self.version, 12))
        ]
        for transaction in self.transactions:
            lines += transaction.segments()
        accepted, _ = self.counts()
        lines.append(
            segment(
                "AK9", self.answer, included[:6] or str(received), str(received), str(accepted),
                *self.codes[:_CODES_MAX],
            )
        )  # fmt: skip
        return lines
