"""Brings a store up to date from its changelog partition, before its session takes the first record."""

import time
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings
from streams.rocks import RocksStore
from streams.state import Change

RECORDS_A_READ = 5_000
# A short wait a read, or the end of a partition costs the broker's longest fetch wait (docs/decisions).
READ_WAIT_SECONDS = 0.05
SILENCE_SECONDS_MAX = 60.0


class ChangelogError(RuntimeError):
    """The changelog could not be read to its end."""


def load_tail(
    kafka: KafkaSettings, topic: str, partition: int, store: RocksStore, stopped: Callable[[], bool] = lambda: False
) -> int:
    """Apply what the store lacks of the changelog partition; returns the number of records applied.

    Call it after the partition's transactional id was fenced: from then on the partition cannot grow. A store that is
    ahead of the changelog (the topic was made anew) is reset.
    """
    consumer = Consumer(reader_config(kafka, "claims.changelog") | {"fetch.wait.max.ms": 10})
    try:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)
        if store.changelog_offset() > high:
            store.reset()
        start = max(store.changelog_offset(), low)
        consumer.assign([TopicPartition(topic, partition, start)])
        return _read_to_end(consumer, store, high, start, stopped)
    except KafkaException as error:
        raise ChangelogError(f"{topic}[{partition}] cannot be read: {error.args[0].str()}") from error
    finally:
        consumer.close()


def _read_to_end(consumer: Consumer, store: RocksStore, high: int, start: int, stopped: Callable[[], bool]) -> int:
    applied = 0
    position = start
    heard = time.monotonic()
    while position < high and not stopped():
        messages = consumer.consume(RECORDS_A_READ, READ_WAIT_SECONDS)
        if not messages:
            if time.monotonic() - heard > SILENCE_SECONDS_MAX:
                raise ChangelogError(f"nothing came for {SILENCE_SECONDS_MAX:.0f} s at offset {position} of {high}")
            continue
        heard = time.monotonic()
        changes, position = _changes(messages, position)
        if changes:
            store.write(changes, position)
            applied += len(changes)
    return applied


def _changes(messages: list[Message], position: int) -> tuple[list[Change], int]:
    changes: list[Change] = []
    for message in messages:
        error = message.error()
        if error is None:
            key, offset = message.key(), message.offset()
            assert key is not None
            assert offset is not None
            changes.append((_bytes(key), message.value()))
            position = offset + 1
        elif error.code() == KafkaError._PARTITION_EOF:
            # The end as read_committed sees it: markers of transactions may follow the last record.
            position = max(position, message.offset() or 0)
        else:
            raise KafkaException(error)
    return changes, position


def _bytes(key: bytes | str) -> bytes:
    return key.encode() if isinstance(key, str) else key
