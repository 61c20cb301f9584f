"""Section 5, the member's share of the lines of a claim, and the limits of the plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.claim import SubmittedClaim
from schemas.dates import text_of
from schemas.events import AuthorizationEvent
from schemas.reference import Limit, Plan
from tests.oracle.amounts import coinsurance_of
from tests.oracle.edits import take_units
from tests.oracle.figures import FAMILY, LIFETIME, Posting, Row, fits, round_half_up

Used = Callable[[str, str, str], int]


@dataclass
class Meter:
    """What a claim measures against: balances before it, its lines so far, and what is charged once a claim."""

    plan: Plan
    claim: SubmittedClaim
    rows: list[Row]
    before: Used
    coinsured: int = 0

    @property
    def member(self) -> str:
        """The patient."""
        return self.claim.member.member_id or ""

    def used(self, account: str, who: str, when: str) -> int:
        """A balance with the lines of this claim that came before."""
        here = [p for row in self.rows if not row.denied for p in row.postings]
        return self.before(account, who, when) + sum(
            p.amount for p in here if (p.account, p.who, p.when) == (account, who, when)
        )

    def left(self, account: str, who: str, when: str, limit: int) -> int:
        """What is left of a limit."""
        return max(0, limit - self.used(account, who, when))


def period_of(plan: Plan, day: int) -> str:
    """Section 7: the benefit period of the date of service, by the year in which it began."""
    text = text_of(day)
    began = int(text[:4]) - (text[5:] < plan.benefit_year_starts)
    return f"{began:04}" + ("" if plan.benefit_year_starts == "01-01" else f"-{plan.benefit_year_starts[:2]}")


def count(meter: Meter, grants: Mapping[str, AuthorizationEvent]) -> None:
    """Quantities before amounts: units of an authorization (CO-198), visits and units of a limit (PR-119, PR-35)."""
    for row in meter.rows:
        granted = grants[row.authorization].units_milli if row.authorization else None
        account = f"authorization:{row.authorization}:units"
        if granted is not None and not row.denied:
            _over(row, row.units - meter.left(account, meter.member, LIFETIME, granted), "CO-198")
        for limit in meter.plan.limits:
            if limit.measure != "money" and limit.amount is not None and not row.denied and _counts(limit, row):
                _quantity(meter, row, limit, limit.amount)
        if granted is not None and not row.denied:
            row.postings.append(Posting(account, meter.member, LIFETIME, row.units))


def _quantity(meter: Meter, row: Row, limit: Limit, most: int) -> None:
    who, when = _whose(meter, limit), _when(meter, row, limit)
    if limit.measure == "units":
        _over(row, row.units - meter.left(limit.limit_id, who, when, most), _reason(limit))
        row.postings.append(Posting(limit.limit_id, who, when, row.units))
    elif not _visited(meter, row, limit):
        _over(row, 0 if meter.left(limit.limit_id, who, when, most) else row.units, _reason(limit))
        row.postings.append(Posting(limit.limit_id, who, when, 1))


def _visited(meter: Meter, row: Row, limit: Limit) -> bool:
    """A day of the member on a claim is one visit, however many lines it has."""
    return any(
        posting.account == limit.limit_id
        for other in meter.rows
        if not other.denied and other.line.service_from == row.line.service_from
        for posting in other.postings
    )


def _over(row: Row, over: int, reason: str) -> None:
    """Excess units leave the line with their part of the charge; a line of nothing but excess is denied."""
    if over >= row.units:
        row.denials.append(reason)
    elif over > 0:
        take_units(row, over, reason)


def _counts(limit: Limit, row: Row) -> bool:
    assert row.benefit is not None
    return (not limit.benefits or row.benefit.benefit_id in limit.benefits) and fits(limit.codes, row.line.service_code)


def _whose(meter: Meter, limit: Limit) -> str:
    return FAMILY if limit.who == "family" else meter.member


def _when(meter: Meter, row: Row, limit: Limit) -> str:
    if limit.per == "claim":
        return f"claim {meter.claim.claim_id}"
    if limit.per == "day":
        return text_of(row.line.service_from)
    return LIFETIME if limit.per == "lifetime" else period_of(meter.plan, row.line.service_from)


def _reason(limit: Limit) -> str:
    return "PR-35" if limit.per == "lifetime" else "PR-119"


def share(meter: Meter, tier: int | None) -> None:
    """Deductible, copay, coinsurance, out-of-pocket maximum and money limits of each line, in line order."""
    for row in meter.rows:
        if not row.denied:
            parts = _parts(meter, row, tier)
            _give_back(meter, row, parts)
            row.paid = row.allowed - sum(parts.values())
            for kind, reason in (("deductible", "PR-1"), ("coinsurance", "PR-2"), ("copay", "PR-3")):
                row.take(reason, parts[kind])
            _record(meter, row, parts)
            _money_limits(meter, row)


def _parts(meter: Meter, row: Row, tier: int | None) -> dict[str, int]:
    """The parts of the share before the maximum, each of what the parts before it left."""
    plan, one = meter.plan, row.benefit
    assert one is not None
    period = period_of(plan, row.line.service_from)
    rest = row.allowed
    parts = {"deductible": 0, "copay": 0, "coinsurance": 0}
    for kind in ("copay", "deductible") if plan.share_order == "copay_first" else ("deductible", "copay"):
        if kind == "copay":
            parts[kind] = min(rest, meter.left(*_copay_key(meter, row), one.copay))
        elif one.deductible_applies:
            parts[kind] = min([rest, *_deductibles_left(meter, period)])
        rest -= parts[kind]
    asked = round_half_up(rest * coinsurance_of(row, tier))
    cap = next((c.amount for c in plan.coinsurance_caps if _fits_claim(c.service_types, meter.claim)), None)
    parts["coinsurance"] = asked if cap is None else min(asked, cap - meter.coinsured)
    return parts


def _copay_key(meter: Meter, row: Row) -> tuple[str, str, str]:
    """What a copay is charged for once: a line, a day of a claim, a day of the member, or a claim."""
    assert row.benefit is not None
    claim, day = f"claim {meter.claim.claim_id}", text_of(row.line.service_from)
    scopes = {"line": f"{claim} {row.line.line_number}", "visit": f"{claim} {day}", "day": day, "admission": claim}
    return f"copay {row.benefit.benefit_id}", meter.member, scopes[row.benefit.copay_scope]


def _fits_claim(service_types: tuple[str, ...], claim: SubmittedClaim) -> bool:
    return not service_types or claim.service_type in service_types


def _deductibles_left(meter: Meter, period: str) -> list[int]:
    """Individual only when embedded; 0 is for none."""
    plan, found = meter.plan, []
    if plan.deductible_individual and plan.deductible_family_limit == "embedded":
        found.append(meter.left("deductible", meter.member, period, plan.deductible_individual))
    if plan.deductible_family:
        found.append(meter.left("deductible", FAMILY, period, plan.deductible_family))
    return found or [0]


def _maximum_left(meter: Meter, period: str) -> int | None:
    """Individual only when embedded; None for no maximum."""
    plan, found = meter.plan, []
    if plan.out_of_pocket_individual is not None and plan.out_of_pocket_family_limit == "embedded":
        found.append(meter.left("out_of_pocket", meter.member, period, plan.out_of_pocket_individual))
    if plan.out_of_pocket_family is not None:
        found.append(meter.left("out_of_pocket", FAMILY, period, plan.out_of_pocket_family))
    return min(found, default=None)


def _give_back(meter: Meter, row: Row, parts: dict[str, int]) -> None:
    """Over the maximum: coinsurance first, then copay, then deductible, of what counts toward it."""
    left = _maximum_left(meter, period_of(meter.plan, row.line.service_from))
    counted = [kind for kind in ("coinsurance", "copay", "deductible") if kind in meter.plan.out_of_pocket_counts]
    over = 0 if left is None else max(0, sum(parts[kind] for kind in counted) - left)
    for kind in counted:
        back = min(over, parts[kind])
        parts[kind] -= back
        over -= back


def _record(meter: Meter, row: Row, parts: Mapping[str, int]) -> None:
    """What was taken in the end: what the maximum gave back was not, so a cap or a copay is as it was before."""
    meter.coinsured += parts["coinsurance"]
    row.postings.append(Posting(*_copay_key(meter, row), parts["copay"]))
    period = period_of(meter.plan, row.line.service_from)
    counted = sum(parts[kind] for kind in meter.plan.out_of_pocket_counts)
    for who in (meter.member, FAMILY):
        row.postings.append(Posting("deductible", who, period, parts["deductible"]))
        row.postings.append(Posting("out_of_pocket", who, period, counted))


def _money_limits(meter: Meter, row: Row) -> None:
    """What the plan pays over a limit moves to the member; the line that crosses it is paid up to it."""
    limits = [one for one in meter.plan.limits if one.measure == "money" and _counts(one, row)]
    for limit in limits:
        left = meter.left(limit.limit_id, _whose(meter, limit), _when(meter, row, limit), limit.amount or 0)
        over = max(0, row.paid - left)
        row.paid -= over
        row.take(_reason(limit), over)
    for limit in limits:
        row.postings.append(Posting(limit.limit_id, _whose(meter, limit), _when(meter, row, limit), row.paid))
