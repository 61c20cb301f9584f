"""Reads topics from given offsets to their ends, as often as asked; commits only what it is told to."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings

Place = tuple[str, int]
_ASKED_SECONDS = 10.0
_RECORDS_AT_ONCE = 1_000
_WAIT_SECONDS = 0.05


class MissingTopicError(LookupError):
    """A topic is not on the broker; the text says what to do."""


class Tail:
    """Some topics. `positions` are the offsets to read next; committed records alone are read."""

    def __init__(self, kafka: KafkaSettings, group: str, topics: Sequence[str]) -> None:
        self._consumer = Consumer(reader_config(kafka, group) | {"log_level": 0})
        self._topics = topics
        self.positions: dict[Place, int] = {}

    def start_from_committed(self) -> None:
        """Begin where the group committed last, else at the beginning. Raises KafkaException, MissingTopicError."""
        places = [TopicPartition(*place) for place in self._places()]
        for found in self._consumer.committed(places, timeout=_ASKED_SECONDS):
            if found.error is not None:
                raise KafkaException(found.error)
            self.positions[found.topic, found.partition] = max(0, found.offset)

    def start_at(self, milliseconds: int) -> None:
        """Begin, or go back to, the first record of that time or later (the end where there is none); never forward."""
        asked = [TopicPartition(*place, max(0, milliseconds)) for place in self._places()]
        for found in self._consumer.offsets_for_times(asked, timeout=_ASKED_SECONDS):
            if found.error is not None:
                raise KafkaException(found.error)
            offset = found.offset
            if offset < 0:
                _, offset = self._consumer.get_watermark_offsets(found, timeout=_ASKED_SECONDS)
            place = found.topic, found.partition
            self.positions[place] = min(offset, self.positions.get(place, offset))

    def read(self, seconds: float) -> Iterator[Any]:
        """Every record up to the ends as they are met, or until the time is over. Raises KafkaException."""
        until = time.monotonic() + seconds
        left = set(self.positions)
        self._consumer.assign([TopicPartition(*place, offset) for place, offset in self.positions.items()])
        while left and time.monotonic() < until:
            messages: Sequence[Any] = self._consumer.consume(_RECORDS_AT_ONCE, _WAIT_SECONDS)
            for message in messages:
                place, error = (message.topic(), message.partition()), message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:
                    if error.fatal() or not error.retriable():
                        raise KafkaException(error)
                    continue
                self.positions[place] = message.offset() if error is not None else message.offset() + 1
                if error is not None:
                    left.discard(place)
                else:
                    yield message

    def commit(self, offsets: Mapping[Place, int]) -> None:
        """Commit where the next process begins. Raises KafkaException."""
        if offsets:
            self._consumer.commit(
                offsets=[TopicPartition(*place, offset) for place, offset in offsets.items()], asynchronous=False
            )

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _places(self) -> list[Place]:
        found = self._consumer.list_topics(timeout=_ASKED_SECONDS).topics
        missing = [topic for topic in self._topics if topic not in found]
        if missing:
            raise MissingTopicError(f"topics are missing ({', '.join(missing)}); run: claims topics create")
        return [(topic, partition) for topic in self._topics for partition in sorted(found[topic].partitions)]
