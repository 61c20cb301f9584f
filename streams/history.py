"""Reads back what the chain was told and what it answered, a partition at a time. Nothing here can write.

All stages behind validate are pure functions of claims.validated and of reference data by release: who replays that
topic through them gets the decisions again, and who changes something first learns what it would have changed.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings
from schemas import topics
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.reference import ReferenceRelease
from schemas.registry import for_settings
from streams.partitioning import partition_of
from streams.references import ReferenceFeed

RECORDS_A_READ = 2_000
READ_WAIT_SECONDS = 0.2
METADATA_SECONDS = 10.0
SILENCE_SECONDS_MAX = 30.0
REFERENCE_SECONDS_MAX = 120.0


class HistoryError(RuntimeError):
    """The history cannot be read whole; the text says why and what to do."""


class Stored(NamedTuple):
    """A record of the chain: its key, and its value as it is on the topic."""

    key: str
    value: Any


class History:
    """Committed records of the chain's topics, each partition from its first record to its end. Close it after use."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self.codec = Codec(for_settings(kafka))
        self._consumer = Consumer(reader_config(kafka, "claims.history"))

    def close(self) -> None:
        """Let the broker go."""
        self._consumer.close()

    def partitions(self, topic: str = topics.CLAIMS_VALIDATED) -> list[int]:
        """Numbers of the topic's partitions; raises HistoryError when it is not there."""
        known = self._consumer.list_topics(timeout=METADATA_SECONDS).topics
        if topic not in known:
            raise HistoryError(f"no topic {topic} on the broker; run `claims topics create`")
        return sorted(known[topic].partitions)

    def count(self, topic: str, partition: int) -> int:
        """How many records there are at most. Raises HistoryError when the first ones are gone."""
        low, high = self._consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=METADATA_SECONDS)
        if low > 0:
            text = f"the first {low:,} records of {topic}[{partition}] are gone; keep claim topics for ever (retention)"
            raise HistoryError(text)
        return int(high)

    def records(self, topic: str, partition: int) -> Iterator[Stored]:
        """Every committed record of the partition in order, up to its end."""
        self.count(topic, partition)
        self._consumer.assign([TopicPartition(topic, partition, 0)])
        heard = time.monotonic()
        while True:
            messages: Any = self._consumer.consume(RECORDS_A_READ, READ_WAIT_SECONDS)
            for message in messages:
                error = message.error()
                if error is None:
                    yield Stored((message.key() or b"").decode(), message.value())
                elif error.code() == KafkaError._PARTITION_EOF:
                    return
                elif error.fatal():
                    raise KafkaException(error)
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > SILENCE_SECONDS_MAX:
                raise HistoryError(f"Kafka has said nothing for {SILENCE_SECONDS_MAX:g} seconds; is it up?")

    def of_coverage(self, topic: str, coverage_id: str) -> Iterator[Stored]:
        """The records of one coverage in order: they all lie in one partition."""
        partition = partition_of(coverage_id.encode(), len(self.partitions(topic)))
        return (record for record in self.records(topic, partition) if record.key == coverage_id)

    def decisions_naming(self, claim_id: str) -> list[Decision]:
        """The decisions of a claim and of its versions, wherever they are. Reads all of the topic, decodes little."""
        named = claim_id.encode()
        found = []
        for partition in self.partitions(topics.CLAIMS_DECIDED):
            for record in self.records(topics.CLAIMS_DECIDED, partition):
                if named in record.value:
                    decision = self.codec.decode(Decision, record.value)
                    if claim_id in (decision.claim_id, decision.root_id):
                        found.append(decision)
        return found

    def newest_release(self) -> int:
        """Number of the newest release of reference data; raises HistoryError when there is none."""
        self.partitions(topics.REFERENCE_RELEASES)
        releases = [
            self.codec.decode(ReferenceRelease, record.value).release
            for record in self.records(topics.REFERENCE_RELEASES, 0)
            if record.value is not None
        ]
        if not releases:
            raise HistoryError("there is no reference data; load some with `claims reference load DIR`")
        return max(releases)


@contextmanager
def all_references(kafka: KafkaSettings, history: History, announce: Callable[[str], None]) -> Iterator[ReferenceFeed]:
    """Reference data of every release there is. Raises HistoryError when it does not get complete."""
    newest = history.newest_release()
    announce(f"reading reference data up to release {newest}")
    feed = ReferenceFeed(kafka, history.codec)
    feed.start()
    try:
        until = time.monotonic() + REFERENCE_SECONDS_MAX
        while (feed.latest() or 0) < newest:
            if time.monotonic() > until:
                have = feed.latest() or "none"
                text = f"reference release {newest} is announced, but not complete here (have {have}); try again"
                raise HistoryError(text)
            time.sleep(READ_WAIT_SECONDS)
        yield feed
    finally:
        feed.stop()
