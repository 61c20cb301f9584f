"""What a payment event does: an approved claim is paid when all of it has arrived; nothing is paid twice."""

from dataclasses import replace

from agents.decided import moved
from agents.standing import Standing, with_command
from agents.told import asked_event, events_of, payment_details, payment_refused
from schemas.decision import Decision
from schemas.envelope import Envelope, Finding, Move
from schemas.events import PaymentEvent
from schemas.money import Money
from schemas.state import DecidedVersion
from schemas.vocabulary import Substatus

# A payment that arrives while an appeal is open or after it is counted, and moves no state.
COUNTED: frozenset[Substatus] = frozenset({"appealed", "upheld"})
PAYABLE: frozenset[Substatus] = frozenset({"approved", "partially_approved", "paid", *COUNTED})


def pay(envelope: Envelope, standing: Standing) -> None:
    """Carry out one payment event, once."""
    event = standing.context.codec.decode(PaymentEvent, envelope.submitted)
    stored = standing.stored()
    assert stored is not None, "validate forwards payments of claims it accepted"
    if event.event_id in stored.commands:
        return
    decision = standing.decision_in(stored)
    asked = len(stored.commands)
    if event.state == "failed":
        details = payment_details(event)
        told = asked_event(decision, asked, event.event_id, "payment.failed", "payments", event.at, details)
        standing.tell([told])
        standing.remember(decision, stored, event.event_id)
        return
    refusal = _refusal(event, decision, standing)
    if refusal is not None:
        standing.tell([payment_refused(decision, asked, event, refusal)])
        standing.remember(decision, stored, event.event_id)
        return
    _count(event, decision, stored, standing)


def _refusal(event: PaymentEvent, decision: Decision, standing: Standing) -> Finding | None:
    if event.currency != decision.currency:
        text = f"the payment is in {event.currency}, the claim in {decision.currency}"
        return Finding("L-PAYMENT-CURRENCY", "currency", text)
    wanted = decision.paid if standing.root.live else 0
    owed = wanted - standing.root.paid_out
    if standing.root.live and decision.substatus not in PAYABLE:
        text = f"the claim is {decision.substatus}; only an approved one can be paid"
        return Finding("L-NOT-PAYABLE", "claim_id", text)
    if owed == 0:
        return Finding("L-PAID-TWICE", "amount", "all that the decision pays has been paid")
    if not (0 < event.amount <= owed or owed <= event.amount < 0):
        text = f"is {Money(event.amount, event.currency)}, open are {Money(owed, event.currency)}"
        return Finding("L-PAYMENT-AMOUNT", "amount", text)
    return None


def _count(event: PaymentEvent, decision: Decision, stored: DecidedVersion, standing: Standing) -> None:
    paid_out = standing.root.paid_out + event.amount
    standing.set_root(paid_out=paid_out)
    complete = standing.root.live and paid_out == decision.paid and decision.substatus not in COUNTED
    substatus: Substatus = "paid" if complete else decision.substatus
    changed = moved(decision, substatus, paid_out=paid_out)
    posted = stored.posted or (stored.decision if decision.ledger else None)
    kept = replace(stored, posted=posted)
    if substatus == decision.substatus:
        details = payment_details(event)
        asked = len(stored.commands)
        events = [asked_event(changed, asked, event.event_id, "payment.counted", "payments", event.at, details)]
    else:
        told = events_of(changed, (), Move(substatus, "price", event.at, "L-PAID", "payments"))[0]
        events = [replace(told, details={**told.details, **payment_details(event)})]
    standing.keep(changed, with_command(kept, event.event_id), events)
