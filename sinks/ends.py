"""Where partitions end for a reader of committed records."""

from collections.abc import Sequence
from typing import Any

from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from config.clients import client_config
from config.settings import KafkaSettings
from sinks.store import Place

ANSWER_SECONDS = 10.0
# librdkafka says twenty times a second that a broker is away; the sink says it once in ten seconds.
QUIET = 2


class MissingTopicError(LookupError):
    """A topic of the sink is not on the broker; the text says what to do."""


class Ends:
    """Asks the broker; one client for as many questions as there are. Raises KafkaException when it is away."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._admin = AdminClient(client_config(kafka) | {"log_level": QUIET})

    def places(self, topics: Sequence[str]) -> list[Place]:
        """Every partition of the topics; raises MissingTopicError."""
        found = self._admin.list_topics(timeout=ANSWER_SECONDS).topics
        missing = [topic for topic in topics if topic not in found]
        if missing:
            raise MissingTopicError(f"topics are missing ({', '.join(missing)}); run: claims topics create")
        return [(topic, partition) for topic in topics for partition in sorted(found[topic].partitions)]

    def of(self, places: Sequence[Place]) -> dict[Place, int]:
        """The offset after the last committed record (or transaction marker) of each partition."""
        if not places:
            return {}
        spec: Any = OffsetSpec
        asked = {TopicPartition(*place): spec.latest() for place in places}
        answers = self._admin.list_offsets(
            asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=ANSWER_SECONDS
        )
        return {(place.topic, place.partition): future.result().offset for place, future in answers.items()}
