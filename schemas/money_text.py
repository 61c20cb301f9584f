"""Amounts as people read them: `Rp 1.250.000`, `$1,250.00`."""

from decimal import Decimal

from schemas.money import EXPONENTS
from schemas.rupiah import format_rupiah

_SIGNS = {"USD": "$", "SGD": "S$", "MYR": "RM ", "EUR": "€", "JPY": "¥"}


def format_money(amount: Decimal, currency: str) -> str:
    """The amount with the digits of its currency, as its country writes it: `-$12.50`, `Rp 1.250.000`."""
    if currency == "IDR":
        return format_rupiah(amount)
    sign = "-" if amount < 0 else ""
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{abs(amount):,.{EXPONENTS.get(currency, 2)}f}"
