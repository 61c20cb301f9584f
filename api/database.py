"""The one pool of connections to Postgres that a process of the service has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from api import statements
from config.settings import DatabaseSettings

CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 5.0
_PROBE_SECONDS = 2.0
# What asyncpg raises when the server is away, starting, stopping, full, or went away in the middle.
_AWAY = (
    OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError, asyncpg.OperatorInterventionError, asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError, asyncpg.UndefinedTableError, asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,
)  # fmt: skip


class DatabaseAway(Exception):  # noqa: N818 - no fault of the caller, and it passes
    """Postgres cannot be asked just now; the text names the cause."""


class DatabaseSlow(DatabaseAway):
    """A statement took longer than it may, or no connection came free in time."""


async def _leave_as_it_is(connection: Any) -> None:
    """No statement of ours leaves a setting, lock, cursor or listener behind: a round trip a statement is saved."""


class Database:
    """Connects when first asked, and again whenever a connection was lost."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection of the pool. Raises DatabaseAway, also for what happens while it is used."""
        try:
            pool = self._pool or await self._open()
            async with pool.acquire(timeout=CONNECT_SECONDS) as connection:
                yield connection
        except TimeoutError:
            raise DatabaseSlow("TimeoutError") from None
        except _AWAY as error:
            raise DatabaseAway(type(error).__name__) from None

    async def fault(self) -> str | None:
        """Why claims cannot be looked up just now; None when they can."""
        try:
            async with asyncio.timeout(_PROBE_SECONDS), self.connection() as connection:
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

    async def _open(self) -> asyncpg.Pool:
        if self._settings.url is None:
            raise DatabaseAway("no database: set DATABASE_URL, or start one with `claims up`")
        async with self._opening:
            if self._pool is None:
                # No connection is made yet: the service starts without a database, and finds it when it comes.
                self._pool = await asyncpg.create_pool(
                    self._settings.url.get_secret_value(),
                    min_size=0,
                    max_size=self._settings.pool_size,
                    timeout=CONNECT_SECONDS,
                    command_timeout=min(STATEMENT_SECONDS, self._settings.statement_timeout_seconds),
                    server_settings={"application_name": "claims-api"},
                    reset=_leave_as_it_is,
                )
            return self._pool
