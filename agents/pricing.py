"""Prices a claim whose lines passed: quantities, allowed amounts, the member's share, limits, earlier payers, ledger.

The rules run in the order of docs/adjudication: what is taken by units comes off the charge first, then every line gets
its allowed amount, then line after line in the claim's order bears its share and posts. Pure: nothing is saved here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents.contract import Reference
from agents.ledger import Ledger
from agents.lines import OpenLine, decided_line, denied_line
from agents.periods import period_of
from agents.rules.allowed import Basis, allow, tier_of, unprotected
from agents.rules.authorization_use import enter_units, grants_by_number, limit_money, limit_units
from agents.rules.coordination import Earlier, coordinate, earlier_of, recognised_after
from agents.rules.limits import Limits
from agents.rules.member_share import Shares
from agents.rules.rooms import limit_rooms
from schemas.claim import SubmittedClaim
from schemas.decision import DecidedLine
from schemas.envelope import Envelope
from schemas.reference import Benefit, Plan, Provider

NONE_EARLIER: Mapping[int, Earlier] = {}
# Benefits by id of the plans at hand. An entry holds its plan, so that an id names one plan.
PLANS_KEPT = 1_000
_benefits: dict[int, tuple[Plan, Mapping[str, Benefit]]] = {}


class Priced(NamedTuple):
    """The lines of a claim with their amounts, and the contract that they were priced by."""

    lines: tuple[DecidedLine, ...]
    contract_id: str | None


def priced(envelope: Envelope, claim: SubmittedClaim, plan: Plan, reference: Reference, ledger: Ledger) -> Priced:
    """Every line decided, in the claim's order; what the claim uses is entered in the ledger, which is not saved."""
    validated, authorized, adjudicated = envelope.validated, envelope.authorized, envelope.adjudicated
    assert validated is not None
    assert authorized is not None
    assert adjudicated is not None
    provider = reference.provider(validated.provider_id) if validated.provider_id else None
    contract = reference.contract(provider, plan, claim.service_from)
    passed = _opened(envelope, claim, plan, provider)
    limits = Limits(plan, validated.member_id, ledger) if plan.limits else None
    grants = grants_by_number(authorized.grants) if authorized.grants else None
    if limits is not None or grants is not None:
        for one in passed:
            if grants is not None:
                limit_units(one, grants, validated.member_id, ledger)
            if limits is not None and not one.denied:
                limits.limit_quantities(one)
            if grants is not None and not one.denied:
                enter_units(one, grants, validated.member_id, ledger)
    left = passed if limits is None and grants is None else [one for one in passed if not one.denied]
    allow(left, Basis(claim, plan, contract, reference))
    if plan.room_class is not None:
        limit_rooms(left, claim, plan)
    if grants is not None:
        for one in left:
            limit_money(one, grants, validated.member_id, ledger, plan.currency)
    earlier = earlier_of(claim) if claim.other_payers else NONE_EARLIER
    shares = Shares(plan, claim, validated.member_id, ledger)
    for one in left:
        before = earlier.get(one.line.line_number)
        _settle(one, plan, shares, limits, before, unprotected(one, contract))
    found = {one.line.line_number: decided_line(one, claim) for one in passed}
    lines = tuple(
        found.get(line.line_number) or denied_line(line, claim, verdict)
        for line, verdict in zip(claim.lines, adjudicated.lines, strict=True)
    )
    return Priced(lines, contract.contract_id if contract is not None else None)


def _settle(
    one: OpenLine, plan: Plan, shares: Shares, limits: Limits | None, before: Earlier | None, unbound: bool
) -> None:
    """Share, limits and earlier payers of a line, then what remains is entered."""
    recognised = one.allowed if before is None else recognised_after(one, before, plan)
    if limits is not None:
        limits.find_tranche(one, recognised)
    shares.take(one, recognised)
    if limits is not None:
        limits.limit_money(one)
    if before is not None:
        coordinate(one, before, plan, unbound)
    shares.enter(one)
    if limits is not None:
        limits.enter_money(one)


def _opened(envelope: Envelope, claim: SubmittedClaim, plan: Plan, provider: Provider | None) -> Sequence[OpenLine]:
    """The lines that passed, each with its benefit, period, network tier and authorization."""
    assert envelope.authorized is not None
    assert envelope.adjudicated is not None
    benefits = _benefits_of(plan)
    numbers = {one.line_number: one.authorization_number for one in envelope.authorized.lines}
    tiers: dict[int, int | None] = {}
    opened = []
    for line, verdict in zip(claim.lines, envelope.adjudicated.lines, strict=True):
        if verdict.verdict != "passed":
            continue
        assert verdict.benefit_id is not None, "a line passes under a benefit"
        day = line.service_from
        one = OpenLine(line, verdict, benefits[verdict.benefit_id], period_of(day, plan.benefit_year_starts))
        if day not in tiers:
            tiers[day] = tier_of(provider, plan, day)
        one.tier = tiers[day]
        if numbers:
            one.authorization_number = numbers.get(line.line_number)
        opened.append(one)
    return opened


def _benefits_of(plan: Plan) -> Mapping[str, Benefit]:
    known = _benefits.get(id(plan))
    if known is not None and known[0] is plan:
        return known[1]
    if len(_benefits) >= PLANS_KEPT:
        _benefits.clear()
    benefits = {benefit.benefit_id: benefit for benefit in plan.benefits}
    _benefits[id(plan)] = (plan, benefits)
    return benefits
