"""What the service reads from and writes to Postgres, through one pool for each process."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from api import received, statements
from config.settings import DatabaseSettings
from schemas.claim import SubmittedClaim

CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 5.0
_PROBE_SECONDS = 2.0
# What asyncpg raises when the server is away, starting, stopping, full, or went away in the middle.
_AWAY = (
    OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError, asyncpg.OperatorInterventionError, asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError, asyncpg.UndefinedTableError, asyncpg.ReadOnlySQLTransactionError,
)  # fmt: skip


class DatabaseAway(Exception):  # noqa: N818 - no fault of the caller, and it passes
    """Postgres cannot be asked just now; the text names the cause."""


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """What is known of a claim id. `digest` is None for a claim that did not come over HTTP."""

    claim_number: str
    status: str
    substatus: str
    accepted_at: datetime
    digest: str | None


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim with its items and their adjustments: rows by column name, from one snapshot."""

    claim: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    adjustments: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the whole. `balances`: minor units by currency and kind (charged, paid, adjusted)."""

    pended: Mapping[str, int]
    balances: Mapping[tuple[str, str], int]


class ClaimStore(Protocol):
    """What the service asks of its store. Every method raises DatabaseAway, except `fault` and `close`."""

    async def claim(self, claim_id: str) -> StoredClaim | None:
        """The claim as the store knows it; None when it does not."""

    async def timeline(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The steps of the claim's status, oldest first."""

    async def known(self, claim_id: str) -> KnownClaim | None:
        """What is known of a claim id; None for nothing."""

    async def receive(self, claim: SubmittedClaim, claim_number: str, digest: str) -> None:
        """Make a confirmed claim visible at once, unless something better is known of it."""

    async def status_counts(self) -> Mapping[str, int]:
        """Claims by status."""

    async def decision(self, claim_id: str) -> bytes | None:
        """The record of the claim's last decision; None before the first."""

    async def events(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The audit trail of the claim, oldest first."""

    async def pending(self, queue: str | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Pended claims of a queue, or of all, what is due first."""

    async def figures(self) -> "Figures":
        """What is counted and added up over all claims."""

    async def fault(self) -> str | None:
        """Why claims cannot be looked up just now; None when they can."""

    async def close(self) -> None:
        """Close the connections."""


class PostgresStore:
    """Claims in Postgres. Connects when first asked, and again whenever a connection was lost."""

    def __init__(self, database: DatabaseSettings) -> None:
        self._database = database
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def claim(self, claim_id: str) -> StoredClaim | None:
        """The claim as the store knows it; None when it does not."""
        async with (
            self._connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(statements.CLAIM, UUID(claim_id))
            if row is None:
                return None
            items = await connection.fetch(statements.ITEMS, UUID(claim_id))
            adjustments = await connection.fetch(statements.ADJUSTMENTS, UUID(claim_id))
        return StoredClaim(row, items, adjustments)

    async def timeline(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The steps of the claim's status, oldest first."""
        async with self._connection() as connection:
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(statements.TIMELINE, UUID(claim_id))
        return rows

    async def known(self, claim_id: str) -> KnownClaim | None:
        """What is known of a claim id; None for nothing."""
        async with self._connection() as connection:
            row = await connection.fetchrow(statements.KNOWN, UUID(claim_id))
        return None if row is None else KnownClaim(**row)

    async def receive(self, claim: SubmittedClaim, claim_number: str, digest: str) -> None:
        """Make a confirmed claim visible at once, unless something better is known of it."""
        row = received.claim_row(claim, claim_number)
        accepted_at = received.accepted_at(claim)
        async with self._connection() as connection, connection.transaction():
            if await connection.fetchval(statements.RECEIVE, *row) is not None:
                await connection.executemany(statements.RECEIVE_ITEMS, received.item_rows(claim))
            await connection.execute(statements.RECEIVE_TIMELINE, row[0], claim.submitter_id, accepted_at)
            await connection.execute(statements.RECEIVE_DIGEST, row[0], digest, accepted_at)

    async def status_counts(self) -> Mapping[str, int]:
        """Claims by status."""
        async with self._connection() as connection:
            rows = await connection.fetch(statements.STATUS_COUNTS)
        return {row["status"]: row["claims"] for row in rows}

    async def decision(self, claim_id: str) -> bytes | None:
        """The record of the claim's last decision; None before the first."""
        async with self._connection() as connection:
            record: bytes | None = await connection.fetchval(statements.DECISION, UUID(claim_id))
        return record

    async def events(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The audit trail of the claim, oldest first."""
        async with self._connection() as connection:
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(statements.EVENTS, UUID(claim_id))
        return rows

    async def pending(self, queue: str | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Pended claims of a queue, or of all, what is due first."""
        async with self._connection() as connection:
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(statements.PENDING, queue, limit)
        return rows

    async def figures(self) -> Figures:
        """What is counted and added up over all claims."""
        async with self._connection() as connection:
            pended = await connection.fetch(statements.PENDED_BY_QUEUE)
            balances = await connection.fetch(statements.BALANCES)
        return Figures(
            {row["queue"] or "": row["claims"] for row in pended},
            {(row["currency"], row["kind"]): int(row["amount"]) for row in balances},
        )

    async def fault(self) -> str | None:
        """Why claims cannot be looked up just now; None when they can."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS), self._connection() as connection:
                missing = await connection.fetch(statements.MISSING_TABLES, list(statements.TABLES))
        except DatabaseAway as error:
            return f"Postgres does not answer ({error}); check DATABASE_URL"
        except TimeoutError:
            return f"Postgres does not answer within {_PROBE_SECONDS:g} seconds; check DATABASE_URL"
        if missing:
            return f"tables are missing ({', '.join(row['name'] for row in missing)}); run: claims migrate"
        return None

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.terminate()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        try:
            pool = self._pool or await self._open()
            async with pool.acquire(timeout=CONNECT_SECONDS) as connection:
                yield connection
        except _AWAY as error:
            raise DatabaseAway(type(error).__name__) from None

    async def _open(self) -> asyncpg.Pool:
        if self._database.url is None:
            raise DatabaseAway("no database: set DATABASE_URL, or start one with `claims up`")
        async with self._opening:
            if self._pool is None:
                # No connection is made yet: the service starts without a database, and finds it when it comes.
                self._pool = await asyncpg.create_pool(
                    self._database.url.get_secret_value(),
                    min_size=0,
                    max_size=self._database.pool_size,
                    timeout=CONNECT_SECONDS,
                    command_timeout=min(STATEMENT_SECONDS, self._database.statement_timeout_seconds),
                    server_settings={"application_name": "claims-api"},
                )
            return self._pool
