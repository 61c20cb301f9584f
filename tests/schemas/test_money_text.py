"""Amounts as people read them."""

from decimal import Decimal

import pytest

from schemas.money_text import format_money

CASES = [
    # amount         currency  text
    ("1250000",      "IDR",    "Rp 1.250.000"),
    ("-1250000",     "IDR",    "-Rp 1.250.000"),
    ("0",            "IDR",    "Rp 0"),
    ("12.50",        "USD",    "$12.50"),
    ("12.5",         "USD",    "$12.50"),
    ("-1234567.89",  "USD",    "-$1,234,567.89"),
    ("5000",         "JPY",    "¥5,000"),
    ("7.10",         "MYR",    "RM 7.10"),
    ("7.10",         "CHF",    "CHF 7.10"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "currency", "text"), CASES)
def test_as_its_country_writes_it(amount: str, currency: str, text: str) -> None:
    assert format_money(Decimal(amount), currency) == text
