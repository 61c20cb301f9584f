"""Takes everything from outside; leaves it keyed by coverage, or rejected at the front end, or set aside.

The register remembers every accepted version under its root claim: the same content again is a repeat, which no stage
decides again; other content under the id of an accepted claim is a conflict and set aside; a rejected claim may come
again, mended. A replacement or void that comes before its original waits for it. Frequency codes: NUBC type of bill,
fourth position, 1 original, 7 replacement of a prior claim, 8 void of a prior claim.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from agents import forwards
from agents.amendments import objections
from agents.contract import Context, Dead, Emit, Message, Outcome
from agents.periods import payer_day
from agents.register import Accepted, accepted_as, awaited, has_come, in_force, is_full, of_owner, with_submission
from agents.rules.front_end import DAY_MAX, REPLACEMENT, VOID, findings_of
from agents.rules.identity import coverage_of, member_of, provider_of, unknown_member, unknown_provider, warnings_of
from agents.rules.ownership import Owner
from agents.rules.sizes import claim_too_large, event_too_large, is_canonical
from agents.tables import REGISTER
from config.limits import RECORD_BYTES_MAX, WAITING_PER_ROOT_MAX, WAITING_SUBMITTERS_MAX
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.dates import year_of
from schemas.decision import RejectedClaim
from schemas.envelope import Envelope, Finding, Move, Undone, Validated
from schemas.events import AdjudicationEvent, AuthorizationEvent, Command, PaymentEvent
from schemas.identifiers import claim_number, content_digest
from schemas.reference import CoverageSegment, Member, Provider
from schemas.state import RegisterEntry
from schemas.vocabulary import Kind

FORWARDS: dict[type, Callable[[Message[Any], Context], Sequence[Outcome]]] = {
    Command: forwards.forward_command,
    AuthorizationEvent: forwards.forward_authorization,
    AdjudicationEvent: forwards.forward_adjudication,
    PaymentEvent: forwards.forward_payment,
}


class Found(NamedTuple):
    """Whom a claim is about, and what is wrong with it."""

    member: Member | None
    provider: Provider | None
    coverage: CoverageSegment | None
    findings: Sequence[Finding]


class Arrival(NamedTuple):
    """A claim at the door: as it came, and the digest of its content."""

    claim: SubmittedClaim
    raw: bytes
    digest: str


def validate(message: Message[Any], context: Context) -> Sequence[Outcome]:
    """One record from outside."""
    forward = FORWARDS.get(type(message.record))
    if forward is not None:
        too_large = event_too_large(message.record)
        return forward(message, context) if too_large is None else [too_large]
    claim: SubmittedClaim = message.record
    misplaced = _misplaced(message.key, claim)
    if misplaced is not None:
        return [misplaced]
    return _claim(Arrival(claim, message.raw, content_digest(claim)), context)


def _misplaced(key: str, claim: SubmittedClaim) -> Dead | None:
    if key != claim.root_id:
        return Dead("wrong_key", "the key must be the root claim id")
    if not is_canonical(claim.claim_id) or (claim.root_id != claim.claim_id and not is_canonical(claim.root_id)):
        return Dead("bad_claim_id", "claim id and root id must be UUIDs, in small letters with hyphens")
    # What no calendar holds cannot even be rejected with a message: the sink and the claim number need real days.
    if not 0 <= claim.accepted_at < forwards.TIME_MAX:
        return Dead("bad_time", "accepted_at is no time between 1970 and 2199")
    if not (0 <= claim.service_from <= DAY_MAX and 0 <= claim.service_to <= DAY_MAX):
        return Dead("bad_date", "service_from and service_to must be days between 1970 and 2199")
    return claim_too_large(claim)


def _claim(arrival: Arrival, context: Context) -> Sequence[Outcome]:
    claim = arrival.claim
    entry = context.state.get(REGISTER, claim.root_id)
    known = accepted_as(entry, claim.claim_id) if entry is not None else None
    if known is not None:
        if known.digest != arrival.digest:
            return [
                Dead("conflict", "another claim was accepted under this id; send this one under a number of its own")
            ]
        assert entry is not None
        return [_onward("repeat", arrival, entry.claim_year, known, None)]
    amends = claim.frequency_code in (REPLACEMENT, VOID) and claim.root_id != claim.claim_id
    if not amends:
        return _original(arrival, entry, context)
    if entry is None or not has_come(entry):
        return _wait(arrival, entry or awaited(claim.root_id), context)
    entry, outcomes = _amended(arrival, entry, context)
    context.state.put(REGISTER, claim.root_id, entry)
    return [*outcomes, *forwards.carry_out_waiting(claim.root_id, context)]


def _original(arrival: Arrival, known: RegisterEntry | None, context: Context) -> Sequence[Outcome]:
    """An original, and then whatever waited for it."""
    claim = arrival.claim
    found = _found(claim, context)
    entry = RegisterEntry(
        claim_id=claim.claim_id,
        digest=arrival.digest,
        version=1,
        coverage_id="" if found.findings or found.coverage is None else found.coverage.coverage_id,
        release=context.reference.release,
        rejected=bool(found.findings),
        claim_year=year_of(claim.service_from),
        commands=known.commands if known is not None else (),
    )
    outcomes: list[Outcome] = []
    if found.findings:
        outcomes.append(_rejected(arrival, found, found.findings, entry.claim_year))
    else:
        entry = of_owner(entry, _sender(arrival, found))
        outcomes.append(_onward("claim", arrival, entry.claim_year, in_force(entry), _validated(arrival, found)))
    if claim.claim_id != claim.root_id:
        return outcomes
    for raw in known.waiting if known is not None else ():
        waited = context.codec.decode(SubmittedClaim, raw)
        entry, more = _amended(Arrival(waited, raw, content_digest(waited)), entry, context)
        outcomes += more
    context.state.put(REGISTER, claim.root_id, entry)
    return [*outcomes, *forwards.carry_out_waiting(claim.root_id, context)]


def _wait(arrival: Arrival, entry: RegisterEntry, context: Context) -> Sequence[Outcome]:
    """Keep what came before its original, byte for byte; a copy of what waits already changes nothing."""
    sizes: dict[str, list[int]] = {arrival.claim.submitter_id: []}
    for raw in entry.waiting:
        waiting = context.codec.decode(SubmittedClaim, raw)
        sizes.setdefault(waiting.submitter_id, []).append(len(raw))
        if waiting.claim_id == arrival.claim.claim_id:
            if content_digest(waiting) == arrival.digest:
                return []
            return [
                Dead("conflict", "another claim waits under this id for its original; give this one its own number")
            ]
    own = sizes[arrival.claim.submitter_id]
    if len(own) >= WAITING_PER_ROOT_MAX or len(sizes) > WAITING_SUBMITTERS_MAX:
        return [Dead("too_many_waiting", f"{len(entry.waiting)} claims wait for this original already")]
    if sum(own) + len(arrival.raw) > RECORD_BYTES_MAX:
        return [Dead("too_large_waiting", "too much waits for this original already; send the original first")]
    context.state.put(REGISTER, entry.claim_id, replace(entry, waiting=(*entry.waiting, arrival.raw)))
    return []


def _amended(arrival: Arrival, entry: RegisterEntry, context: Context) -> tuple[RegisterEntry, list[Outcome]]:
    """A replacement or void of a known original: the entry after it, and what goes out."""
    claim = arrival.claim
    found = _found(claim, context)
    sender = _sender(arrival, found)
    findings = [*objections(sender, claim.frequency_code, entry), *found.findings]
    if findings:
        return entry, [_rejected(arrival, found, findings, entry.claim_year)]
    if claim.frequency_code == REPLACEMENT and is_full(entry):
        text = f"{len(entry.submissions)} versions of this claim were accepted already"
        return entry, [Dead("too_many_versions", text)]
    before = in_force(entry)
    is_void = claim.frequency_code == VOID
    coverage_id = before.coverage_id if is_void or found.coverage is None else found.coverage.coverage_id
    release = context.reference.release
    accepted = Accepted(claim.claim_id, arrival.digest, entry.version + 1, coverage_id, release)
    validated = _validated(arrival, found) if found.member is not None else None
    undoes = Undone(before.claim_id, before.version, "voided" if is_void else "replaced", answered=True)
    year = entry.claim_year
    outcomes: list[Outcome]
    if coverage_id == before.coverage_id:
        kind: Kind = "void" if is_void else "replacement"
        outcomes = [_onward(kind, arrival, year, accepted, validated, undoes)]
    else:
        # Under the old coverage the claim ends, under the new one it begins.
        ends = accepted._replace(coverage_id=before.coverage_id)
        outcomes = [
            _onward("void", arrival, year, ends, validated, replace(undoes, answered=False)),
            _onward("claim", arrival, year, accepted, validated),
        ]
    return with_submission(entry, accepted, claim.frequency_code, sender), outcomes


def _sender(arrival: Arrival, found: Found) -> Owner:
    provider_id = found.provider.provider_id if found.provider else None
    return Owner(arrival.claim.submitter_id, provider_id, found.member.member_id if found.member else None)


def _found(claim: SubmittedClaim, context: Context) -> Found:
    member = member_of(claim.member, context.reference)
    provider = provider_of(claim.provider, context.reference)
    coverage = coverage_of(member, claim.service_from) if member else None
    findings = findings_of(claim)
    if claim.frequency_code != VOID:
        findings += _unknown(claim, member, provider, coverage, context)
    return Found(member, provider, coverage, findings)


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
        findings += unknown_member(claim.member)
    elif coverage is None:
        findings.append(Finding("V-COVERAGE-NONE", "member", "the member has never been covered"))
    else:
        currency = _currency_of(coverage.plan_id, claim, context)
        if currency is not None and currency != claim.currency:
            text = f"the claim is in {claim.currency}, the member's plan in {currency}"
            findings.append(Finding("V-CURRENCY-OF-PLAN", "currency", text))
    if provider is None and claim.settlement == "cashless":
        findings += unknown_provider(claim.provider)
    return findings


def _currency_of(plan_id: str, claim: SubmittedClaim, context: Context) -> str | None:
    """Currency of the plan on the day of service; where it has no version then, of today's: a denial needs one too."""
    plan = context.reference.plan(plan_id, claim.service_from)
    if plan is None:
        plan = context.reference.plan(plan_id, payer_day(claim.accepted_at))
    return plan.currency if plan else None


