"""Builds the decision of a priced claim and the events that tell of it."""

from collections.abc import Sequence

from schemas.claim import SubmittedClaim
from schemas.decision import DecidedLine, Decision, LedgerEntry
from schemas.envelope import Envelope, Move
from schemas.events import BusinessEvent
from schemas.identifiers import event_id
from schemas.money import decimal_of
from schemas.status import STATUS_OF
from schemas.vocabulary import Substatus


def decision_of(
    envelope: Envelope,
    claim: SubmittedClaim,
    lines: tuple[DecidedLine, ...],
    ledger: tuple[LedgerEntry, ...],
    revision: int,
) -> Decision:
    """The decision; it cannot be built unless lines and totals balance."""
    assert envelope.validated is not None
    assert envelope.authorized is not None
    substatus = _substatus(lines)
    return Decision(
        claim_id=envelope.claim_id,
        claim_number=envelope.claim_number,
        root_id=envelope.root_id,
        version=envelope.version,
        revision=revision,
        status=STATUS_OF[substatus],
        substatus=substatus,
        coverage_id=envelope.coverage_id,
        member_id=envelope.validated.member_id,
        provider_id=envelope.validated.provider_id,
        plan_id=envelope.authorized.plan_id,
        submitter_id=claim.submitter_id,
        form=claim.form,
        settlement=claim.settlement,
        service_type=claim.service_type,
        currency=claim.currency,
        service_from=claim.service_from,
        service_to=claim.service_to,
        channel=claim.channel,
        correlation_id=envelope.correlation_id,
        accepted_at=envelope.accepted_at,
        release=envelope.release,
        charged=sum(line.charge for line in lines),
        allowed=sum(line.allowed for line in lines),
        paid=sum(line.paid for line in lines),
        member_share=sum(line.member_share for line in lines),
        lines=lines,
        findings=envelope.authorized.findings,
        ledger=ledger,
    )


def _substatus(lines: Sequence[DecidedLine]) -> Substatus:
    """A claim is denied when all its lines are; one that pays 0 because of the deductible is approved."""
    verdicts = {line.verdict for line in lines}
    if "pended" in verdicts:
        return "pended"
    if verdicts == {"denied"}:
        return "denied"
    return "partially_approved" if "denied" in verdicts else "approved"


def events_of(envelope: Envelope, decision: Decision) -> list[BusinessEvent]:
    """The moves that the stages made, then the decision itself, each with an id that is the same for ever.

    A second revision tells only of the moves since the first: those that a release added.
    """
    moves = list(envelope.moves)
    if decision.revision > 1:
        moves = [move for move in moves if move.substatus == "in_process"]
    reason = decision.findings[-1].code if decision.findings else None
    moves.append(Move(decision.substatus, "price", _decided_at(envelope), reason))
    return [_event(move, decision, sequence) for sequence, move in enumerate(moves, start=1)]


def _decided_at(envelope: Envelope) -> int:
    """Event time: when the claim was accepted, or when what released it came."""
    return max([envelope.accepted_at, *(move.at for move in envelope.moves)])


def _event(move: Move, decision: Decision, sequence: int) -> BusinessEvent:
    details = {"reason": move.reason} if move.reason else {}
    if move.substatus == decision.substatus:
        currency = decision.currency
        details |= {
            "currency": currency,
            "charged": str(decimal_of(decision.charged, currency)),
            "allowed": str(decimal_of(decision.allowed, currency)),
            "paid": str(decimal_of(decision.paid, currency)),
        }
    return BusinessEvent(
        event_id=event_id(decision.claim_id, decision.version, decision.revision, sequence),
        event_type=f"claim.{move.substatus}",
        claim_id=decision.claim_id,
        claim_number=decision.claim_number,
        version=decision.version,
        revision=decision.revision,
        sequence=sequence,
        substatus=move.substatus,
        actor=move.stage,
        at=move.at,
        correlation_id=decision.correlation_id,
        details=details,
    )
