"""Loads on a real broker: numbered releases, changes only, all or nothing."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from confluent_kafka import Consumer, KafkaError, TopicPartition

from agents.reference_store import ReferenceStore
from cli.errors import UserError
from cli.reference import load_folder, sample_folder
from config.clients import reader_config
from config.settings import KafkaSettings, Settings, WorkerSettings
from schemas import topics
from schemas.codec import Codec
from schemas.dates import parse_day
from schemas.events import AuthorizationEvent
from sources.reference.published import NEEDED, read_releases
from streams import admin

pytestmark = pytest.mark.integration
DAY = parse_day("2026-03-02")


def quiet(line: str) -> None:
    """Say nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample to change."""
    copied = tmp_path / "payers"
    shutil.copytree(sample_folder(), copied)
    return copied


@pytest.fixture
def settings(services: SimpleNamespace) -> Iterator[Settings]:
    """A broker that holds the sample, whatever it held before; it holds it again afterwards."""
    kafka = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
    there = admin.existing(kafka).get(topics.AUTHORIZATION_EVENTS)
    kafka = kafka.model_copy(update={"partitions": there or kafka.partitions})
    admin.create(kafka)
    made = Settings(kafka=kafka, worker=WorkerSettings(group_prefix=f"reference-{uuid.uuid4().hex[:8]}"))
    load_folder(sample_folder(), made, quiet)
    yield made
    load_folder(sample_folder(), made, quiet)


@pytest.fixture
def base(settings: Settings) -> int:
    """The newest release before the test."""
    return read_releases(settings.kafka)[-1].release


def read(settings: Settings, topic: str) -> list[tuple[str, bytes]]:
    """Everything committed on the topic, as key and value."""
    consumer = Consumer(reader_config(settings.kafka, "test"))
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
    found: list[tuple[str, bytes]] = []
    ended: set[int | None] = set()
    while len(ended) < len(partitions):
        for message in consumer.consume(1_000, 0.1):
            error = message.error()
            if error is None:
                key, value = message.key(), message.value()
                assert key is not None
                assert value is not None
                found.append((key.decode(), value))
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
    consumer.close()
    return found


def store_of(settings: Settings) -> ReferenceStore:
    """The store of a worker that has read everything."""
    store = ReferenceStore(Codec())
    for topic in NEEDED:
        if topic != topics.AUTHORIZATION_EVENTS:
            for key, value in read(settings, topic):
                store.add(topic, key, value)
    return store


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace text that stands in a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_sample_is_in_the_store_of_a_worker(settings: Settings) -> None:
    """Releases count from 1 without gaps, and each is complete."""
    releases = [release.release for release in read_releases(settings.kafka)]
    assert releases == list(range(1, len(releases) + 1))
    store = store_of(settings)
    assert store.latest() == releases[-1]
    view = store.at(releases[-1])
    assert view is not None
    member = view.member_by("member_number", "NUS0000001")
    assert member is not None
    assert member.member_id == "NUSA-0001"
    plan = view.plan("NUSA-GOLD", DAY)
    assert plan is not None
    assert plan.release <= releases[-1]


def test_a_change_is_a_release_of_its_own_and_the_old_one_stays_readable(
    settings: Settings, folder: Path, base: int
) -> None:
    """One fee changed: the new release has one record, and the one before still has the old fee."""
    change(folder, "fees.csv", "LAB-URINE,,IDR,60000", "LAB-URINE,,IDR,65000")
    result = load_folder(folder, settings, quiet)
    assert (result.release, result.published, result.authorizations) == (base + 1, {topics.REFERENCE_FEES: 1}, 0)
    assert read_releases(settings.kafka)[-1].counts == {topics.REFERENCE_FEES: 1}
    store = store_of(settings)
    assert store.latest() == base + 1
    amounts = []
    for release in (base, base + 1):
        view = store.at(release)
        assert view is not None
        fee = view.fee("NUSA-FEES", "LOCAL", "LAB-URINE", (), DAY)
        assert fee is not None
        amounts.append(fee.amount)
    assert amounts == [60_000, 65_000]


def test_the_same_data_again_is_no_release(settings: Settings, folder: Path, base: int) -> None:
    """Loading is safe to repeat."""
    lines: list[str] = []
    again = load_folder(folder, settings, lines.append)
    assert (again.release, again.changed, again.authorizations) == (base, False, 0)
    assert lines[-1] == "nothing changed"
    assert read_releases(settings.kafka)[-1].release == base


def test_a_bad_folder_publishes_nothing(settings: Settings, folder: Path) -> None:
    """Not even its good records."""
    before = [len(read(settings, topic)) for topic in NEEDED]
    change(folder, "fees.csv", "LAB-URINE,,IDR,60000", "LAB-URINE,,IDR,65000")
    change(folder, "coverages.csv", "NUSA-0001,NUSA-F01,NUSA-GOLD", "NUSA-0001,NUSA-F01,NUSA-TIN")
    with pytest.raises(UserError, match="plan_id: NUSA-TIN is not in plans"):
        load_folder(folder, settings, quiet)
    assert [len(read(settings, topic)) for topic in NEEDED] == before


def test_a_record_that_left_the_folder_is_taken_away(settings: Settings, folder: Path, base: int) -> None:
    """Its identifier may go to another member in the same release; coming back is a change again."""
    for file in ("members.csv", "coverages.csv"):
        rows = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / file).write_text("".join(row for row in rows if not row.startswith("NUSA-0021,")), encoding="utf-8")
    change(folder, "members.csv", "NUS0000010", "NUS0000021")
    result = load_folder(folder, settings, quiet)
    assert (result.published, result.removed) == ({topics.REFERENCE_MEMBERS: 2}, 1)
    view = store_of(settings).at(base + 1)
    assert view is not None
    assert view.member("NUSA-0021") is None
    moved = view.member_by("member_number", "NUS0000021")
    assert moved is not None
    assert moved.member_id == "NUSA-0010"
    assert load_folder(folder, settings, quiet).changed is False

    back = load_folder(sample_folder(), settings, quiet)
    assert (back.published, back.removed) == ({topics.REFERENCE_MEMBERS: 2}, 0)
    view = store_of(settings).at(base + 2)
    assert view is not None
    assert view.member("NUSA-0021") is not None


def test_authorizations_are_sent_when_they_change_and_only_then(settings: Settings, folder: Path, base: int) -> None:
    """Keyed by member; a change back is a change, and no release is made for them."""
    change(folder, "authorizations.csv", "PA-2026-0001,ACME-0001,GENERAL-HOSPITAL", "PA-2026-0001,ACME-0001,")
    result = load_folder(folder, settings, quiet)
    assert (result.release, result.changed, result.authorizations) == (base, False, 1)
    assert load_folder(sample_folder(), settings, quiet).authorizations == 1
    assert load_folder(sample_folder(), settings, quiet).authorizations == 0
    codec = Codec()
    values = read(settings, topics.AUTHORIZATION_EVENTS)
    sent = [(key, codec.decode(AuthorizationEvent, value)) for key, value in values]
    assert all(key == event.member_id for key, event in sent)
    providers = [event.provider_id for _, event in sent if event.authorization_number == "PA-2026-0001"]
    assert providers[-3:] == ["GENERAL-HOSPITAL", None, "GENERAL-HOSPITAL"]


def test_the_second_of_two_loads_at_a_time_takes_over(settings: Settings, folder: Path, base: int) -> None:
    """The first is refused and leaves nothing; it says so."""
    change(folder, "fees.csv", "LAB-URINE,,IDR,60000", "LAB-URINE,,IDR,65000")

    def interrupted(line: str) -> None:
        if line.startswith("publishing"):
            load_folder(sample_folder(), settings, quiet)

    with pytest.raises(UserError, match="another load of reference data began meanwhile and took over"):
        load_folder(folder, settings, interrupted)
    assert read_releases(settings.kafka)[-1].release == base


def test_missing_topics_are_named(settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that creates them."""
    monkeypatch.setattr("sources.reference.published.NEEDED", (*NEEDED, "reference.nowhere"))
    with pytest.raises(UserError, match=r"no topic reference\.nowhere on the broker; run `claims topics create`"):
        load_folder(folder, settings, quiet)
