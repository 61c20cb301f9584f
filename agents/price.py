"""Takes adjudicated claims; leaves decisions with amounts, their events, payment requests, and the ledger.

The one door out: every accepted claim gets here, pended and denied ones too. A version that was decided before is not
decided again: its stored decision goes out byte for byte, whatever rules and fees say today. A void is the negation of
what was recorded; a replacement is a void and a new version in one step, decided against balances without its original.
"""

from collections.abc import Sequence

from agents.contract import Context, Emit, Message, Outcome
from agents.decided import decision_of, substatus_of
from agents.ledger import Ledger
from agents.lines import denied_line, waiting_line
from agents.moves import APPROVING, carry_out
from agents.payments import pay
from agents.periods import payer_day
from agents.pricing import Priced, priced
from agents.standing import Standing, decided_key, known_commands
from agents.tables import DECIDED
from agents.told import events_of
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.decision import Decision
from schemas.envelope import Envelope, Finding, Move, Pend
from schemas.money import Money
from schemas.reference import Plan
from schemas.state import DecidedVersion
from schemas.vocabulary import GroupCode, Substatus

# CARC A1, claim denied: a person's denial of a claim that no rule denies.
DENIED_BY_PERSON: tuple[GroupCode, str] = ("CO", "A1")


def price(message: Message[Envelope], context: Context) -> Sequence[Outcome]:
    """One envelope: claims are priced, posted and decided; everything else moves a decision that stands."""
    envelope = message.record
    if envelope.kind == "repeat":
        return _again(envelope, context)
    if envelope.kind == "authorization":
        return []
    standing = Standing(envelope, context)
    if envelope.kind in ("claim", "replacement"):
        _claim(envelope, message.raw, standing)
    elif envelope.kind == "void":
        _void(envelope, standing)
    elif envelope.kind == "payment":
        pay(envelope, standing)
    else:
        resumed = carry_out(envelope, standing)
        if resumed is not None:
            decide(resumed, context.codec.encode(resumed), standing)
    return standing.outcomes


def _again(envelope: Envelope, context: Context) -> Sequence[Outcome]:
    stored = context.state.get(DECIDED, decided_key(envelope.claim_id, envelope.version))
    # A repeat cannot overtake its claim: both have the same key from the first topic on.
    assert stored is not None, "a repeat of a claim that was never decided"
    return [Emit(topics.CLAIMS_DECIDED, envelope.coverage_id, stored.decision)]


def _claim(envelope: Envelope, raw: bytes, standing: Standing) -> None:
    if envelope.undoes is not None:
        text = f"replaced by claim {envelope.claim_id}"
        move = Move("replaced", "price", envelope.accepted_at, "L-REPLACED")
        standing.end("replaced", Ledger(envelope.coverage_id, standing.context.state), _about(move, text), move)
    decide(envelope, raw, standing)


def _void(envelope: Envelope, standing: Standing) -> None:
    """A void that came as a claim: ends the version in force, and is decided itself where it has a claim of its own."""
    assert envelope.undoes is not None, "validate says what a void ends"
    outcome: Substatus = envelope.undoes.outcome
    code = "L-VOIDED" if outcome == "voided" else "L-REPLACED"
    move = Move(outcome, "price", envelope.accepted_at, code)
    ledger = Ledger(envelope.coverage_id, standing.context.state)
    gone = standing.end(outcome, ledger, _about(move, f"{outcome} by claim {envelope.claim_id}"), move)
    if gone is not None:
        standing.ask_for_payment(gone, 0, envelope, None, envelope.accepted_at)
    if not envelope.undoes.answered:
        return
    claim = standing.context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    if gone is None:
        finding = Finding("L-NOTHING-TO-VOID", "original_reference", "nothing of this claim is in force any more")
    else:
        finding = Finding("L-VOID-DONE", "original_reference", f"claim {gone.claim_number} is voided")
    substatus: Substatus = "denied" if gone is None else "approved"
    decision = decision_of(envelope, claim, (), (), None, substatus=substatus, findings=(finding,))
    told = events_of(decision, envelope.moves, Move(substatus, "price", envelope.accepted_at, finding.code))
    standing.keep(decision, DecidedVersion(1, substatus, b""), told)


