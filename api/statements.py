"""Every SQL statement of the service. Values are parameters, always."""

TABLES = (
    "claims", "claim_items", "claim_adjustments", "claim_timeline", "claim_totals", "claim_submissions",
    "claim_events", "claim_decisions", "trial_balance",
)  # fmt: skip

# Names of the tables of $1 that do not exist: migrations are missing.
MISSING_TABLES = "select name from unnest($1::text[]) as name where to_regclass(name) is null"

CLAIM = """
    select id, claim_number, version, revision, rank, rank_order, status, substatus, form, settlement, service_type,
           member_id, provider_id, service_date, service_to, currency, total_charged, total_allowed, total_paid,
           total_member_share, findings, accepted_at, accepted_day, decided_at, root_id, frequency_code, replaces,
           plan_id, plan_from, contract_id, reference_release, pend_code, pend_queue, pend_due, pend_text, appeal_due,
           paid_out, case when substatus = 'replaced' then (
               select later.id from claims later
               where later.root_id = claims.root_id and later.root_id <> later.id and later.version > claims.version
                 and later.frequency_code = '7'
               order by later.version desc limit 1
           ) end as replaced_by
    from claims where id = $1
"""
ITEMS = """
    select line_number, service_code, code_system, procedure_code, diagnosis_code, modifiers, quantity, verdict,
           benefit_id, charged_amount, allowed_amount, paid_amount, member_share, findings, service_date,
           units_denied, other_paid, authorization_number
    from claim_items where claim_id = $1 order by line_number
"""
ADJUSTMENTS = """
    select line_number, group_code, reason, amount, rule, remark, quantity
    from claim_adjustments where claim_id = $1 order by line_number, position
"""
TIMELINE = """
    select version, revision, status, substatus, actor, reason, at
    from claim_timeline where claim_id = $1 order by version, revision, sequence
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
    select c.claim_number, c.status, c.substatus, c.accepted_at, s.digest
    from claims c left join claim_submissions s on s.claim_id = c.id
    where c.id = $1
"""
# Claims still received are not in the totals; they are few, and found by the index on the status.
STATUS_COUNTS = """
    select status, sum(claims)::bigint as claims from (
        select status, claims from claim_totals
        union all
        select status, count(*) from claims where status = 'submitted' and rank = 0 group by status
    ) as counted group by status
"""

# The row of revision 0. Whatever is there already knows more. A claim that was rejected at the front end may be
# submitted again with mended content: the new content's digest then stands for the claim.
RECEIVE = """
    insert into claims (id, claim_number, root_id, version, revision, rank, status, substatus, form, settlement,
                        service_type, member_id, provider_id, submitter_id, service_date, service_to, currency,
                        total_charged, channel, correlation_id, accepted_at, accepted_day)
    values ($1, $2, $3, 1, 0, 0, 'submitted', 'received', $4, $5, $6,
            $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    on conflict do nothing
    returning id
"""
RECEIVE_ITEMS = """
    insert into claim_items (claim_id, line_number, service_code, code_system, diagnosis_code, modifiers, quantity,
                             charged_amount)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict do nothing
"""
RECEIVE_TIMELINE = """
    insert into claim_timeline (claim_id, version, revision, sequence, status, substatus, actor, at)
    values ($1, 1, 0, 0, 'submitted', 'received', $2, $3)
    on conflict do nothing
"""
RECEIVE_DIGEST = """
    insert into claim_submissions (claim_id, digest, accepted_at) values ($1, $2, $3)
    on conflict (claim_id) do update set digest = excluded.digest, accepted_at = excluded.accepted_at
    where exists (select from claims where id = $1 and substatus = 'front_end_rejected')
"""
