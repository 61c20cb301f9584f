"""Writes a batch to Postgres: rows, totals and offsets in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from sinks import staging, statements, statements_people
from sinks.batch import Rows
from sinks.connect import connect
from sinks.staging import Staging

if TYPE_CHECKING:
    from asyncpg.prepared_stmt import PreparedStatement

Place = tuple[str, int]
CONNECT_SECONDS = 10.0
# Rows copied, then the statements that move them on, in this order. Claims first: their locks come before all others,
# as in the API, so that the two never wait for each other.
_STEPS: tuple[tuple[tuple[Staging, ...], tuple[str, ...]], ...] = (
    (
        (staging.CLAIMS, staging.LINES, staging.ADJUSTMENTS),
        (
            statements.UPSERT_CLAIMS, statements.DELETE_LINES, statements.DELETE_ADJUSTMENTS, statements.INSERT_LINES,
            statements.INSERT_ADJUSTMENTS, statements.UPDATE_TOTALS,
        ),
    ),
    ((staging.TIMELINE,), (statements.INSERT_TIMELINE,)),
    ((staging.EVENTS,), (statements.INSERT_EVENTS,)),
    ((staging.PAYMENT_REQUESTS,), (statements.INSERT_PAYMENT_REQUESTS,)),
    ((staging.DEAD_LETTERS,), (statements.INSERT_DEAD_LETTERS,)),
    ((staging.AUDIT_READS,), (statements.INSERT_AUDIT_READS,)),
    ((staging.DOCUMENTS,), (statements_people.UPSERT_DOCUMENTS,)),
    ((staging.MEMBERS,), (statements_people.UPSERT_MEMBERS,)),
    ((staging.PROVIDERS,), (statements_people.UPSERT_PROVIDERS,)),
    ((staging.PEOPLE_EVENTS,), (statements_people.INSERT_PEOPLE_EVENTS,)),
)  # fmt: skip


class ZombieError(RuntimeError):
    """Another sink has written these partitions: this one is a zombie, and wrote nothing."""


@dataclass(frozen=True, slots=True)
class Advance:
    """A partition's move from the offset that this sink believes is stored to the next one."""

    topic: str
    partition: int
    expected: int
    next_offset: int


@dataclass(frozen=True, slots=True)
class Written:
    """A claim whose row changed, with the seconds since its acceptance."""

    form: str
    status: str
    seconds: float


class Store:
    """One connection with its staging tables and prepared statements; a new one is made after any failure."""

    def __init__(self, connection: "asyncpg.Connection") -> None:
        self._connection = connection
        self._prepared: Mapping[str, PreparedStatement[Any]] = {}

    @classmethod
    async def open(cls, url: str, statement_timeout_seconds: float) -> "Store":
        """Connect and prepare. Raises what asyncpg raises while the server is away or has no tables."""
        connection = await connect(
            url, timeout=CONNECT_SECONDS, command_timeout=statement_timeout_seconds,
            server_settings={"application_name": "claims sink"},
        )  # fmt: skip
        store = cls(connection)
        try:
            await store._prepare()
        except BaseException:
            connection.terminate()
            raise
        return store

    async def _prepare(self) -> None:
        await self._connection.execute(statements.SESSION)
        for table in staging.ALL:
            await self._connection.execute(table.create)
        texts = [text for _, step in _STEPS for text in step]
        texts += [statements.ADVANCE_OFFSETS, statements.WRITTEN, statements.INSERT_DECISIONS]
        texts += [statements.NEW_DECISIONS, statements.POST_BALANCE]
        self._prepared = {text: await self._connection.prepare(text) for text in texts}

    async def offsets(self, places: Sequence[Place]) -> dict[Place, int]:
        """The next offset of each partition; 0 for one never read."""
        found = {}
        for place in places:
            await self._connection.execute(statements.NEW_OFFSETS, *place)
            found[place] = int(await self._connection.fetchval(statements.OFFSETS, *place))
        return found

    async def write(self, rows: Rows, advances: Sequence[Advance]) -> list[Written]:
        """Write all or nothing; returns the claims whose row changed. Raises ZombieError and what asyncpg raises."""
        try:
            return await self._write(rows, advances)
        except (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError):
            return await self._write(rows.without_nul(), advances)

    async def _write(self, rows: Rows, advances: Sequence[Advance]) -> list[Written]:
        written: list[Written] = []
        async with self._connection.transaction():
            await self._advance(advances)
            for tables, texts in _STEPS:
                if not rows.tables.get(tables[0]):
                    continue
                for table in tables:
                    await self._copy(table, rows.tables.get(table, []))
                for text in texts:
                    await self._prepared[text].fetchval()
            await self._write_decisions(rows)
            if rows.tables.get(staging.CLAIMS):
                found = await self._prepared[statements.WRITTEN].fetch()
                written = [Written(*row) for row in found]
        return written

    async def _write_decisions(self, rows: Rows) -> None:
        """The history, and what its new decisions post. The balance last: its rows are shared by all sinks."""
        decisions = rows.tables.get(staging.DECISIONS)
        if not decisions:
            return
        await self._copy(staging.DECISIONS, decisions)
        posted = rows.posted()
        if await self._prepared[statements.INSERT_DECISIONS].fetchval() != len(decisions):
            posted = rows.posted([tuple(row) for row in await self._prepared[statements.NEW_DECISIONS].fetch()])
        if posted:
            columns = [currency for currency, _ in posted], [account for _, account in posted], list(posted.values())
            await self._prepared[statements.POST_BALANCE].fetchval(*columns)

    async def _copy(self, table: Staging, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            names = [name for name, _ in table.columns]
            await self._connection.copy_records_to_table(table.name, records=rows, columns=names)

    async def _advance(self, advances: Sequence[Advance]) -> None:
        columns = (
            [a.topic for a in advances], [a.partition for a in advances],
            [a.expected for a in advances], [a.next_offset for a in advances],
        )  # fmt: skip
        moved = await self._prepared[statements.ADVANCE_OFFSETS].fetchval(*columns)
        if moved != len(advances):
            places = ", ".join(f"{a.topic}[{a.partition}]" for a in advances)
            raise ZombieError(
                f"another sink has advanced {len(advances) - moved} of these partitions since this one was given "
                f"them: {places}. Nothing was written; this process ends, and may be started again."
            )

    async def close(self) -> None:
        """Close politely."""
        await self._connection.close(timeout=5)

    def abandon(self) -> None:
        """Close at once, whatever the server does."""
        self._connection.terminate()
