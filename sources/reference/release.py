"""Making a release: one transaction, one transactional id for all who make them.

A producer that is initialized with the id takes it over: whoever held it before is refused from then on, and what it
left open is ended. So whoever still holds the id knows that nobody has made a release since.
"""

from collections.abc import Iterable, Mapping

from confluent_kafka import KafkaException, Producer

from config.clients import producer_config
from config.limits import RECORD_BYTES_MAX
from config.settings import Settings

TRANSACTION_SECONDS = 300
INITIALIZE_SECONDS = 30
COMMIT_SECONDS = 120
FENCED = frozenset({"_FENCED", "INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"})

# Topic, key and value of a record to publish.
Keyed = tuple[str, str, bytes]
Headers = list[tuple[str, str | bytes | None]]


class LoadError(RuntimeError):
    """The broker did not confirm a release: readers see all of it or nothing. The text says what to do."""


def releasing_producer(settings: Settings, seconds: float | None = None, **options: object) -> Producer:
    """A producer that has taken the id over; raises KafkaException, when that takes longer than `seconds` too."""
    producer = Producer(
        producer_config(settings.kafka)
        | {
            "transactional.id": f"{settings.worker.group_prefix}.reference-load",
            "transaction.timeout.ms": TRANSACTION_SECONDS * 1000,
        }
        | options
    )
    producer.init_transactions(INITIALIZE_SECONDS if seconds is None else seconds)
    return producer


def send(
    producer: Producer,
    everything: Iterable[Keyed],
    headers: Mapping[str, Headers],
    commit_seconds: float = COMMIT_SECONDS,
) -> None:
    """Publish all of it, with the headers of each topic, in one transaction.

    Raises LoadError for a record that is too large, and KafkaException; then nothing was published, or, where the
    commit was not answered, perhaps all.
    """
    producer.begin_transaction()
    try:
        for topic, key, value in everything:
            if len(value) > RECORD_BYTES_MAX:
                raise LoadError(f"{topic}: the record {key} has {len(value)} bytes, at most {RECORD_BYTES_MAX}")
            _produce(producer, topic, key, value, headers.get(topic, []))
        producer.commit_transaction(commit_seconds)
    except BaseException:
        _abort(producer)
        raise


def was_taken_over(error: KafkaException) -> bool:
    """Whether another producer has taken the id over."""
    return error.args[0].name() in FENCED


def _produce(producer: Producer, topic: str, key: str, value: bytes, headers: Headers) -> None:
    while True:
        try:
            producer.produce(topic, value, key.encode(), headers=headers)
            return
        except BufferError:  # The queue of the client is full: let it send.
            producer.poll(0.1)


def _abort(producer: Producer) -> None:
    try:
        producer.abort_transaction(INITIALIZE_SECONDS)
    except KafkaException:
        # The broker ends it after the transaction's timeout, or fenced us, which ended it already.
        return
