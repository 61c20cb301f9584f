"""The canonical text of a claim, event, step and dead letter, made once from the record and once by Postgres.

Both are JSON as Postgres writes jsonb. The texts are built from the records anew, not from the rows that the sink
built, so that a mistake in the one shows against the other.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.audit import THING_OF, AuditRead
from schemas.dates import day_at
from schemas.decision import DecidedLine, Decision, RejectedClaim
from schemas.envelope import Approval, Finding
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.money import exponent_of
from schemas.status import STATUS_OF


def digest(parts: Sequence[Any]) -> bytes:
    """16 bytes that stand for the text; Postgres' md5 gives the same."""
    text = json.dumps(parts, ensure_ascii=False)
    if "\\u0000" in text:
        text = json.dumps(_shown(parts), ensure_ascii=False)
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()


def decision_parts(d: Decision) -> list[Any]:
    """A decided claim with its lines and adjustments."""
    exponent = exponent_of(d.currency)
    return [
        d.claim_number, d.root_id, d.version, d.revision, d.revision + 1, 0, d.status, d.substatus, d.form,
        d.settlement, d.service_type, d.member_id, d.provider_id, d.coverage_id, d.plan_id, d.submitter_id,
        d.service_from, d.service_to, d.currency,
        *(amount(value, exponent) for value in (d.charged, d.allowed, d.paid, d.member_share)),
        d.release, d.channel, d.correlation_id, findings(d.findings), d.accepted_at, _day(d.accepted_at),
        d.frequency_code, d.replaces, d.plan_from, d.contract_id,
        *((d.pend.code, d.pend.queue, d.pend.due_on, d.pend.text) if d.pend else (None, None, None, None)),
        None if d.appeal is None else d.appeal.due_on, amount(d.paid_out, exponent),
        [_approval(approval) for approval in d.approvals],
        [_line(line, exponent) for line in sorted(d.lines, key=lambda line: line.line_number)],
        [
            [
                line.line_number, position, a.group, a.reason, amount(a.amount, exponent), a.rule, a.remark,
                a.quantity_milli,
            ]
            for line in sorted(d.lines, key=lambda line: line.line_number)
            for position, a in enumerate(line.adjustments, start=1)
        ],
    ]  # fmt: skip


def rejection_parts(r: RejectedClaim, offset: int) -> list[Any]:
    """A claim rejected at the front end, by the record at `offset`."""
    return [
        r.claim_number, r.root_id, 1, 1, 1, offset, "rejected", "front_end_rejected", r.form, r.settlement,
        r.service_type, r.member_id, r.provider_id, None, None, r.submitter_id, r.service_from, r.service_to,
        r.currency, amount(r.charged, exponent_of(r.currency)), None, None, None, None, r.channel, r.correlation_id,
        findings(r.findings), r.accepted_at, _day(r.accepted_at), *[None] * 10, [], [], [],
    ]  # fmt: skip


def history_parts(d: Decision, record: bytes) -> list[Any]:
    """A revision of a decision, with its postings to the ledger; its record by its digest."""
    return [
        d.version, d.revision, d.substatus, d.coverage_id,
        [[e.sequence, e.line_number, e.account, e.who, e.period, e.amount] for e in d.ledger],
        hashlib.md5(record, usedforsecurity=False).hexdigest(),
    ]  # fmt: skip


def payment_request_parts(r: PaymentRequest) -> list[Any]:
    """A payment that was asked for."""
    return [
        r.request_id, r.claim_number, r.root_id, r.version, r.revision, r.coverage_id, r.provider_id, r.payee_kind,
        amount(r.amount, exponent_of(r.currency)), r.currency, r.at, r.correlation_id,
    ]  # fmt: skip


def event_parts(e: BusinessEvent) -> list[Any]:
    """An entry of the audit trail. jsonb orders the keys of an object by length, then by bytes."""
    ordered = sorted(e.details.items(), key=lambda item: (len(item[0].encode()), item[0].encode()))
    return [
        e.event_id, e.event_type, e.claim_number, e.version, e.revision, e.sequence, e.substatus, e.actor, e.at,
        e.correlation_id, dict(ordered),
    ]  # fmt: skip


