"""What the reference topics hold now: the newest state of every record, and the authorizations that were sent.

Records stay bytes: comparing 100,000 of them is then a matter of one encoding each, and no decoding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings
from schemas import topics
from schemas.codec import HEADER_BYTES, Codec
from schemas.events import AuthorizationEvent
from schemas.reference import Contract, Edit, Fee, Member, Plan, Provider, ReferenceRelease
from schemas.reference_changes import CHANGES_SOURCE
from schemas.registry import for_settings
from sources.reference.authorizations import event_id_of

Record = Member | Provider | Plan | Fee | Contract | Edit
RECORD_TYPES: dict[str, type[Record]] = {
    topics.REFERENCE_MEMBERS: Member,
    topics.REFERENCE_PROVIDERS: Provider,
    topics.REFERENCE_PLANS: Plan,
    topics.REFERENCE_FEES: Fee,
    topics.REFERENCE_CONTRACTS: Contract,
    topics.REFERENCE_EDITS: Edit,
}
NEEDED = (*RECORD_TYPES, topics.REFERENCE_RELEASES, topics.AUTHORIZATION_EVENTS)
RECORDS_A_READ = 10_000
READ_WAIT_SECONDS = 0.1
METADATA_SECONDS = 10.0
_CONTINUED = 0x80


class TopicsMissingError(RuntimeError):
    """A topic that a load needs is not there; the text says which and what to do."""


@dataclass(slots=True)
class Published:
    """The newest release (0 before the first), values by topic and id, and the last event sent per authorization.

    `of_doors`: ids by topic of the records that a change over HTTP created.
    """

    release: int
    values: dict[str, dict[str, bytes]]
    sent: dict[str, str]
    of_doors: dict[str, set[str]]


def read_published(kafka: KafkaSettings, codec: Codec, authorizations: bool) -> Published:
    """Read the topics to their end. Raises TopicsMissingError, and KafkaException when the broker is away.

    `authorizations`: whether to read those too; their topic grows with every authorization there ever was.
    """
    found = Published(0, {topic: {} for topic in RECORD_TYPES}, {}, {})
    newest: dict[str, dict[str, int]] = {topic: {} for topic in RECORD_TYPES}
    first: dict[str, dict[str, int]] = {topic: {} for topic in RECORD_TYPES}
    door_releases: set[int] = set()
    consumer = Consumer(reader_config(kafka, "claims.reference-load"))
    try:
        wanted = [topic for topic in NEEDED if authorizations or topic != topics.AUTHORIZATION_EVENTS]
        partitions = _partitions(consumer, wanted)
        for message in _to_the_end(consumer, partitions):
            topic = message.topic()
            if topic == topics.AUTHORIZATION_EVENTS:
                _note_sent(codec, message.value(), found.sent)
                continue
            record_id, _, number = message.key().decode().rpartition("|")
            if topic == topics.REFERENCE_RELEASES:
                found.release = max(found.release, int(number))
                if codec.decode(ReferenceRelease, message.value()).source == CHANGES_SOURCE:
                    door_releases.add(int(number))
                continue
            first[topic][record_id] = min(int(number), first[topic].get(record_id, int(number)))
            if int(number) >= newest[topic].get(record_id, 0):
                newest[topic][record_id] = int(number)
                found.values[topic][record_id] = message.value()
    finally:
        consumer.close()
    for topic, firsts in first.items():
        found.of_doors[topic] = {record_id for record_id, number in firsts.items() if number in door_releases}
    return found


def read_releases(kafka: KafkaSettings) -> list[ReferenceRelease]:
    """All releases in order. Raises TopicsMissingError, and KafkaException when the broker is away."""
    codec = Codec(for_settings(kafka))
    consumer = Consumer(reader_config(kafka, "claims.reference-load"))
    try:
        partitions = _partitions(consumer, (topics.REFERENCE_RELEASES,))
        found = [codec.decode(ReferenceRelease, message.value()) for message in _to_the_end(consumer, partitions)]
    finally:
        consumer.close()
    return sorted(found, key=lambda release: release.release)


def unchanged(record: Record, encoded: bytes, published: bytes, codec: Codec) -> bool:
    """Whether `record`, encoded, says what was published, whatever releases the two are of."""
    if encoded[:HEADER_BYTES] == published[:HEADER_BYTES]:
        return _after_release(encoded) == _after_release(published)
    known = codec.decode(type(record), published)
    return replace(known, release=record.release) == record


def _after_release(value: bytes) -> bytes:
    """What follows the first field, which is the release of every reference record: a number of 1 to 5 bytes."""
    place = HEADER_BYTES
    while value[place] & _CONTINUED:
        place += 1
    return value[place + 1 :]


def _partitions(consumer: Consumer, wanted: Sequence[str]) -> list[TopicPartition]:
    known = consumer.list_topics(timeout=METADATA_SECONDS).topics
    missing = [topic for topic in wanted if topic not in known]
    if missing:
        raise TopicsMissingError(f"no topic {', '.join(missing)} on the broker; run `claims topics create`")
    return [TopicPartition(topic, number, 0) for topic in wanted for number in known[topic].partitions]


def _to_the_end(consumer: Consumer, partitions: list[TopicPartition]) -> Iterator[Any]:
    consumer.assign(partitions)
    ended: set[tuple[str | None, int | None]] = set()
    while len(ended) < len(partitions):
        for message in consumer.consume(RECORDS_A_READ, READ_WAIT_SECONDS):
            error = message.error()
            if error is None:
                if message.value() is not None:
                    yield message
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add((message.topic(), message.partition()))
            elif error.fatal() or error.code() == KafkaError._ALL_BROKERS_DOWN:
                raise KafkaException(error)


def _note_sent(codec: Codec, value: bytes, sent: dict[str, str]) -> None:
    """Keep the id of an event that a row of a folder made; what other systems sent is theirs to change."""
    try:
        event = codec.decode(AuthorizationEvent, value)
    except ValueError:
        return  # Not ours to judge: validate sets a bad record aside.
    if event.event_id == event_id_of(event):
        sent[event.authorization_number] = event.event_id
