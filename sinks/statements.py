"""Every statement of the sink. The batch lies in the temporary tables of sinks/staging.py."""

# Ten to the power of minus the exponent, exactly.
_UNIT = "(array[1, 0.1, 0.01, 0.001, 0.0001]::numeric[])[exponent + 1]"
_EPOCH = "date '1970-01-01'"


def _moment(column: str) -> str:
    return f"timestamptz '1970-01-01 00:00:00+00' + {column} * interval '1 millisecond'"


# Every table is reached by its key: a plan made while the tables were small must not read them whole later.
SESSION = "set enable_seqscan = off; set jit = off"

OFFSETS = "select next_offset from sink_offsets where topic = $1 and partition = $2"
NEW_OFFSETS = """
    insert into sink_offsets (topic, partition, next_offset) values ($1, $2, 0) on conflict do nothing
"""
ADVANCE_OFFSETS = """
    with moved as (
        select * from unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[])
                 as m (topic, partition, expected, next_offset)
    ), locked as (
        select o.topic, o.partition, m.next_offset from sink_offsets o
        join moved m on o.topic = m.topic and o.partition = m.partition and o.next_offset = m.expected
        order by o.topic, o.partition for update of o
    ), updated as (
        update sink_offsets o set next_offset = l.next_offset, updated_at = clock_timestamp() from locked l
        where o.topic = l.topic and o.partition = l.partition
        returning 1
    )
    select count(*) from updated
"""

_REPLACED = (
    "claim_number", "root_id", "version", "revision", "rank", "rank_order", "status", "substatus", "form",
    "settlement", "service_type", "member_id", "provider_id", "coverage_id", "plan_id", "submitter_id", "service_date",
    "service_to", "currency", "total_charged", "total_allowed", "total_paid", "total_member_share",
    "reference_release", "channel", "correlation_id", "findings", "accepted_at", "accepted_day", "decided_at",
    "committed_at", "frequency_code", "replaces", "plan_from", "contract_id", "pend_code", "pend_queue", "pend_due",
    "pend_text", "appeal_due", "paid_out", "approvals",
)  # fmt: skip
_ASSIGNMENTS = ", ".join(f"{name} = excluded.{name}" for name in _REPLACED)


def _counted(side: str) -> str:
    """What a claim is counted under, and with: the columns of staging.ADVANCED after old_rank."""
    names = (
        "accepted_day", "currency", "form", "status", "substatus", "provider_id", "total_charged", "total_allowed",
        "total_paid", "total_member_share",
    )  # fmt: skip
    return ", ".join(f"{side}.{name}" for name in names)


# `returning old` gives the row that was really replaced, even one that another process wrote a moment ago.
UPSERT_CLAIMS = f"""
    with advanced as (
        insert into claims as c (id, {", ".join(_REPLACED)})
        select id, claim_number, root_id, version, revision, rank, rank_order, status, substatus, form, settlement,
               service_type, member_id, provider_id, coverage_id, plan_id, submitter_id, {_EPOCH} + service_from,
               {_EPOCH} + service_to, currency, charged * {_UNIT}, allowed * {_UNIT}, paid * {_UNIT},
               member_share * {_UNIT}, reference_release, channel, correlation_id, findings,
               {_moment("accepted_at")}, {_EPOCH} + accepted_day, {_moment("decided_at")}, clock_timestamp(),
               frequency_code, replaces, {_EPOCH} + plan_from, contract_id, pend_code, pend_queue,
               {_EPOCH} + pend_due, pend_text, {_EPOCH} + appeal_due, paid_out * {_UNIT}, approvals
        from staged_claims order by id
        on conflict (id) do update set {_ASSIGNMENTS}, updated_at = clock_timestamp()
        where (excluded.version, excluded.rank, excluded.rank_order) > (c.version, c.rank, c.rank_order)
        returning new.id, new.accepted_at, old.rank, {_counted("old")}, {_counted("new")}
    )
    insert into advanced_claims select * from advanced
"""  # noqa: S608 - constants of this module
DELETE_LINES = "delete from claim_items l using advanced_claims a where l.claim_id = a.id and a.old_rank is not null"
DELETE_ADJUSTMENTS = (
    "delete from claim_adjustments d using advanced_claims a where d.claim_id = a.id and a.old_rank is not null"
)
INSERT_LINES = f"""
    insert into claim_items (claim_id, line_number, service_code, code_system, diagnosis_code, modifiers, quantity,
                             verdict, benefit_id, charged_amount, allowed_amount, paid_amount, member_share, findings,
                             service_date, units_denied, other_paid, authorization_number)
    select claim_id, line_number, service_code, code_system, diagnosis_code, modifiers, units_milli * 0.001, verdict,
           benefit_id, charged * {_UNIT}, allowed * {_UNIT}, paid * {_UNIT}, member_share * {_UNIT}, findings,
           {_EPOCH} + service_from, units_denied_milli * 0.001, other_paid * {_UNIT}, authorization_number
    from staged_lines join advanced_claims on advanced_claims.id = claim_id
"""  # noqa: S608 - constants of this module
INSERT_ADJUSTMENTS = f"""
    insert into claim_adjustments (claim_id, line_number, position, group_code, reason, amount, rule, remark, quantity)
    select claim_id, line_number, position, group_code, reason, amount * {_UNIT}, rule, remark, quantity_milli * 0.001
    from staged_adjustments join advanced_claims on advanced_claims.id = claim_id
"""  # noqa: S608 - constants of this module

