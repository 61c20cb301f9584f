"""Takes commands, payments, outside adjudications and authorizations; leaves them keyed by coverage, or set aside.

What they say is carried out by the stage that holds the claim. The register says which claim they are about: they may
name the root claim or any version of it, and reach the version in force.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.contract import Context, Dead, Emit, Message, Outcome
from agents.instructions import form_refusal, instruction_of
from agents.register import Accepted, accepted_as, awaited, has_come, in_force
from agents.rules.front_end import DAY_MAX
from agents.rules.identity import coverage_ids
from agents.rules.sizes import is_canonical
from agents.tables import REGISTER
from config.limits import WAITING_PER_ROOT_MAX
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
    """A command goes to the version in force; a void ends it, an overturned appeal gets the next version number.

    Topics have no order among themselves: a command may be read before the claim it names, and waits for it then.
    """
    command = message.record
    entry = context.state.get(REGISTER, message.key)
    if is_canonical(message.key) and is_canonical(command.claim_id) and not _is_known(entry, command.claim_id):
        bad = _bad_time(command.at)
        return _wait(message, entry or awaited(message.key), context) if bad is None else [bad]
    return _forward("command", message, command.claim_id, command.command_id, context)


def carry_out_waiting(root_id: str, context: Context) -> Sequence[Outcome]:
    """What waited for a version that has been accepted now, in the order it came; the rest goes on waiting."""
    entry = context.state.get(REGISTER, root_id)
    if entry is None or not entry.commands:
        return []
    commands = [(raw, context.codec.decode(Command, raw)) for raw in entry.commands]
    still = tuple(raw for raw, command in commands if accepted_as(entry, command.claim_id) is None)
    context.state.put(REGISTER, root_id, replace(entry, commands=still))
    return [
        outcome
        for raw, command in commands
        if raw not in still
        for outcome in forward_command(Message(topics.CLAIMS_COMMANDS, root_id, command, raw), context)
    ]


def _is_known(entry: RegisterEntry | None, claim_id: str) -> bool:
    """Whether the claim was seen: accepted, or the root rejected, which the command is told then."""
    if entry is None or not has_come(entry):
        return False
    return entry.rejected or accepted_as(entry, claim_id) is not None


def _wait(message: Message[Command], entry: RegisterEntry, context: Context) -> Sequence[Outcome]:
    """Keep a command, byte for byte; a copy of what waits already changes nothing."""
    ids = {context.codec.decode(Command, raw).command_id for raw in entry.commands}
    if message.record.command_id in ids:
        return []
    if len(ids) >= WAITING_PER_ROOT_MAX:
        return [Dead("too_many_waiting", f"{len(ids)} commands wait for claims of this root already")]
    context.state.put(REGISTER, message.key, replace(entry, commands=(*entry.commands, message.raw)))
    return []


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
