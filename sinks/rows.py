"""Records as rows of the staging tables: plain integers and texts, which COPY encodes fastest.

Money stays in minor units beside the exponent of its currency, dates in days and moments in milliseconds, as on the
topics; the statements that move the rows on turn them into the tables' types (exactly, in numeric).
"""

import json
from collections.abc import Sequence
from typing import Any

from config.limits import PAYER_UTC_OFFSET_MINUTES
from config.sealing import Sealer
from schemas.audit import THING_OF, AuditRead
from schemas.dates import day_at
from schemas.decision import DecidedLine, Decision, RejectedClaim
from schemas.envelope import Approval, Finding, Pend
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.money import exponent_of
from schemas.status import STATUS_OF

Row = tuple[Any, ...]
# (version, rank, rank_order): the greater one replaces what is there (migrations/0001).
Guard = tuple[int, int, int]
# Claim, version, revision, sequence: the place on the timeline.
TimelineKey = tuple[str, int, int, int]
# Claim, version, revision: a decision, whatever is decided later.
DecisionKey = tuple[str, int, int]
RANK_REJECTED = 1
_NONE = "[]"
_NO_LIFE = (None,) * 10 + (_NONE,)
_NO_PEND = (None,) * 4
# Made once: json.dumps makes an encoder for each text that is not ASCII.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def guard_of_decision(decision: Decision) -> Guard:
    """A later revision of the version, or a later version, replaces the row."""
    return decision.version, RANK_REJECTED + decision.revision, 0


def guard_of_rejection(offset: int) -> Guard:
    """The last rejection stays until the claim is decided."""
    return 1, RANK_REJECTED, offset


def decided_claim(decision: Decision, at: int) -> Row:
    """Row of a decision that was written at `at` (milliseconds)."""
    d = decision
    return (
        d.claim_id, d.claim_number, d.root_id, d.version, d.revision, RANK_REJECTED + d.revision, 0,
        d.status, d.substatus, d.form, d.settlement, d.service_type, d.member_id, d.provider_id, d.coverage_id,
        d.plan_id, d.submitter_id, d.service_from, d.service_to, d.currency, exponent_of(d.currency),
        d.charged, d.allowed, d.paid, d.member_share, d.release, d.channel, d.correlation_id, findings(d.findings),
        d.accepted_at, day_at(d.accepted_at, PAYER_UTC_OFFSET_MINUTES), at,
        d.frequency_code, d.replaces, d.plan_from, d.contract_id, *(_pend(d.pend) if d.pend else _NO_PEND),
        d.appeal.due_on if d.appeal else None, d.paid_out, _approvals(d.approvals) if d.approvals else _NONE,
    )  # fmt: skip


def _pend(pend: Pend) -> tuple[Any, ...]:
    return pend.code, pend.queue, pend.due_on, pend.text


def _approvals(approvals: Sequence[Approval]) -> str:
    return _json(
        [
            {
                "at": a.at,
                "kind": a.kind,
                "role": a.role,
                "actor": a.actor,
                "reason": a.reason,
                "commandId": a.command_id,
            }
            for a in approvals
        ]
    )


def rejected_claim(rejected: RejectedClaim, offset: int, at: int) -> Row:
    """Row of a front-end rejection: no coverage, no amounts but the charge, and no lines."""
    r = rejected
    return (
        r.claim_id, r.claim_number, r.root_id, 1, 1, RANK_REJECTED, offset,
        "rejected", "front_end_rejected", r.form, r.settlement, r.service_type, r.member_id, r.provider_id, None,
        None, r.submitter_id, r.service_from, r.service_to, r.currency, exponent_of(r.currency),
        r.charged, None, None, None, None, r.channel, r.correlation_id, findings(r.findings),
        r.accepted_at, day_at(r.accepted_at, PAYER_UTC_OFFSET_MINUTES), at, *_NO_LIFE,
    )  # fmt: skip


def decision_row(decision: Decision, record: bytes, at: int) -> tuple[DecisionKey, Row]:
    """Row of the history: the record as it came, with what the decision posts to the ledger of its coverage."""
    d = decision
    key = d.claim_id, d.version, d.revision
    ledger = _json([(e.sequence, e.line_number, e.account, e.who, e.period, e.amount) for e in d.ledger])
    return key, (*key, d.substatus, d.coverage_id, ledger if d.ledger else _NONE, record, at)


def payment_request(request: PaymentRequest) -> Row:
    """Row of a payment that is asked for. The payee's account stays on the topic: the table is no place for it."""
    r = request
    return (
        r.request_id, r.claim_id, r.claim_number, r.root_id, r.version, r.revision, r.coverage_id, r.provider_id,
        r.payee_kind, exponent_of(r.currency), r.amount, r.currency, r.at, r.correlation_id,
    )  # fmt: skip


