"""The promise of the engine, kept while its workers are killed, frozen and robbed of their disks.

20,000 records at 500 a second on real Kafka, families with five in flight, two workers: claims, voids and replacements
at once, much later and before their original, duplicates, claims that wait for an authorization, commands of persons.
A fault every few seconds: 20 times kill -9 of one of the two, some of them with the loss of its state folder; a worker
that dies between the commit of a transaction and the write of its state; a zombie that wakes up after its partitions
moved.
"""

import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from config.settings import KafkaSettings
from deploy.local.services import Services
from schemas import topics
from streams import admin
from streams.topology import BY_NAME
from tests.faults.load import Feeder, Sent, lives, publish_reference
from tests.faults.oracle import assert_promise, lost_or_twice
from tests.faults.workers import SESSION_TIMEOUT_SECONDS, Worker, read_all

RECORDS = 20_000
RATE = 500.0
KILLS = 20
SECONDS_BETWEEN_KILLS = 3.0
PATIENCE_SECONDS = 120.0


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[KafkaSettings]:
    """A broker of its own: the other tests share theirs."""
    with Services(tmp_path / "services", postgres=False, announce=lambda line: None) as services:
        settings = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
        admin.create(settings)
        publish_reference(settings)
        yield settings


def wait_for_decisions(kafka: KafkaSettings, load: Sequence[Sent], workers: Sequence[Worker]) -> None:
    """Until every claim has an answer, and nothing more is decided for longer than a partition may be without owner."""
    until = time.monotonic() + PATIENCE_SECONDS
    last, since = -1, time.monotonic()
    while time.monotonic() - since < SESSION_TIMEOUT_SECONDS + 4:
        assert any(worker.is_alive for worker in workers), [worker.last_words for worker in workers]
        assert time.monotonic() < until, "claims are missing"
        time.sleep(1.0)
        decided = read_all(kafka, topics.CLAIMS_DECIDED)
        count = sum(len(records) for records in decided.values())
        if count != last:
            last, since = count, time.monotonic()
        elif lost_or_twice(load, decided, read_all(kafka, topics.CLAIMS_REJECTED))[0]:
            since = time.monotonic()


def kill_by_turns(workers: list[Worker]) -> None:
    """20 kills; every fifth loses the state folder, every seventh victim starts as one that will die by itself."""
    for number in range(KILLS):
        time.sleep(SECONDS_BETWEEN_KILLS)
        victim = workers[number % 2]
        victim.kill(lose_state=number % 5 == 4)
        victim.start(dies_at_write=30 if number % 7 == 6 else None)


def freeze_and_wake(zombie: Worker) -> None:
    """Longer than the group waits for it: its partitions move, then it wakes up with a transaction in its hands."""
    zombie.signal(signal.SIGSTOP)
    time.sleep(SESSION_TIMEOUT_SECONDS + 4)
    zombie.signal(signal.SIGCONT)


@pytest.mark.faults
@pytest.mark.integration
@pytest.mark.timeout(400)
def test_nothing_lost_nothing_twice(kafka: KafkaSettings, tmp_path: Path) -> None:
    workers = [Worker("one", kafka, tmp_path), Worker("two", kafka, tmp_path)]
    load = lives(RECORDS)
    for worker in workers:
        worker.start()
    feeder = Feeder(kafka, load, RATE)
    feeder.start()
    try:
        kill_by_turns(workers)
        freeze_and_wake(workers[0])
        for worker in workers:
            assert worker.process is not None
            if worker.process.poll() is not None:
                worker.start()
        feeder.join(PATIENCE_SECONDS)
        assert feeder.confirmed == RECORDS
        wait_for_decisions(kafka, load, workers)
        codes = [worker.stop() for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    assert 0 in codes
    assert_promise(
        load,
        read_all(kafka, topics.CLAIMS_VALIDATED),
        read_all(kafka, topics.CLAIMS_DECIDED),
        read_all(kafka, BY_NAME["price"].changelog),
        read_all(kafka, topics.CLAIMS_REJECTED),
    )
