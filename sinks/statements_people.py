"""Statements of the sink about documents, members and providers. The batch lies in the tables of sinks/staging.py."""

from schemas.sealed_people import MEMBER_COLUMNS, PROVIDER_COLUMNS

_DAY = "date '1970-01-01' + ended_on"
_AT = "timestamptz '1970-01-01 00:00:00+00' + at * interval '1 millisecond'"
_DOCUMENT = (
    "document_id", "revision", "removed", "claim_id", "root_id", "kind", "file_name", "content_type", "size", "sha256",
    "submitter_id", "actor", "reason", "correlation_id", "at",
)  # fmt: skip


def _upsert(table: str, columns: tuple[str, ...], guard: str, **changed: str) -> str:
    """Rows of the batch into the table; one that is there gives way to a greater guard, and what the API wrote of the
    same one is then the sink's.
    """
    key, staged = columns[0], f"staged_{table.removeprefix('claim_')}"
    values = ", ".join(changed.get(name, name) for name in columns)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    return f"""
        insert into {table} as t ({", ".join(columns)}, committed_at)
        select {values}, clock_timestamp() from {staged} order by {key}
        on conflict ({key}) do update set {replaced}, committed_at = excluded.committed_at
        where excluded.{guard} > t.{guard} or (excluded.{guard} = t.{guard} and t.committed_at is null)
    """  # noqa: S608 - constants of this module


UPSERT_DOCUMENTS = _upsert("claim_documents", _DOCUMENT, "revision", at=_AT)
UPSERT_MEMBERS = _upsert("members", MEMBER_COLUMNS, "release", ended_on=_DAY)
UPSERT_PROVIDERS = _upsert("providers", PROVIDER_COLUMNS, "release", ended_on=_DAY)
INSERT_PEOPLE_EVENTS = f"""
    insert into people_events (event_id, event_type, record_id, release, fields, actor, role, correlation_id, at)
    select event_id, event_type, record_id, release, fields, actor, role, correlation_id, {_AT}
    from staged_people_events on conflict do nothing
"""  # noqa: S608 - constants of this module

# What `claims verify` reads.
DOCUMENTS = """
    select document_id, revision, removed, claim_id, root_id, kind, file_name, content_type, size, sha256, submitter_id,
           actor, reason, correlation_id, (extract(epoch from at) * 1000)::bigint as at, committed_at
    from claim_documents
"""
_ENDED = "ended_on - date '1970-01-01' as ended_on"


def _all(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(_ENDED if name == "ended_on" else name for name in columns)
    return f"select {names}, committed_at from {table}"  # noqa: S608 - constants of this module


MEMBERS = _all("members", MEMBER_COLUMNS)
PROVIDERS = _all("providers", PROVIDER_COLUMNS)
PEOPLE_EVENTS = """
    select event_id, event_type, record_id, release, fields, actor, role, correlation_id,
           (extract(epoch from at) * 1000)::bigint as at from people_events
"""
