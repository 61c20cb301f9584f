"""Services that go away and come back, and how a sink process ends. On services of its own: it kills them."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import Producer

from config.clients import producer_config
from config.settings import Settings
from deploy.local.services import Services
from schemas.topics import CLAIMS_DECIDED
from sinks.migrate import migrate_blocking
from sinks.verify import verify_blocking
from tests.sinks import records
from tests.sinks.live import own_database, running, send, settings_of, sql

pytestmark = [pytest.mark.integration, pytest.mark.faults]
ROOT = Path(__file__).parents[2]
SINK = [sys.executable, "-c", "import typer; from cli.sink import sink; typer.run(sink)"]
FIRST = random.randrange(10**6, 10**8)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Kafka and Postgres that this module may kill."""
    with Services(tmp_path_factory.mktemp("own"), announce=lambda line: None) as services:
        yield services


@pytest.fixture
def settings(own: Services) -> Iterator[Settings]:
    """All topics, and a database with all tables."""
    with own_database(own.database_url) as url:
        migrate_blocking(url)
        yield settings_of(own.kafka_bootstrap, url)


def send_many(settings: Settings, first: int, chunks: int) -> None:
    """Chunks of 200 claims with their events, one after the other."""
    for chunk in range(chunks):
        decided = [records.decision(first + 200 * chunk + number) for number in range(200)]
        told = [event for one in decided for event in records.events(one)]
        send(settings, [*decided, *told, records.rejection(first + 200 * chunk), decided[0]])


def test_postgres_goes_away_and_nothing_is_lost(own: Services, settings: Settings) -> None:
    sender = threading.Thread(target=send_many, args=(settings, FIRST, 15))
    with running(settings) as sink:
        sender.start()
        for _ in range(3):
            time.sleep(1.0)
            own.postgres.kill()
            time.sleep(0.5)
            own.postgres.start()
        sender.join()
        sink.settle()
        assert sink.error is None
    report = verify_blocking(settings, wait_seconds=10)
    assert report.ok, report
    assert report.counts["claims"] == 3_000


def test_a_broker_that_comes_back_is_read_again(own: Services, settings: Settings) -> None:
    with running(settings) as sink:
        sink.settle()
        own.kafka.kill()
        own.kafka.start()
        send_many(settings, FIRST + 10_000, 2)
        sink.settle()
        assert sink.error is None
    assert verify_blocking(settings).ok


def test_a_stop_while_postgres_is_away_loses_nothing(own: Services, settings: Settings) -> None:
    with running(settings) as sink:
        sink.settle()
        own.postgres.kill()
        try:
            send_many(settings, FIRST + 20_000, 1)
            time.sleep(1.0)
            assert sink.stop() is None
        finally:
            own.postgres.start()
    with running(settings) as successor:
        successor.settle()
    assert verify_blocking(settings).ok


@contextmanager
def sink_process(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    """`claims sink` in a process of its own, with partitions assigned."""
    assert settings.database.url is not None
    assert settings.kafka.bootstrap_servers is not None
    environment = os.environ | {
        "KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers,
        "DATABASE_URL": settings.database.url.get_secret_value(),
        "CLAIMS_WORKER__GROUP_PREFIX": settings.worker.group_prefix,
    }
    process = subprocess.Popen(SINK, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if '"partitions assigned"' in line:
                break
        yield process
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_sigterm_ends_the_process_with_0(settings: Settings) -> None:
    with sink_process(settings) as process:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert (process.returncode, "the sink stopped" in said) == (0, True), said


def test_a_zombie_ends_with_75(settings: Settings) -> None:
    assert settings.database.url is not None
    url = settings.database.url.get_secret_value()
    with running(settings) as sink:
        send_many(settings, FIRST + 30_000, 1)
        sink.settle()
    with sink_process(settings) as process:
        sql(url, "update sink_offsets set next_offset = next_offset - 1 where next_offset > 0")
        send_many(settings, FIRST + 40_000, 1)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, "another sink has advanced" in said) == (75, True), said


def test_a_poison_record_ends_the_process_with_70(settings: Settings) -> None:
    """The last test of the module: its record stays on the topic."""
    producer = Producer(producer_config(settings.kafka))
    producer.produce(CLAIMS_DECIDED, b"\x00\x00\x00\x00\x07rubbish", "key")
    producer.flush()
    with sink_process(settings) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, "claims.decided[" in said) == (70, True), said
    assert "rubbish" not in said