def step_of_event(e: BusinessEvent) -> list[Any]:
    """The step of the timeline that an event tells of."""
    reason = e.details.get("reason")
    return [e.version, e.revision, e.sequence, STATUS_OF[e.substatus], e.substatus, e.actor, reason, e.at]


def step_of_rejection(r: RejectedClaim, offset: int, at: int) -> list[Any]:
    """The step of the timeline that a rejection is."""
    reason = r.findings[0].code if r.findings else None
    return [1, 0, offset + 1, "rejected", "front_end_rejected", "validate", reason, at]


def dead_letter_parts(d: DeadLetter, partition: int, offset: int) -> list[Any]:
    """A dead letter at its place; its bytes by their digest."""
    value = None if d.value is None else hashlib.md5(d.value, usedforsecurity=False).hexdigest()
    key = None if d.key is None else d.key.hex()
    return [d.topic, partition, offset, d.partition, d.offset, key, value, d.stage, d.code, d.message, d.at]


def audit_read_parts(r: AuditRead) -> list[Any]:
    """A read, with what it showed in the order of the index."""
    thing = THING_OF.get(r.view, r.view)  # type: ignore[call-overload]
    seen = {(thing, name) for name in r.ids} | ({("claim", r.claim_id)} if r.claim_id is not None else set())
    return [
        r.event_id, r.at, r.subject, list(r.roles), r.provider_id, r.member_id, r.view, list(r.ids), r.left_out,
        r.claim_id, r.outcome, r.correlation_id,
        [list(one) for one in sorted(seen, key=lambda one: (one[0].encode(), one[1].encode()))],
    ]  # fmt: skip


def amount(minor: int, exponent: int) -> str:
    """Minor units as numeric(20, 2) shows them."""
    cents = minor * 10 ** (2 - exponent)
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02}"


