"""What has fallen due: pended claims and appeals past their day, as Postgres shows them."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from schemas.vocabulary import CommandKind

if TYPE_CHECKING:
    from asyncpg import Connection

# A claim is past its day once that day is over on the payer's calendar.
_PENDED = """
    select root_id, id, version, revision, pend_due as due, pend_code as code from claims
    where substatus = 'pended' and pend_due < $1 order by pend_due, id limit $2
"""
_APPEALED = """
    select root_id, id, version, revision, appeal_due as due, null as code from claims
    where substatus = 'appealed' and appeal_due < $1 order by appeal_due, id limit $2
"""
# What a day that passed without an answer means: the pend is denied, the decision stands.
_KINDS: tuple[tuple[CommandKind, str], ...] = (("deny", _PENDED), ("uphold", _APPEALED))


@dataclass(frozen=True, slots=True)
class Due:
    """A claim past its day. `code`: the rule that pended it."""

    kind: CommandKind
    root_id: str
    claim_id: str
    version: int
    revision: int
    due: date
    code: str | None


async def due_claims(connection: "Connection", today: date, limit: int) -> list[Due]:
    """Claims whose day lies before `today`, at most `limit` of each kind, the longest due first."""
    found: list[Due] = []
    for kind, statement in _KINDS:
        rows = await connection.fetch(statement, today, limit)
        found += [
            Due(kind, str(r["root_id"]), str(r["id"]), r["version"], r["revision"], r["due"], r["code"]) for r in rows
        ]
    return found
