"""Ranked reductions: of several procedures on one day the first is paid in full, the next in part.

Ranked by unreduced fee, ties by the higher charge and then the line number; a line is ranked once, whatever its units
(CMS, Medicare Claims Processing Manual, ch. 12, 40.6: 100, 50, 50, ... percent of the fee, then the lower of charge
and reduced fee). The reduction is CO-59. A procedure that is alone on its day is not reduced.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from agents.lines import OpenLine
from agents.patterns import fits
from schemas.money import ratio_of
from schemas.reference import Contract

# Methods with a rate of the line itself; amounts for a day, case or visit are not for a procedure.
RANKED = ("P-FEE", "P-PERCENT", "P-CHARGE")


class Rate(NamedTuple):
    """An exact rate as a fraction, the rule that it comes from, and its inputs in words."""

    numerator: int
    denominator: int
    rule: str
    detail: str


class Rank(NamedTuple):
    """The share of its rate that a ranked line is paid, as a fraction."""

    numerator: int
    denominator: int
    detail: str


def ranked(lines: Sequence[OpenLine], rates: Sequence[Rate], contract: Contract) -> dict[int, Rank]:
    """Ranks by line number, of the lines that share their day with another."""
    shares = contract.multiple_procedure_rates
    days: dict[int, list[tuple[OpenLine, Fraction]]] = {}
    for one, rate in zip(lines, rates, strict=True):
        if rate.rule in RANKED and fits(one.line.service_code, contract.multiple_procedure_codes):
            exact = Fraction(rate.numerator, rate.denominator)
            days.setdefault(one.line.service_from, []).append((one, exact))
    ranks: dict[int, Rank] = {}
    for together in days.values():
        if len(together) == 1 or not shares:
            continue
        together.sort(key=_order)
        for place, (one, _) in enumerate(together):
            share = shares[min(place, len(shares) - 1)]
            detail = f"{contract.contract_id}: {share} as procedure {place + 1} of {len(together)}"
            ranks[one.line.line_number] = Rank(*ratio_of(share), detail)
    return ranks


def _order(ranking: tuple[OpenLine, Fraction]) -> tuple[Fraction, int, int]:
    one, rate = ranking
    return (-rate, -one.line.charge, one.line.line_number)
