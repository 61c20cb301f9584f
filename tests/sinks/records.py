"""Decided and rejected claims, events and dead letters for the tests of the sink."""

import uuid
from dataclasses import replace
from typing import Any

from agents.decided import ended
from config.sealing import Sealer
from config.settings import SealingSettings
from schemas.accounts import accounts_of, amounts_of
from schemas.audit import AuditRead
from schemas.dates import parse_day
from schemas.decision import Appeal, DecidedLine, Decision, LedgerEntry, RejectedClaim
from schemas.envelope import Adjustment, Approval, Finding, Pend, Step
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.identifiers import claim_number, event_id
from schemas.vocabulary import Status, Substatus

NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a77")
# 2026-03-02 23:30 UTC: already 3 March on the payer's calendar.
ACCEPTED = 1_772_494_200_123
DAY = parse_day("2026-03-01")
SEALER = Sealer.from_settings(SealingSettings())


def claim_id(number: int) -> str:
    """The same number, the same claim."""
    return str(uuid.uuid5(NAMESPACE, str(number)))


def line(number: int = 1, charge: int = 10_000, paid: int = 8_000, **changes: Any) -> DecidedLine:
    """A line that pays a part; the fee schedule takes half of the rest, the member the other half."""
    rest = charge - paid
    made = DecidedLine(
        line_number=number, service_code="99213", code_system="HC", diagnosis_code="J06.9", modifiers=("25",),
        units_milli=1_000, verdict="passed", benefit_id="visit", charge=charge, allowed=charge - rest // 2, paid=paid,
        member_share=rest - rest // 2,
        adjustments=(
            Adjustment("CO", "45", rest // 2, "fee_schedule", None),
            Adjustment("PR", "3", rest - rest // 2, "copay", "N1", 1_000),
        ),
        findings=(), service_from=DAY, authorization_number="AUTH-1",
        steps=(Step("P-FEE", 1, charge, charge - rest // 2, "schedule STD"), Step("P-COPAY", 1, charge, paid)),
    )  # fmt: skip
    return replace(made, **changes)


def decision(
    number: int = 1, revision: int = 1, lines: tuple[DecidedLine, ...] | None = None, currency: str = "USD",
    status: Status = "approved", substatus: Substatus = "approved", **changes: Any,
) -> Decision:  # fmt: skip
    """A claim of three lines, as price decides it."""
    lines = lines if lines is not None else (line(1), line(2, 2_551, 2_000), line(3, 700, 0))
    claim = claim_id(number)
    made = Decision(
        claim_id=claim, claim_number=claim_number(claim, 2026), root_id=claim, version=1, revision=revision,
        status=status, substatus=substatus, coverage_id=f"FAM-{number % 50}", member_id=f"M-{number % 50}",
        provider_id=f"P-{number % 7}", plan_id="PLAN", submitter_id="clinic", form="professional",
        settlement="cashless", service_type="outpatient", currency=currency, service_from=DAY, service_to=DAY + 1,
        channel="api", correlation_id=f"c-{number}", accepted_at=ACCEPTED + number, release=1,
        charged=sum(part.charge for part in lines), allowed=sum(part.allowed for part in lines),
        paid=sum(part.paid for part in lines), member_share=sum(part.member_share for part in lines),
        lines=lines, findings=(Finding("fee", "lines[1]", "cut to the fee schedule"),),
        ledger=(LedgerEntry(1, 1, "deductible", f"M-{number % 50}", "2026", 1_500),),
        plan_from=DAY - 60, contract_id="CONTRACT-1", paid_out=0,
    )  # fmt: skip
    return replace(made, **changes)


def pended(number: int = 1, revision: int = 1, **changes: Any) -> Decision:
    """A claim that waits for a person; the whole charge is accounted for as waiting."""
    waiting = Adjustment("OA", "133", 13_251, "P-PENDED", None)
    lines = (line(1, 13_251, 0, verdict="pended", allowed=0, member_share=0, adjustments=(waiting,)),)
    pend = Pend("D-SUSPECT", "review", "adjudicate", DAY + 40, "may be the same as another claim", "OA", "18")
    return decision(
        number, revision, lines, status="processing", substatus="pended", pend=pend, ledger=(), **changes
    )  # fmt: skip


def partly_denied(missing: Finding, **changes: Any) -> Decision:
    """A decision that pays the first line and denies the second for want of an authorization."""
    denied = line(
        2, 5_000, 0, verdict="denied", allowed=0, member_share=0, findings=(missing,),
        adjustments=(Adjustment("CO", "197", 5_000, missing.code, None),), steps=(),
    )  # fmt: skip
    return decision(1, lines=(line(1), denied), substatus="partially_approved", **changes)


def after(before: Decision, **changes: Any) -> Decision:
    """The next revision of a decision, which takes the place of `before` in the trial balance."""
    superseded = amounts_of(accounts_of(before.lines))
    return replace(before, revision=before.revision + 1, superseded=superseded, **changes)


def approved(before: Decision) -> Decision:
    """The pended claim, approved by a person."""
    word = Approval("c-1", "approve", "dewi", "claim_processor", "seen the „chart“", ACCEPTED + 5)
    made = decision(1)
    return after(
        before, lines=made.lines, charged=made.charged, allowed=made.allowed, paid=made.paid, pend=None,
        member_share=made.member_share, status="approved", substatus="approved", approvals=(word,), ledger=made.ledger,
    )  # fmt: skip


def voided(before: Decision) -> Decision:
    """The version at its end, as the engine makes it: no lines, and the reversal negates what it had."""
    ledger = tuple(replace(entry, amount=-entry.amount) for entry in before.ledger)
    return ended(before, "voided", ledger, Finding("L-VOIDED", "", "voided by claim_manager: sent twice"))


def appealed(before: Decision) -> Decision:
    """The same decision under appeal."""
    appeal = Appeal(ACCEPTED + 9, "clinic", "provider", "coded wrong", DAY + 60)
    return after(before, status="appealed", substatus="appealed", appeal=appeal, ledger=())


def payment_request(decided: Decision, **changes: Any) -> PaymentRequest:
    """What a decision asks to be paid."""
    d = decided
    made = PaymentRequest(
        event_id(d.claim_id, d.version, d.revision, 0), d.claim_id, d.claim_number, d.root_id, d.version, d.revision,
        d.coverage_id, d.provider_id, "provider", None, d.paid, d.currency, d.accepted_at, d.correlation_id,
    )  # fmt: skip
    return replace(made, **changes)


def refusal(decided: Decision, command_id: str = "c-9") -> BusinessEvent:
    """A command that was refused: the claim stays as it is."""
    details = {"command_id": command_id, "kind": "approve", "reason": "L-ILLEGAL-MOVE", "text": "the claim is approved"}
    return replace(
        events(decided)[-1], event_id=event_id(decided.claim_id, decided.version, decided.revision, 1_000),
        event_type="command.refused", sequence=1_000, actor="dewi", details=details,
    )  # fmt: skip


def rejection(number: int = 1, **changes: Any) -> RejectedClaim:
    """A claim that validate refused."""
    claim = claim_id(number)
    made = RejectedClaim(
        claim_id=claim, claim_number=claim_number(claim, 2026), root_id=claim, digest="d", submitter_id="clinic",
        member_id=None, provider_id=None, form="professional", settlement="cashless", service_type="outpatient",
        currency="USD", service_from=DAY, service_to=DAY, charged=13_251, channel="api", correlation_id=f"c-{number}",
        accepted_at=ACCEPTED + number,
        findings=(Finding("member_unknown", "member", "no such member; is the „number“ right?"),),
    )  # fmt: skip
    return replace(made, **changes)


def events(decided: Decision) -> list[BusinessEvent]:
    """The events of a decision: accepted, then its outcome."""
    steps: tuple[tuple[Substatus, dict[str, str]], ...] = (
        ("accepted", {}),
        (decided.substatus, {"reason": "45", "currency": "USD", "paid": "100.00"}),
    )
    return [
        BusinessEvent(
            event_id=event_id(decided.claim_id, decided.version, decided.revision, sequence),
            event_type=f"claim.{substatus}", claim_id=decided.claim_id, claim_number=decided.claim_number,
            version=decided.version, revision=decided.revision, sequence=sequence, substatus=substatus, actor="price",
            at=decided.accepted_at + sequence, correlation_id=decided.correlation_id, details=details,
        )
        for sequence, (substatus, details) in enumerate(steps, start=1)
    ]  # fmt: skip


def dead_letter(topic: str = "claims.submitted", offset: int = 7) -> DeadLetter:
    """A record that could not be read."""
    return DeadLetter(
        topic, 2, offset, b"key", b"\x00\xff", "validate", "not_avro", "the Avro body does not fit", ACCEPTED
    )


def audit_read(number: int = 1, **changes: Any) -> AuditRead:
    """A look at a document of a claim."""
    made = AuditRead(
        event_id=str(uuid.uuid5(NAMESPACE, f"read-{number}")), at=ACCEPTED + number, subject="ani",
        roles=("auditor", "claim_processor"), provider_id=None, member_id=None, view="document",
        ids=(f"D-{number}", f"d-{number}"), left_out=0, claim_id=claim_id(number), outcome="shown",
        correlation_id=f"c-{number}",
    )  # fmt: skip
    return replace(made, **changes)
