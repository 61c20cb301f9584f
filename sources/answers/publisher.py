"""Answers, and what was received, onto their topics: confirmed before anything builds on them."""

from typing import Any

from confluent_kafka import Producer

from config.clients import producer_config
from config.settings import KafkaSettings
from schemas.codec import Codec
from schemas.counted import counted
from schemas.edi import EdiAnswered, EdiReceived
from schemas.topics import EDI_ANSWERED, EDI_RECEIVED

_CONFIRMED_SECONDS = 30.0
_QUEUE_FULL_SECONDS = 0.1
TOPIC_OF: dict[type, str] = {EdiReceived: EDI_RECEIVED, EdiAnswered: EDI_ANSWERED}


class UnconfirmedError(RuntimeError):
    """The broker did not confirm a record; it may or may not be on its topic, and is to be produced again."""


class AnswerPublisher:
    """Produces records of edi.received and edi.answered, keyed by submitter."""

    def __init__(self, kafka: KafkaSettings, codec: Codec) -> None:
        self._codec = codec
        self._failed: list[str] = []
        self._producer = Producer(producer_config(kafka) | {"on_delivery": self._report, "log_level": 0})

    def produce(self, record: EdiReceived | EdiAnswered) -> None:
        """Queue a record; waits while the queue is full."""
        value = self._codec.encode(record)
        key = record.submitter_id.encode()
        while True:
            try:
                self._producer.produce(TOPIC_OF[type(record)], value=value, key=key)
            except BufferError:
                self._producer.poll(_QUEUE_FULL_SECONDS)
            else:
                return

    def confirm(self) -> None:
        """Return when all that was produced is on its topic. Raises UnconfirmedError."""
        left = self._producer.flush(_CONFIRMED_SECONDS)
        failed, self._failed = self._failed, []
        if failed:
            raise UnconfirmedError(f"{counted(len(failed), 'record')} not confirmed ({failed[0]})")
        if left:
            raise UnconfirmedError(f"{counted(left, 'record')} not confirmed within {_CONFIRMED_SECONDS:.0f} s")

    def _report(self, error: Any, _message: Any) -> None:
        if error is not None:
            self._failed.append(str(error.name()))
