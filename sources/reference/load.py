"""Loads a folder of reference data: what changed goes to the topics as one numbered release, in one transaction.

A reader sees all of a release or none of it, and a loader that dies half way leaves nothing. Two loads at a time are
kept apart by the broker: the second takes the transactional id over and the first is refused. The same data again
makes no release.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from confluent_kafka import KafkaException, Producer

from config.clients import producer_config
from config.limits import RECORD_BYTES_MAX
from config.settings import Settings
from schemas import topics
from schemas.codec import Codec
from schemas.events import AuthorizationEvent
from schemas.reference import ReferenceRelease
from schemas.registry import for_settings
from sources.reference.authorizations import unsent
from sources.reference.folder import Record, ReferenceFolder, read_folder
from sources.reference.published import RECORD_TYPES, Published, read_published, unchanged

TRANSACTION_SECONDS = 300
INITIALIZE_SECONDS = 30
COMMIT_SECONDS = 120
FENCED = frozenset({"_FENCED", "INVALID_PRODUCER_EPOCH", "PRODUCER_FENCED"})

Announce = Callable[[str], None]
# Topic, key and value of a record to publish.
Keyed = tuple[str, str, bytes]
Headers = list[tuple[str, str | bytes | None]]


class LoadError(RuntimeError):
    """The broker did not confirm a release: readers see all of it or nothing. The text says what to do."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: the newest release after it, records published by topic, authorizations sent.

    `removed`: how many of the records published take one away.
    """

    release: int
    published: Mapping[str, int]
    authorizations: int
    removed: int = 0

    @property
    def changed(self) -> bool:
        """Whether this load made a release."""
        return bool(self.published)


def load(folder: Path, settings: Settings, announce: Announce) -> LoadResult:
    """Bring the topics to what the folder says.

    `announce` receives a line for each step. Raises ReferenceDataError (bad data), TopicsMissingError, LoadError.
    """
    wanted = read_folder(folder)
    announce(f"{wanted.name}: {_counted(wanted.counts)}")
    codec = Codec(for_settings(settings.kafka))
    try:
        # Before reading: it ends what an earlier loader of this id left open, which would hide what follows.
        producer = _producer(settings)
        published = read_published(settings.kafka, codec, authorizations=bool(wanted.authorizations))
        announce(f"the topics hold release {published.release}" if published.release else "the topics are empty")
        return _publish(producer, wanted, published, codec, announce)
    except KafkaException as error:
        raise LoadError(_explained(error)) from error


def _publish(
    producer: Producer, wanted: ReferenceFolder, published: Published, codec: Codec, announce: Announce
) -> LoadResult:
    at = time.time_ns() // 1_000_000
    release = published.release + 1
    removed = _removed(wanted, published, release, codec)
    # First what goes, then what comes: an identifier may move from one record to another that way.
    records = removed + _changed(wanted, published, release, codec)
    counts = {topic: sum(1 for record in records if record[0] == topic) for topic in RECORD_TYPES}
    counts = {topic: count for topic, count in counts.items() if count}
    events = [replace(event, at=at) for event in unsent(wanted.authorizations, published.sent)]
    if not records and not events:
        announce("nothing changed")
        return LoadResult(published.release, {}, 0)
    everything = list(records)
    if records:
        released = ReferenceRelease(release, at, wanted.name, counts)
        everything.append((topics.REFERENCE_RELEASES, str(release), codec.encode(released)))
    everything.extend(_keyed(event, codec) for event in events)
    announce(f"publishing {len(records):,} records ({len(removed):,} taken away), {len(events):,} authorizations")
    current = release if records else published.release
    _send(producer, everything, current)
    return LoadResult(current, counts, len(events), len(removed))


def _removed(wanted: ReferenceFolder, published: Published, release: int, codec: Codec) -> list[Keyed]:
    """Records that are there and no longer in the folder."""
    removed: list[Keyed] = []
    for topic, records in wanted.records.items():
        for record_id, value in published.values[topic].items():
            if record_id in records:
                continue
            known: Record = codec.decode(RECORD_TYPES[topic], value)
            if not known.removed:
                gone = codec.encode(replace(known, release=release, removed=True))
                removed.append((topic, f"{record_id}|{release}", gone))
    return removed


def _changed(wanted: ReferenceFolder, published: Published, release: int, codec: Codec) -> list[Keyed]:
    """Records of the folder that are new, or other than what is there."""
    changed: list[Keyed] = []
    for topic, records in wanted.records.items():
        there = published.values[topic]
        for record_id, record in records.items():
            new = replace(record, release=release)
            encoded, known = codec.encode(new), there.get(record_id)
            if known is None or not unchanged(new, encoded, known, codec):
                changed.append((topic, f"{record_id}|{release}", encoded))
    return changed


def _producer(settings: Settings) -> Producer:
    producer = Producer(
        producer_config(settings.kafka)
        | {
            "transactional.id": f"{settings.worker.group_prefix}.reference-load",
            "transaction.timeout.ms": TRANSACTION_SECONDS * 1000,
        }
    )
    producer.init_transactions(INITIALIZE_SECONDS)
    return producer


def _send(producer: Producer, everything: list[Keyed], release: int) -> None:
    # An authorization of a new member must not be read before the member is.
    headers: dict[str, Headers] = {topics.AUTHORIZATION_EVENTS: [(topics.RELEASE_HEADER, str(release).encode())]}
    producer.begin_transaction()
    try:
        for topic, key, value in everything:
            if len(value) > RECORD_BYTES_MAX:
                raise LoadError(f"{topic}: the record {key} has {len(value)} bytes, at most {RECORD_BYTES_MAX}")
            _produce(producer, topic, key, value, headers.get(topic, []))
        producer.commit_transaction(COMMIT_SECONDS)
    except BaseException:
        _abort(producer)
        raise


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


def _keyed(event: AuthorizationEvent, codec: Codec) -> Keyed:
    return topics.AUTHORIZATION_EVENTS, event.member_id, codec.encode(event)


def _explained(error: KafkaException) -> str:
    cause = error.args[0]
    if cause.name() in FENCED:
        return "another load of reference data began meanwhile and took over; wait for it, then load again"
    return f"the load did not come to its end: {cause.str()} ({cause.name()}); load again, only what lacks is published"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {topic.rpartition('.')[2]}" for topic, count in counts.items())
