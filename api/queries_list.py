"""Lists, the work queue and statistics, as they are read from Postgres."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from api import statements_list, statements_totals
from api.cursor import Position
from api.database import Database
from api.filters import ClaimFilter, TotalsFilter
from api.scope import Scope

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """What a page is of. `only` and `members`: nothing but these, None for any; `text`: words in findings."""

    scope: Scope
    where: ClaimFilter
    only: tuple[UUID, ...] | None = None
    members: tuple[str, ...] | None = None
    text: str | None = None


class ListStore(Protocol):
    """What the desk asks of its store about many claims. Every method raises DatabaseAway."""

    async def claims(self, question: Question, after: Position | None, limit: int) -> Rows:
        """At most `limit` claims after that position, the last accepted first."""

    async def pending(self, queue: str | None, after: Position | None, limit: int) -> Rows:
        """At most `limit` pended claims of a queue, or of all, what is due first."""

    async def totals(self, scope: Scope, wanted: TotalsFilter) -> Rows:
        """Claims counted and added up."""


class PostgresLists:
    """The store in Postgres. A statement for each page; what a caller may see is a condition of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claims(self, question: Question, after: Position | None, limit: int) -> Rows:
        """At most `limit` claims after that position, the last accepted first."""
        q = question
        return await self._fetch(*statements_list.page_of(q.scope, q.where, q.only, q.members, q.text, after, limit))

    async def pending(self, queue: str | None, after: Position | None, limit: int) -> Rows:
        """At most `limit` pended claims of a queue, or of all, what is due first."""
        return await self._fetch(*statements_list.pending_of(queue, after, limit))

    async def totals(self, scope: Scope, wanted: TotalsFilter) -> Rows:
        """Claims counted and added up."""
        return await self._fetch(*statements_totals.totals_of(scope, wanted))

    async def _fetch(self, statement: str, values: list[Any]) -> Rows:
        async with self._database.connection() as connection:
            rows: Rows = await connection.fetch(statement, *values)
        return rows
