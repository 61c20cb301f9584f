"""Takes commands, payments, outside adjudications and authorizations; leaves them keyed by coverage, or set aside.

What they say is carried out by the stage that holds the claim. The register says which claim they are about: they may
name the root claim or any version of it, and reach the version in force.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.contract import Context, Dead, Emit, Message, Outcome
from agents.instructions import form_refusal, instruction_of
from agents.register import Accepted, accepted_as, has_come, in_force
from agents.rules.front_end import DAY_MAX
from agents.rules.identity import coverage_ids
from agents.tables import REGISTER
from schemas import topics
from schemas.dates import MILLISECONDS_A_DAY
from schemas.envelope import Envelope, Undone
from schemas.events import AdjudicationEvent, AuthorizationEvent, Command, PaymentEvent
from schemas.identifiers import claim_number
from schemas.money import EXPONENTS, MAXIMUM_MINOR
from schemas.state import RegisterEntry
from schemas.vocabulary import Kind

TIME_MAX = (DAY_MAX + 1) * MILLISECONDS_A_DAY


def forward_authorization(message: Message[AuthorizationEvent], context: Context) -> Sequence[Outcome]:
    """An authorization goes to every coverage the member ever had: a change must find it wherever it went before."""
    event = message.record
    bad = _bad_authorization(message.key, event)
    if bad is not None:
        return [bad]
    member = context.reference.member(event.member_id)
    coverages = coverage_ids(member) if member else ()
    if not coverages:
        return [Dead("unknown_member", "the authorization names a member without coverage; load the member first")]
    envelope = Envelope(
        kind="authorization",
        claim_id=event.authorization_number,
        claim_number="",
        root_id="",
        version=0,
        coverage_id="",
        correlation_id=event.correlation_id or event.event_id,
        accepted_at=event.at,
        release=context.reference.release,
        submitted=message.raw,
        validated=None,
        authorized=None,
        adjudicated=None,
        moves=(),
    )
    return [Emit(topics.CLAIMS_VALIDATED, one, replace(envelope, coverage_id=one)) for one in coverages]


def _bad_authorization(key: str, event: AuthorizationEvent) -> Dead | None:
    if key != event.member_id:
        return Dead("wrong_key", "the key must be the member id")
    if event.state not in ("approved", "cancelled"):
        return Dead("bad_state", "the state of an authorization is approved or cancelled")
    if not event.authorization_number:
        return Dead("no_number", "an authorization needs a number")
    if not 0 <= event.valid_from <= event.valid_to <= DAY_MAX:
        return Dead("bad_date", "valid_from and valid_to must be days between 1970 and 2199, in order")
    if (event.units_milli or 0) < 0 or (event.amount or 0) < 0:
        return Dead("bad_amount", "units and amount of an authorization must be 0 or more")
    return _bad_time(event.at)


def forward_payment(message: Message[PaymentEvent], context: Context) -> Sequence[Outcome]:
    """A payment goes to the version in force."""
    event = message.record
    if event.state not in ("paid", "failed"):
        return [Dead("bad_state", "the state of a payment is paid or failed")]
    if event.currency not in EXPONENTS or abs(event.amount) > MAXIMUM_MINOR:
        return [
            Dead("bad_amount", f"a payment is in one of {', '.join(sorted(EXPONENTS))}, of at most {MAXIMUM_MINOR}")
        ]
    return _forward("payment", message, event.claim_id, event.event_id, context)


def forward_adjudication(message: Message[AdjudicationEvent], context: Context) -> Sequence[Outcome]:
    """The word of an outside adjudicator goes to the version in force."""
    event = message.record
    if event.verdict == "pended":
        return [Dead("bad_verdict", "an outside adjudicator settles a claim as passed or denied")]
    return _forward("adjudication", message, event.claim_id, event.event_id, context)


def forward_command(message: Message[Command], context: Context) -> Sequence[Outcome]:
    """A command goes to the version in force; a void ends it, an overturned appeal gets the next version number."""
    return _forward("command", message, message.record.claim_id, message.record.command_id, context)


def _forward(
    kind: Kind,
    message: Message[Command] | Message[PaymentEvent] | Message[AdjudicationEvent],
    claim_id: str,
    event_id: str,
    context: Context,
) -> Sequence[Outcome]:
    at = message.record.at
    entry = context.state.get(REGISTER, message.key)
    bad = _bad_time(at) or _unknown(entry, claim_id)
    if bad is not None:
        return [bad]
    assert entry is not None
    standing = in_force(entry)
    envelope = Envelope(
        kind=kind,
        claim_id=standing.claim_id,
        claim_number=claim_number(message.key, entry.claim_year),
        root_id=message.key,
        version=standing.version,
        coverage_id=standing.coverage_id,
        correlation_id=message.record.correlation_id or event_id,
        accepted_at=at,
        release=standing.release,
        submitted=message.raw,
        validated=None,
        authorized=None,
        adjudicated=None,
        moves=(),
    )
    if kind == "command":
        envelope = _counted(envelope, entry, standing, context)
    return [Emit(topics.CLAIMS_VALIDATED, standing.coverage_id, envelope)]


def _unknown(entry: RegisterEntry | None, claim_id: str) -> Dead | None:
    if entry is None or not has_come(entry):
        return Dead("unknown_claim", "no claim was accepted under this key, which must be the root claim id")
    if entry.rejected:
        return Dead("rejected_claim", "the claim was rejected at the front end; send it again, mended")
    if accepted_as(entry, claim_id) is None:
        return Dead("wrong_key", "the key must be the root claim id of the claim; no version of this root has that id")
    return None


def _counted(envelope: Envelope, entry: RegisterEntry, standing: Accepted, context: Context) -> Envelope:
    """The command with what it changes in the register; a malformed one changes nothing, and price refuses it."""
    wish = instruction_of(envelope, context.codec)
    if wish.kind not in ("void", "overturn") or entry.voided or form_refusal(wish) is not None:
        return envelope
    if wish.kind == "overturn":
        version = entry.version + 1
        context.state.put(REGISTER, envelope.root_id, replace(entry, version=version))
        return replace(envelope, version=version)
    context.state.put(REGISTER, envelope.root_id, replace(entry, voided=True))
    return replace(envelope, undoes=Undone(standing.claim_id, standing.version, "voided", answered=False))


def _bad_time(at: int) -> Dead | None:
    return None if 0 <= at < TIME_MAX else Dead("bad_time", "the time is not between 1970 and 2199")
