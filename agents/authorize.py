"""Takes claims with their coverage; leaves them passed, denied or pended by eligibility and prior authorization.

Eligibility is that of the first service date. An authorization that arrives later releases the claims that wait for
it: they go on as if they came now, with the release of reference data that they were pinned to.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.benefits import benefit_of
from agents.contract import Context, Emit, Message, Outcome
from agents.rules.eligibility import Eligibility, eligibility_of
from agents.tables import AUTHORIZATIONS, PENDED
from config.limits import AUTHORIZATIONS_PER_MEMBER_MAX, PENDED_CLAIMS_PER_MEMBER_MAX
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.envelope import Authorized, Envelope, Finding, Move
from schemas.events import AuthorizationEvent
from schemas.reference import Plan
from schemas.state import AuthorizationList, PendedList
from schemas.vocabulary import Verdict


def authorize(message: Message[Envelope], context: Context) -> Sequence[Outcome]:
    """One envelope: a claim is judged, an authorization is kept and releases claims, a repeat passes through."""
    envelope = message.record
    if envelope.kind == "authorization":
        return _keep_and_release(envelope, context)
    if envelope.kind != "claim":
        return [_onward(envelope)]
    claim = context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    judged = _judge(envelope, claim, context)
    assert judged.authorized is not None
    if judged.authorized.verdict == "pended":
        judged = _wait(judged, context)
    return [_onward(judged)]


def _judge(envelope: Envelope, claim: SubmittedClaim, context: Context) -> Envelope:
    member_id = _member_of(envelope)
    eligible = eligibility_of(envelope, claim, member_id, context.reference)
    if eligible.plan is None or eligible.refusal is not None:
        return _denied(envelope, eligible)
    if not _needs_authorization(claim, eligible.plan):
        return _with(envelope, "passed", eligible.plan, None, ())
    kept = context.state.get(AUTHORIZATIONS, member_id)
    match = _matching(claim, envelope, kept.authorizations if kept else ())
    if match is not None:
        return _with(envelope, "passed", eligible.plan, match.authorization_number, ())
    text = f"no approved authorization covers these services on {_service_days(claim)}; send one, or its number"
    finding = Finding("A-AUTHORIZATION-MISSING", "authorization_number", text)
    if eligible.plan.missing_authorization == "pend":
        return _with(envelope, "pended", eligible.plan, None, (finding,))
    return _denied(envelope, Eligibility(eligible.plan, ("CO", "197"), finding))


def _keep_and_release(envelope: Envelope, context: Context) -> Sequence[Outcome]:
    event = context.codec.decode(AuthorizationEvent, envelope.submitted)
    kept = context.state.get(AUTHORIZATIONS, event.member_id)
    others = [
        known
        for known in (kept.authorizations if kept else ())
        if known.authorization_number != event.authorization_number
    ]
    # The oldest go first when a member has more than the limit: no claim of today needs them.
    latest = (*others, event)[-AUTHORIZATIONS_PER_MEMBER_MAX:]
    context.state.put(AUTHORIZATIONS, event.member_id, AuthorizationList(latest))
    waiting = context.state.get(PENDED, event.member_id)
    if waiting is None:
        return []
    released: list[Outcome] = []
    still: list[Envelope] = []
    for pended in waiting.envelopes:
        claim = context.codec.decode_shared(SubmittedClaim, pended.submitted)
        match = _matching(claim, pended, latest)
        if match is None:
            still.append(pended)
            continue
        assert pended.authorized is not None
        passed = replace(
            pended.authorized, verdict="passed", authorization_number=match.authorization_number, findings=()
        )
        move = Move("in_process", "authorize", event.at, "A-AUTHORIZATION-ARRIVED")
        released.append(_onward(replace(pended, authorized=passed, moves=(*pended.moves, move))))
    if released and still:
        context.state.put(PENDED, event.member_id, PendedList(tuple(still)))
    elif released:
        context.state.delete(PENDED, event.member_id)
    return released


def _wait(pended: Envelope, context: Context) -> Envelope:
    """Remember a pended claim; with too many waiting it is denied instead, which its findings say."""
    member_id = _member_of(pended)
    waiting = context.state.get(PENDED, member_id)
    envelopes = waiting.envelopes if waiting else ()
    if len(envelopes) < PENDED_CLAIMS_PER_MEMBER_MAX:
        context.state.put(PENDED, member_id, PendedList((*envelopes, pended)))
        return pended
    assert pended.authorized is not None
    text = f"{PENDED_CLAIMS_PER_MEMBER_MAX} claims of the member wait for authorizations already"
    finding = Finding("A-PENDED-TOO-MANY", "authorization_number", text)
    denied = replace(
        pended.authorized,
        verdict="denied",
        reason_group="CO",
        reason="197",
        findings=(*pended.authorized.findings, finding),
    )
    return replace(pended, authorized=denied)


def _needs_authorization(claim: SubmittedClaim, plan: Plan) -> bool:
    benefits = (benefit_of(line, claim, plan) for line in claim.lines)
    return any(benefit is not None and benefit.covered and benefit.needs_authorization for benefit in benefits)


def _matching(
    claim: SubmittedClaim, envelope: Envelope, authorizations: Sequence[AuthorizationEvent]
) -> AuthorizationEvent | None:
    """The first approved authorization for provider, dates and every code; the claim's own number narrows it."""
    assert envelope.validated is not None
    codes = {line.service_code for line in claim.lines}
    for known in authorizations:
        if (
            known.state == "approved"
            and (claim.authorization_number in (None, known.authorization_number))
            and (known.provider_id is None or known.provider_id == envelope.validated.provider_id)
            and known.valid_from <= claim.service_from
            and claim.service_to <= known.valid_to
            and (not known.service_codes or codes <= set(known.service_codes))
        ):
            return known
    return None


def _denied(envelope: Envelope, eligible: Eligibility) -> Envelope:
    assert eligible.refusal is not None
    assert eligible.finding is not None
    group, reason = eligible.refusal
    plan_id = eligible.plan.plan_id if eligible.plan else None
    authorized = Authorized("denied", plan_id, None, group, reason, (eligible.finding,))
    return replace(envelope, authorized=authorized)


def _with(
    envelope: Envelope, verdict: Verdict, plan: Plan, number: str | None, findings: tuple[Finding, ...]
) -> Envelope:
    return replace(envelope, authorized=Authorized(verdict, plan.plan_id, number, None, None, findings))


def _member_of(envelope: Envelope) -> str:
    assert envelope.validated is not None, "authorize takes claims that validate accepted"
    return envelope.validated.member_id


def _service_days(claim: SubmittedClaim) -> str:
    from schemas.dates import text_of

    if claim.service_from == claim.service_to:
        return text_of(claim.service_from)
    return f"{text_of(claim.service_from)} to {text_of(claim.service_to)}"


def _onward(envelope: Envelope) -> Emit:
    return Emit(topics.CLAIMS_AUTHORIZED, envelope.coverage_id, envelope)
