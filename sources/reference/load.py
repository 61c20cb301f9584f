"""Loads a folder of reference data: what changed goes to the topics as one numbered release, in one transaction.

A reader sees all of a release or none of it, and a loader that dies half way leaves nothing. Two loads at a time are
kept apart by the broker: the second takes the transactional id over and the first is refused. The same data again
makes no release. What was created over HTTP (sources/reference/changes.py) is not a folder's to take away.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from confluent_kafka import KafkaException, Producer

from config.settings import Settings
from schemas import topics
from schemas.codec import Codec
from schemas.events import AuthorizationEvent
from schemas.reference import Member, Provider, ReferenceRelease
from schemas.reference_changes import PersonRecord
from schemas.registry import for_settings
from sources.reference.authorizations import unsent
from sources.reference.folder import Record, ReferenceFolder, read_folder
from sources.reference.published import RECORD_TYPES, Published, read_published, unchanged
from sources.reference.release import Keyed, LoadError, releasing_producer, send, was_taken_over

Announce = Callable[[str], None]


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
        producer = releasing_producer(settings)
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
    # An authorization of a new member must not be read before the member is.
    send(producer, everything, {topics.AUTHORIZATION_EVENTS: [(topics.RELEASE_HEADER, str(current).encode())]})
    return LoadResult(current, counts, len(events), len(removed))


def _removed(wanted: ReferenceFolder, published: Published, release: int, codec: Codec) -> list[Keyed]:
    """Records that are there and no longer in the folder."""
    removed: list[Keyed] = []
    for topic, records in wanted.records.items():
        for record_id, value in published.values[topic].items():
            # What came over HTTP was never of a folder: it is not missing there.
            if record_id in records or record_id in published.of_doors[topic]:
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
            if known is not None and unchanged(new, encoded, known, codec):
                continue
            if known is not None and isinstance(new, Member | Provider):
                new = _with_what_no_folder_says(new, codec.decode(type(new), known))
                encoded = codec.encode(new)
                if unchanged(new, encoded, known, codec):
                    continue
            changed.append((topic, f"{record_id}|{release}", encoded))
    return changed


def _with_what_no_folder_says(record: PersonRecord, known: PersonRecord) -> PersonRecord:
    """The record with how the person is reached and paid, which comes over HTTP only."""
    return replace(record, contact=known.contact, account=known.account)


def _keyed(event: AuthorizationEvent, codec: Codec) -> Keyed:
    return topics.AUTHORIZATION_EVENTS, event.member_id, codec.encode(event)


def _explained(error: KafkaException) -> str:
    cause = error.args[0]
    if was_taken_over(error):
        return (
            "another load of reference data began meanwhile and took over, or a change over HTTP did; "
            "wait for it, then load again"
        )
    return f"the load did not come to its end: {cause.str()} ({cause.name()}); load again, only what lacks is published"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {topic.rpartition('.')[2]}" for topic, count in counts.items())
