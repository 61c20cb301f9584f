"""Takes claims and authorizations from outside; leaves them keyed by coverage, or rejected at the front end.

The register remembers every claim id: the same content again is a repeat, which no stage decides again; other content
under the id of an accepted claim is a conflict and set aside; a rejected claim may come again, mended.
"""

import uuid
from collections.abc import Sequence

from agents.contract import Context, Dead, Emit, Message, Outcome
from agents.rules.front_end import DAY_MAX, findings_of
from agents.rules.identity import coverage_of, member_of, provider_of, warnings_of
from agents.tables import REGISTER
from config.limits import CLAIM_LINES_MAX
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY, year_of
from schemas.decision import RejectedClaim
from schemas.envelope import Envelope, Finding, Move, Validated
from schemas.events import AuthorizationEvent
from schemas.identifiers import claim_number, content_digest
from schemas.reference import CoverageSegment, Member, Provider
from schemas.state import RegisterEntry
from schemas.vocabulary import Kind


def validate(message: Message[SubmittedClaim | AuthorizationEvent], context: Context) -> Sequence[Outcome]:
    """One record from outside."""
    record = message.record
    if isinstance(record, AuthorizationEvent):
        return [_authorization(message.key, record, message.raw, context)]
    return [_claim(message.key, record, message.raw, context)]


def _authorization(key: str, event: AuthorizationEvent, raw: bytes, context: Context) -> Outcome:
    if key != event.member_id:
        return Dead("wrong_key", "the key must be the member id")
    if event.state not in ("approved", "cancelled"):
        return Dead("bad_state", "the state of an authorization is approved or cancelled")
    member = context.reference.member(event.member_id)
    coverage = coverage_of(member, event.valid_from) if member else None
    if coverage is None:
        return Dead("unknown_member", "the authorization names a member without coverage; load the member first")
    envelope = Envelope(
        kind="authorization",
        claim_id=event.authorization_number,
        claim_number="",
        root_id="",
        version=0,
        coverage_id=coverage.coverage_id,
        correlation_id=event.correlation_id or event.event_id,
        accepted_at=event.at,
        release=context.reference.release,
        submitted=raw,
        validated=None,
        authorized=None,
        adjudicated=None,
        moves=(),
    )
    return Emit(topics.CLAIMS_VALIDATED, coverage.coverage_id, envelope)


def _claim(key: str, claim: SubmittedClaim, raw: bytes, context: Context) -> Outcome:
    misplaced = _misplaced(key, claim)
    if misplaced is not None:
        return misplaced
    digest = content_digest(claim)
    known = context.state.get(REGISTER, claim.claim_id)
    if known is not None and not known.rejected:
        if known.digest != digest:
            return Dead("conflict", "another claim was accepted under this id; send a new number, or a replacement")
        return _envelope("repeat", claim, raw, known.coverage_id, known.release, None)
    return _first(claim, raw, digest, context)


def _misplaced(key: str, claim: SubmittedClaim) -> Dead | None:
    if key != claim.root_id:
        return Dead("wrong_key", "the key must be the root claim id")
    try:
        uuid.UUID(claim.claim_id)
        uuid.UUID(claim.root_id)
    except ValueError:
        return Dead("bad_claim_id", "claim id and root id must be UUIDs")
    # What no calendar holds cannot even be rejected with a message: the sink and the claim number need real days.
    if not (0 <= claim.accepted_at < (DAY_MAX + 1) * MILLISECONDS_A_DAY):
        return Dead("bad_time", "accepted_at is no time between 1970 and 2199")
    if not all(0 <= day <= DAY_MAX for day in (claim.service_from, claim.service_to)):
        return Dead("bad_date", "service_from and service_to must be days between 1970 and 2199")
    if len(claim.lines) > CLAIM_LINES_MAX:
        return Dead("too_many_lines", f"more than {CLAIM_LINES_MAX} lines")
    return None


