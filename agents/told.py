"""Business events of a claim: its moves and the decision it came to, each with an id that is the same for ever."""

from collections.abc import Sequence

from agents.instructions import Instruction
from schemas.decision import Decision
from schemas.envelope import Finding, Move
from schemas.events import BusinessEvent, PaymentEvent
from schemas.identifiers import event_id
from schemas.money import Money

# Refusals and failures are no steps of a revision: they are numbered behind all of them, by what was asked.
ASKED_FROM = 1_000


def events_of(decision: Decision, moves: Sequence[Move], last: Move) -> list[BusinessEvent]:
    """The moves since the revision before, then the decision itself."""
    told = [_event(move, decision, sequence, {}) for sequence, move in enumerate(moves, start=1)]
    told.append(_event(last, decision, len(told) + 1, amounts_of(decision)))
    return told


def amounts_of(decision: Decision) -> dict[str, str]:
    """The totals of a decision as decimals."""
    currency = decision.currency
    return {
        "currency": currency,
        "charged": str(Money(decision.charged, currency)),
        "allowed": str(Money(decision.allowed, currency)),
        "paid": str(Money(decision.paid, currency)),
    }


def refused(decision: Decision, asked: int, wish: Instruction, finding: Finding) -> BusinessEvent:
    """What was asked for and cannot be: the claim stays as it is. `asked`: how many things were asked before."""
    details = {"command_id": wish.command_id, "kind": wish.kind, "role": wish.role}
    return asked_event(
        decision, asked, wish.command_id, "command.refused", wish.actor, wish.at, details | _why(finding)
    )


def payment_refused(decision: Decision, asked: int, event: PaymentEvent, finding: Finding) -> BusinessEvent:
    """A payment that does not fit what the decision pays."""
    details = payment_details(event) | _why(finding)
    return asked_event(decision, asked, event.event_id, "payment.refused", "payments", event.at, details)


def _why(finding: Finding) -> dict[str, str]:
    return {"reason": finding.code, "text": finding.text}


def asked_event(
    decision: Decision, asked: int, about: str, event_type: str, actor: str, at: int, details: dict[str, str]
) -> BusinessEvent:
    """An event that leaves the claim in its state. `about`: the id of what was asked, which tells apart what comes
    after so many that they are no longer counted.
    """
    sequence = ASKED_FROM + asked
    return BusinessEvent(
        event_id=event_id(f"{decision.claim_id}\n{about}", decision.version, decision.revision, sequence),
        event_type=event_type,
        claim_id=decision.claim_id,
        claim_number=decision.claim_number,
        version=decision.version,
        revision=decision.revision,
        sequence=sequence,
        substatus=decision.substatus,
        actor=actor,
        at=at,
        correlation_id=decision.correlation_id,
        details=details,
    )


def payment_details(event: PaymentEvent) -> dict[str, str]:
    """A payment in an event."""
    return {
        "payment_number": event.payment_number,
        "method": event.method,
        "amount": str(Money(event.amount, event.currency)),
        "currency": event.currency,
    }


def _event(move: Move, decision: Decision, sequence: int, details: dict[str, str]) -> BusinessEvent:
    given = {"reason": move.reason, "role": move.role, "note": move.note}
    details |= {name: value for name, value in given.items() if value}
    return BusinessEvent(
        event_id=event_id(decision.claim_id, decision.version, decision.revision, sequence),
        event_type=f"claim.{move.substatus}",
        claim_id=decision.claim_id,
        claim_number=decision.claim_number,
        version=decision.version,
        revision=decision.revision,
        sequence=sequence,
        substatus=move.substatus,
        actor=move.actor or move.stage,
        at=move.at,
        correlation_id=decision.correlation_id,
        details=details,
    )
