"""Details of many claims at once, as they are read from Postgres: one statement, however many claims."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from api import statements, statements_details
from api.database import Database
from api.queries import StoredClaim, stored_of
from api.scope import Scope

Row = Mapping[str, Any]


class DetailStore(Protocol):
    """What the desk asks of its store about many claims by their ids. Every method raises DatabaseAway."""

    async def details(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, StoredClaim]:
        """The claims among these that are in the scope, by id."""

    async def payments(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, Row]:
        """The last payment of each claim among these that is in the scope and was paid, by claim id."""

    async def lines(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, int]:
        """How many lines each claim among these has that is in the scope, by claim id."""


class PostgresDetails:
    """The store in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def details(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, StoredClaim]:
        """The claims among these that are in the scope, by id; all from one snapshot."""
        rows = await self._rows(statements.CLAIMS, ids)
        return {str(row["id"]): stored_of(row) for row in rows if scope.holds(row["provider_id"], row["member_id"])}

    async def payments(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, Row]:
        """The last payment of each claim among these that is in the scope and was paid, by claim id."""
        rows = await self._rows(statements_details.PAYMENTS, ids)
        return {str(row["claim_id"]): row for row in rows if scope.holds(row["provider_id"], row["member_id"])}

    async def lines(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, int]:
        """How many lines each claim among these has that is in the scope, by claim id."""
        rows = await self._rows(statements_details.LINES, ids)
        return {str(row["id"]): row["lines"] for row in rows if scope.holds(row["provider_id"], row["member_id"])}

    async def _rows(self, statement: str, ids: Sequence[str]) -> Sequence[Row]:
        async with self._database.connection() as connection:
            rows: Sequence[Row] = await connection.fetch(statement, [UUID(claim_id) for claim_id in ids])
        return rows
