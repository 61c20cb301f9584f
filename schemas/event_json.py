"""Everything but decisions that leaves the chain, as JSON in the format claims-decision/1 (see decision_json)."""

from collections.abc import Sequence
from typing import Any

from schemas.dates import text_of
from schemas.decision import RejectedClaim
from schemas.envelope import Finding
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.json_values import FORMAT, amount_json, findings_json, moment_json


def rejection_json(rejected: RejectedClaim) -> dict[str, Any]:
    """A claim rejected at the front end: never adjudicated, may be sent again, mended."""
    return {
        "format": FORMAT,
        "type": "rejection",
        "claimId": rejected.claim_id,
        "claimNumber": rejected.claim_number,
        "rootId": rejected.root_id,
        "status": "rejected",
        "substatus": "front_end_rejected",
        "memberId": rejected.member_id,
        "providerId": rejected.provider_id,
        "submitterId": rejected.submitter_id,
        "form": rejected.form,
        "settlement": rejected.settlement,
        "serviceType": rejected.service_type,
        "currency": rejected.currency,
        "serviceDate": _day_or_text(rejected.service_from),
        "serviceDateTo": _day_or_text(rejected.service_to),
        "charged": _amount_or_raw(rejected.charged, rejected.currency),
        "channel": rejected.channel,
        "correlationId": rejected.correlation_id,
        "acceptedAt": moment_json(rejected.accepted_at),
        "findings": findings_json(rejected.findings),
    }


def event_json(event: BusinessEvent) -> dict[str, Any]:
    """A step of a claim's life."""
    return {
        "format": FORMAT,
        "type": "event",
        "eventId": event.event_id,
        "eventType": event.event_type,
        "claimId": event.claim_id,
        "claimNumber": event.claim_number,
        "version": event.version,
        "revision": event.revision,
        "sequence": event.sequence,
        "substatus": event.substatus,
        "actor": event.actor,
        "at": moment_json(event.at),
        "correlationId": event.correlation_id,
        "details": dict(sorted(event.details.items())),
    }


def payment_request_json(request: PaymentRequest) -> dict[str, Any]:
    """What a decision asks to be paid, or given back where the amount is negative."""
    payee = request.payee
    return {
        "format": FORMAT,
        "type": "payment_request",
        "requestId": request.request_id,
        "claimId": request.claim_id,
        "claimNumber": request.claim_number,
        "rootId": request.root_id,
        "version": request.version,
        "revision": request.revision,
        "coverageId": request.coverage_id,
        "providerId": request.provider_id,
        "payeeKind": request.payee_kind,
        "payee": payee and {"name": payee.name, "bankCode": payee.bank_code, "accountNumber": payee.account_number},
        "amount": amount_json(request.amount, request.currency),
        "currency": request.currency,
        "at": moment_json(request.at),
        "correlationId": request.correlation_id,
    }


def dead_json(letter: DeadLetter) -> dict[str, Any]:
    """A record that no stage could take, without its content, which is personal."""
    return {
        "format": FORMAT,
        "type": "dead",
        "topic": letter.topic,
        "stage": letter.stage,
        "code": letter.code,
        "text": letter.message,
    }


def waiting_json(root_id: str) -> dict[str, Any]:
    """A void, replacement or command that waits for the claim it is about."""
    text = "the claim that this is about has not come; it is carried out right after it"
    return {"format": FORMAT, "type": "waiting", "rootId": root_id, "text": text}


def input_error_json(line: int, findings: Sequence[Finding]) -> dict[str, Any]:
    """A line of a file that is no input: what is wrong with it and what to do."""
    return {"format": FORMAT, "type": "input_error", "line": line, "findings": findings_json(findings)}


def _day_or_text(day: int) -> str:
    """A day of a claim that was refused: it may be no day of the calendar."""
    try:
        return text_of(day)
    except (OverflowError, ValueError):
        return str(day)


def _amount_or_raw(minor: int, currency: str) -> str:
    """An amount of a claim that was refused: its currency may be unknown."""
    try:
        return amount_json(minor, currency)
    except ValueError:
        return str(minor)
