"""Claims through validate and authorize alone, with what lines came to in a few words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from schemas import topics
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.envelope import Authorized, Envelope
from schemas.events import AuthorizationEvent
from schemas.reference import CoverageSegment, Member, Plan
from streams.driver import Driver
from streams.topology import STAGES
from tests.agents.world import BENEFIT, PLAN, claim, line, member, world

TWO_STAGES = STAGES[:2]
ANY = replace(BENEFIT, benefit_id="any")
NEEDS = replace(BENEFIT, benefit_id="needs", codes=("99213", "99214"), needs_authorization=True)
DENIES = replace(PLAN, benefits=(NEEDS, ANY))
PENDS = replace(DENIES, missing_authorization="pend")
REFERS = replace(PLAN, benefits=(replace(BENEFIT, codes=("99213",), needs_referral=True), ANY))
BOTH = replace(PENDS, benefits=(replace(NEEDS, needs_referral=True), ANY), missing_referral="pend")


def on(day: int, charge: int = 10000, code: str = "99213", until: int | None = None, **changes: Any) -> ClaimLine:
    """A line on another day, or over several."""
    return replace(line(charge, code), service_from=day, service_to=day if until is None else until, **changes)


def claimed(*lines: ClaimLine, member_id: str = "M1", **changes: Any) -> SubmittedClaim:
    """A claim around the days of its lines."""
    first, last = min(one.service_from for one in lines), max(one.service_to for one in lines)
    return claim(*lines, member_id=member_id, **{"service_from": first, "service_to": last, **changes})


def covered(*segments: CoverageSegment) -> Member:
    """Member X1 with that cover."""
    return replace(member("X1"), coverages=segments)


def cover(start: int, end: int | None, coverage: str = "A", **changes: Any) -> CoverageSegment:
    """A segment under PLAN."""
    return replace(CoverageSegment(coverage, "PLAN", start, end), **changes)


def two_stages(plan: Plan = PLAN, members: Sequence[Member] = ()) -> Driver:
    """Validate and authorize."""
    return world(plan, members=members, stages=TWO_STAGES)


def pipe(chain: Driver, *records: SubmittedClaim | AuthorizationEvent) -> list[Envelope]:
    """Send claims and authorizations; what left authorize since."""
    before = len(chain.outputs[topics.CLAIMS_AUTHORIZED])
    for one in records:
        if isinstance(one, SubmittedClaim):
            chain.pipe(topics.CLAIMS_SUBMITTED, one.root_id, one)
        else:
            chain.pipe(topics.AUTHORIZATION_EVENTS, one.member_id, one)
    found: list[Envelope] = chain.read(topics.CLAIMS_AUTHORIZED)
    return found[before:]


def authorized(envelope: Envelope) -> Authorized:
    """The part of authorize."""
    assert envelope.authorized is not None
    return envelope.authorized


def lines_of(envelope: Envelope) -> dict[int, str]:
    """What lines came to, where it is not simply passed: denied and pended ones with their code, others their number."""
    return {
        one.line_number: one.authorization_number or ""
        if one.verdict == "passed"
        else f"{one.verdict} {one.group}-{one.reason}"
        for one in authorized(envelope).lines
    }


def codes(envelope: Envelope) -> list[str]:
    """Codes of all findings: those of the claim, then those of its lines."""
    part = authorized(envelope)
    return [one.code for one in part.findings] + [one.code for each in part.lines for one in each.findings]
