"""Money as an examiner would check it."""

import operator
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.money import Money, MoneyError, decimal_of, minor_of, ratio_of, round_half_up, split

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


FRACTIONS: list[tuple[int, int, int]] = [
    # numerator, denominator, rounded
    (1, 2, 1),
    (-1, 2, -1),
    (3, 2, 2),
    (-3, 2, -2),
    (4999, 1000, 5),
    (2499, 1000, 2),
    (5, 1, 5),
    (0, 7, 0),
    (10**40 + 5, 10, 10**39 + 1),
]


@pytest.mark.parametrize(("numerator", "denominator", "rounded"), FRACTIONS)
def test_a_fraction_is_rounded_once(numerator: int, denominator: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator) == rounded


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=4))
def test_decimals_and_fractions_are_rounded_alike(value: Decimal) -> None:
    assert round_half_up(value) == round_half_up(int(value * 10_000), 10_000)


@pytest.mark.parametrize(("rate", "ratio"), [("0.25", (1, 4)), ("1", (1, 1)), ("0", (0, 1)), ("0.333", (333, 1000))])
def test_a_rate_is_an_exact_fraction(rate: str, ratio: tuple[int, int]) -> None:
    assert ratio_of(rate) == ratio


def usd(amount: str) -> Money:
    """Dollars."""
    return Money.of(amount, "USD")


def test_money_adds_and_compares_in_its_currency() -> None:
    assert usd("1.50") + usd("0.75") == usd("2.25")
    assert usd("1.50") - usd("2.00") == Money(-50, "USD") == -usd("0.50")
    assert usd("1.50") < usd("1.51") <= usd("1.51")
    assert usd("2") > usd("1.99")
    assert max(usd("3"), usd("20")) == usd("20")
    assert usd("1") != Money(100, "SGD")
    assert {usd("1"): "one"}[Money(100, "USD")] == "one"


@pytest.mark.parametrize(
    ("money", "text", "exponent"),
    [(usd("1234.5"), "1234.50", 2), (Money(-5, "USD"), "-0.05", 2), (Money(5_000_000, "IDR"), "5000000", 0)],
)
def test_money_is_written_with_the_digits_of_its_currency(money: Money, text: str, exponent: int) -> None:
    assert (str(money), money.exponent) == (text, exponent)
    assert money.decimal == Decimal(text)


@pytest.mark.parametrize("combine", [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge])
def test_money_refuses_another_currency(combine: Callable[[Money, Money], object]) -> None:
    with pytest.raises(MoneyError, match="USD and IDR"):
        combine(usd("1"), Money(1, "IDR"))


def test_money_refuses_what_its_currency_cannot_hold() -> None:
    with pytest.raises(MoneyError, match="finer"):
        Money.of("0.5", "IDR")
    with pytest.raises(MoneyError, match="currency"):
        Money(1, "XYZ")


def test_money_does_not_change() -> None:
    with pytest.raises(AttributeError):
        usd("1").minor = 2  # type: ignore[misc]
