"""Transactions of one stage and partition: outputs, state and progress become visible together or not at all."""

import time
from collections.abc import Sequence

from confluent_kafka import KafkaException, Message, Producer

from config.clients import producer_config
from config.limits import STAGE_RECORD_BYTES_MAX
from config.settings import KafkaSettings
from streams.records import Output
from streams.state import Change

OPENING_SECONDS_MAX = 60.0
# A broker that is away for longer: the process ends, and the next one waits for it and says so.
COMMIT_SECONDS_MAX = 15.0


class FencedError(RuntimeError):
    """Another session owns this stage and partition now: this one is a zombie and must end."""


class TransactionFailedError(RuntimeError):
    """The broker did not take a transaction; nothing of it is visible."""


class Transactions:
    """A producer whose transactional id names stage and partition: opening it fences every earlier owner."""

    def __init__(
        self, kafka: KafkaSettings, transactional_id: str, changelog: str, partition: int, timeout_seconds: float
    ) -> None:
        self._changelog = changelog
        self._partition = partition
        self._written = -1
        self._producer = Producer(
            producer_config(kafka)
            | {
                "transactional.id": transactional_id,
                "transaction.timeout.ms": int(timeout_seconds * 1000),
                "linger.ms": 0,
                "queue.buffering.max.messages": 200_000,
                # A record that cannot be written would stop the stage for ever.
                "message.max.bytes": STAGE_RECORD_BYTES_MAX,
            }
        )
        try:
            self._producer.init_transactions(OPENING_SECONDS_MAX)
        except KafkaException as error:
            raise _failure(error, "opening") from error

    def commit(self, outputs: Sequence[Output], changes: Sequence[Change]) -> int:
        """One transaction; returns the changelog offset after its last change. Any failure raises: nothing happened."""
        producer = self._producer
        deadline = time.monotonic() + COMMIT_SECONDS_MAX
        self._written = -1
        try:
            producer.begin_transaction()
            for output in outputs:
                self._produce(output.topic, output.key, output.value)
            for key, value in changes[:-1]:
                self._produce(self._changelog, key, value, self._partition)
            key, value = changes[-1]
            producer.produce(self._changelog, value, key, self._partition, on_delivery=self._delivered)
            self._commit(deadline)
        except KafkaException as error:
            raise _failure(error, "committing") from error
        assert self._written >= 0, "a transaction was committed without a report of its last record"
        return self._written + 1

    def close(self) -> None:
        """Drop the producer; a transaction under way is ended by whoever owns the partition next."""
        self._producer.flush(0)

    def _produce(self, topic: str, key: bytes | None, value: bytes | None, partition: int = -1) -> None:
        while True:
            try:
                self._producer.produce(topic, value, key, partition)
            except BufferError:
                self._producer.poll(0.05)
            else:
                return

    def _commit(self, deadline: float) -> None:
        while True:
            try:
                self._producer.commit_transaction(max(0.1, deadline - time.monotonic()))
            except KafkaException as error:
                if not error.args[0].retriable() or time.monotonic() > deadline:
                    raise
            else:
                return

    def _delivered(self, error: object, message: Message) -> None:
        if error is None:
            self._written = message.offset() or 0


def _failure(error: KafkaException, doing: str) -> Exception:
    reason = error.args[0]
    if reason.fatal() or reason.code() in (
        reason._FENCED,
        reason.INVALID_PRODUCER_EPOCH,
        reason.PRODUCER_FENCED,
    ):
        return FencedError(f"{doing} a transaction: {reason.str()}")
    return TransactionFailedError(f"{doing} a transaction: {reason.str()} ({reason.name()})")
