"""What the demo shows, without its services."""

from decimal import Decimal

import pytest

from cli.demo_life import paid_of

AMOUNTS = [
    # paid,                    currency  as the other tables of the demo write it
    (Decimal("83298500"),     "IDR",    "IDR 83,298,500"),
    (Decimal("83298500.00"),  "IDR",    "IDR 83,298,500"),
    (Decimal("1234.5"),       "USD",    "USD 1,234.50"),
    (None,                    "IDR",    "IDR 0"),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "currency", "shown"), AMOUNTS)
def test_amounts_are_written_as_everywhere_in_the_terminal(paid: Decimal | None, currency: str, shown: str) -> None:
    assert paid_of({"total_paid": paid, "currency": currency}) == shown
