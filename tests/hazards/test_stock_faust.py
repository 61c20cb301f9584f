"""What faust as documented does to records. Not a fault of ours to mend: the reasons why the runtime exists.

A test that fails here means that faust has changed: read docs/decisions/0001-why-faust.md again before you celebrate.
"""

import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from deploy.local.services import Services
from streams.partitioning import partition_of

APP = Path(__file__).with_name("stock_app.py")
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A broker of its own: beside what hundreds of tests left on the shared one, stock faust took over a minute."""
    with Services(tmp_path_factory.mktemp("hazards"), postgres=False, announce=lambda line: None) as started:
        yield SimpleNamespace(kafka_bootstrap=started.kafka_bootstrap)


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


def topic_with(broker: str, topic: str, values: list[bytes]) -> None:
    admin = AdminClient({"bootstrap.servers": broker})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result()
    producer = Producer({"bootstrap.servers": broker})
    for value in values:
        producer.produce(topic, value)
    producer.flush()


def committed(broker: str, group: str, topic: str) -> int:
    consumer = Consumer({"bootstrap.servers": broker, "group.id": group})
    try:
        (position,) = consumer.committed([TopicPartition(topic, 0)], timeout=10)
        return int(position.offset)
    except KafkaException:
        return -1  # the coordinator of a new group is still being found
    finally:
        consumer.close()


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


@pytest.mark.integration
def test_an_exception_in_an_agent_loses_the_record(services: SimpleNamespace, tmp_path: Path) -> None:
    broker, seen = services.kafka_bootstrap, tmp_path / "seen"
    topic_with(broker, "hazard.lose", [b"one", b"bad", b"three"])
    process = subprocess.Popen(
        [sys.executable, str(APP), "lose", broker, str(seen)], stderr=subprocess.DEVNULL, cwd=tmp_path
    )
    try:
        wait_for(lambda: committed(broker, "hazard.lose", "hazard.lose") == 3)
    finally:
        process.kill()
        process.wait()
    assert lines(seen) == ["one", "three"], "the bad record is gone, and its offset is committed"


@pytest.mark.integration
def test_a_table_counts_twice_after_a_kill(services: SimpleNamespace, tmp_path: Path) -> None:
    broker, seen = services.kafka_bootstrap, tmp_path / "seen"
    topic_with(broker, "hazard.count", [b"x"] * 10)
    command = [sys.executable, str(APP), "count", broker, str(seen)]
    first = subprocess.run(
        [*command, "die"], stderr=subprocess.DEVNULL, check=False, timeout=PATIENCE_SECONDS, cwd=tmp_path
    )
    assert first.returncode == 9
    second = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=tmp_path)
    try:
        wait_for(lambda: len(lines(seen)) == 20)
    finally:
        second.kill()
        second.wait()
    assert lines(seen)[-1] == "20", "ten records were counted twenty times"


def test_librdkafka_and_faust_put_a_key_on_different_partitions() -> None:
    keys = [f"coverage-{n}".encode() for n in range(100)]
    # librdkafka's default partitioner ("consistent_random") is CRC32; Java, aiokafka and faust use murmur2.
    moved = [key for key in keys if zlib.crc32(key) % 4 != partition_of(key, 4)]
    assert len(moved) > 50, "every confluent producer must be told: partitioner=murmur2_random"


def test_round_robin_splits_one_partition_of_two_topics_over_workers() -> None:
    topics = {"claims.submitted": {0, 1, 2}, "authorization.events": {0, 1, 2}}
    cluster = SimpleNamespace(partitions_for_topic=topics.get)
    members = {name: RoundRobinPartitionAssignor.metadata(set(topics)) for name in ("worker-1", "worker-2")}
    assigned = RoundRobinPartitionAssignor.assign(cluster, members)
    owners = {
        (topic, partition): member
        for member, assignment in assigned.items()
        for topic, partitions in assignment.assignment
        for partition in partitions
    }
    split = [p for p in (0, 1, 2) if owners["claims.submitted", p] != owners["authorization.events", p]]
    assert split, "the state of a partition would live in two workers"
