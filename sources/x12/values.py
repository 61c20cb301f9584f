"""Values of elements: amounts, days, quantities, codes, texts; a bad one is a finding and a stand-in.

Claims repeat the same days, codes and amounts, so what a text means is remembered, within bounds, as long as the
separators and the currency stay the same.
"""

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeVar

from config.limits import CODE_CHARACTERS_MAX, TEXT_CHARACTERS_MAX
from schemas.claim import Diagnosis, OtherProvider
from schemas.dates import parse_day
from schemas.money import MoneyError, exponent_of, minor_of
from sources.x12.notes import Notes
from sources.x12.segments import Elements, Separators

REMEMBERED = 16_384
# Only segments longer than that can make an attribute that is over its limit: escapes take three characters for one.
LONG = TEXT_CHARACTERS_MAX // 3
_UNITS_MAX = Decimal(10**9)
_PLAIN_DIGITS_MAX = 12
_MINUTES = 4
K = TypeVar("K")
V = TypeVar("V")


class Values:
    """Reads values in a currency, written with the separators of an interchange."""

    def __init__(self, currency: str, separators: Separators) -> None:
        self.currency = currency
        self.separators = separators
        self.component = separators.component
        # Whether segments came that are so long that attributes of them may be over their limit.
        self.long = False
        self._scale: int = 10 ** exponent_of(currency)
        self._decimals = exponent_of(currency)
        # Clean values by their text; what has findings is read again each time.
        self.facilities: dict[str, tuple[str | None, str]] = {}
        self.amounts: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.services: dict[str, dict[str, tuple[str, str, tuple[str, ...], dict[str, str]]]] = {
            "SV1": {},
            "SV2": {},
            "SV3": {},
        }
        # By the text, for services before and since ICD-10 is in force.
        self.diagnoses: dict[bool, dict[str, Diagnosis]] = {False: {}, True: {}}
        self.people: dict[tuple[tuple[str, ...], ...], tuple[OtherProvider, dict[str, str]]] = {}
        self.payers: dict[tuple[tuple[str, ...], ...], tuple[str | None, dict[str, str]]] = {}
        self.indicators: dict[tuple[str, ...], dict[str, str]] = {}
        self.pointers: dict[tuple[str, int], tuple[int, ...]] = {}

    def parts(self, text: str) -> list[str]:
        """Components of an element."""
        return text.split(self.component)

    def amount(self, segment: Elements, position: int, notes: Notes, loop: str = "2300") -> int:
        """Minor units; 0 for a bad one."""
        text = segment[position] if position < len(segment) else ""
        known = self.amounts.get(text)
        if known is not None:
            return known
        try:
            found = self._minor(text)
        except MoneyError as error:
            notes.note(segment, f"{segment[0]}{position:02d}", "AMOUNT", str(error), loop)
            return 0
        if len(text) <= _PLAIN_DIGITS_MAX:
            remember(self.amounts, text, found)
        return found

    def _minor(self, text: str) -> int:
        """Minor units; plain amounts need no decimal number in between. Raises MoneyError."""
        whole, dot, fraction = text.partition(".")
        if text.isascii() and whole.isdigit() and len(whole) <= _PLAIN_DIGITS_MAX:
            if not dot:
                return int(whole) * self._scale
            if fraction.isdigit() and len(fraction) <= self._decimals:
                return int(whole + fraction.ljust(self._decimals, "0"))
        if _is_odd(text):
            raise MoneyError("amount is not a decimal number")
        return minor_of(text, self.currency)

    def units_milli(self, segment: Elements, position: int, notes: Notes, missing: int | None = None) -> int:
        """Units in thousandths; 1 for a missing or bad one, with a finding unless missing ones have a meaning."""
        text = segment[position] if position < len(segment) else ""
        if text.isdigit() and text.isascii() and len(text) < _PLAIN_DIGITS_MAX - 3:
            remember(self.units, text, int(text) * 1000)
            return int(text) * 1000
        if not text and missing is not None:
            return missing
        try:
            units = Decimal(text)
            if (
                _is_odd(text)
                or not units.is_finite()
                or abs(units) > _UNITS_MAX
                or units * 1000 != (units * 1000).to_integral_value()
            ):
                raise InvalidOperation
        except InvalidOperation:
            what = "is no number of units" if text else "no number of units"
            notes.note(segment, f"{segment[0]}{position:02d}", "UNITS", f"{what}; 1 is taken", "2400")
            return 1000
        return int(units * 1000)

    def days(self, segment: Elements, notes: Notes, loop: str) -> tuple[int, int] | None:
        """First and last day of a DTP (D8, RD8, DT); None for a bad one."""
        found = period_of(segment[2], segment[3]) if len(segment) > 3 else None
        if found is None:
            form = segment[2][:3] if len(segment) > 2 else ""
            text = f"is no date in the form {form or '(none)'}; use D8 with CCYYMMDD"
            notes.note(segment, "DTP03", "DATE", text, loop)
        return found

    def day(self, segment: Elements, form: int, position: int, notes: Notes, loop: str) -> int | None:
        """A day such as that of a birth; None for a missing or bad one."""
        text = segment[position] if position < len(segment) else ""
        if not text:
            return None
        found = day_of_text(text) if segment[form] == "D8" else None
        if found is None:
            notes.note(segment, f"{segment[0]}{position:02d}", "DATE", "is no date; use D8 with CCYYMMDD", loop)
        return found

    def code(self, segment: Elements, position: int, notes: Notes, loop: str = "2300") -> str | None:
        """A code or identifier; None when it is empty. Too long a one is cut, with a finding."""
        value = segment[position] if position < len(segment) else ""
        if len(value) > CODE_CHARACTERS_MAX:
            return self.cut(segment, position, value, CODE_CHARACTERS_MAX, notes, loop)
        return value or None

    def cut(self, segment: Elements, position: int, value: str, most: int, notes: Notes, loop: str = "2300") -> str:
        """The value at that length, with a finding if it is longer."""
        if len(value) > most:
            text = f"has more than {most} characters; it is cut"
            notes.note(segment, f"{segment[0]}{position:02d}", "ELEMENT_LONG", text, loop)
        return value[:most]


def _is_odd(text: str) -> bool:
    """Whether a number is one to Python alone: `1_00` may be meant as 1.00, and other digits than ours as anything."""
    return "_" in text or not text.isascii()


def remember(kept: dict[K, V], key: K, value: V) -> None:
    """Keep a value under its text; when too many are kept, begin again."""
    if len(kept) >= REMEMBERED:
        kept.clear()
    kept[key] = value


@lru_cache(maxsize=REMEMBERED)
def period_of(form: str, text: str) -> tuple[int, int] | None:
    """First and last day of a DTP in the form D8, RD8 or DT; None if it is none."""
    if form == "D8":
        day = day_of_text(text)
        return None if day is None else (day, day)
    if form == "DT":
        day = day_of_text(text[:8])
        return None if day is None else (day, day)
    if form != "RD8":
        return None
    first, _, last = text.partition("-")
    begin, end = day_of_text(first), day_of_text(last or first)
    return None if begin is None or end is None else (begin, end)


@lru_cache(maxsize=REMEMBERED)
def day_of_text(text: str) -> int | None:
    """The day of CCYYMMDD; None if it is none."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return parse_day(text)
    except ValueError:
        return None
