"""Takes authorized claims; leaves each line passed under a benefit, or denied with its reason.

Reason codes: 18 exact duplicate, 96 not covered, 204 no benefit for it (X12 external code list 139). Lines that pass
are remembered by coverage and fingerprint, so that the same service billed again is found whatever claim it is on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from agents.benefits import benefit_of
from agents.contract import Context, Emit, Message, Outcome
from agents.tables import LINES_PASSED
from schemas import topics
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.envelope import Adjudicated, Adjustment, Authorized, Envelope, Finding, LineVerdict
from schemas.reference import Plan
from schemas.state import LinePassed
from schemas.vocabulary import GroupCode


def adjudicate(message: Message[Envelope], context: Context) -> Sequence[Outcome]:
    """One envelope: a claim gets a verdict on every line, everything else passes through."""
    envelope = message.record
    if envelope.kind != "claim":
        return [_onward(envelope)]
    authorized = envelope.authorized
    assert authorized is not None, "adjudicate takes claims that authorize judged"
    claim = context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    if authorized.verdict == "pended":
        adjudicated = Adjudicated("pended", (), ())
    elif authorized.verdict == "denied":
        adjudicated = Adjudicated("denied", tuple(_by_header(line, authorized) for line in claim.lines), ())
    else:
        adjudicated = _by_line(envelope, claim, context)
    return [_onward(replace(envelope, adjudicated=adjudicated))]


def _by_line(envelope: Envelope, claim: SubmittedClaim, context: Context) -> Adjudicated:
    assert envelope.authorized is not None
    assert envelope.authorized.plan_id is not None
    plan = context.reference.plan(envelope.authorized.plan_id, claim.service_from)
    assert plan is not None, "authorize found this plan in the same release"
    verdicts = tuple(_verdict(line, envelope, claim, plan, context) for line in claim.lines)
    passed = any(verdict.verdict == "passed" for verdict in verdicts)
    return Adjudicated("passed" if passed else "denied", verdicts, ())


def _verdict(line: ClaimLine, envelope: Envelope, claim: SubmittedClaim, plan: Plan, context: Context) -> LineVerdict:
    place = f"lines[{line.line_number}]"
    benefit = benefit_of(line, claim, plan)
    if benefit is None:
        text = f"plan {plan.plan_id} has no benefit for {line.service_code} as {claim.service_type}"
        return _denied(line, None, "PR", "204", Finding("D-NO-BENEFIT", place, text))
    if not benefit.covered:
        text = f"plan {plan.plan_id} excludes {line.service_code} ({benefit.benefit_id})"
        return _denied(line, benefit.benefit_id, "PR", "96", Finding("D-EXCLUDED", place, text))
    key = f"{envelope.coverage_id}:{fingerprint(line, envelope)}"
    earlier = context.state.get(LINES_PASSED, key)
    if earlier is not None and (earlier.claim_id, earlier.line_number) != (envelope.claim_id, line.line_number):
        where = "this claim" if earlier.claim_id == envelope.claim_id else f"claim {earlier.claim_id}"
        text = f"the same service is on line {earlier.line_number} of {where}"
        return _denied(line, benefit.benefit_id, "OA", "18", Finding("D-DUPLICATE", place, text))
    context.state.put(LINES_PASSED, key, LinePassed(envelope.claim_id, line.line_number))
    return LineVerdict(line.line_number, "passed", benefit.benefit_id, (), ())


def fingerprint(line: ClaimLine, envelope: Envelope) -> str:
    """Equal for two lines that bill the same: member, provider, dates, code, modifiers, tooth, units, charge."""
    assert envelope.validated is not None
    parts = (
        envelope.validated.member_id,
        envelope.validated.provider_id or "",
        str(line.service_from),
        str(line.service_to),
        line.code_system,
        line.service_code,
        ",".join(line.modifiers),
        line.tooth or "",
        str(line.units_milli),
        str(line.charge),
    )
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _by_header(line: ClaimLine, authorized: Authorized) -> LineVerdict:
    """A header edit denies every line with its code."""
    assert authorized.reason_group is not None
    assert authorized.reason is not None
    finding = authorized.findings[-1]
    return _denied(line, None, authorized.reason_group, authorized.reason, finding)


def _denied(line: ClaimLine, benefit_id: str | None, group: GroupCode, reason: str, finding: Finding) -> LineVerdict:
    adjustments = (Adjustment(group, reason, line.charge, finding.code, None),) if line.charge else ()
    return LineVerdict(line.line_number, "denied", benefit_id, adjustments, (finding,))


def _onward(envelope: Envelope) -> Emit:
    return Emit(topics.CLAIMS_ADJUDICATED, envelope.coverage_id, envelope)
