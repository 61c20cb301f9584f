"""Takes claims with their coverage; leaves them passed, denied or pended by eligibility, referral and authorization.

Each line is judged on its own day. A claim that pends waits here by its root: an authorization that completes it
releases it by itself, a person approves or denies it, or asks that it be judged again. What goes on then is the claim
itself, with the release of reference data that it was pinned to. Authorizations are kept by coverage and member, so
that what a claim comes to depends on the history of its family alone.
"""

from collections.abc import Sequence
from dataclasses import replace

from agents.contract import Context, Emit, Message, Outcome
from agents.instructions import Instruction, approval_of, form_refusal, instruction_of, leaves_alone, move_of
from agents.rules.authorizations import AUTHORIZATION_MISSING
from agents.rules.authorized import STAGE, denied_by_person, judged, rematched, too_many
from agents.tables import AUTHORIZATIONS, WAITING, WAITING_OF_MEMBER
from config.limits import AUTHORIZATIONS_PER_MEMBER_MAX, PENDED_CLAIMS_PER_MEMBER_MAX
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.envelope import Envelope, Move
from schemas.events import AuthorizationEvent
from schemas.state import AuthorizationList, IdList

CARRIED_OUT = {"approve": "L-APPROVED", "deny": "L-DENIED", "release": "L-RELEASED"}


def authorize(message: Message[Envelope], context: Context) -> Sequence[Outcome]:
    """One envelope: a claim is judged, an authorization is kept and releases claims, an instruction is carried out."""
    envelope = message.record
    if envelope.undoes is not None:
        _forget(envelope.root_id, context)
    if envelope.kind in ("claim", "replacement"):
        return [_settle(_judge(envelope, context), context)]
    if envelope.kind == "authorization":
        return _keep_and_release(envelope, context)
    if envelope.kind in ("command", "adjudication"):
        return [_instructed(envelope, context)]
    return [_onward(envelope)]


def _judge(envelope: Envelope, context: Context) -> Envelope:
    claim = context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    return judged(envelope, claim, context.reference, lambda: _authorizations(_member_key(envelope), context))


def _settle(envelope: Envelope, context: Context) -> Emit:
    """A claim on its way, remembered here when it waits; with too many waiting it is denied instead."""
    if envelope.pend is None:
        return _onward(envelope)
    member = _member_key(envelope)
    waiting = context.state.get(WAITING_OF_MEMBER, member)
    ids = waiting.ids if waiting else ()
    if envelope.root_id not in ids:
        if len(ids) >= PENDED_CLAIMS_PER_MEMBER_MAX:
            return _onward(too_many(envelope, PENDED_CLAIMS_PER_MEMBER_MAX))
        context.state.put(WAITING_OF_MEMBER, member, IdList((*ids, envelope.root_id)))
    # What it replaces is undone by the envelope that goes on now, and never a second time.
    context.state.put(WAITING, envelope.root_id, replace(envelope, undoes=None))
    return _onward(envelope)


def _keep_and_release(envelope: Envelope, context: Context) -> Sequence[Outcome]:
    event = context.codec.decode(AuthorizationEvent, envelope.submitted)
    member = f"{envelope.coverage_id}:{event.member_id}"
    number = event.authorization_number
    others = [known for known in _authorizations(member, context) if known.authorization_number != number]
    # The oldest go first when a member has more than the limit: no claim of today needs them.
    latest = (*others, event)[-AUTHORIZATIONS_PER_MEMBER_MAX:]
    context.state.put(AUTHORIZATIONS, member, AuthorizationList(latest))
    waiting = context.state.get(WAITING_OF_MEMBER, member)
    if waiting is None or event.state != "approved":
        return []
    released: list[Outcome] = []
    for root_id in waiting.ids:
        held = context.state.get(WAITING, root_id)
        assert held is not None, "a claim in the member's list waits"
        assert held.pend is not None, "a claim that waits says why"
        if held.pend.code != AUTHORIZATION_MISSING:
            continue
        claim = context.codec.decode_shared(SubmittedClaim, held.submitted)
        passed = rematched(held, claim, latest)
        if passed is None:
            continue
        _forget(root_id, context)
        move = Move("in_process", STAGE, event.at, "A-AUTHORIZATION-ARRIVED")
        released.append(_onward(replace(passed, moves=(*passed.moves, move))))
    return released


def _instructed(envelope: Envelope, context: Context) -> Emit:
    """What is asked of a claim that waits here is carried out; all else goes on as it came, for price to answer."""
    held = context.state.get(WAITING, envelope.root_id)
    if held is None:
        return _onward(envelope)
    wish = instruction_of(envelope, context.codec)
    if wish.kind not in CARRIED_OUT or form_refusal(wish) is not None or leaves_alone(wish, held):
        return _onward(envelope)
    _forget(envelope.root_id, context)
    return _settle(_carried_out(held, wish, context), context)


def _carried_out(held: Envelope, wish: Instruction, context: Context) -> Envelope:
    move = move_of(wish, "in_process", STAGE, CARRIED_OUT[wish.kind])
    held = replace(held, moves=(*held.moves, move))
    if wish.kind == "release":
        return _judge(held, context)
    held = replace(held, approvals=(*held.approvals, approval_of(wish)))
    # An approval overrules what pends; authorizations that came meanwhile count for what they cover.
    return _judge(held, context) if wish.kind == "approve" else denied_by_person(held, wish)


def _forget(root_id: str, context: Context) -> None:
    """No claim of this root waits any more."""
    held = context.state.get(WAITING, root_id)
    if held is None:
        return
    context.state.delete(WAITING, root_id)
    member = _member_key(held)
    waiting = context.state.get(WAITING_OF_MEMBER, member)
    assert waiting is not None, "a claim that waits is in its member's list"
    ids = tuple(one for one in waiting.ids if one != root_id)
    if ids:
        context.state.put(WAITING_OF_MEMBER, member, IdList(ids))
    else:
        context.state.delete(WAITING_OF_MEMBER, member)


def _authorizations(member: str, context: Context) -> Sequence[AuthorizationEvent]:
    kept = context.state.get(AUTHORIZATIONS, member)
    return kept.authorizations if kept else ()


def _member_key(envelope: Envelope) -> str:
    assert envelope.validated is not None, "authorize takes claims that validate accepted"
    return f"{envelope.coverage_id}:{envelope.validated.member_id}"


def _onward(envelope: Envelope) -> Emit:
    return Emit(topics.CLAIMS_AUTHORIZED, envelope.coverage_id, envelope)
