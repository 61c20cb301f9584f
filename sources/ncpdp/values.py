"""Values of fields: overpunched amounts, implied decimals, days, texts; a bad one is a finding and a stand-in."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from config.limits import CODE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from schemas.dates import parse_day, text_of
from schemas.money import MoneyError, decimal_of, minor_of
from sources.ncpdp.fields import Key
from sources.ncpdp.transmission import Part
from sources.x12.findings import EdiFinding

# The last digit with its sign: { and A to I are +0 to +9, } and J to R are -0 to -9.
_SIGNED = {sign: (1, digit) for digit, sign in enumerate("{ABCDEFGHI")} | {
    sign: (-1, digit) for digit, sign in enumerate("}JKLMNOPQR")
}
_OVERPUNCHED = re.compile(r"([0-9]{0,17})([0-9{}A-R])")
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{0,4})?")
_UNITS_MILLI_MAX = 10**12
_CONTROL = dict.fromkeys((*range(32), 127))
AMOUNT_DECIMALS, QUANTITY_DECIMALS, RATE_DECIMALS = 2, 3, 4


class ValueFormatError(ValueError):
    """A number that is written neither as the standard says nor with a decimal point."""


def signed_decimal(text: str, decimals: int) -> Decimal:
    """A number with implied decimals whose last digit may carry the sign: `125{` is 12.50, `125}` is -12.50.

    One with a point of its own is taken as it stands. Raises ValueFormatError.
    """
    found = _OVERPUNCHED.fullmatch(text)
    if found is not None:
        sign, digit = _SIGNED.get(found[2]) or (1, int(found[2]))
        return Decimal(sign * int(f"{found[1]}{digit}")).scaleb(-decimals)
    if _PLAIN.fullmatch(text) and ("." in text or text[0] in "+-"):
        return Decimal(text)
    raise ValueFormatError("is no number")


@dataclass
class Values:
    """Reads the values of one claim in a currency and keeps what is wrong with them."""

    currency: str
    findings: list[EdiFinding] = field(default_factory=list)

    def note(self, part: Part, name: str, code: str, text: str, fatal: bool = False) -> None:
        """Keep a finding at a field such as E7 of a segment."""
        position = f"AM{part.segment} {name}".strip()
        self.findings.append(EdiFinding(part.number, position, code, text, fatal))

    def amount(self, part: Part, name: str, text: str) -> int:
        """Minor units; 0 for a bad one."""
        try:
            if "." in text:
                self.note(part, name, "AMOUNT_POINT", "an amount has two decimals without a point; it is read as meant")
            return minor_of(signed_decimal(text, AMOUNT_DECIMALS), self.currency)
        except MoneyError as error:
            self.note(part, name, "AMOUNT", str(error))
        except ValueFormatError:
            text = "is no amount: digits, the last one with its sign ({ and A to I plus, } and J to R minus)"
            self.note(part, name, "AMOUNT", text)
        return 0

    def units_milli(self, part: Part, name: str, text: str) -> int:
        """Units in thousandths; one unit for a missing or bad one."""
        try:
            units = signed_decimal(text, QUANTITY_DECIMALS) * 1000
            if units != units.to_integral_value() or not 0 < units <= _UNITS_MILLI_MAX:
                raise ValueFormatError
            if "." in text:
                self.note(part, name, "UNITS_POINT", "a quantity has three decimals without a point; it is read so")
            return int(units)
        except ValueFormatError:
            missing = "no quantity" if not text else "is no quantity: digits, the last three after the point"
            self.note(part, name, "UNITS", f"{missing}; 1 is taken")
        return 1000

    def day(self, part: Part, name: str, text: str) -> int | None:
        """Days since 1970-01-01; None for a missing or bad one."""
        if not text:
            return None
        if len(text) == 8 and text.isascii() and text.isdigit():
            try:
                return parse_day(f"{text[:4]}-{text[4:6]}-{text[6:]}")
            except ValueError:
                pass
        self.note(part, name, "DATE", "is no date; use CCYYMMDD")
        return None

    def code(self, part: Part, name: str, value: str | None = None) -> str | None:
        """A code or identifier; None when it is empty. Too long a one is cut, with a finding."""
        return self._bounded(part, name, part.get(name) if value is None else value, CODE_CHARACTERS_MAX)

    def text(self, part: Part, name: str, value: str | None = None) -> str | None:
        """A text such as a name; None when it is empty."""
        return self._bounded(part, name, part.get(name) if value is None else value, TEXT_CHARACTERS_MAX)

    def attribute(self, part: Part, name: str, value: str, key: Key) -> str | None:
        """The value as attributes hold it: amounts and quantities as decimals, days as ISO dates."""
        if key.kind == "day":
            day = self.day(part, name, value)
            return self.text(part, name, value) if day is None else text_of(day)
        if key.kind == "amount":
            return f"{decimal_of(self.amount(part, name, value), self.currency):f}"
        if key.kind in ("quantity", "rate"):
            try:
                decimals = QUANTITY_DECIMALS if key.kind == "quantity" else RATE_DECIMALS
                return f"{signed_decimal(value, decimals):f}"
            except ValueFormatError:
                self.note(part, name, "NUMBER", "is no number; it is kept as it stands")
        return self.text(part, name, value)

    def _bounded(self, part: Part, name: str, value: str, most: int) -> str | None:
        kept = value.translate(_CONTROL).strip()
        if kept != value:
            self.note(part, name, "CONTROL_CHARACTER", "has control characters; they are left out")
        if len(kept) > most:
            self.note(part, name, "ELEMENT_LONG", f"has more than {most} characters; it is cut")
        return kept[:most].strip() or None
