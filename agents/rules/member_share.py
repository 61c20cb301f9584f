"""Member share of a line: deductible, copay, coinsurance, and what an out-of-pocket maximum gives back.

Reason codes: 1 deductible, 2 coinsurance, 3 copay (X12 external code list 139).
"""

from dataclasses import dataclass
from decimal import Decimal

from schemas.envelope import Adjustment
from schemas.money import round_half_up
from schemas.reference import Benefit, Plan

FAMILY = "family"
DEDUCTIBLE = "deductible"
OUT_OF_POCKET = "out_of_pocket"


@dataclass(slots=True)
class Accumulators:
    """What a member and the family have used of a benefit period, in minor units, growing line by line."""

    deductible: int
    deductible_family: int
    out_of_pocket: int
    out_of_pocket_family: int


@dataclass(frozen=True, slots=True)
class Share:
    """The member's part of an allowed amount, by kind."""

    deductible: int
    copay: int
    coinsurance: int

    @property
    def total(self) -> int:
        """All that the member pays of the allowed amount."""
        return self.deductible + self.copay + self.coinsurance

    def adjustments(self) -> tuple[Adjustment, ...]:
        """The share as PR adjustments, none of them zero."""
        parts = (
            ("1", self.deductible, "P-DEDUCTIBLE"),
            ("3", self.copay, "P-COPAY"),
            ("2", self.coinsurance, "P-COINSURANCE"),
        )
        return tuple(Adjustment("PR", reason, amount, rule, None) for reason, amount, rule in parts if amount)


def share_of(allowed: int, benefit: Benefit, plan: Plan, used: Accumulators) -> Share:
    """Deductible, then copay, then coinsurance, each of what the one before left; posts to `used`.

    An individual deductible is embedded: a family's limit counts beside it, whichever is met first. The limit on
    out-of-pocket applies to the amount that crosses it: coinsurance is given back first, then copay, then deductible.
    """
    deductible = min(allowed, _deductible_left(plan, used)) if benefit.deductible_applies else 0
    rest = allowed - deductible
    copay = min(benefit.copay, rest)
    rest -= copay
    coinsurance = round_half_up(rest * Decimal(benefit.coinsurance))
    over = deductible + copay + coinsurance - _out_of_pocket_left(plan, used, deductible + copay + coinsurance)
    back_coinsurance = min(coinsurance, over)
    back_copay = min(copay, over - back_coinsurance)
    back_deductible = over - back_coinsurance - back_copay
    share = Share(deductible - back_deductible, copay - back_copay, coinsurance - back_coinsurance)
    used.deductible += share.deductible
    used.deductible_family += share.deductible
    used.out_of_pocket += share.total
    used.out_of_pocket_family += share.total
    return share


def _deductible_left(plan: Plan, used: Accumulators) -> int:
    left = max(0, plan.deductible_individual - used.deductible)
    if plan.deductible_family:
        left = min(left, max(0, plan.deductible_family - used.deductible_family))
    return left


def _out_of_pocket_left(plan: Plan, used: Accumulators, wanted: int) -> int:
    """How much of `wanted` the member may still be charged."""
    left = wanted
    if plan.out_of_pocket_individual is not None:
        left = min(left, max(0, plan.out_of_pocket_individual - used.out_of_pocket))
    if plan.out_of_pocket_family is not None:
        left = min(left, max(0, plan.out_of_pocket_family - used.out_of_pocket_family))
    return left
