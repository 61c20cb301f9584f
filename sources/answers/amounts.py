"""Amounts and counts of a sender as an answer writes them: the number that stood in the file, whatever its currency."""

from decimal import Decimal, InvalidOperation

from schemas.money import MAXIMUM_MINOR

# Element 782 has up to 18 digits; a sign and a point do not count.
_DIGITS_MAX, CHARACTERS_MAX = 18, 20
_NONE = Decimal(0)


def kept(text: str) -> str:
    """An amount as it is kept until it is told: empty when it is too long to be one."""
    return text if len(text) <= CHARACTERS_MAX else ""


def stated(text: str) -> Decimal:
    """The number that a sender wrote; 0 of what is no amount."""
    if not text.isascii() or "_" in text:
        return _NONE
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return _NONE
    if not amount.is_finite() or abs(amount) > MAXIMUM_MINOR:
        return _NONE
    return amount if sum(map(str.isdigit, written(amount))) <= _DIGITS_MAX else _NONE


def written(amount: Decimal) -> str:
    """A decimal without needless zeros, as X12 writes numbers."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
