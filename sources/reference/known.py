"""Reference data as a maker of changes knows it: the newest state of people, plans, and who has which identifier.

Followed from the topics and kept in memory (about 1 kB a member): a change must be held against all others.
"""

import time
from collections import defaultdict
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings
from schemas import topics
from schemas.codec import Codec
from schemas.reference import Member, Plan, Provider, ReferenceRelease
from schemas.reference_changes import PersonRecord
from sources.reference.people import Terms
from sources.reference.published import METADATA_SECONDS, RECORDS_A_READ

TYPES: dict[str, type[PersonRecord]] = {topics.REFERENCE_MEMBERS: Member, topics.REFERENCE_PROVIDERS: Provider}
FOLLOWED = (*TYPES, topics.REFERENCE_PLANS, topics.REFERENCE_RELEASES)
SILENCE_SECONDS_MAX = 15.0


class Known:
    """Follows the topics from their start. Not for several threads."""

    def __init__(self, kafka: KafkaSettings, codec: Codec) -> None:
        self._codec = codec
        self.release = 0
        # Of each topic: the release and bytes of the newest state, by id.
        self._values: dict[str, dict[str, tuple[int, bytes]]] = {topic: {} for topic in TYPES}
        self._holders: dict[str, dict[tuple[str, str], str]] = {topic: {} for topic in TYPES}
        self._plans: dict[str, dict[int, tuple[int, Terms | None]]] = defaultdict(dict)
        self._plan_of_coverage: dict[str, str] = {}
        self._next = dict.fromkeys(FOLLOWED, 0)
        self._consumer = Consumer(reader_config(kafka, "claims.reference-changes"))
        self._consumer.assign([TopicPartition(topic, 0, 0) for topic in FOLLOWED])

    def record(self, topic: str, record_id: str) -> PersonRecord | None:
        """The newest state; None for none, or one that was taken away."""
        known = self._values[topic].get(record_id)
        record = None if known is None else self._codec.decode(TYPES[topic], known[1])
        return None if record is None or record.removed else record

    def holder(self, topic: str, system: str, value: str) -> str | None:
        """Who has that identifier."""
        return self._holders[topic].get((system, value))

    def terms(self, plan_id: str) -> Terms | None:
        """Payer and currency of a plan; None for an unknown one."""
        found = (
            [terms for _, terms in self._plans[plan_id].values() if terms is not None] if plan_id in self._plans else []
        )
        return found[0] if found else None

    def terms_of_coverage(self, coverage_id: str) -> Terms | None:
        """Payer and currency that the coverage has had; None for a new one."""
        plan_id = self._plan_of_coverage.get(coverage_id)
        return None if plan_id is None else self.terms(plan_id)

    def catch_up(self) -> None:
        """Read to the end of the topics as it is now. Raises KafkaException."""
        ends = {topic: self._end(topic) for topic in FOLLOWED}
        heard = time.monotonic()
        while any(self._next[topic] < end for topic, end in ends.items()):
            messages: list[Any] = self._consumer.consume(RECORDS_A_READ, 0.05)
            for message in messages:
                self._take(message)
            if messages:
                heard = time.monotonic()
            elif time.monotonic() - heard > SILENCE_SECONDS_MAX:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))

    def add(self, topic: str, key: str, value: bytes) -> None:
        """Take a record; one of an older release than is known changes nothing."""
        record_id, _, number = key.rpartition("|")
        if topic == topics.REFERENCE_RELEASES:
            self.release = max(self.release, self._codec.decode(ReferenceRelease, value).release)
        elif topic == topics.REFERENCE_PLANS:
            plan = self._codec.decode(Plan, value)
            known = self._plans[plan.plan_id].get(plan.effective_from)
            if known is None or plan.release >= known[0]:
                terms = None if plan.removed else Terms(plan.payer_id, plan.currency)
                self._plans[plan.plan_id][plan.effective_from] = (plan.release, terms)
        else:
            self._add_person(topic, record_id, int(number), value)

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _add_person(self, topic: str, record_id: str, release: int, value: bytes) -> None:
        holders, known = self._holders[topic], self._values[topic].get(record_id)
        if known is not None:
            if release < known[0]:
                return
            for identifier in self._codec.decode(TYPES[topic], known[1]).identifiers:
                if holders.get((identifier.system, identifier.value)) == record_id:
                    del holders[identifier.system, identifier.value]
        self._values[topic][record_id] = (release, value)
        record = self._codec.decode(TYPES[topic], value)
        if record.removed:
            return
        for identifier in record.identifiers:
            holders[identifier.system, identifier.value] = record_id
        if isinstance(record, Member):
            for segment in record.coverages:
                self._plan_of_coverage[segment.coverage_id] = segment.plan_id

    def _end(self, topic: str) -> int:
        place = TopicPartition(topic, 0)
        found: tuple[int, int] | None = self._consumer.get_watermark_offsets(place, METADATA_SECONDS, cached=False)
        if found is None:
            raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
        return found[1]

    def _take(self, message: Any) -> None:
        error, topic = message.error(), message.topic()
        if error is None:
            self._next[topic] = message.offset() + 1
            if message.value() is not None:
                self.add(topic, message.key().decode(), message.value())
        elif error.code() == KafkaError._PARTITION_EOF:
            # Behind the last record lies the marker of its transaction: the end is where this says it is.
            self._next[topic] = message.offset()
        elif error.fatal() or error.code() in (KafkaError._ALL_BROKERS_DOWN, KafkaError.UNKNOWN_TOPIC_OR_PART):
            raise KafkaException(error)