_TOTALS_KEY = "accepted_day, currency, form, status, substatus, provider_id"
UPDATE_TOTALS = f"""
    insert into claim_totals as t ({_TOTALS_KEY}, claims, charged, allowed, paid, member_share)
    select {_TOTALS_KEY}, sum(claims), sum(charged), sum(allowed), sum(paid), sum(member_share)
    from (
        select new_day, new_currency, new_form, new_status, new_substatus, coalesce(new_provider, ''),
               1, new_charged, coalesce(new_allowed, 0), coalesce(new_paid, 0), coalesce(new_share, 0)
        from advanced_claims
        union all
        select old_day, old_currency, old_form, old_status, old_substatus, coalesce(old_provider, ''),
               -1, -old_charged, -coalesce(old_allowed, 0), -coalesce(old_paid, 0), -coalesce(old_share, 0)
        from advanced_claims where old_rank >= 1
    ) as changes ({_TOTALS_KEY}, claims, charged, allowed, paid, member_share)
    group by {_TOTALS_KEY} order by {_TOTALS_KEY}
    on conflict ({_TOTALS_KEY}) do update set
        claims = t.claims + excluded.claims, charged = t.charged + excluded.charged,
        allowed = t.allowed + excluded.allowed, paid = t.paid + excluded.paid,
        member_share = t.member_share + excluded.member_share
"""  # noqa: S608 - constants of this module
WRITTEN = """
    select new_form as form, new_status as status,
           extract(epoch from clock_timestamp() - accepted_at)::double precision as seconds
    from advanced_claims
"""

# Of the moments of receipt that anybody knows, the earliest stands; every other step is written once.
INSERT_TIMELINE = f"""
    insert into claim_timeline as t (claim_id, version, revision, sequence, status, substatus, actor, reason, at)
    select claim_id, version, revision, sequence, status, substatus, actor, reason, {_moment("at")}
    from staged_timeline order by claim_id, version, revision, sequence
    on conflict (claim_id, version, revision, sequence) do update set at = excluded.at
    where t.revision = 0 and t.sequence = 0 and excluded.at < t.at
"""  # noqa: S608 - constants of this module
INSERT_EVENTS = f"""
    insert into claim_events (event_id, event_type, claim_id, claim_number, version, revision, sequence, substatus,
                              actor, at, correlation_id, details, committed_at)
    select event_id, event_type, claim_id, claim_number, version, revision, sequence, substatus, actor,
           {_moment("at")}, correlation_id, details, clock_timestamp()
    from staged_events on conflict do nothing
"""  # noqa: S608 - constants of this module
# How many were new: all, but for repeats, whose decisions come again byte for byte and count once.
INSERT_DECISIONS = f"""
    with inserted as (
        insert into claim_decisions (claim_id, version, revision, substatus, coverage_id, ledger, record, decided_at)
        select claim_id, version, revision, substatus, coverage_id, ledger, record, {_moment("decided_at")}
        from staged_decisions on conflict do nothing returning 1
    )
    select count(*) from inserted
"""  # noqa: S608 - constants of this module
# Which of the batch this very transaction inserted.
NEW_DECISIONS = """
    select s.claim_id::text, s.version, s.revision from staged_decisions s
    join claim_decisions d on d.claim_id = s.claim_id and d.version = s.version and d.revision = s.revision
    where d.xmin = pg_current_xact_id()::xid
"""
POST_BALANCE = """
    insert into trial_balance as b (currency, account, amount)
    select * from unnest($1::text[], $2::text[], $3::numeric[])
    on conflict (currency, account) do update set amount = b.amount + excluded.amount
"""
INSERT_PAYMENT_REQUESTS = f"""
    insert into payment_requests (request_id, claim_id, claim_number, root_id, version, revision, coverage_id,
                                  provider_id, payee_kind, amount, currency, at, correlation_id, committed_at)
    select request_id, claim_id, claim_number, root_id, version, revision, coverage_id, provider_id, payee_kind,
           amount * {_UNIT}, currency, {_moment("at")}, correlation_id, clock_timestamp()
    from staged_payment_requests on conflict do nothing
"""  # noqa: S608 - constants of this module
INSERT_DEAD_LETTERS = f"""
    insert into dead_letters (topic, dlq_partition, dlq_offset, source_partition, source_offset, key, value, stage,
                              code, message, at, committed_at)
    select topic, dlq_partition, dlq_offset, source_partition, source_offset, key, value, stage, code, message,
           {_moment("at")}, clock_timestamp()
    from staged_dead_letters on conflict do nothing
"""  # noqa: S608 - constants of this module
# A read, and an entry for each thing that it showed: the answer to "who looked at this claim".
INSERT_AUDIT_READS = f"""
    with added as (
        insert into audit_reads (event_id, at, subject, roles, provider_id, member_id, view, thing, ids, left_out,
                                 claim_id, outcome, correlation_id, committed_at)
        select event_id, {_moment("at")}, subject, roles, provider_id, member_id, view, thing, ids, left_out,
               claim_id, outcome, correlation_id, clock_timestamp()
        from staged_audit_reads on conflict do nothing
        returning event_id, at, thing, ids, claim_id
    )
    insert into audit_seen (thing, id, at, event_id)
    select thing, unnest(ids), at, event_id from added
    union
    select 'claim', claim_id, at, event_id from added where claim_id is not null
    on conflict do nothing
"""  # noqa: S608 - constants of this module
