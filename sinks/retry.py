"""The store as seen by the sink: always there, sometimes slow. Waits for Postgres for ever, with capped backoff."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import asyncpg
import structlog

from config.metrics import SINK_DATABASE_UP
from config.settings import DatabaseSettings
from sinks.batch import PoisonError, Rows
from sinks.store import Advance, Place, Store, Written

R = TypeVar("R")
log = structlog.get_logger(__name__)
BACKOFF_SECONDS_FIRST = 0.1
BACKOFF_SECONDS_MAX = 5.0
REPORT_SECONDS = 10.0
TIMEOUT_SECONDS_MAX = 900.0
# How often a wait looks whether the sink is to stop.
STOP_SECONDS = 0.2
# A constraint or a type that a row does not fit: no later try would help.
_MISFITS = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, TypeError, ValueError, OverflowError)
# Whatever else the driver and the server raise passes by itself, or once a person has helped.
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Stopped(Exception):  # noqa: N818 - not an error: the sink was asked to stop while it waited
    """Postgres is away and the sink shall stop; nothing was written."""


class Connected:
    """Keeps a connection to Postgres and makes a new one whenever it was lost."""

    def __init__(self, database: DatabaseSettings, stopping: Callable[[], bool]) -> None:
        assert database.url is not None
        self._url = database.url.get_secret_value()
        self._timeout = database.statement_timeout_seconds
        self._stopping = stopping
        self._store: Store | None = None
        self._reported = -REPORT_SECONDS

    async def offsets(self, places: Sequence[Place]) -> Mapping[Place, int]:
        """The next offset of each partition. Raises Stopped."""
        return await self._lasting(lambda store: store.offsets(places))

    async def write(self, rows: Rows, advances: Sequence[Advance]) -> list[Written]:
        """Write a batch once; returns the claims that changed. Raises ZombieError, PoisonError, Stopped."""
        tried = False

        async def once(store: Store) -> list[Written]:
            nonlocal tried
            # A connection lost during the commit leaves open whether it happened; the offsets tell.
            if tried and await _is_written(store, advances):
                return []
            tried = True
            return await store.write(rows, advances)

        try:
            return await self._lasting(once)
        except _MISFITS as error:
            places = ", ".join(f"{a.topic}[{a.partition}] {a.expected}-{a.next_offset - 1}" for a in advances)
            # The error's own text may quote a value.
            raise PoisonError(
                f"Postgres cannot hold a row of these offsets ({type(error).__name__}): {places}. The sink stops here "
                "and loses nothing; the tables and the records' release must fit (`claims migrate`)."
            ) from None

    async def close(self) -> None:
        """Close the connection if there is one."""
        store, self._store = self._store, None
        if store is not None:
            try:
                await store.close()
            except _AWAY:
                store.abandon()

    async def _lasting(self, work: Callable[[Store], Awaitable[R]]) -> R:
        backoff = BACKOFF_SECONDS_FIRST
        while True:
            try:
                if self._store is None:
                    self._store = await Store.open(self._url, self._timeout)
                done = await work(self._store)
            except _MISFITS:
                raise
            except _AWAY as error:
                if isinstance(error, TimeoutError):
                    # The same batch comes again: on a slow server it must be given the time that it needs.
                    self._timeout = min(2 * self._timeout, TIMEOUT_SECONDS_MAX)
                await self._wait(error, backoff)
                backoff = min(2 * backoff, BACKOFF_SECONDS_MAX)
            else:
                self._report_back()
                return done

    async def _wait(self, error: BaseException, seconds: float) -> None:
        SINK_DATABASE_UP.set(0)
        if self._store is not None:
            self._store.abandon()
            self._store = None
        if time.monotonic() - self._reported > REPORT_SECONDS:
            self._reported = time.monotonic()
            advice = "run `claims migrate`" if isinstance(error, asyncpg.UndefinedTableError) else "it is tried again"
            log.warning(f"Postgres cannot be written; nothing is lost, {advice}", error=str(error) or repr(error))
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping():
                raise Stopped
            await asyncio.sleep(min(left, STOP_SECONDS))

    def _report_back(self) -> None:
        SINK_DATABASE_UP.set(1)
        if self._reported > 0:
            log.info("Postgres is written again")
        self._reported = -REPORT_SECONDS


async def _is_written(store: Store, advances: Sequence[Advance]) -> bool:
    stored = await store.offsets([(a.topic, a.partition) for a in advances])
    return all(stored[a.topic, a.partition] == a.next_offset for a in advances)
