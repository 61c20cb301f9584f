"""Answers that are kept for callers who send a request again, in Postgres."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from api import statements_replies
from api.batches import Batches
from api.database import Database


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it is kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Try:
    """A request that came with a key. `digest` is of its method, path and body; `holder` tells tries apart."""

    subject: str
    key: str
    digest: bytes
    holder: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """How a try stands: `mine` to be answered now, or another's of that digest, with its reply once there is one."""

    mine: bool
    digest: bytes | None
    reply: Reply | None


class ReplyStore(Protocol):
    """What the service asks of its store of answers. Every method raises DatabaseAway."""

    async def begin(self, attempt: Try) -> Standing:
        """Take the key for this try where nobody has it."""

    async def finish(self, attempt: Try, reply: Reply) -> None:
        """Keep the answer, where the try still has its key."""

    async def release(self, attempt: Try) -> None:
        """Let go of the key: the next try is answered anew."""

    async def purge(self) -> bool:
        """Throw away answers that are older than promised; False when none was left."""


class PostgresReplies:
    """The store in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._beginning: Batches[Try, Standing] = Batches(self._begin)
        self._finishing: Batches[tuple[Try, Reply], None] = Batches(self._finish)

    async def begin(self, attempt: Try) -> Standing:
        """Take the key for this try where nobody has it."""
        return await self._beginning.ask(attempt)

    async def finish(self, attempt: Try, reply: Reply) -> None:
        """Keep the answer, where the try still has its key."""
        await self._finishing.ask((attempt, reply))

    async def release(self, attempt: Try) -> None:
        """Let go of the key: the next try is answered anew."""
        async with self._database.connection() as connection:
            await connection.execute(statements_replies.RELEASE, attempt.subject, attempt.key, attempt.holder)

    async def purge(self) -> bool:
        """Throw away answers that are older than promised; False when none was left."""
        async with self._database.connection() as connection:
            done: str = await connection.execute(statements_replies.PURGE)
        return done != "DELETE 0"

    async def _begin(self, attempts: Sequence[Try]) -> Sequence[Standing]:
        columns = list(zip(*((a.subject, a.key, a.digest, a.holder) for a in attempts), strict=True))
        async with self._database.connection() as connection:
            rows = await connection.fetch(statements_replies.BEGIN, *columns)
        found = {row["holder"]: _standing(row) for row in rows}
        return [found[attempt.holder] for attempt in attempts]

    async def _finish(self, answered: Sequence[tuple[Try, Reply]]) -> Sequence[None]:
        rows = (
            (a.subject, a.key, a.holder, reply.status, json.dumps(dict(reply.headers)), reply.body)
            for a, reply in answered
        )
        async with self._database.connection() as connection:
            await connection.execute(statements_replies.FINISH, *zip(*rows, strict=True))
        return [None] * len(answered)


def _standing(row: Mapping[str, Any]) -> Standing:
    if row["mine"]:
        return Standing(True, None, None)
    if row["status"] is None:
        return Standing(False, row["digest"], None)
    return Standing(False, row["digest"], Reply(row["status"], json.loads(row["headers"]), row["body"]))
