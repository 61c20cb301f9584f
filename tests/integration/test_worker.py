"""Workers on a broker of their own: what they wait for, the chain shared by stages, bad records set aside."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from confluent_kafka import Producer

from config.clients import producer_config
from config.settings import KafkaSettings
from deploy.local.services import Services
from schemas import topics
from streams import admin
from tests.faults.load import CODEC, Feeder, claims, publish_reference
from tests.faults.oracle import lost_or_twice
from tests.faults.workers import Worker, read_all

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]
PATIENCE_SECONDS = 90.0
CLAIMS = 300


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[SimpleNamespace]:
    with Services(tmp_path / "services", postgres=False, announce=lambda line: None) as services:
        settings = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
        yield SimpleNamespace(kafka=settings, services=services)


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.3)


def decided(kafka: KafkaSettings) -> int:
    return sum(len(records) for records in read_all(kafka, topics.CLAIMS_DECIDED).values())


def test_two_roles_make_one_chain_and_wait_for_what_is_missing(broker: SimpleNamespace, tmp_path: Path) -> None:
    kafka = broker.kafka
    early = Worker("early", kafka, tmp_path, "validate,authorize")
    late = Worker("late", kafka, tmp_path, "adjudicate,price")
    try:
        early.start()
        wait_for(lambda: early.said("waiting for topics"))
        admin.create(kafka)
        late.start()
        load = claims(CLAIMS)
        feeder = Feeder(kafka, load, 500)
        feeder.start()
        wait_for(lambda: early.said("waiting for reference data"))
        assert decided(kafka) == 0
        publish_reference(kafka)
        wait_for(lambda: decided(kafka) >= CLAIMS)
        assert lost_or_twice(load, read_all(kafka, topics.CLAIMS_DECIDED)) == (set(), [])
        assert (early.stop(), late.stop()) == (0, 0)
    finally:
        for worker in (early, late):
            if worker.process is not None:
                worker.kill()


def test_bad_records_are_set_aside_and_shown(broker: SimpleNamespace, tmp_path: Path) -> None:
    kafka = broker.kafka
    admin.create(kafka)
    publish_reference(kafka)
    (good,) = claims(1)
    encoded = CODEC.encode(good)
    producer = Producer(producer_config(kafka))
    for value in (b"", b"junk", encoded[:40], b"\x00\x00\x00\xff\xff" + encoded[5:], encoded):
        producer.produce(topics.CLAIMS_SUBMITTED, value, good.root_id)
    producer.flush()
    worker = Worker("one", kafka, tmp_path)
    worker.start()
    try:
        wait_for(lambda: decided(kafka) == 1)
    finally:
        worker.kill()
    environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers or ""}
    command = [sys.executable, "-m", "cli", "dlq", "ls", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    letters = [json.loads(line) for line in done.stdout.splitlines()]
    assert [letter["code"] for letter in letters] == [
        "not_wire_format",
        "not_wire_format",
        "not_avro",
        "unknown_schema",
    ]
    show = [sys.executable, "-m", "cli", "dlq", "show", letters[1]["place"], "--reveal"]
    shown = subprocess.run(show, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(shown.stdout)["value_text"] == "junk"
