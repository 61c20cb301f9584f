"""Money: integer minor units of a currency inside, decimal text at the edges. Never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache, total_ordering

# Digits after the decimal point (ISO 4217 gives the Rupiah two that nobody bills: its claims are whole).
EXPONENTS = {"IDR": 0, "USD": 2, "SGD": 2, "MYR": 2, "EUR": 2, "JPY": 0}
# One intensive-care stay passes Rp 100 million; columns hold 18 digits.
MAXIMUM_MINOR = 10**15
RATES_KEPT = 4_096


class MoneyError(ValueError):
    """An amount that cannot be held exactly in its currency; the text says why."""


def exponent_of(currency: str) -> int:
    """Digits after the decimal point; raises MoneyError for a currency we do not know."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise MoneyError(f"currency {currency!r} is not one of {', '.join(sorted(EXPONENTS))}") from None


def minor_of(amount: Decimal | int | str, currency: str) -> int:
    """Minor units of a decimal amount; raises MoneyError when it is none, too large or too fine."""
    exponent = exponent_of(currency)
    try:
        value = Decimal(amount)
        if not value.is_finite() or abs(value) > MAXIMUM_MINOR:
            raise MoneyError(f"amount is not a number below {MAXIMUM_MINOR}")
        scaled = value.scaleb(exponent)
        if scaled != scaled.to_integral_value():
            raise MoneyError(f"amount is finer than {currency} allows ({exponent} decimals)")
    except InvalidOperation:
        raise MoneyError("amount is not a decimal number") from None
    return int(scaled)


def decimal_of(minor: int, currency: str) -> Decimal:
    """The amount as a decimal with the currency's digits."""
    return Decimal(minor).scaleb(-exponent_of(currency))


@lru_cache(maxsize=RATES_KEPT)
def ratio_of(rate: str) -> tuple[int, int]:
    """Numerator and denominator of a decimal rate, so that products with amounts stay exact: 0.25 is (1, 4)."""
    return Decimal(rate).as_integer_ratio()


def round_half_up(value: Decimal | int, divisor: int = 1) -> int:
    """The one rounding of the engine: half up, away from zero at a half, applied once to an amount that is stored.

    `value` may be the numerator of an exact fraction and `divisor`, positive, its denominator.
    """
    if isinstance(value, Decimal):
        value, denominator = value.as_integer_ratio()
        divisor *= denominator
    if value < 0:
        return -((divisor - 2 * value) // (2 * divisor))
    return (2 * value + divisor) // (2 * divisor)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in parts in proportion to non-negative weights, by largest remainder, ties to the earlier part.

    The parts sum to the total exactly: 10000 over (1, 1, 1) is 3334, 3333, 3333. Weights that are all 0 count as equal.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise MoneyError("weights must be given and not negative")
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    sign = -1 if total < 0 else 1
    shares = [divmod(abs(total) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-shares[i][1], i))
    for i in by_remainder[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency, for the edges of the engine; rules work on the minor units of one currency.

    Arithmetic and comparison with another currency raise MoneyError. Amounts of different currencies are not equal.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent_of(self.currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> "Money":
        """From a decimal amount; raises MoneyError when the currency cannot hold it exactly."""
        return cls(minor_of(amount, currency), currency)

    @property
    def exponent(self) -> int:
        """Digits after the decimal point."""
        return EXPONENTS[self.currency]

    @property
    def decimal(self) -> Decimal:
        """The amount as a decimal with the currency's digits."""
        return decimal_of(self.minor, self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __str__(self) -> str:
        return f"{self.decimal:f}"

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise MoneyError(
                f"{self.currency} and {other.currency} do not add up or compare; convert one of them first"
            )
        return other.minor