def findings(found: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings with their keys in jsonb's order."""
    return [
        {"code": f.code, "text": f.text, "place": f.place} | ({} if f.remedy is None else {"remedy": f.remedy})
        for f in found
    ]


def _approval(a: Approval) -> dict[str, Any]:
    return {
        "at": a.at, "kind": a.kind, "role": a.role, "actor": a.actor, "reason": a.reason, "commandId": a.command_id,
    }  # fmt: skip


def _line(line: DecidedLine, exponent: int) -> list[Any]:
    return [
        line.line_number, line.service_code, line.code_system, line.diagnosis_code, list(line.modifiers),
        line.units_milli, line.verdict, line.benefit_id,
        *(amount(value, exponent) for value in (line.charge, line.allowed, line.paid, line.member_share)),
        findings(line.findings), line.service_from, line.units_denied_milli, amount(line.other_paid, exponent),
        line.authorization_number,
    ]  # fmt: skip


def _day(accepted_at: int) -> int:
    return day_at(accepted_at, PAYER_UTC_OFFSET_MINUTES)


def _shown(value: Any) -> Any:
    """The value with U+0000, which Postgres cannot hold, as the sink shows it."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_shown(key): _shown(item) for key, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list | tuple) else value


def _ms(column: str) -> str:
    return f"(extract(epoch from {column}) * 1000)::bigint"


CLAIMS = f"""
    select c.id as key, md5(jsonb_build_array(
        c.claim_number, c.root_id, c.version, c.revision, c.rank, c.rank_order, c.status, c.substatus, c.form,
        c.settlement, c.service_type, c.member_id, c.provider_id, c.coverage_id, c.plan_id, c.submitter_id,
        c.service_date - date '1970-01-01', c.service_to - date '1970-01-01', c.currency, c.total_charged::text,
        c.total_allowed::text, c.total_paid::text, c.total_member_share::text, c.reference_release, c.channel,
        c.correlation_id, c.findings, {_ms("c.accepted_at")}, c.accepted_day - date '1970-01-01',
        c.frequency_code, c.replaces, c.plan_from - date '1970-01-01', c.contract_id, c.pend_code, c.pend_queue,
        c.pend_due - date '1970-01-01', c.pend_text, c.appeal_due - date '1970-01-01', c.paid_out::text, c.approvals,
        coalesce((select jsonb_agg(jsonb_build_array(
            l.line_number, l.service_code, l.code_system, l.diagnosis_code, l.modifiers, (l.quantity * 1000)::bigint,
            l.verdict, l.benefit_id, l.charged_amount::text, l.allowed_amount::text, l.paid_amount::text,
            l.member_share::text, l.findings, l.service_date - date '1970-01-01',
            (l.units_denied * 1000)::bigint, l.other_paid::text, l.authorization_number
        ) order by l.line_number) from claim_items l where l.claim_id = c.id), '[]'),
        coalesce((select jsonb_agg(jsonb_build_array(
            a.line_number, a.position, a.group_code, a.reason, a.amount::text, a.rule, a.remark,
            (a.quantity * 1000)::bigint
        ) order by a.line_number, a.position) from claim_adjustments a where a.claim_id = c.id), '[]')
    )::text) as digest
    from claims c where c.rank >= 1
"""  # noqa: S608 - constants of this module
EVENTS = f"""
    select claim_id as key, md5(jsonb_build_array(
        event_id, event_type, claim_number, version, revision, sequence, substatus, actor, {_ms("at")},
        correlation_id, details
    )::text) as digest from claim_events
"""  # noqa: S608 - constants of this module
# Receipts are left out: the API writes them too, before the claim is decided.
TIMELINE = f"""
    select claim_id as key, md5(jsonb_build_array(
        version, revision, sequence, status, substatus, actor, reason, {_ms("at")}
    )::text) as digest from claim_timeline where revision > 0 or sequence > 0
"""  # noqa: S608 - constants of this module
HISTORY = """
    select claim_id as key, md5(jsonb_build_array(
        version, revision, substatus, coverage_id, ledger, md5(record)
    )::text) as digest from claim_decisions
"""
PAYMENT_REQUESTS = f"""
    select claim_id as key, md5(jsonb_build_array(
        request_id, claim_number, root_id, version, revision, coverage_id, provider_id, payee_kind, amount::text,
        currency, {_ms("at")}, correlation_id
    )::text) as digest from payment_requests
"""  # noqa: S608 - constants of this module
# What a dead letter holds is sealed: it is opened before it is compared (sinks/sealed.py).
DEAD_LETTERS = f"""
    select topic, dlq_partition, dlq_offset, source_partition, source_offset, key, value, stage, code, message,
           {_ms("at")} as at from dead_letters
"""  # noqa: S608 - constants of this module
AUDIT_READS = f"""
    select '00000000-0000-0000-0000-000000000000'::uuid as key, md5(jsonb_build_array(
        event_id, {_ms("at")}, subject, roles, provider_id, member_id, view, ids, left_out, claim_id, outcome,
        correlation_id,
        coalesce((select jsonb_agg(jsonb_build_array(s.thing, s.id) order by s.thing collate "C", s.id collate "C")
                  from audit_seen s where s.event_id = r.event_id), '[]')
    )::text) as digest from audit_reads r
"""  # noqa: S608 - constants of this module
# Lines and adjustments of no claim, which no claim's hash would show.
ORPHANS = """
    select claim_id from claim_items where not exists (select from claims where id = claim_id)
    union
    select claim_id from claim_adjustments where not exists (select from claims where id = claim_id)
    limit 20
"""
TOTALS = """
    with again as (
        select accepted_day, currency, form, status, substatus, coalesce(provider_id, '') as provider_id,
               count(*) as claims, sum(total_charged) as charged, sum(coalesce(total_allowed, 0)) as allowed,
               sum(coalesce(total_paid, 0)) as paid, sum(coalesce(total_member_share, 0)) as member_share
        from claims where rank >= 1 group by 1, 2, 3, 4, 5, 6
    )
    select accepted_day, currency, form, status, substatus, provider_id
    from again a full join claim_totals t using (accepted_day, currency, form, status, substatus, provider_id)
    where (coalesce(a.claims, 0), coalesce(a.charged, 0), coalesce(a.allowed, 0), coalesce(a.paid, 0),
           coalesce(a.member_share, 0))
       <> (coalesce(t.claims, 0), coalesce(t.charged, 0), coalesce(t.allowed, 0), coalesce(t.paid, 0),
           coalesce(t.member_share, 0))
    order by 1, 2, 3, 4, 5, 6
"""
