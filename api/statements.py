"""Every SQL statement of the service. Values are parameters, always."""

TABLES = (
    "claims", "claim_items", "claim_adjustments", "claim_timeline", "claim_totals", "claim_submissions",
    "claim_events", "claim_decisions", "trial_balance", "http_replies",
)  # fmt: skip

# Names of the tables of $1 that do not exist: migrations are missing.
MISSING_TABLES = "select name from unnest($1::text[]) as name where to_regclass(name) is null"

# Claims with their lines and adjustments as arrays of rows, each from one snapshot: no second question, no transaction.
# The order of a row's columns is that of ITEM and ADJUSTMENT.
ITEM = (
    "line_number", "service_code", "code_system", "procedure_code", "diagnosis_code", "modifiers", "quantity",
    "verdict", "benefit_id", "charged_amount", "allowed_amount", "paid_amount", "member_share", "findings",
    "service_date", "units_denied", "other_paid", "authorization_number",
)  # fmt: skip
ADJUSTMENT = ("line_number", "group_code", "reason", "amount", "rule", "remark", "quantity")
CLAIMS = f"""
    select id, claim_number, version, revision, rank, rank_order, status, substatus, form, settlement, service_type,
           member_id, provider_id, service_date, service_to, currency, total_charged, total_allowed, total_paid,
           total_member_share, findings, accepted_at, accepted_day, decided_at, root_id, frequency_code, replaces,
           plan_id, plan_from, contract_id, reference_release, pend_code, pend_queue, pend_due, pend_text, appeal_due,
           paid_out, case when substatus = 'replaced' then (
               select later.id from claims later
               where later.root_id = claims.root_id and later.root_id <> later.id and later.version > claims.version
                 and later.frequency_code = '7'
               order by later.version desc limit 1
           ) end as replaced_by,
           array(select row({", ".join(ITEM)}) from claim_items
                 where claim_id = claims.id order by line_number) as items,
           array(select row({", ".join(ADJUSTMENT)}) from claim_adjustments
                 where claim_id = claims.id order by line_number, position) as adjustments
    from claims where id = any($1::uuid[])
"""  # noqa: S608 - constants of this module
TIMELINE = """
    select version, revision, status, substatus, actor, reason, at
    from claim_timeline where claim_id = $1 order by version, revision, sequence
"""
# Each claim that is watched, from the earliest place that any of its watchers knows.
STEPS_AFTER = """
    select t.claim_id, t.version, t.revision, t.sequence, t.status, t.substatus, t.actor, t.reason, t.at
    from unnest($1::uuid[], $2::integer[], $3::integer[], $4::bigint[]) as w (claim_id, version, revision, sequence)
    join claim_timeline t on t.claim_id = w.claim_id
         and (t.version, t.revision, t.sequence) > (w.version, w.revision, w.sequence)
    order by t.claim_id, t.version, t.revision, t.sequence limit 10000
"""
# The record of the last decision, as it left the chain.
DECISION = """
    select record from claim_decisions where claim_id = $1 order by version desc, revision desc limit 1
"""
# The audit trail, oldest first; refused commands are in it, with the claim as it stood.
EVENTS = """
    select event_id, event_type, version, revision, sequence, substatus, actor, at, details
    from claim_events where claim_id = $1 order by at, version, revision, sequence
"""
PENDED_BY_QUEUE = """
    select pend_queue as queue, count(*) as claims from claims where substatus = 'pended' group by 1 order by 1
"""
BALANCES = """
    select currency, case when account in ('charged', 'paid') then account else 'adjusted' end as kind,
           sum(amount)::numeric as amount
    from trial_balance group by 1, 2 order by 1, 2
"""
KNOWN = """
    select c.id, c.claim_number, c.status, c.substatus, c.accepted_at, s.digest, c.root_id::text
    from claims c left join claim_submissions s on s.claim_id = c.id
    where c.id = any($1::uuid[])
"""
# Claims still received are not in the totals; they are few, and found by the index on the status.
STATUS_COUNTS = """
    select status, sum(claims)::bigint as claims from (
        select status, claims from claim_totals
        union all
        select status, count(*) from claims where status = 'submitted' and rank = 0 group by status
    ) as counted group by status
"""
