"""SQL of details of many claims. Values are parameters, always."""

# How many lines claims have, without their content.
LINES = """
    select id, provider_id, member_id, (select count(*) from claim_items where claim_id = claims.id) as lines
    from claims where id = any($1::uuid[])
"""
# A payment that was made is told by one of two events: the one that completes the claim, or one that only counts.
PAYMENTS = """
    select distinct on (e.claim_id) e.claim_id, e.at, e.details, c.provider_id, c.member_id
    from claim_events e join claims c on c.id = e.claim_id
    where e.claim_id = any($1::uuid[]) and e.event_type in ('claim.paid', 'payment.counted')
    order by e.claim_id, e.at desc, e.sequence desc
"""
