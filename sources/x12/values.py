"""Values of elements: amounts, days, quantities, texts; a bad one is a finding and a stand-in."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from config.limits import CODE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from schemas.dates import parse_day
from schemas.money import MoneyError, minor_of
from sources.x12.findings import EdiFinding
from sources.x12.segments import Segment

_UNITS_MAX = Decimal(10**9)


@dataclass
class Reader:
    """Reads the values of one claim in a currency and keeps what is wrong with them."""

    currency: str
    findings: list[EdiFinding] = field(default_factory=list)

    def note(self, segment: Segment, position: str, code: str, text: str, fatal: bool = False) -> None:
        """Keep a finding."""
        self.findings.append(EdiFinding(segment.number, position, code, text, fatal, segment.name))

    def amount(self, segment: Segment, position: int) -> int:
        """Minor units; 0 for a bad one."""
        text = segment.get(position)
        try:
            return minor_of(text, self.currency)
        except MoneyError as error:
            self.note(segment, f"{segment.name}{position:02d}", "AMOUNT", str(error))
            return 0

    def units_milli(self, segment: Segment, position: int) -> int:
        """Units in thousandths; 1 for a missing or bad one."""
        text = segment.get(position)
        try:
            units = Decimal(text or "1")
            if not units.is_finite() or abs(units) > _UNITS_MAX or units * 1000 != (units * 1000).to_integral_value():
                raise InvalidOperation
        except InvalidOperation:
            self.note(segment, f"{segment.name}{position:02d}", "UNITS", "is no number of units; 1 is taken")
            return 1000
        if not text:
            self.note(segment, f"{segment.name}{position:02d}", "UNITS", "no number of units; 1 is taken")
        return int(units * 1000)

    def days(self, segment: Segment) -> tuple[int, int] | None:
        """First and last day of a DTP (D8, RD8, DT); None for a bad one."""
        form, text = segment.get(2), segment.get(3)
        first, _, last = text.partition("-") if form == "RD8" else (text[:8], "", "")
        begin, end = _day(first), _day(last or first)
        if begin is None or end is None or form not in ("D8", "RD8", "DT"):
            self.note(segment, "DTP03", "DATE", f"is no date in the form {form or '(none)'}; use D8 with CCYYMMDD")
            return None
        return begin, end

    def day(self, segment: Segment | None, form: int, position: int) -> int | None:
        """A day such as that of a birth; None for a missing or bad one."""
        if segment is None or not segment.get(position):
            return None
        found = _day(segment.get(position)) if segment.get(form) == "D8" else None
        if found is None:
            self.note(segment, f"{segment.name}{position:02d}", "DATE", "is no date; use D8 with CCYYMMDD")
        return found

    def code(self, segment: Segment, position: int, value: str | None = None) -> str | None:
        """A code or identifier; None when it is empty. Too long a one is cut, with a finding."""
        return self._bounded(segment, position, segment.get(position) if value is None else value, CODE_CHARACTERS_MAX)

    def text(self, segment: Segment, position: int, value: str) -> str | None:
        """A text such as a name; None when it is empty."""
        return self._bounded(segment, position, value, TEXT_CHARACTERS_MAX)

    def _bounded(self, segment: Segment, position: int, value: str, most: int) -> str | None:
        if len(value) > most:
            self.note(
                segment, f"{segment.name}{position:02d}", "ELEMENT_LONG", f"has more than {most} characters; it is cut"
            )
        return value[:most] or None


def _day(text: str) -> int | None:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return parse_day(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    except ValueError:
        return None
