"""Reading the chain's topics back: every record to the end, and words where the history is not whole."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from config.settings import KafkaSettings
from schemas import topics
from schemas.codec import Codec
from schemas.reference import ReferenceRelease
from streams import history
from streams.history import History, HistoryError
from streams.partitioning import partition_of

PARTITIONS = 2


class FakeMessage:
    """A record, or the end of a partition."""

    def __init__(self, key: bytes | None = None, value: bytes | None = None, error: Any = None) -> None:
        self._key, self._value, self._error = key, value, error

    def key(self) -> bytes | None:
        return self._key

    def value(self) -> bytes | None:
        return self._value

    def error(self) -> Any:
        return self._error


class FakeConsumer:
    """Partitions in memory: what was given for each, then its end."""

    records: ClassVar[dict[tuple[str, int], Sequence[FakeMessage]]] = {}
    low = 0
    silent = False

    def __init__(self, config: dict[str, Any]) -> None:
        assert config["isolation.level"] == "read_committed"
        assert config["enable.auto.commit"] is False
        self._waiting: list[FakeMessage] = []

    def list_topics(self, timeout: float) -> Any:
        names = {topic for topic, _ in self.records}
        return SimpleNamespace(topics={name: SimpleNamespace(partitions=dict.fromkeys(range(2))) for name in names})

    def get_watermark_offsets(self, place: TopicPartition, timeout: float) -> tuple[int, int]:
        return self.low, len(self.records.get((place.topic, place.partition), ()))

    def assign(self, places: list[TopicPartition]) -> None:
        (place,) = places
        end = FakeMessage(error=KafkaError(KafkaError._PARTITION_EOF))
        self._waiting = [*self.records.get((place.topic, place.partition), ()), end]

    def consume(self, most: int, seconds: float) -> list[FakeMessage]:
        given, self._waiting = ([], []) if self.silent else (self._waiting[:1], self._waiting[1:])
        return given

    def close(self) -> None:
        self._waiting = []


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setattr(history, "Consumer", FakeConsumer)
    monkeypatch.setattr(FakeConsumer, "records", {(topics.CLAIMS_VALIDATED, 0): [], (topics.CLAIMS_VALIDATED, 1): []})
    return History(KafkaSettings(bootstrap_servers="nowhere:1"))


def test_a_coverage_is_read_from_its_partition(reader: History, monkeypatch: pytest.MonkeyPatch) -> None:
    home = partition_of(b"FAM", PARTITIONS)
    mine = [FakeMessage(b"FAM", b"1"), FakeMessage(b"OTHER", b"2"), FakeMessage(b"FAM", b"3")]
    elsewhere = [FakeMessage(b"FAM", b"never")]
    records = {(topics.CLAIMS_VALIDATED, home): mine, (topics.CLAIMS_VALIDATED, 1 - home): elsewhere}
    monkeypatch.setattr(FakeConsumer, "records", records)
    assert [record.value for record in reader.of_coverage(topics.CLAIMS_VALIDATED, "FAM")] == [b"1", b"3"]
    assert [record.key for record in reader.records(topics.CLAIMS_VALIDATED, home)] == ["FAM", "OTHER", "FAM"]


def test_no_topic(reader: History) -> None:
    with pytest.raises(HistoryError, match=r"no topic claims\.decided on the broker; run `claims topics create`"):
        reader.decisions_naming("x")


def test_first_records_that_are_gone(reader: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeConsumer, "low", 5)
    with pytest.raises(HistoryError, match=r"the first 5 records of claims\.validated\[0\] are gone"):
        list(reader.records(topics.CLAIMS_VALIDATED, 0))


def test_a_broker_that_says_nothing(reader: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeConsumer, "silent", True)
    monkeypatch.setattr(history, "SILENCE_SECONDS_MAX", 0.01)
    with pytest.raises(HistoryError, match="has said nothing"):
        list(reader.records(topics.CLAIMS_VALIDATED, 0))


def test_a_fatal_error_ends_it_and_a_passing_one_does_not(reader: History, monkeypatch: pytest.MonkeyPatch) -> None:
    passing = FakeMessage(error=KafkaError(KafkaError._TRANSPORT))
    fatal = FakeMessage(error=KafkaError(KafkaError._FATAL, "fatal", fatal=True))
    place = (topics.CLAIMS_VALIDATED, 0)
    monkeypatch.setattr(FakeConsumer, "records", {place: [passing, FakeMessage(b"FAM", b"1")]})
    assert len(list(reader.records(*place))) == 1
    monkeypatch.setattr(FakeConsumer, "records", {place: [fatal]})
    with pytest.raises(KafkaException):
        list(reader.records(*place))


def test_the_newest_release(reader: History, monkeypatch: pytest.MonkeyPatch) -> None:
    place = (topics.REFERENCE_RELEASES, 0)
    monkeypatch.setattr(FakeConsumer, "records", {place: []})
    with pytest.raises(HistoryError, match="no reference data"):
        reader.newest_release()
    said = [FakeMessage(b"k", Codec().encode(ReferenceRelease(n, 0, "test", {}))) for n in (1, 3, 2)]
    monkeypatch.setattr(FakeConsumer, "records", {place: [*said, FakeMessage(b"k", None)]})
    assert reader.newest_release() == 3
    reader.close()
