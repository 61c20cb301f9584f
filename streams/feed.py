"""The way of records from Kafka into the sessions: faust's consumer with one item a fetched batch, not one an event."""

import asyncio
import time
from typing import TYPE_CHECKING, Any, cast

import aiokafka
import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from schemas.topics import CLAIMS_SUBMITTED
from streams.intake_rate import IntakeRate
from streams.records import Batch, Input

if TYPE_CHECKING:
    from streams.app import ClaimsApp
    from streams.runner import Runner
    from streams.sessions import SessionManager

log = structlog.get_logger(__name__)
FETCH_WAIT_SECONDS = 0.1
IDLE_SECONDS = 0.005
# A fetch costs half a millisecond of Python, however little it brings: the broker and the loop let records gather.
FETCH_BYTES_MIN = 64 * 1024
FETCH_WAIT_MILLISECONDS = 25
PAUSE_SECONDS = 0.01
# A broker that has not answered by then is asked again with newer offsets.
STORE_SECONDS_MAX = 10.0


class FeedThread(driver.AIOKafkaConsumerThread):
    """The thread of the aiokafka consumer, told to read committed records only."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.stored: dict[TP, int] = {}
        self._storing: asyncio.Task[None] | None = None

    def store_offsets(self, offsets: dict[TP, int]) -> None:
        """Tell the group where its next owner may begin to read; from any thread, and nobody waits for it.

        Not within the producers' transactions: librdkafka waits for a group's coordinator for ever, whatever the
        timeout (its issues 5456 and 5511), so that a stage whose broker came back could stand still.
        """
        if not self.should_stop:
            self.thread_loop.call_soon_threadsafe(self._begin_storing, offsets)

    async def on_thread_stop(self) -> None:
        """Ask the group nothing more, then leave it."""
        if self._storing is not None:
            self._storing.cancel()
        await super().on_thread_stop()

    def _begin_storing(self, offsets: dict[TP, int]) -> None:
        idle = self._storing is None or self._storing.done()
        if self._consumer is not None and idle and not self.should_stop:
            self._storing = self.thread_loop.create_task(self._store(self._consumer, offsets))

    async def _store(self, consumer: aiokafka.AIOKafkaConsumer, offsets: dict[TP, int]) -> None:
        assigned = consumer.assignment()
        given = {tp: offset for tp, offset in offsets.items() if TopicPartition(*tp) in assigned}
        told = {TopicPartition(*tp): OffsetAndMetadata(offset, "") for tp, offset in given.items()}
        try:
            async with asyncio.timeout(STORE_SECONDS_MAX):
                await consumer.commit(told)
        except (KafkaError, TimeoutError) as error:
            # The group changes, or its broker is away: the progress records are the truth, and the next try comes soon.
            log.debug("the group's offsets were not stored", error=type(error).__name__)
        else:
            self.stored.update(given)

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        conf = self.app.conf
        # Without tables faust would take RoundRobin, which splits partition p of two topics over workers.
        self._assignor = self.app.assignor
        auth = driver.credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context)
        return aiokafka.AIOKafkaConsumer(
            client_id=conf.broker_client_id,
            group_id=conf.id,
            bootstrap_servers=driver.server_list(transport.url, transport.default_port),
            partition_assignment_strategy=[self._assignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_min_bytes=FETCH_BYTES_MIN,
            fetch_max_wait_ms=FETCH_WAIT_MILLISECONDS,
            max_poll_records=conf.broker_max_poll_records,
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            max_partition_fetch_bytes=conf.consumer_max_fetch_size,
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            metadata_max_age_ms=conf.consumer_metadata_max_age_ms,
            **auth,
        )


class Feed(driver.Consumer):
    """Fetches for the sessions that want records; a fetch of a partition travels as one batch."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._last_fetched: dict[TP, int] = {}
        self._fetch_done = asyncio.Event()
        self._fetch_done.set()

    @property
    def _claims_app(self) -> "ClaimsApp":
        return cast("ClaimsApp", self.app)

    @property
    def _sessions(self) -> "SessionManager":
        return cast("SessionManager", self.app.tables)

    def _new_consumer_thread(self) -> FeedThread:
        return FeedThread(self, loop=self.loop, beacon=self.beacon)

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Faust's livelock alarms look at acks, which this feed has none of."""

    async def idle(self) -> None:
        """Wait until no fetch is under way: one begun before a rebalance returns records of the new assignment."""
        await self._fetch_done.wait()

    async def start_from(self, positions: dict[TP, int], last: dict[TP, int]) -> None:
        """Seek in the consumer's own thread, and remember which offset the next batch must follow."""
        await self.seek_wait(positions)
        self._last_fetched.update(last)

    def store_offsets(self, offsets: dict[TP, int]) -> None:
        """Tell the group those of the offsets that it does not know; see FeedThread."""
        thread = cast(FeedThread, self._thread)
        news = {tp: offset for tp, offset in offsets.items() if thread.stored.get(tp) != offset}
        if news:
            thread.store_offsets(news)

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Finish what is under way before the partitions go; heartbeats go on meanwhile."""
        await self._sessions.finish()
        await super().on_partitions_revoked(revoked)

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            while not (self._stopped.is_set() or fetcher._stopped.is_set()):
                await self._drain_once()
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def _drain_once(self) -> None:
        intake = self._claims_app.intake
        hungry = within(intake, self._sessions.hungry(), time.monotonic()) if self.flow_active else {}
        if not hungry:
            # An empty set would ask aiokafka for all partitions.
            await asyncio.sleep(IDLE_SECONDS)
            return
        epochs = {tp: runner.epoch for tp, runner in hungry.items()}
        self._fetch_done.clear()
        try:
            fetched = await self._getmany(cast(set[TP], set(hungry)), FETCH_WAIT_SECONDS)
        finally:
            self._fetch_done.set()
        for partition, records in fetched.items():
            tp = TP(partition.topic, partition.partition)
            if tp.topic == CLAIMS_SUBMITTED:
                intake.taken(len(records), time.monotonic())
            runner = hungry.get(tp)
            if records and runner is not None and runner.epoch == epochs[tp]:
                await self._deliver(tp, epochs[tp], records)
        await asyncio.sleep(PAUSE_SECONDS)

    async def _deliver(self, tp: TP, epoch: int, records: list[Any]) -> None:
        inputs = tuple(
            Input(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, r.headers or ()) for r in records
        )
        batch = Batch(tp.topic, tp.partition, epoch, self._last_fetched.get(tp, -1), inputs)
        self._last_fetched[tp] = inputs[-1].offset
        await self._claims_app.batches_of(tp.topic).put(batch)


def within(intake: IntakeRate, hungry: "dict[TP, Runner]", now: float) -> "dict[TP, Runner]":
    """Those of the partitions that may be fetched now; only new claims wait, what is under way is decided."""
    if intake.is_open(now):
        return hungry
    return {tp: runner for tp, runner in hungry.items() if tp.topic != CLAIMS_SUBMITTED}


class FeedTransport(driver.Transport):
    """Faust's Kafka transport with the feed as its consumer."""

    Consumer = Feed
