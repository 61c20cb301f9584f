"""Statements about families of refresh tokens. Values are parameters, always."""

# The first token of a family is used: the family becomes known. No row where it is known already.
START = """
    insert into token_families (family, subject, token_id, generation, expires_at, refreshed_at)
    values ($1, $2, $3, 1, $4, now()) on conflict (family) do nothing returning generation
"""
# The newest token is used and gives way to the next. No row where it is not the newest, or the family has ended.
ADVANCE = """
    update token_families set token_id = $3, generation = generation + 1, refreshed_at = now()
    where family = $1 and token_id = $2 and revoked_at is null and expires_at > now()
    returning generation
"""
# Whatever token of the family comes from now on is refused; also for a family that was never used.
REVOKE = """
    insert into token_families (family, subject, token_id, expires_at, revoked_at, revoked_why)
    values ($1, $2, $1, $3, now(), $4)
    on conflict (family) do update
        set revoked_at = coalesce(token_families.revoked_at, now()),
            revoked_why = coalesce(token_families.revoked_why, excluded.revoked_why)
"""
# A family that has ended by itself has no token that anybody would take.
PURGE = """
    delete from token_families where family in (
        select family from token_families where expires_at < now() - interval '1 day' limit 1000
    )
"""
