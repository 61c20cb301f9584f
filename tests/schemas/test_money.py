"""Money as an examiner would check it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.money import MoneyError, decimal_of, minor_of, round_half_up, split

MINOR: list[tuple[Decimal | int | str, str, int]] = [
    # amount, currency, minor units
    (Decimal("150.00"), "USD", 15000),
    ("150", "USD", 15000),
    (0, "USD", 0),
    ("-12.34", "USD", -1234),
    ("5000000", "IDR", 5000000),
    ("5000000.00", "IDR", 5000000),
    ("123456789012", "IDR", 123456789012),
    ("1E+2", "USD", 10000),
]


@pytest.mark.parametrize(("amount", "currency", "minor"), MINOR)
def test_minor_units(amount: Decimal | int | str, currency: str, minor: int) -> None:
    assert minor_of(amount, currency) == minor


REFUSED: list[tuple[str, str, str]] = [
    # amount, currency, what the message says
    ("150.005", "USD", "finer"),
    ("150.50", "IDR", "finer"),
    ("NaN", "USD", "not a number"),
    ("Infinity", "USD", "not a number"),
    ("1E+30", "USD", "not a number below"),
    ("twelve", "USD", "decimal number"),
    ("1", "XYZ", "currency"),
]


@pytest.mark.parametrize(("amount", "currency", "says"), REFUSED)
def test_refused(amount: str, currency: str, says: str) -> None:
    with pytest.raises(MoneyError, match=says):
        minor_of(amount, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"), [(15000, "USD", "150.00"), (-5, "USD", "-0.05"), (5, "IDR", "5")]
)
def test_decimal(minor: int, currency: str, text: str) -> None:
    assert str(decimal_of(minor, currency)) == text


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1), ("-2.5", -3)]
)
def test_half_up_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Decimal(value)) == rounded


SPLITS: list[tuple[int, list[int], list[int]]] = [
    # total, weights, parts
    (10000, [1, 1, 1], [3334, 3333, 3333]),
    (-10000, [1, 1, 1], [-3334, -3333, -3333]),
    (100, [0, 0], [50, 50]),
    (1, [1, 1], [1, 0]),
    (7, [0, 1], [0, 7]),
    (10, [1, 2, 7], [1, 2, 7]),
    (5, [1, 2, 2], [1, 2, 2]),
]


@pytest.mark.parametrize(("total", "weights", "parts"), SPLITS)
def test_largest_remainder(total: int, weights: list[int], parts: list[int]) -> None:
    assert split(total, weights) == parts


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_parts_make_the_whole(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_bad_weights(weights: list[int]) -> None:
    with pytest.raises(MoneyError):
        split(1, weights)
