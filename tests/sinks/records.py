"""Decided and rejected claims, events and dead letters for the tests of the sink."""

import uuid
from dataclasses import replace
from typing import Any

from schemas.dates import parse_day
from schemas.decision import DecidedLine, Decision, RejectedClaim
from schemas.envelope import Adjustment, Finding
from schemas.events import BusinessEvent, DeadLetter
from schemas.identifiers import claim_number, event_id
from schemas.vocabulary import Status, Substatus

NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a77")
# 2026-03-02 23:30 UTC: already 3 March on the payer's calendar.
ACCEPTED = 1_772_494_200_123
DAY = parse_day("2026-03-01")


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
            Adjustment("PR", "3", rest - rest // 2, "copay", "N1"),
        ),
        findings=(),
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
        lines=lines, findings=(Finding("fee", "lines[1]", "cut to the fee schedule"),), ledger=(),
    )  # fmt: skip
    return replace(made, **changes)


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
