"""Coordination of benefits: what this payer adds after earlier ones, and what then remains with the member.

Methods, of the plan. `standard`: the own benefit, at most the allowable expense less what was paid before; allowable is
the own allowed amount or the higher of the payers' (NAIC model regulation 120, sections 3 A and 7). `maintenance`: what
was paid before lowers the amount that deductible and coinsurance are taken of. `carve_out`: the own benefit less what
was paid before. `medicare_secondary`: the lowest of three amounts of 42 CFR 411.33 (a).

CARC 23, group OA: what earlier payers paid, with their contractual reductions as far as they stand beside what is paid
here, so a line always accounts for its whole charge. The rest is the own write-off (CO) or the member's. The member
owes at most the own share and at most what is left of the own allowed amount: parts are given up from the outermost in,
excess over limits first, then coinsurance, copay, deductible.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from agents.lines import OpenLine, amount_text
from agents.receipt import step
from agents.rules.member_share import give_back
from schemas.claim import OtherPayer, SubmittedClaim
from schemas.envelope import Adjustment
from schemas.money import split
from schemas.reference import Plan

RULES = {
    "standard": "P-COB-STANDARD",
    "maintenance": "P-COB-MAINTENANCE",
    "carve_out": "P-COB-CARVE-OUT",
    "medicare_secondary": "P-COB-MEDICARE-SECONDARY",
}


class Earlier(NamedTuple):
    """What earlier payers did with a line: paid and reduced in sum, and the highest amount that one of them allowed."""

    paid: int
    reduced: int
    allowed: int


def earlier_of(claim: SubmittedClaim) -> Mapping[int, Earlier]:
    """By line number; only of lines that an earlier payer paid or reduced."""
    count = len(claim.lines)
    paid, reduced, allowed = [0] * count, [0] * count, [0] * count
    for payer in sorted(claim.other_payers, key=lambda one: one.sequence):
        own = _reductions(payer, claim)
        reduced = [before + here for before, here in zip(reduced, own, strict=True)]
        weights = [max(0, line.charge - here) for line, here in zip(claim.lines, own, strict=True)]
        paid = [before + here for before, here in zip(paid, _payments(payer, claim, weights), strict=True)]
        if payer.allowed is None:
            theirs = [max(0, line.charge - here) for line, here in zip(claim.lines, reduced, strict=True)]
        else:
            theirs = split(max(0, payer.allowed), weights)
        allowed = [max(before, here) for before, here in zip(allowed, theirs, strict=True)]
    found = {}
    for line, line_paid, line_reduced, line_allowed in zip(claim.lines, paid, reduced, allowed, strict=True):
        if line_paid > 0 or line_reduced > 0:
            found[line.line_number] = Earlier(max(0, line_paid), max(0, line_reduced), line_allowed)
    return found


def recognised_after(one: OpenLine, earlier: Earlier, plan: Plan) -> int:
    """The amount that the member's share is taken of: less what was paid before, under maintenance of benefits."""
    if plan.coordination != "maintenance":
        return one.allowed
    rest = max(0, one.allowed - earlier.paid)
    detail = f"earlier payers paid {amount_text(earlier.paid, plan.currency)}"
    one.steps.append(step(RULES["maintenance"], one.allowed, rest, detail))
    return rest


def coordinate(one: OpenLine, earlier: Earlier, plan: Plan, unprotected: bool) -> None:
    """Set what the plan pays beside earlier payers, and let the line account for its whole charge.

    `unprotected`: no contract binds the provider, so the member owes what nobody pays.
    """
    rule = RULES[plan.coordination]
    one.paid, allowable = _payment(one, earlier, plan)
    if plan.coordination != "maintenance":
        detail = f"earlier payers paid {amount_text(earlier.paid, plan.currency)}"
        detail += f" of {amount_text(allowable, plan.currency)}"
        one.steps.append(step(rule, one.own_benefit, one.paid, detail))
    # A contract may pay above the charge: then its rate is the whole that is shared out.
    whole = max(one.covered, one.allowed)
    others = min(one.covered, max(earlier.paid, min(earlier.paid + earlier.reduced, whole - one.paid)))
    parts = one.deductible + one.copay + one.coinsurance + sum(excess.amount for excess in one.over)
    share = min(parts, max(0, one.allowed - earlier.paid - one.paid), max(0, whole - others - one.paid))
    _give_up(one, parts - share)
    one.other_paid = earlier.paid
    if others:
        one.other = Adjustment("OA", "23", others, rule, None)
    _write_off(one, one.covered - others - one.paid - share, unprotected)


def _payment(one: OpenLine, earlier: Earlier, plan: Plan) -> tuple[int, int]:
    """What the plan pays by its method, and the allowable amount that it comes from."""
    own = one.own_benefit = one.paid
    theirs = min(earlier.allowed, one.covered)
    higher = max(one.allowed, theirs)
    if plan.coordination == "maintenance":
        return own, one.allowed
    if plan.coordination == "carve_out":
        return max(0, own - earlier.paid), own
    if plan.coordination == "medicare_secondary":
        obligated = max(0, min(one.covered, one.line.charge - earlier.reduced))
        return max(0, min(obligated - earlier.paid, own, higher - earlier.paid)), min(obligated, higher)
    allowable = higher if plan.coordination_allowable == "higher" else one.allowed
    return max(0, min(own, allowable - earlier.paid)), allowable


def _give_up(one: OpenLine, amount: int) -> None:
    kept = []
    for excess in reversed(one.over):
        back = min(amount, excess.amount)
        amount -= back
        if excess.amount > back:
            kept.append(replace(excess, amount=excess.amount - back))
    one.over = kept[::-1]
    give_back(one, amount)


def _write_off(one: OpenLine, amount: int, unprotected: bool) -> None:
    """Put what nobody pays under the reductions that the line had, the excess over the rate last."""
    kept = []
    if amount < 0:
        kept.append(Adjustment("OA", "94", amount, "P-ABOVE-CHARGE", None))
    for reduction in one.reductions:
        if amount > 0 and reduction.reason not in ("45", "94"):
            here = min(amount, reduction.amount)
            kept.append(replace(reduction, amount=here))
            amount -= here
    if amount > 0 and unprotected:
        kept.append(Adjustment("PR", "45", amount, "P-OUT-OF-NETWORK", None))
    elif amount > 0:
        kept.append(Adjustment("CO", "45", amount, "P-ABOVE-FEE", None))
    one.reductions = kept


def _reductions(payer: OtherPayer, claim: SubmittedClaim) -> list[int]:
    """Contractual reductions of a payer by line; those of the whole claim are split by charge."""
    by_line = {line.line_number: 0 for line in claim.lines}
    of_claim = 0
    for adjustment in payer.adjustments:
        if adjustment.group == "CO":
            if adjustment.line_number is None:
                of_claim += adjustment.amount
            else:
                by_line[adjustment.line_number] = by_line.get(adjustment.line_number, 0) + adjustment.amount
    found = [by_line[line.line_number] for line in claim.lines]
    if of_claim:
        parts = split(of_claim, [line.charge for line in claim.lines])
        found = [own + part for own, part in zip(found, parts, strict=True)]
    return found


def _payments(payer: OtherPayer, claim: SubmittedClaim, weights: list[int]) -> list[int]:
    """Payments of a payer by line; where only the claim's is known, split by charge less contractual reduction."""
    if not payer.lines:
        return split(payer.paid, weights)
    by_line: dict[int, int] = {}
    for line in payer.lines:
        by_line[line.line_number] = by_line.get(line.line_number, 0) + line.paid
    return [by_line.get(line.line_number, 0) for line in claim.lines]
