"""The sink's consumer: partitions from the group, positions from Postgres."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings
from sinks.batch import TOPICS, PoisonError, Record
from sinks.ends import QUIET
from sinks.store import Advance, Place

log = structlog.get_logger(__name__)
# A broker that was killed may come back knowing a member that is gone: a new one waits until its session is over.
SESSION_MILLISECONDS = 10_000
# A sink that waits for Postgres must stay in the group however long it takes: this is the longest there is.
POLL_INTERVAL_MILLISECONDS = 86_400_000
TOPIC_REFRESH_MILLISECONDS = 5_000
REPORT_SECONDS = 10.0


class Reader:
    """Reads what was given to this process. `offsets_of` blocks until Postgres has said where to start."""

    def __init__(
        self, kafka: KafkaSettings, group: str, offsets_of: Callable[[Sequence[Place]], Mapping[Place, int]]
    ) -> None:
        self._offsets_of = offsets_of
        # Of each partition that is ours: the offset that Postgres holds, as far as we know.
        self._stored: dict[Place, int] = {}
        self._next: dict[Place, int] = {}
        self._reported = -REPORT_SECONDS
        self._consumer = Consumer(
            reader_config(kafka, group)
            | {
                "max.poll.interval.ms": POLL_INTERVAL_MILLISECONDS,
                "session.timeout.ms": SESSION_MILLISECONDS,
                "topic.metadata.refresh.interval.ms": TOPIC_REFRESH_MILLISECONDS,
                "partition.assignment.strategy": "range",
                "error_cb": self._report,
                "log_level": QUIET,
            }
        )
        self._consumer.subscribe(list(TOPICS), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked)

    def read(self, records_max: int, wait_seconds: float) -> list[Record]:
        """The next committed records, oldest first in each partition; none when nothing came in time."""
        records = []
        messages: Sequence[Any] = self._consumer.consume(records_max, wait_seconds)
        for message in messages:
            place, offset = (message.topic(), message.partition()), message.offset()
            error = message.error()
            if error is not None:
                self._failed(error, place, offset)
            elif place in self._next and offset >= self._next[place]:
                self._next[place] = offset + 1
                records.append(Record(*place, offset, message.timestamp()[1], message.value()))
        return records

    def advances(self) -> list[Advance]:
        """What must be stored now: of each partition that moved, from where to where."""
        return [
            Advance(*place, self._stored[place], offset)
            for place, offset in sorted(self._next.items())
            if offset != self._stored[place]
        ]

    def stored(self, advances: Sequence[Advance]) -> None:
        """Postgres holds these offsets."""
        for advance in advances:
            self._stored[advance.topic, advance.partition] = advance.next_offset

    @property
    def positions(self) -> Mapping[Place, int]:
        """Of each partition that is ours, the offset that Postgres holds."""
        return dict(self._stored)

    def close(self) -> None:
        """Leave the group, so that others take over at once."""
        self._consumer.close()

    def _failed(self, error: KafkaError, place: Place, offset: int) -> None:
        if error.code() == KafkaError._PARTITION_EOF:
            self._ended(place, offset)
            return
        if error.fatal():
            raise KafkaException(error)
        self._report(error, place[0])

    def _report(self, error: KafkaError, topic: str | None = None) -> None:
        """Say what is waited for, once in a while; librdkafka tries again by itself."""
        if time.monotonic() - self._reported > REPORT_SECONDS:
            self._reported = time.monotonic()
            missing = error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART
            what = "waiting for topics; create them with `claims topics create`" if missing else "waiting for Kafka"
            log.warning(what, error=error.name(), topic=topic)

    def _ended(self, place: Place, offset: int) -> None:
        """The end lies behind the marker of the last transaction: it is where the next record will be sought."""
        if offset < self._next.get(place, offset):
            raise PoisonError(
                f"{place[0]}[{place[1]}] ends at offset {offset}, but records up to {self._next[place] - 1} have been "
                "written to Postgres: the topic was deleted, or is another broker's. Connect the database that belongs "
                "to this broker, or an empty one."
            )
        if place in self._next:
            self._next[place] = offset

    def _assigned(self, consumer: Any, partitions: Sequence[TopicPartition]) -> None:
        offsets = self._offsets_of([(p.topic, p.partition) for p in partitions])
        self._stored = dict(offsets)
        self._next = dict(offsets)
        consumer.assign([TopicPartition(*place, offset) for place, offset in offsets.items()])
        log.info("partitions assigned", partitions=len(offsets))

    def _revoked(self, consumer: Any, partitions: Sequence[TopicPartition]) -> None:
        # Nothing is in flight: records are read, written and stored one batch after the other.
        self._stored, self._next = {}, {}
        log.info("partitions given back", partitions=len(partitions))