def _validated(arrival: Arrival, found: Found) -> Validated:
    assert found.member is not None
    provider_id = found.provider.provider_id if found.provider else None
    warnings = warnings_of(arrival.claim, found.member)
    return Validated(found.member.member_id, provider_id, arrival.digest, warnings)


def _onward(
    kind: Kind,
    arrival: Arrival,
    year: int,
    accepted: Accepted,
    validated: Validated | None,
    undoes: Undone | None = None,
) -> Emit:
    claim = arrival.claim
    tells = kind != "repeat" and (undoes is None or undoes.answered)
    envelope = Envelope(
        kind=kind,
        claim_id=claim.claim_id,
        claim_number=claim_number(claim.root_id, year),
        root_id=claim.root_id,
        version=accepted.version,
        coverage_id=accepted.coverage_id,
        correlation_id=claim.correlation_id or claim.claim_id,
        accepted_at=claim.accepted_at,
        release=accepted.release,
        submitted=arrival.raw,
        validated=validated,
        authorized=None,
        adjudicated=None,
        moves=(Move("accepted", "validate", claim.accepted_at, None),) if tells else (),
        undoes=undoes,
    )
    return Emit(topics.CLAIMS_VALIDATED, accepted.coverage_id, envelope)


def _rejected(arrival: Arrival, found: Found, findings: Sequence[Finding], year: int) -> Emit:
    claim = arrival.claim
    rejected = RejectedClaim(
        claim_id=claim.claim_id,
        claim_number=claim_number(claim.root_id, year),
        root_id=claim.root_id,
        digest=arrival.digest,
        submitter_id=claim.submitter_id,
        member_id=found.member.member_id if found.member else None,
        provider_id=found.provider.provider_id if found.provider else None,
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
    return Emit(topics.CLAIMS_REJECTED, claim.root_id, rejected)
