"""Fences and transactions on a real broker: a zombie cannot write, what it began is never seen, state follows."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from config.settings import KafkaSettings
from schemas import topics
from streams import admin
from streams.changelog import load_tail
from streams.records import Output
from streams.rocks import RocksStore, shared_cache
from streams.topology import BY_NAME
from streams.transactions import FencedError, Transactions
from tests.faults.workers import read_all

pytestmark = pytest.mark.integration
CHANGELOG = BY_NAME["price"].changelog
PARTITION = 1


@pytest.fixture
def kafka(services: SimpleNamespace) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
    admin.create(settings)
    return settings


def opened(kafka: KafkaSettings, name: str) -> Transactions:
    return Transactions(kafka, f"tests.{name}", CHANGELOG, PARTITION, 60)


def outputs(kafka: KafkaSettings, key: bytes) -> list[bytes | None]:
    records = read_all(kafka, topics.CLAIMS_EVENTS)
    return [record.value for partition in records.values() for record in partition if record.key == key]


def test_a_zombie_is_fenced_and_what_it_sent_is_not_seen(kafka: KafkaSettings) -> None:
    zombie = opened(kafka, "zombie")
    output = Output(topics.CLAIMS_EVENTS, b"zombie", b"before")
    zombie.commit([output], [(b"tz1", b"1")])
    owner = opened(kafka, "zombie")
    with pytest.raises(FencedError):
        zombie.commit([Output(topics.CLAIMS_EVENTS, b"zombie", b"after")], [(b"tz1", b"2")])
    owner.commit([Output(topics.CLAIMS_EVENTS, b"zombie", b"owner")], [(b"tz2", b"3")])
    assert outputs(kafka, b"zombie") == [b"before", b"owner"]


def test_a_store_is_loaded_from_its_changelog(kafka: KafkaSettings, tmp_path: Path) -> None:
    session = opened(kafka, "changelog")
    session.commit([], [(b"tc1", b"1"), (b"tc2", b"2")])
    store = RocksStore(tmp_path / "store", shared_cache(1))
    assert load_tail(kafka, CHANGELOG, PARTITION, store) >= 2
    after_first = store.changelog_offset()
    session.commit([], [(b"tc1", None), (b"tc3", b"3")])
    assert load_tail(kafka, CHANGELOG, PARTITION, store) == 2, "only the tail is read"
    assert (store.get(b"tc1"), store.get(b"tc2"), store.get(b"tc3")) == (None, b"2", b"3")
    assert store.changelog_offset() > after_first
    store.close()


def test_the_offset_that_a_commit_returns_is_where_the_next_tail_begins(kafka: KafkaSettings, tmp_path: Path) -> None:
    session = opened(kafka, "position")
    store = RocksStore(tmp_path / "store", shared_cache(1))
    load_tail(kafka, CHANGELOG, PARTITION, store)
    offset = session.commit([], [(b"tp1", b"1")])
    store.write([(b"tp1", b"1")], offset)
    assert load_tail(kafka, CHANGELOG, PARTITION, store) == 0
    store.close()


def test_a_store_ahead_of_a_new_changelog_is_reset(kafka: KafkaSettings, tmp_path: Path) -> None:
    store = RocksStore(tmp_path / "store", shared_cache(1))
    store.write([(b"old", b"1")], 10**9)
    load_tail(kafka, CHANGELOG, PARTITION, store)
    assert store.get(b"old") is None
    store.close()