def lines_of(decision: Decision, lines: list[Row], adjustments: list[Row]) -> None:
    """Append the rows of the decision's lines and of their adjustments."""
    claim, exponent = decision.claim_id, exponent_of(decision.currency)
    for line in decision.lines:
        number = line.line_number
        lines.append(_line(claim, exponent, line))
        for position, a in enumerate(line.adjustments, start=1):
            adjustments.append(
                (claim, number, position, a.group, a.reason, exponent, a.amount, a.rule, a.remark, a.quantity_milli)
            )


def _line(claim: str, exponent: int, line: DecidedLine) -> Row:
    return (
        claim, line.line_number, line.service_code, line.code_system, line.diagnosis_code, line.modifiers,
        line.units_milli, line.verdict, line.benefit_id, exponent, line.charge, line.allowed, line.paid,
        line.member_share, findings(line.findings), line.service_from, line.units_denied_milli, line.other_paid,
        line.authorization_number,
    )  # fmt: skip


def event(event: BusinessEvent) -> Row:
    """Row of the audit trail."""
    return (
        event.event_id, event.event_type, event.claim_id, event.claim_number, event.version, event.revision,
        event.sequence, event.substatus, event.actor, event.at, event.correlation_id,
        _json(dict(event.details)),
    )  # fmt: skip


def is_step(event: BusinessEvent) -> bool:
    """Whether the event is a step of the claim's status: a command that was refused, or a failed payment, is none."""
    return event.event_type.startswith("claim.")


def timeline_of_event(event: BusinessEvent) -> tuple[TimelineKey, Row]:
    """The step that an event tells of."""
    key = event.claim_id, event.version, event.revision, event.sequence
    return key, (*key, STATUS_OF[event.substatus], event.substatus, event.actor, event.details.get("reason"), event.at)


def timeline_of_rejection(rejected: RejectedClaim, offset: int, at: int) -> tuple[TimelineKey, Row]:
    """The rejection as a step, at `at` (milliseconds), with the code of its first finding."""
    key = rejected.claim_id, 1, 0, 1 + offset
    reason = rejected.findings[0].code if rejected.findings else None
    return key, (*key, "rejected", "front_end_rejected", "validate", reason, at)


def timeline_of_receipt(claim: Decision | RejectedClaim) -> tuple[TimelineKey, Row]:
    """The first step: the claim was accepted. The API may have written it already."""
    version = claim.version if isinstance(claim, Decision) else 1
    key = claim.claim_id, version, 0, 0
    return key, (*key, "submitted", "received", claim.submitter_id, None, claim.accepted_at)


def dead_letter(letter: DeadLetter, partition: int, offset: int, sealer: Sealer) -> Row:
    """Row of a record that was set aside, under its place among the dead letters; what it holds is sealed."""
    place = letter.topic, partition, offset
    key, value = (
        None if clear is None else sealer.seal_bytes(clear, dead_letter_context(column, *place))
        for column, clear in (("key", letter.key), ("value", letter.value))
    )
    return (
        *place, letter.partition, letter.offset, key, value, letter.stage, letter.code, letter.message, letter.at,
    )  # fmt: skip


def dead_letter_context(column: str, topic: str, partition: int, offset: int) -> str:
    """What a sealed column of a dead letter is bound to: its place, which never changes."""
    return f"dead_letters.{column}/{topic}/{partition}/{offset}"


def audit_read(read: AuditRead) -> Row:
    """Row of a read; of which thing its ids are stands beside them."""
    r = read
    thing = THING_OF.get(r.view, r.view)  # type: ignore[call-overload]  # a newer release may know more views
    return (
        r.event_id, r.at, r.subject, r.roles, r.provider_id, r.member_id, r.view, thing, r.ids, r.left_out,
        r.claim_id, r.outcome, r.correlation_id,
    )  # fmt: skip


def findings(found: Sequence[Finding]) -> str:
    """Findings as JSON: code, place, text and, where something would change the answer, the remedy of each."""
    if not found:
        return _NONE
    return _json(
        [
            {"code": f.code, "place": f.place, "text": f.text}
            if f.remedy is None
            else {"code": f.code, "place": f.place, "text": f.text, "remedy": f.remedy}
            for f in found
        ]
    )


def without_nul(row: Row) -> Row:
    """The row with U+0000, which Postgres cannot hold in text, shown as the replacement character."""
    return tuple(_without_nul(value) for value in row)


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").replace("\\u0000", "\ufffd")
    return tuple(_without_nul(item) for item in value) if isinstance(value, tuple) else value