def _first(claim: SubmittedClaim, raw: bytes, digest: str, context: Context) -> Outcome:
    member = member_of(claim.member, context.reference)
    provider = provider_of(claim.provider, context.reference)
    coverage = coverage_of(member, claim.service_from) if member else None
    findings = [*findings_of(claim), *_unknown(claim, member, provider, coverage, context)]
    entry = RegisterEntry(
        claim_id=claim.claim_id,
        digest=digest,
        version=1,
        coverage_id="" if findings or coverage is None else coverage.coverage_id,
        release=context.reference.release,
        rejected=bool(findings),
    )
    context.state.put(REGISTER, claim.claim_id, entry)
    if findings:
        return Emit(topics.CLAIMS_REJECTED, claim.root_id, _rejected(claim, digest, member, provider, findings))
    assert member is not None
    assert coverage is not None
    provider_id = provider.provider_id if provider else None
    validated = Validated(member.member_id, provider_id, digest, warnings_of(claim.provider))
    return _envelope("claim", claim, raw, coverage.coverage_id, context.reference.release, validated)


def _unknown(
    claim: SubmittedClaim,
    member: Member | None,
    provider: Provider | None,
    coverage: CoverageSegment | None,
    context: Context,
) -> list[Finding]:
    """Findings that need reference data. Reimbursement takes an unknown provider: it is out of network."""
    findings = []
    if member is None:
        findings.append(Finding("V-MEMBER-UNKNOWN", "member", "no member has this id or any of these identifiers"))
    elif coverage is None:
        findings.append(Finding("V-COVERAGE-NONE", "member", "the member has never been covered"))
    else:
        plan = context.reference.plan(coverage.plan_id, claim.service_from)
        if plan is not None and plan.currency != claim.currency:
            text = f"the claim is in {claim.currency}, the member's plan in {plan.currency}"
            findings.append(Finding("V-CURRENCY-OF-PLAN", "currency", text))
    if provider is None and claim.settlement == "cashless":
        text = "no provider has this id or any of these identifiers; a cashless claim needs a known one"
        findings.append(Finding("V-PROVIDER-UNKNOWN", "provider", text))
    return findings


def _envelope(
    kind: Kind, claim: SubmittedClaim, raw: bytes, coverage_id: str, release: int, validated: Validated | None
) -> Emit:
    envelope = Envelope(
        kind=kind,
        claim_id=claim.claim_id,
        claim_number=_number(claim),
        root_id=claim.root_id,
        version=1,
        coverage_id=coverage_id,
        correlation_id=claim.correlation_id or claim.claim_id,
        accepted_at=claim.accepted_at,
        release=release,
        submitted=raw,
        validated=validated,
        authorized=None,
        adjudicated=None,
        moves=(Move("accepted", "validate", claim.accepted_at, None),) if kind == "claim" else (),
    )
    return Emit(topics.CLAIMS_VALIDATED, coverage_id, envelope)


def _rejected(
    claim: SubmittedClaim, digest: str, member: Member | None, provider: Provider | None, findings: Sequence[Finding]
) -> RejectedClaim:
    return RejectedClaim(
        claim_id=claim.claim_id,
        claim_number=_number(claim),
        root_id=claim.root_id,
        digest=digest,
        submitter_id=claim.submitter_id,
        member_id=member.member_id if member else None,
        provider_id=provider.provider_id if provider else None,
        form=claim.form,
        settlement=claim.settlement,
        service_type=claim.service_type,
        currency=claim.currency,
        service_from=claim.service_from,
        service_to=claim.service_to,
        charged=claim.total_charge,
        channel=claim.channel,
        correlation_id=claim.correlation_id or claim.claim_id,
        accepted_at=claim.accepted_at,
        findings=tuple(findings),
    )


def _number(claim: SubmittedClaim) -> str:
    # The year of the service, not of acceptance: a retry in the next year has the same number.
    return claim_number(claim.root_id, year_of(claim.service_from))
