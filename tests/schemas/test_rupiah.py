"""Rupiah in and out; the cases that the first design had wrong are named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rupiah import RupiahError, format_rupiah, parse_rupiah


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Rp 5.000.000", "5000000"),
        ("Rp5.000.000", "5000000"),
        ("Rp. 750.000", "750000"),
        ("IDR 1.000", "1000"),
        ("rp 150000", "150000"),
        ("0", "0"),
        ("  Rp 12 ", "12"),
        ("Rp 10.000,-", "10000"),
    ],
)
def test_reads_what_people_write(text: str, amount: str) -> None:
    """With and without the sign of the currency, points and the dash for no sen."""
    assert parse_rupiah(text) == Decimal(amount)


def test_seed_defect_the_decimal_comma_is_kept() -> None:
    """It was dropped, so that Rp 1.500,50 became one hundred times as much."""
    assert parse_rupiah("Rp 1.500,50") == Decimal("1500.50")


@pytest.mark.parametrize("text", ["-Rp 1.500", "Rp -1.500", "-1.500", "- Rp 1500"])
def test_seed_defect_the_minus_sign_is_kept(text: str) -> None:
    """It was dropped, so that a credit became a charge."""
    assert parse_rupiah(text) == Decimal(-1500)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.5", "Rp 1"), ("2.5", "Rp 3"), ("-2.5", "-Rp 3"), ("1.49", "Rp 1"), ("-0.4", "Rp 0")],
)
def test_seed_defect_a_half_is_rounded_up(amount: str, text: str) -> None:
    """Formatting rounded half to even while amounts were rounded half up."""
    assert format_rupiah(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "Rp 0"), (999, "Rp 999"), (5_000_000, "Rp 5.000.000"), (-1_000, "-Rp 1.000")],
)
def test_writes_points_between_thousands(amount: int, text: str) -> None:
    """The Indonesian way."""
    assert format_rupiah(amount) == text


@pytest.mark.parametrize(
    "text", ["", "Rp", "1.5", "1.23.456", "1,000,000", "Rp 1.000 000", "--5", "-Rp -5", "USD 5", "1e9", "9" * 41]
)
def test_refuses_what_is_no_amount(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(RupiahError, match=r"write it as Rp 1\.234\.567,50"):
        parse_rupiah(text)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_reads_back_what_it_writes(amount: int) -> None:
    """For every whole amount."""
    assert parse_rupiah(format_rupiah(amount)) == amount
