"""Was the member covered on the day of service, by which plan, and was the claim filed in time?

Reason codes: 26 before coverage, 27 after it ended, 29 filed too late (X12 external code list 139).
"""

from typing import NamedTuple

from agents.contract import Reference
from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.claim import SubmittedClaim
from schemas.dates import day_at, text_of
from schemas.envelope import Envelope, Finding
from schemas.reference import CoverageSegment, Plan
from schemas.vocabulary import GroupCode


class Eligibility(NamedTuple):
    """The plan in force, or why there is none: group and reason code with a finding."""

    plan: Plan | None
    refusal: tuple[GroupCode, str] | None
    finding: Finding | None


def eligibility_of(envelope: Envelope, claim: SubmittedClaim, member_id: str, reference: Reference) -> Eligibility:
    """Coverage and plan on the first day of service, and timely filing by the plan's rule."""
    member = reference.member(member_id)
    segments = [s for s in (member.coverages if member else ()) if s.coverage_id == envelope.coverage_id]
    segment = in_force(segments, claim.service_from)
    if segment is None:
        return _without_coverage(segments, claim.service_from)
    plan = reference.plan(segment.plan_id, claim.service_from)
    if plan is None:
        text = f"plan {segment.plan_id} has no version for {text_of(claim.service_from)}; the payer must load one"
        return Eligibility(None, ("CO", "27"), Finding("A-PLAN-MISSING", "service_from", text))
    filed = day_at(claim.accepted_at, PAYER_UTC_OFFSET_MINUTES)
    days = filed - claim.service_to
    if plan.timely_filing_days is not None and days > plan.timely_filing_days:
        text = f"filed {days} days after the service, the plan allows {plan.timely_filing_days}"
        return Eligibility(plan, ("CO", "29"), Finding("A-TIMELY-FILING", "accepted_at", text))
    return Eligibility(plan, None, None)


def in_force(segments: list[CoverageSegment], day: int) -> CoverageSegment | None:
    """The coverage segment of a day; the later one where two overlap."""
    found = None
    for segment in segments:
        if segment.effective_from <= day and (segment.effective_to is None or day <= segment.effective_to):
            found = segment
    return found


def _without_coverage(segments: list[CoverageSegment], day: int) -> Eligibility:
    ended = [s for s in segments if s.effective_from <= day]
    if ended:
        last = max(s.effective_to or 0 for s in ended)
        text = f"coverage ended on {text_of(last)}, the service was on {text_of(day)}"
        return Eligibility(None, ("CO", "27"), Finding("A-COVERAGE-ENDED", "service_from", text))
    text = f"coverage had not begun on {text_of(day)}"
    return Eligibility(None, ("CO", "26"), Finding("A-COVERAGE-NOT-BEGUN", "service_from", text))
