"""Was the member covered on the day of service, by which plan, after a waiting period, and was the claim filed in time?

Codes (X12 external code list 139): CO-24 an encounter, CO-26 before coverage, CO-27 after it ended or under another,
CO-29 filed too late, PR-179 in a waiting period, CO-22 another payer comes first. The plan is that of the claim's
first day of service; each line is then looked at on its own day. A benefit's waiting days stand in place of the
plan's, 0 among them: that is how a plan exempts emergencies. A plan may have such periods (SEOJK 7/SEOJK.05/2025: 30
days, a year for critical illness); they count from enrolment, which a renewal without a gap does not begin anew.
"""

from collections.abc import Sequence
from typing import NamedTuple

from agents.contract import Reference
from agents.periods import payer_day
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import text_of
from schemas.envelope import Envelope, Finding
from schemas.reference import Benefit, CoverageSegment, Plan
from schemas.vocabulary import GroupCode


class Refusal(NamedTuple):
    """Why a claim or line is not paid: group and reason code with a finding. `pends`: it waits instead of denying."""

    group: GroupCode
    reason: str
    finding: Finding
    pends: bool = False


# Decides before all else: of care that is paid by the head nothing is paid by the claim.
ENCOUNTER = Refusal(
    "CO",
    "24",
    Finding(
        "A-ENCOUNTER",
        "encounter",
        "the claim reports an encounter: capitation pays for this care, so nothing is paid by claim",
        "a replacement that is no encounter, where capitation does not pay for this care",
    ),
)


class Cover(NamedTuple):
    """The member's cover around a claim. `whole`: one segment holds all its days, so no line needs to be looked at."""

    coverage_id: str
    segments: Sequence[CoverageSegment]
    segment: CoverageSegment | None
    plan: Plan | None
    whole: bool


def cover_of(envelope: Envelope, claim: SubmittedClaim, reference: Reference) -> Cover:
    """Segment and plan in force on the first day of service."""
    assert envelope.validated is not None, "authorize takes claims that validate accepted"
    member = reference.member(envelope.validated.member_id)
    segments = member.coverages if member else ()
    segment = in_force(segments, envelope.coverage_id, claim.service_from)
    if segment is None:
        return Cover(envelope.coverage_id, segments, None, None, False)
    whole = segment.effective_to is None or claim.service_to <= segment.effective_to
    plan = reference.plan(segment.plan_id, claim.service_from)
    return Cover(envelope.coverage_id, segments, segment, plan, whole)


def header_refusals(cover: Cover, claim: SubmittedClaim) -> list[Refusal]:
    """Why the whole claim is denied, the decisive reason first; empty when it is not."""
    refusals = [ENCOUNTER] if claim.encounter else []
    if cover.segment is None:
        return [*refusals, _outside(cover, claim.service_from, "service_from")]
    plan = cover.plan
    if plan is None:
        text = f"plan {cover.segment.plan_id} has no version for {text_of(claim.service_from)}; the payer must load one"
        remedy = f"a version of plan {cover.segment.plan_id} for {text_of(claim.service_from)}"
        return [*refusals, Refusal("CO", "27", Finding("A-PLAN-MISSING", "service_from", text, remedy))]
    if plan.timely_filing_days is not None:
        days = payer_day(claim.accepted_at) - claim.service_to
        if days > plan.timely_filing_days:
            text = f"filed {days} days after the service, the plan allows {plan.timely_filing_days}"
            remedy = f"proof that the claim was filed by {text_of(claim.service_to + plan.timely_filing_days)}"
            refusals.append(Refusal("CO", "29", Finding("A-TIMELY-FILING", "accepted_at", text, remedy)))
    if cover.segment.other_payer_first and not claim.other_payers:
        text = "another payer pays before this one, and the claim does not say what it did"
        remedy = "the claim with what the other payer paid and adjusted"
        refusals.append(Refusal("CO", "22", Finding("A-OTHER-PAYER-FIRST", "other_payers", text, remedy)))
    return refusals


def line_cover_refusal(line: ClaimLine, cover: Cover) -> Refusal | None:
    """Why a line is outside the claim's coverage on its own day; None when it is covered."""
    if cover.whole or in_force(cover.segments, cover.coverage_id, line.service_from) is not None:
        return None
    return _outside(cover, line.service_from, f"lines[{line.line_number}].service_from")


def waiting_refusal(line: ClaimLine, benefit: Benefit | None, cover: Cover) -> Refusal | None:
    """Why a line lies in a waiting period; None when it does not. The member pays then: PR-179."""
    assert cover.plan is not None
    own = benefit.waiting_days if benefit else None
    days = cover.plan.waiting_days if own is None else own
    if not days:
        return None
    segment = cover.segment if cover.whole else in_force(cover.segments, cover.coverage_id, line.service_from)
    if segment is None:
        return None
    begun = segment.enrolled_from
    if begun is None:
        begun = first_day_of_cover(segment, cover.segments)
    if line.service_from >= begun + days:
        return None
    text = f"cover began on {text_of(begun)} and this is paid after {days} days, from {text_of(begun + days)} on"
    remedy = f"a service on or after {text_of(begun + days)}"
    finding = Finding("A-WAITING-PERIOD", f"lines[{line.line_number}].service_from", text, remedy)
    return Refusal("PR", "179", finding)


def in_force(segments: Sequence[CoverageSegment], coverage_id: str, day: int) -> CoverageSegment | None:
    """The segment of that coverage in force on a day; the later one where two overlap."""
    found = None
    for segment in segments:
        if (
            segment.effective_from <= day
            and (segment.effective_to is None or day <= segment.effective_to)
            and segment.coverage_id == coverage_id
        ):
            found = segment
    return found


def first_day_of_cover(segment: CoverageSegment, segments: Sequence[CoverageSegment]) -> int:
    """The first day of unbroken cover under the segment's coverage: segments that meet or overlap are one."""
    begun = segment.effective_from
    moved = True
    while moved:
        moved = False
        for earlier in segments:
            if (
                earlier.coverage_id == segment.coverage_id
                and earlier.effective_from < begun
                and (earlier.effective_to is None or earlier.effective_to >= begun - 1)
            ):
                begun, moved = earlier.effective_from, True
    return begun


def _outside(cover: Cover, day: int, place: str) -> Refusal:
    """The refusal of a day on which the coverage is not in force."""
    remedy = f"cover under {cover.coverage_id} on {text_of(day)}"
    if any(in_force(cover.segments, one.coverage_id, day) is not None for one in cover.segments):
        text = f"{text_of(day)} is under another coverage of the member; bill it on a claim of its own"
        return Refusal("CO", "27", Finding("A-COVERAGE-OTHER", place, text, "a claim of its own for that day"))
    begun = [one for one in cover.segments if one.coverage_id == cover.coverage_id and one.effective_from <= day]
    if begun:
        last = max(one.effective_to for one in begun if one.effective_to is not None)
        text = f"coverage ended on {text_of(last)}, the service was on {text_of(day)}"
        return Refusal("CO", "27", Finding("A-COVERAGE-ENDED", place, text, remedy))
    text = f"coverage had not begun on {text_of(day)}"
    return Refusal("CO", "26", Finding("A-COVERAGE-NOT-BEGUN", place, text, remedy))
