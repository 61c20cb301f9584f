"""Values of a row, checked one by one: a bad one is noted with its place and the rest is read on.

Each reader returns a stand-in for a bad value; what it stands in is never used, since a folder with a problem is
refused whole.
"""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, TypeVar

from config.limits import CODE_CHARACTERS_MAX, IDENTIFIERS_MAX, TEXT_CHARACTERS_MAX
from schemas.claim import Identifier
from schemas.dates import parse_day
from schemas.identity import nik_is_valid, npwp_is_valid
from schemas.money import EXPONENTS, MoneyError, minor_of
from sources.reference.problems import Problems
from sources.reference.rows import LINE, Row

W = TypeVar("W", bound=str)
# No | and no colon: ids are parts of the keys of topics and of state.
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
SYSTEM = re.compile(r"[a-z][a-z0-9_]{0,29}")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NPI = re.compile(r"[0-9]{10}")
UNITS_MAX = 10**6
_day = lru_cache(maxsize=65_536)(parse_day)


class Fields:
    """Reads the values of one row; those of `personal` columns are quoted in no problem."""

    def __init__(self, row: Row, problems: Problems, personal: Collection[str] = ()) -> None:
        self.place = row.place
        self._values = row.values
        self._problems = problems
        self._personal = personal

    def bad(self, column: str | None, text: str) -> None:
        """Note a problem of the row."""
        self._problems.add(self.place, column, text)

    def bad_value(self, column: str, value: str, text: str) -> None:
        """Note a problem of a value, which is quoted unless it is personal."""
        self.bad(column, text if column in self._personal else f"{value[:60]!r} {text}")

    def given(self, column: str) -> bool:
        """Whether the row has a value there."""
        return self._values[column] not in ("", [], {})

    def raw(self, column: str) -> Any:
        """The value as it was read: text, or a list or mapping of YAML."""
        return self._values[column]

    def text(self, column: str) -> str:
        """Text of at most TEXT_CHARACTERS_MAX characters on one line."""
        value = self._values[column]
        if not isinstance(value, str):
            self.bad(column, "must be a single value")
            return ""
        if len(value) > TEXT_CHARACTERS_MAX or not value.isprintable():
            self.bad(column, f"must be one line of at most {TEXT_CHARACTERS_MAX} characters")
        return value

    def id(self, column: str) -> str:
        """An id of ours."""
        value = self.text(column)
        if value and (len(value) > CODE_CHARACTERS_MAX or not ID.fullmatch(value)):
            self.bad_value(column, value, f"is no id: letters, digits and . _ / -, at most {CODE_CHARACTERS_MAX}")
        return value

    def word(self, column: str, words: Sequence[W], default: W | None = None) -> W:
        """One of a closed list of words."""
        if default is not None and not self.given(column):
            return default
        value = self.text(column)
        for known in words:
            if value == known:
                return known
        self.bad_value(column, value, f"is not one of {', '.join(words)}")
        return words[0]

    def words(self, column: str, words: Sequence[W]) -> tuple[W, ...]:
        """Several of a closed list of words; none is all of them."""
        given = self.items(column)
        for unknown in [value for value in given if value not in words]:
            self.bad_value(column, unknown, f"is not one of {', '.join(words)}")
        return tuple(known for known in words if known in given)

    def day(self, column: str) -> int:
        """An ISO date as days."""
        value = self.text(column)
        try:
            if ISO_DAY.fullmatch(value):
                return _day(value)
        except ValueError:
            pass
        self.bad_value(column, value, "is no date; write it as 2026-03-02")
        return 0

    def day_or_none(self, column: str) -> int | None:
        """An ISO date as days; None when the row has none."""
        return self.day(column) if self.given(column) else None

    def period(self, first: str = "effective_from", last: str = "effective_to") -> tuple[int, int | None]:
        """First and last day; the last is None while it goes on."""
        begin, end = self.day(first), self.day_or_none(last)
        if end is not None and end < begin:
            self.bad(last, f"is before {first}")
        return begin, end

    def currency(self, column: str) -> str:
        """A currency that we know."""
        return self.word(column, sorted(EXPONENTS))

    def amount(self, column: str, currency: str | None) -> int:
        """A decimal amount that is not negative, as minor units."""
        try:
            amount = minor_of(self.text(column).replace(" ", ""), currency or "IDR")
        except MoneyError as error:
            self.bad(column, f"{error}; write a decimal such as 150000 or 12.50")
            return 0
        if amount < 0:
            self.bad(column, "must not be negative")
        return amount

    def amount_or(self, column: str, currency: str | None, default: int) -> int:
        """An amount; `default` when the row has none."""
        return self.amount(column, currency) if self.given(column) else default

    def amount_or_none(self, column: str, currency: str | None) -> int | None:
        """An amount; None when the row has none."""
        return self.amount(column, currency) if self.given(column) else None

    def rate(self, column: str, default: str) -> str:
        """A share from 0 to 1, as decimal text."""
        value = self.text(column) if self.given(column) else default
        if is_share(value):
            return value
        self.bad_value(column, value, "is no share; write a decimal from 0 to 1, such as 0.20")
        return default

    def rate_or_none(self, column: str) -> str | None:
        """A share from 0 to 1; None when the row has none."""
        return self.rate(column, "0") if self.given(column) else None

    def rates(self, column: str, most: int) -> tuple[str, ...]:
        """Several shares from 0 to 1, in their order."""
        values = self.items(column)
        if len(values) > most:
            self.bad(column, f"more than {most} shares")
        for value in values[:most]:
            if not is_share(value):
                self.bad_value(column, value, "is no share; write decimals from 0 to 1, such as 1, 0.5, 0.5")
        return tuple(values[:most])

    def flag(self, column: str, default: bool) -> bool:
        """true or false."""
        return self.word(column, ("true", "false"), "true" if default else "false") == "true"

    def whole_or_none(self, column: str, most: int) -> int | None:
        """A whole number from 0; None when the row has none."""
        if not self.given(column):
            return None
        value = self.text(column)
        if value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= most:
            return int(value)
        self.bad_value(column, value, f"is no whole number from 0 to {most}")
        return None

    def whole(self, column: str, most: int, default: int) -> int:
        """A whole number from 0; `default` when the row has none."""
        number = self.whole_or_none(column, most)
        return default if number is None else number

    def thousandths_or_none(self, column: str, most: int = UNITS_MAX) -> int | None:
        """Units with at most three decimals, above 0, as thousandths; None when the row has none."""
        if not self.given(column):
            return None
        try:
            thousandths = Decimal(self.text(column)) * 1000
            if 0 < thousandths <= most * 1000 and thousandths == thousandths.to_integral_value():
                return int(thousandths)
        except InvalidOperation:
            pass
        self.bad(column, "must be a number above 0 with at most 3 decimals")
        return None

    def ids(self, column: str, most: int) -> tuple[str, ...]:
        """Several ids, each once."""
        values = self.items(column)
        for value in values:
            if len(value) > CODE_CHARACTERS_MAX or not ID.fullmatch(value):
                self.bad_value(column, value, f"is no id: letters, digits and . _ / -, at most {CODE_CHARACTERS_MAX}")
        if len(values) > most or len(set(values)) != len(values):
            self.bad(column, f"must be at most {most} ids, each once")
        return tuple(values)

    def items(self, column: str) -> list[str]:
        """Several values: a list in YAML, separated by semicolons in text."""
        value = self._values[column]
        parts: list[Any] = value if isinstance(value, list) else str(value).split(";") if value else []
        if isinstance(value, dict) or not all(isinstance(part, str) for part in parts):
            self.bad(column, "must be a list of values")
            return []
        return [text for part in parts if (text := part.strip())]

    def identifiers(self, column: str) -> tuple[Identifier, ...]:
        """Identifiers as `system:value;system:value`, or a mapping in YAML; checked as far as their system allows."""
        value = self._values[column]
        if isinstance(value, dict):
            pairs = [(system, str(one)) for system, one in value.items() if system != LINE]
        else:
            pairs = [(system, rest) for system, _, rest in (item.partition(":") for item in self.items(column))]
        if len(pairs) > IDENTIFIERS_MAX:
            self.bad(column, f"more than {IDENTIFIERS_MAX} identifiers")
        return tuple(self._identifier(column, system.strip(), one.strip()) for system, one in pairs)

    def _identifier(self, column: str, system: str, value: str) -> Identifier:
        if not SYSTEM.fullmatch(system) or not value or len(value) > CODE_CHARACTERS_MAX:
            self.bad(column, "an identifier is written system:value, such as nik:3174... or npi:1234567893")
        elif system == "nik" and not nik_is_valid(value):
            self.bad(column, "is no NIK: 16 digits with province, a date of birth (day + 40 for women) and a serial")
        elif system == "npwp" and not npwp_is_valid(value):
            self.bad(column, "is no NPWP: 16 digits, or the older 15")
        elif system == "npi" and not NPI.fullmatch(value):
            self.bad(column, "is no NPI: 10 digits")
        return Identifier(system, value)


def is_share(text: str) -> bool:
    """Whether a text is a decimal from 0 to 1."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return False
    return rate.is_finite() and 0 <= rate <= 1 and len(text) <= 12
