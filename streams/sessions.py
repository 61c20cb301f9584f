"""All sessions of a worker. Faust calls it where it would recover its tables: after each rebalance and at the end."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from faust.types import TP
from mode import Service

from streams import measures
from streams.pacing import Pacing
from streams.runner import Die, Runner
from streams.session import Equipment, Session
from streams.topology import Stage

if TYPE_CHECKING:
    from streams.app import ClaimsApp

log = structlog.get_logger(__name__)
SessionKey = tuple[str, int]
# Opening reads changelogs and waits for the broker; a few at a time keep a small machine responsive.
OPENED_AT_ONCE = 4
# The group's offsets only say where to start reading and show the lag; the progress records are the truth.
OFFSETS_SECONDS = 1.0


class AssignmentError(RuntimeError):
    """The group gave this worker a partition without all inputs of its stage: its state would be split."""


class Feed(Protocol):
    """What the sessions ask of the consumer."""

    async def idle(self) -> None:
        """Wait until no fetch is under way."""

    async def start_from(self, positions: dict[TP, int], last: dict[TP, int]) -> None:
        """Seek to the positions and remember the last offsets processed."""

    def store_offsets(self, offsets: dict[TP, int]) -> None:
        """Tell the group where to begin reading; nobody waits for it."""


class SessionManager(Service):
    """Opens, suspends, resumes and closes sessions as the group assigns partitions."""

    def __init__(
        self, app: "ClaimsApp", stages: Sequence[Stage], equipment: Equipment, die: Die, **options: Any
    ) -> None:
        super().__init__(**options)
        self.claims_app = app
        self.data: dict[str, Any] = {}
        self.changelog_topics: set[str] = set()
        self._stages = stages
        self._stage_of_topic = {topic: stage for stage in stages for topic in stage.reads}
        self._equipment = equipment
        self._die = die
        self._runners: dict[SessionKey, Runner] = {}
        self._executor = ThreadPoolExecutor(
            max_workers=len(stages) * equipment.settings.kafka.partitions, thread_name_prefix="session"
        )
        self._opening: asyncio.Task[None] | None = None
        self._closings: set[asyncio.Task[None]] = set()
        self.assigned_at = 0.0

    # What the feed asks.

    def hungry(self) -> dict[TP, Runner]:
        """Partitions to fetch now, with the runner that takes them."""
        return {
            TP(topic, runner.session.partition): runner
            for runner in self._runners.values()
            if runner.hungry
            for topic in runner.session.stage.reads
        }

    def runner_of(self, topic: str, partition: int) -> Runner | None:
        """The open session that takes a partition of an input topic."""
        return self._runners.get((self._stage_of_topic[topic].name, partition))

    # What faust calls.

    def on_rebalance_start(self) -> None:
        """The group rebalances. Runs in the consumer's thread: nothing here is touched."""

    def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Partitions go: sessions take no more records."""
        for runner in self._runners.values():
            runner.suspend()

    async def finish(self) -> None:
        """Wait for transactions under way, before the group is joined again; heartbeats go on meanwhile."""
        self.on_partitions_revoked(set())
        for runner in list(self._runners.values()):
            await runner.finished()

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """New assignment. No heartbeats run in here: it only starts what opens the sessions."""
        try:
            wanted = self._sessions_of(assigned)
        except AssignmentError as error:
            self._die(error, "assignment")
            return
        if self._opening is not None:
            self._opening.cancel()
        self._opening = asyncio.get_running_loop().create_task(self._apply(wanted, generation_id))

    async def on_stop(self) -> None:
        """The worker stops: finish and close everything."""
        if self._opening is not None:
            self._opening.cancel()
        await asyncio.gather(*(self._close(key) for key in list(self._runners)))
        await asyncio.gather(*self._closings)

    async def wait_until_tables_registered(self) -> None:
        """There are no tables."""

    async def wait_until_recovery_completed(self) -> bool:
        """There is nothing that faust recovers."""
        return False

    def on_commit(self, offsets: Any) -> None:
        """Faust commits nothing."""

    # How.

    @Service.task
    async def _store_offsets(self) -> None:
        async for _ in self.itertimer(OFFSETS_SECONDS):
            feed: Feed = self.claims_app.feed
            feed.store_offsets(
                {
                    TP(topic, runner.session.partition): offset
                    for runner in self._runners.values()
                    for topic, offset in runner.session.progress.next_offsets.items()
                }
            )

    def _sessions_of(self, assigned: set[TP]) -> set[SessionKey]:
        topics: dict[SessionKey, set[str]] = defaultdict(set)
        for tp in assigned:
            topics[(self._stage_of_topic[tp.topic].name, tp.partition)].add(tp.topic)
        for stage in self._stages:
            for (name, partition), given in topics.items():
                missing = set(stage.reads) - given
                if name == stage.name and missing:
                    raise AssignmentError(
                        f"{name}[{partition}] was assigned without {', '.join(sorted(missing))}; all workers of a "
                        "group must run the same release and the same stages"
                    )
        return set(topics)

    async def _apply(self, wanted: set[SessionKey], generation: int) -> None:
        feed: Feed = self.claims_app.feed
        await feed.idle()
        for key, runner in list(self._runners.items()):
            # A session lives on only if nobody else can have owned its partition meanwhile.
            if key not in wanted or runner.generation != generation - 1:
                await self._close(key)
        await self.claims_app.resume_flow()
        limit = asyncio.Semaphore(OPENED_AT_ONCE)
        results = await asyncio.gather(*(self._start(key, generation, limit) for key in sorted(wanted)))
        self.assigned_at = time.monotonic()
        log.info("partitions assigned", sessions=len(results), generation=generation)

    async def _start(self, key: SessionKey, generation: int, limit: asyncio.Semaphore) -> None:
        try:
            async with limit:
                runner = self._runners.get(key) or await self._open(key)
                positions = runner.positions()
                partition = runner.session.partition
                await self.claims_app.feed.start_from(
                    {TP(topic, partition): offset for topic, offset in positions.items()},
                    {TP(topic, partition): runner.last_processed(topic) for topic in positions},
                )
                runner.resume(generation)
        except Exception as error:
            self._die(error, f"opening {key[0]}[{key[1]}]")

    async def _open(self, key: SessionKey) -> Runner:
        stage = next(stage for stage in self._stages if stage.name == key[0])
        loop = asyncio.get_running_loop()
        opening = loop.run_in_executor(self._executor, Session, stage, key[1], self._equipment)
        try:
            session = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_late)
            raise
        worker = self._equipment.settings.worker
        pacing = Pacing(worker.linger_milliseconds / 1000, worker.linger_milliseconds_max / 1000)
        runner = Runner(session, self._executor, pacing, self._die)
        self._runners[key] = runner
        measures.stage_sessions_open.labels(stage.name).inc()
        return runner

    async def _close(self, key: SessionKey) -> None:
        runner = self._runners.pop(key)
        await runner.close()
        measures.stage_sessions_open.labels(key[0]).dec()
        log.info("session closed", stage=key[0], partition=key[1])


def _close_late(opening: "asyncio.Future[Session]") -> None:
    """Release a session whose opening was overtaken by another rebalance."""
    if opening.exception() is None:
        opening.result().close()
