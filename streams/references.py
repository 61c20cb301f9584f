"""Keeps the reference data of a worker up to date, from compacted topics by a fast reader in a thread of its own."""

import threading
from typing import Any

import structlog
from confluent_kafka import Consumer, KafkaError, TopicPartition

from agents.contract import Reference
from agents.reference_store import ReferenceStore
from config.clients import reader_config
from config.settings import KafkaSettings
from schemas import topics
from schemas.codec import Codec

log = structlog.get_logger(__name__)
REFERENCE_TOPICS = tuple(topic.name for topic in topics.TOPICS if topic.partitioned_as == "single")
RECORDS_A_READ = 10_000
READ_WAIT_SECONDS = 0.2


class ReferenceFeed:
    """Reads the reference topics from their start and follows them; a release is visible when it is complete.

    Nothing is the newest before all topics were read to their end once: a claim that came meanwhile must not be
    decided by a release of years ago.
    """

    def __init__(self, kafka: KafkaSettings, codec: Codec) -> None:
        self._kafka = kafka
        self.store = ReferenceStore(codec)
        self._stop = threading.Event()
        self._failed: BaseException | None = None
        self._unread = set(REFERENCE_TOPICS)
        self._thread = threading.Thread(target=self._run, name="reference-feed", daemon=True)

    def start(self) -> None:
        """Begin reading."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(timeout=10)

    def latest(self) -> int | None:
        """Newest complete release; raises what ended the reader, if something did."""
        if self._failed is not None:
            raise RuntimeError("the reader of reference data has failed") from self._failed
        return None if self._unread else self.store.latest()

    def at(self, release: int) -> Reference | None:
        """Reference data as of that release; None while it is not complete here."""
        self.latest()
        return self.store.at(release)

    def _run(self) -> None:
        try:
            self._follow()
        except BaseException as error:
            self._failed = error

    def _follow(self) -> None:
        consumer = Consumer(reader_config(self._kafka, "claims.reference"))
        consumer.assign([TopicPartition(name, 0, 0) for name in REFERENCE_TOPICS])
        announced = None
        while not self._stop.is_set():
            for message in consumer.consume(RECORDS_A_READ, READ_WAIT_SECONDS):
                self._take(message)
            if self.latest() != announced:
                announced = self.latest()
                log.info("reference release ready", release=announced)
        consumer.close()

    def _take(self, message: Any) -> None:
        error = message.error()
        if error is None:
            if message.value() is not None:
                self.store.add(message.topic(), message.key().decode(), message.value())
        elif error.code() == KafkaError._PARTITION_EOF:
            self._unread.discard(message.topic())
        elif error.code() not in (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT):
            log.warning("reference data", error=error.name())
