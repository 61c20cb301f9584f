"""One look a moment at the claims that anybody watches, however many watch: who watches gets what is new.

The order of a claim's steps is (version, revision, sequence). A watcher names the last step it knows, and gets those
after it.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import UUID

import structlog
from aiohttp import hdrs, web

from api import statements
from api.database import Database, DatabaseAway
from api.problems import Problem
from api.refusals import RETRY_SECONDS
from config.limits import STREAMS_MAX, STREAMS_PER_SUBJECT_MAX

Row = Mapping[str, Any]
# Version, revision and sequence of a step.
Place = tuple[int, int, int]
START: Place = (0, 0, 0)
_LOOK_SECONDS = 0.5
_AWAY_SECONDS = 5.0
# Steps that wait for a watcher who does not take them; then it is let go, and may come again.
_STEPS_WAITING_MAX = 100
log = structlog.get_logger(__name__)


class StepStore(Protocol):
    """Where steps are found."""

    async def steps_after(self, places: Mapping[UUID, Place]) -> Sequence[Row]:
        """The steps of these claims after these places, in their order. Raises DatabaseAway."""


class PostgresSteps:
    """Steps in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def steps_after(self, places: Mapping[UUID, Place]) -> Sequence[Row]:
        """The steps of these claims after these places, in their order."""
        columns = [list(places), *(list(column) for column in zip(*places.values(), strict=True))]
        async with self._database.connection() as connection:
            rows: Sequence[Row] = await connection.fetch(statements.STEPS_AFTER, *columns)
        return rows


class Watcher:
    """Somebody who watches a claim. `steps` yields what is new; None says that it is over."""

    def __init__(self, claim_id: UUID, place: Place) -> None:
        self.claim_id = claim_id
        self.place = place
        self.steps: asyncio.Queue[Row | None] = asyncio.Queue(_STEPS_WAITING_MAX + 1)

    def take(self, row: Row) -> None:
        """A step, where it is new to this watcher."""
        place = row["version"], row["revision"], row["sequence"]
        if place <= self.place:
            return
        if self.steps.qsize() >= _STEPS_WAITING_MAX:
            self.end()
            return
        self.place = place
        self.steps.put_nowait(row)

    def end(self) -> None:
        """Say that it is over; whoever comes again says what it knows."""
        if not self.steps.full():
            self.steps.put_nowait(None)


class Watch:
    """The watchers of a process, and the one who looks for them."""

    def __init__(self, store: StepStore, look_seconds: float = _LOOK_SECONDS) -> None:
        self._store = store
        self._look_seconds = look_seconds
        self._watchers: set[Watcher] = set()
        self._subjects: Counter[str] = Counter()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    @asynccontextmanager
    async def watching(self, subject: str, claim_id: UUID, place: Place) -> AsyncIterator[Watcher]:
        """A watcher of this claim, from this place. Raises 429 and 503 problems when there are too many."""
        self._check_room(subject)
        watcher = Watcher(claim_id, place)
        self._watchers.add(watcher)
        self._subjects[subject] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
            self._subjects[subject] -= 1
            self._subjects += Counter()  # forgets who watches nothing any more

    async def close(self) -> None:
        """End every watch, since the process stops."""
        self._closed = True
        for watcher in self._watchers:
            watcher.end()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _check_room(self, subject: str) -> None:
        retry: dict[str, str] = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)}
        if self._closed or len(self._watchers) >= STREAMS_MAX:
            raise Problem(503, "too_many_streams", "No more streams can be opened here just now.", headers=retry)
        if self._subjects[subject] >= STREAMS_PER_SUBJECT_MAX:
            detail = f"You have {STREAMS_PER_SUBJECT_MAX} streams open; close one before you open another."
            raise Problem(429, "too_many_streams", detail, headers=retry)

    async def _look(self) -> None:
        while self._watchers:
            seconds = self._look_seconds
            try:
                await self._look_once()
            except DatabaseAway:
                seconds = _AWAY_SECONDS
            except Exception:
                log.exception("the steps of watched claims could not be read")
                seconds = _AWAY_SECONDS
            await asyncio.sleep(seconds)

    async def _look_once(self) -> None:
        places: dict[UUID, Place] = {}
        for watcher in self._watchers:
            places[watcher.claim_id] = min(watcher.place, places.get(watcher.claim_id, watcher.place))
        by_claim: dict[UUID, list[Row]] = {}
        for row in await self._store.steps_after(places):
            by_claim.setdefault(row["claim_id"], []).append(row)
        for watcher in self._watchers:
            for row in by_claim.get(watcher.claim_id, ()):
                watcher.take(row)


WATCH = web.AppKey("watch", Watch)
