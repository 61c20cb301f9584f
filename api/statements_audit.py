"""Statements about who read what. Values are parameters, always."""

# The newest first; $2 and $3 are the last of the page before.
READS_OF = """
    select r.event_id, s.at, r.subject, r.roles, r.provider_id, r.member_id, r.view, r.outcome, r.correlation_id
    from audit_seen s join audit_reads r on r.event_id = s.event_id
    where s.thing = $1 and s.id = $2
      and ($3::timestamptz is null or (s.at, s.event_id) < ($3::timestamptz, $4::uuid))
    order by s.at desc, s.event_id desc limit $5
"""
