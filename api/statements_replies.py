"""SQL of answers that are kept: many requests in one statement."""

# A request under way for longer has lost its process, and one of the same content may take its place.
_LOST = "interval '1 minute'"
_KEPT = "interval '24 hours'"
_ROWS = "unnest($1::text[], $2::text[], $3::bytea[], $4::uuid[]) as g (subject, key, digest, holder)"

# Takes the key of each request, or tells who has it. A row that came meanwhile is seen by neither: it is under way.
BEGIN = f"""
    with given as (select * from {_ROWS}), taken as (
        insert into http_replies as r (subject, key, digest, holder)
        select subject, key, digest, holder from given order by subject, key
        on conflict (subject, key) do update set
            digest = excluded.digest, holder = excluded.holder, status = null, headers = null, body = null,
            started_at = now()
        where r.started_at < now() - {_KEPT}
           or (r.status is null and r.started_at < now() - {_LOST} and r.digest = excluded.digest)
        returning holder
    )
    select g.holder, t.holder is not null as mine, r.digest, r.status, r.headers, r.body
    from given g left join taken t on t.holder = g.holder
    left join http_replies r on r.subject = g.subject and r.key = g.key
"""  # noqa: S608 - constants of this module
FINISH = """
    update http_replies r set status = g.status, headers = g.headers, body = g.body
    from unnest($1::text[], $2::text[], $3::uuid[], $4::smallint[], $5::jsonb[], $6::bytea[])
         as g (subject, key, holder, status, headers, body)
    where r.subject = g.subject and r.key = g.key and r.holder = g.holder
"""
# What answered with nothing worth keeping: the next try begins anew.
RELEASE = """
    delete from http_replies where subject = $1 and key = $2 and holder = $3 and status is null
"""
# An hour more than promised, so that no try of the last minute finds its row gone; a little at a time.
PURGE = """
    delete from http_replies where (subject, key) in (
        select subject, key from http_replies where started_at < now() - interval '25 hours'
        order by started_at limit 5000
    )
"""
