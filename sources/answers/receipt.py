"""The TA1 of an interchange: whether its envelope could be read, and what was wrong with it first."""

from dataclasses import dataclass, field

from schemas.edi import EdiEnvelope
from sources.answers.interchange import clean, segment
from sources.x12.catalog import CATALOG
from sources.x12.findings import EdiFinding

_NO_ERROR = "000"


@dataclass
class InterchangeHeard:
    """What was found in one interchange; `sent_on` and `sent_at` are ISA09 and ISA10."""

    envelope: EdiEnvelope
    sent_on: str
    sent_at: str
    notes: list[str] = field(default_factory=list)
    rejected_for: str | None = None
    groups: int = 0

    def note(self, finding: EdiFinding) -> None:
        """Take a finding about the interchange."""
        row = CATALOG.get(finding.code)
        note = row.interchange if row is not None else ""
        if note and note not in self.notes:
            self.notes.append(note)
        if finding.fatal and self.rejected_for is None:
            self.rejected_for = note

    @property
    def answer(self) -> str:
        """TA104: A accepted, E accepted with errors, R rejected: it breaks off, or cannot be read to its end."""
        if self.rejected_for is not None:
            return "R"
        return "E" if self.notes else "A"

    def body(self) -> list[str]:
        """The TA1."""
        of = self.envelope
        control = clean(of.interchange_control, 9)
        number = f"{int(control):09d}" if control.isdigit() else "000000000"
        day = self.sent_on if _is_number(self.sent_on, 6) else "000101"
        time = self.sent_at if _is_number(self.sent_at, 4) else "0000"
        # There is room for one: that for which it was rejected before any other.
        note = self.rejected_for or (self.notes[0] if self.notes else _NO_ERROR)
        return [segment("TA1", number, day, time, self.answer, note)]


def _is_number(text: str, digits: int) -> bool:
    """Whether a text is that many digits, of those that an answer can hold."""
    return len(text) == digits and text.isascii() and text.isdigit()
