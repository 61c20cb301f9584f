"""One Kafka producer for a process: a record is confirmed when all replicas have it, or its outcome is unknown."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from config.clients import producer_config
from config.settings import KafkaSettings

# librdkafka gives a record up after this long; only then do we, so that nothing is sent after a caller was told.
DELIVERY_SECONDS = 10.0
_GRACE_SECONDS = 2.0
_PROBE_SECONDS = 2.0
# Records that wait for an acknowledgement: what we may lose track of when the process ends.
_QUEUE_RECORDS_MAX = 10_000
log = structlog.get_logger(__name__)


class OutcomeUnknown(Exception):  # noqa: N818 - no fault, but what we know: nothing
    """The broker did not confirm in time: the record may or may not be on its topic."""


class RecordTooLargeError(ValueError):
    """The record is larger than the topic takes."""


# Key, value and headers.
Record = tuple[bytes, bytes, Mapping[str, bytes]]


class Publisher(Protocol):
    """What the service asks of a producer."""

    async def publish(self, topic: str, key: bytes, value: bytes, headers: Mapping[str, bytes]) -> None:
        """Return once all replicas have the record; raises OutcomeUnknown or RecordTooLargeError."""

    async def publish_all(self, topic: str, records: Sequence[Record]) -> Sequence[bool]:
        """Whether all replicas are known to have each record; nobody waits for one by itself."""

    async def fault(self, topic: str) -> str | None:
        """Why records cannot be published to `topic` just now; None when they can."""

    async def close(self) -> None:
        """Wait for records under way, then let go."""


class KafkaPublisher:
    """A confluent producer; a thread of its own polls it and hands delivery reports to the event loop.

    It connects, and connects again, by itself. An idempotent producer that failed for good is replaced.
    """

    def __init__(self, kafka: KafkaSettings, delivery_seconds: float = DELIVERY_SECONDS) -> None:
        self._delivery_seconds = delivery_seconds
        self._config = producer_config(kafka) | {
            "delivery.timeout.ms": int(delivery_seconds * 1000),
            "queue.buffering.max.messages": _QUEUE_RECORDS_MAX,
            "reconnect.backoff.max.ms": 2_000,
            "topic.metadata.refresh.sparse": True,
        }
        self._away = False
        self._failed = False
        self._closing = threading.Event()
        self._producer = self._make()
        self._poller = threading.Thread(target=self._poll, name="api-producer", daemon=True)
        self._poller.start()

    async def publish(self, topic: str, key: bytes, value: bytes, headers: Mapping[str, bytes]) -> None:
        """Return once all replicas have the record; raises OutcomeUnknown or RecordTooLargeError."""
        loop = asyncio.get_running_loop()
        delivered: asyncio.Future[KafkaError | None] = loop.create_future()
        try:
            self._ready().produce(
                topic, key=key, value=value, headers=list(headers.items()), on_delivery=_report_to(loop, delivered)
            )
        except BufferError:
            raise OutcomeUnknown("too many records wait for the broker") from None
        except KafkaException as error:
            raise _fault_of(error.args[0]) from None
        late = loop.call_later(self._delivery_seconds + _GRACE_SECONDS, _give_up, delivered)
        try:
            failure = await delivered
        finally:
            late.cancel()
        if failure is not None:
            raise _fault_of(failure)
        self._on_answer()

    async def publish_all(self, topic: str, records: Sequence[Record]) -> Sequence[bool]:
        """Whether all replicas are known to have each record; one wake of the event loop for all."""
        gathered = _Gathered(asyncio.get_running_loop(), len(records))
        producer = self._ready()
        for number, (key, value, headers) in enumerate(records):
            settle = gathered.settle(number)
            try:
                producer.produce(topic, key=key, value=value, headers=list(headers.items()), on_delivery=settle)
            except (BufferError, KafkaException):
                gathered.give_up(number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._delivery_seconds + _GRACE_SECONDS):
                await gathered.all_heard.wait()
        if any(gathered.confirmed):
            self._on_answer()
        return list(gathered.confirmed)

    async def fault(self, topic: str) -> str | None:
        """Why records cannot be published to `topic` just now; None when they can."""
        try:
            found = await asyncio.to_thread(self._producer.list_topics, topic, timeout=_PROBE_SECONDS)
        except KafkaException as error:
            return f"the broker does not answer ({error.args[0].name()}); check KAFKA_BOOTSTRAP_SERVERS"
        failure = found.topics[topic].error
        if failure is not None:
            return f"topic {topic} cannot be used ({failure.name()}); create the topics with: claims topics create"
        return None

    async def close(self) -> None:
        """Wait for records under way, then let go."""
        await asyncio.to_thread(self._producer.flush, self._delivery_seconds)
        self._closing.set()
        await asyncio.to_thread(self._poller.join)

    def _ready(self) -> Producer:
        if self._failed:
            self._failed, self._producer = False, self._make()
        return self._producer

    def _make(self) -> Producer:
        silent = logging.getLogger("api.librdkafka")
        silent.setLevel(logging.CRITICAL)  # it repeats itself while a broker is away; _on_error says it once
        return Producer(self._config | {"error_cb": self._on_error}, logger=silent)

    def _poll(self) -> None:
        while not self._closing.is_set():
            self._producer.poll(0.2)

    def _on_error(self, error: KafkaError) -> None:
        if error.fatal():
            self._failed = True
            log.error("the producer failed for good and is replaced", error=error.name())
        elif error.code() == KafkaError._ALL_BROKERS_DOWN and not self._away:
            self._away = True
            log.warning("no broker answers; claims are refused with 503 until one does", error=error.name())

    def _on_answer(self) -> None:
        if self._away:
            self._away = False
            log.info("the broker answers again")


class _Gathered:
    """Delivery reports of several records, on the producer's thread or ours; `all_heard` is set on the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, records: int) -> None:
        self.confirmed = [False] * records
        self.all_heard = asyncio.Event()
        self._loop = loop
        self._missing = records
        self._lock = threading.Lock()
        if not records:
            self.all_heard.set()

    def settle(self, number: int) -> Callable[[KafkaError | None, Message], None]:
        """What the producer calls for one record."""

        def on_delivery(error: KafkaError | None, _: Message) -> None:
            self.confirmed[number] = error is None
            self._heard()

        return on_delivery

    def give_up(self, number: int) -> None:
        """The producer did not take this one."""
        self.confirmed[number] = False
        self._heard()

    def _heard(self) -> None:
        with self._lock:
            self._missing -= 1
            last = self._missing == 0
        if last and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.all_heard.set)


def _give_up(delivered: asyncio.Future[KafkaError | None]) -> None:
    if not delivered.done():
        delivered.set_exception(OutcomeUnknown("no answer from the broker"))


def _report_to(
    loop: asyncio.AbstractEventLoop, delivered: asyncio.Future[KafkaError | None]
) -> Callable[[KafkaError | None, Message], None]:
    def settle(error: KafkaError | None) -> None:
        if not delivered.done():
            delivered.set_result(error)

    def on_delivery(error: KafkaError | None, _: Message) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, error)

    return on_delivery


def _fault_of(error: KafkaError) -> Exception:
    if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        return RecordTooLargeError(error.name())
    return OutcomeUnknown(error.name())
