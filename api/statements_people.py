"""Every SQL statement about members and providers. Values are parameters, always; names are those of this module."""

from schemas.sealed_people import MEMBER_COLUMNS, PROVIDER_COLUMNS

_EPOCH = "date '1970-01-01'"


def _selected(columns: tuple[str, ...]) -> str:
    return ", ".join(f"ended_on - {_EPOCH} as ended_on" if name == "ended_on" else name for name in columns)


def _one(table: str, columns: tuple[str, ...]) -> str:
    return f"select {_selected(columns)} from {table} where {columns[0]} = $1 and not removed"  # noqa: S608


def _page(table: str, columns: tuple[str, ...], times: str) -> str:
    """$1 after that id, $2 all these identifiers, $3 all these words of the name, $4 such a time, $5 ended ones too."""
    key = columns[0]
    return f"""
        select {_selected(columns)} from {table}
        where not removed and ($1::text is null or {key} > $1)
          and ($2::bytea[] is null or identifier_index @> $2) and ($3::bytea[] is null or name_index @> $3)
          and ($4::jsonb is null or {times} @> $4) and ($5 or ended_on is null)
        order by {key} limit $6
    """  # noqa: S608 - constants of this module


def _keep(table: str, columns: tuple[str, ...]) -> str:
    values = ", ".join(
        f"{_EPOCH} + ${n}::integer" if name == "ended_on" else f"${n}" for n, name in enumerate(columns, 1)
    )
    replaced = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    return f"""
        insert into {table} as t ({", ".join(columns)}) values ({values})
        on conflict ({columns[0]}) do update set {replaced}, committed_at = null where excluded.release > t.release
    """  # noqa: S608 - constants of this module


MEMBER, PROVIDER = _one("members", MEMBER_COLUMNS), _one("providers", PROVIDER_COLUMNS)
MEMBERS = _page("members", MEMBER_COLUMNS, "coverages")
PROVIDERS = _page("providers", PROVIDER_COLUMNS, "networks")
KEEP_MEMBER, KEEP_PROVIDER = _keep("members", MEMBER_COLUMNS), _keep("providers", PROVIDER_COLUMNS)
# What of many is not sealed. Ended ones too: claims of earlier days are theirs.
UNSEALED_MEMBERS = f"""
    select member_id, sex, relationship, coverages, ended_on - {_EPOCH} as ended_on from members
    where member_id = any($1::text[]) and not removed
"""  # noqa: S608 - constants of this module
UNSEALED_PROVIDERS = f"""
    select provider_id, kind, networks, ended_on - {_EPOCH} as ended_on from providers
    where provider_id = any($1::text[]) and not removed
"""  # noqa: S608 - constants of this module
# Ended ones too: claims of earlier days are theirs.
MEMBER_IDS = """
    select member_id from members
    where not removed and ($1::bytea[] is null or identifier_index @> $1) and ($2::bytea[] is null or name_index @> $2)
    order by member_id limit $3
"""
# Of many claims at once: the release that brought the newest state of the people whom each names, in order, and whether
# a member and a provider are known. An id of ours counts before identifiers, of which one is enough.
RELEASES = """
    select max(named.release) as release, count(distinct named.kind) as kinds
    from json_to_recordset($1::json)
        as q (place integer, member_id text, member bytea[], provider_id text, provider bytea[])
    left join lateral (
        select 1 as kind, release from members where member_id = q.member_id
        union all select 1, release from members where identifier_index && q.member
        union all select 2, release from providers where provider_id = q.provider_id
        union all select 2, release from providers where identifier_index && q.provider
    ) as named on true
    group by q.place order by q.place
"""
EVENTS = """
    select event_id, event_type, release, fields, actor, role, at from people_events
    where record_id = $1 and event_type like $2 order by release, at, event_id limit $3
"""
