"""Field types of the claim as JSON: texts, codes, days, amounts and quantities, each with its bounds and its words."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from config import limits
from schemas.money import EXPONENTS, MAXIMUM_MINOR
from schemas.vocabulary import Form, ServiceType, Settlement

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?")
QUANTITY_DECIMALS = 3
# As many as Decimal's default context keeps, so that no arithmetic on an amount rounds it.
DIGITS_MAX = 28

# The seeds call three different things a claim type; a word of any list is taken and put where it belongs.
FORM_WORDS: dict[str, Form] = {
    "professional": "professional", "institutional": "institutional", "dental": "dental", "pharmacy": "pharmacy",
}  # fmt: skip
SETTLEMENT_WORDS: dict[str, Settlement] = {"cashless": "cashless", "reimbursement": "reimbursement"}
SERVICE_WORDS: dict[str, ServiceType] = {
    "inpatient": "inpatient", "outpatient": "outpatient", "dental": "dental", "optical": "optical",
    "maternity": "maternity", "emergency": "emergency",
}  # fmt: skip
ClaimType = Literal[
    "professional", "institutional", "dental", "pharmacy",
    "inpatient", "outpatient", "optical", "maternity", "emergency", "cashless", "reimbursement",
]  # fmt: skip


def _blank_to_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _printable(value: str) -> str:
    if _CONTROL.search(value):
        raise PydanticCustomError("control_character", "must not hold control characters")
    return value


def _day(value: object) -> object:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("date", "is no date of the calendar") from None
    if isinstance(value, date):
        return value
    raise PydanticCustomError("date", "must be a date as text, such as 2026-03-02")


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise PydanticCustomError("number", "must be a number, or a decimal number as text such as 150000.00")
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        raise PydanticCustomError("number", "must be a decimal number with a point, without separators or currency")
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > DIGITS_MAX or len(number.as_tuple().digits) > DIGITS_MAX:
        raise PydanticCustomError("number", f"may have {DIGITS_MAX} digits at most")
    return number


def _amount(value: Decimal) -> Decimal:
    if abs(value) > MAXIMUM_MINOR:
        raise PydanticCustomError("amount_too_large", "is larger than any amount we hold")
    return value


def _quantity(value: Decimal) -> Decimal:
    if abs(value) > 10**9:
        raise PydanticCustomError("quantity_too_large", "is larger than any quantity we hold")
    if value.scaleb(QUANTITY_DECIMALS) != value.scaleb(QUANTITY_DECIMALS).to_integral_value():
        raise PydanticCustomError("quantity_too_fine", "may have three decimals at most")
    return value


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.TEXT_CHARACTERS_MAX),
    AfterValidator(_printable),
]
Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=limits.CODE_CHARACTERS_MAX),
    AfterValidator(_printable),
]
OptionalText = Annotated[Text | None, BeforeValidator(_blank_to_none)]
OptionalCode = Annotated[Code | None, BeforeValidator(_blank_to_none)]
Day = Annotated[date, BeforeValidator(_day)]
Amount = Annotated[Decimal, AfterValidator(_amount), BeforeValidator(_number)]
Quantity = Annotated[Decimal, AfterValidator(_quantity), BeforeValidator(_number)]
Currency = Literal["IDR", "USD", "SGD", "MYR", "EUR", "JPY"]
assert set(Currency.__args__) == set(EXPONENTS), "the currencies of intake are those of schemas/money.py"  # type: ignore[attr-defined]
Attributes = Annotated[dict[Code, Text], Field(max_length=limits.ATTRIBUTES_MAX)]
Position = Annotated[int, Field(ge=1, le=10_000)]