def decide(envelope: Envelope, raw: bytes, standing: Standing) -> None:
    """Price, post and decide a claim. `raw`: the envelope's bytes, kept where a person may change the answer."""
    context = standing.context
    claim = context.codec.decode_shared(SubmittedClaim, envelope.submitted)
    key = decided_key(envelope.claim_id, envelope.version)
    stored = context.state.get(DECIDED, key)
    before = None if stored is None else standing.decision_in(stored)
    # Payments and commands are about the root claim: a late copy of one does nothing to a later version either.
    earlier = stored or standing.stored()
    ledger = Ledger(envelope.coverage_id, context.state)
    found, pend = _amounts(envelope, claim, context, ledger)
    substatus = substatus_of(found.lines)
    if substatus in ("approved", "partially_approved"):
        paid = sum(line.paid for line in found.lines)
        if paid and paid == standing.root.paid_out:
            substatus = "paid"
    decision = decision_of(
        envelope, claim, found.lines, ledger.take_entries(), before,
        substatus=substatus, contract_id=found.contract_id, pend=pend, paid_out=standing.root.paid_out,
    )  # fmt: skip
    ledger.save()
    at = _decided_at(envelope)
    told = stored.moves_told if stored else 0
    reason = decision.findings[-1].code if decision.findings else None
    last = Move(substatus, "price", at, pend.code if pend else reason)
    events = events_of(decision, envelope.moves[told:], last)
    open_to_change = substatus != "approved" and substatus != "paid"
    kept = DecidedVersion(
        1, substatus, b"",
        envelope=raw if open_to_change else None,
        moves_told=len(envelope.moves),
        commands=known_commands((*(earlier.commands if earlier else ()), *_asked(envelope, before))),
    )  # fmt: skip
    standing.keep(decision, kept, events)
    standing.set_root(claim_id=envelope.claim_id, version=envelope.version, live=True)
    if substatus != "pended":
        standing.ask_for_payment(decision, decision.paid, envelope, claim.payee, at)


def _asked(envelope: Envelope, before: Decision | None) -> tuple[str, ...]:
    """The commands that earlier stages carried out since the decision before."""
    known = len(before.approvals) if before else 0
    return tuple(approval.command_id for approval in envelope.approvals[known:])


def _amounts(envelope: Envelope, claim: SubmittedClaim, context: Context, ledger: Ledger) -> tuple[Priced, Pend | None]:
    adjudicated = envelope.adjudicated
    assert adjudicated is not None, "price takes claims that adjudicate judged"
    if adjudicated.verdict == "pended":
        return Priced(tuple(waiting_line(line, claim) for line in claim.lines), None), envelope.pend
    if adjudicated.verdict == "denied":
        verdicts = zip(claim.lines, adjudicated.lines, strict=True)
        return Priced(tuple(denied_line(line, claim, verdict) for line, verdict in verdicts), None), None
    assert envelope.authorized is not None
    assert envelope.authorized.plan_id is not None
    plan = context.reference.plan(envelope.authorized.plan_id, claim.service_from)
    assert plan is not None, "authorize found this plan in the same release"
    found = priced(envelope, claim, plan, context.reference, ledger)
    pend = None
    if plan.review_above is not None or plan.second_approval_above is not None:
        pend = _for_a_person(envelope, claim, plan, sum(line.paid for line in found.lines))
    if pend is None:
        return found, None
    ledger.forget()
    return Priced(tuple(waiting_line(line, claim) for line in claim.lines), None), pend


def _for_a_person(envelope: Envelope, claim: SubmittedClaim, plan: Plan, paid: int) -> Pend | None:
    """Amounts that a person looks at first, and those that a second person must approve (rule of the plan)."""
    people = {approval.actor for approval in envelope.approvals if approval.kind in APPROVING}
    due_on = payer_day(_decided_at(envelope)) + plan.pend_days
    would, currency = Money(paid, claim.currency), claim.currency
    # What needs two persons needs a first one too, even where the plan names no amount for that.
    first = plan.second_approval_above if plan.review_above is None else plan.review_above
    if first is not None and paid > first and not people:
        least = Money(first, currency)
        text = f"the plan would pay {would} {currency}; a person looks at claims above {least} first"
        return Pend("P-REVIEW-AMOUNT", "high_value", "price", due_on, text, *DENIED_BY_PERSON)
    if plan.second_approval_above is not None and paid > plan.second_approval_above and len(people) == 1:
        least = Money(plan.second_approval_above, currency)
        text = f"the plan would pay {would} {currency}; above {least} a second person must approve"
        return Pend("P-SECOND-APPROVAL", "second_approval", "price", due_on, text, *DENIED_BY_PERSON)
    return None


def _decided_at(envelope: Envelope) -> int:
    """Event time: when the claim was accepted, or when what released it came."""
    return max([envelope.accepted_at, *(move.at for move in envelope.moves)])


def _about(move: Move, text: str) -> Finding:
    return Finding(move.reason or "", "", text)
