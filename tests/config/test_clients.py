"""Clients of the broker: one partitioner, committed records only, credentials from the settings."""

import logging

import pytest
from pydantic import SecretStr

from config.clients import client_config, producer_config, reader_config
from config.settings import KafkaSettings

KAFKA = KafkaSettings(bootstrap_servers="h:1")


def test_every_producer_partitions_as_java_does() -> None:
    config = producer_config(KAFKA)
    assert (config["partitioner"], config["acks"], config["enable.idempotence"]) == ("murmur2_random", "all", True)


def test_readers_see_committed_records_only() -> None:
    config = reader_config(KAFKA, "g")
    assert (config["isolation.level"], config["enable.auto.commit"]) == ("read_committed", False)


SAID = [
    # what a client says                                                                              is it shown
    ("GETPID [thrd:main]: Failed to acquire transactional PID from broker TxnCoordinator/1: Broker: "
     "Coordinator load in progress: retrying",                                                          False),
    ("GETPID [thrd:main]: Failed to acquire transactional PID from broker TxnCoordinator/1: Broker: "
     "Not coordinator: retrying",                                                                       False),
    ("GETPID [thrd:main]: Failed to acquire transactional PID from broker TxnCoordinator/1: Broker: "
     "Coordinator not available: retrying",                                                             True),
    ("FAIL [thrd:h:1]: Connect to ipv4#127.0.0.1:1 failed: Connection refused",                         True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), SAID)
def test_waiting_for_a_broker_that_has_just_started_is_no_news(text: str, shown: bool) -> None:
    logger = client_config(KAFKA)["logger"]
    record = logging.LogRecord("librdkafka", logging.WARNING, "", 0, text, None, None)
    assert bool(logger.filter(record)) is shown


def test_credentials_are_passed_on() -> None:
    kafka = KafkaSettings(
        bootstrap_servers="h:1",
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="u",
        sasl_password=SecretStr("p"),
    )
    config = client_config(kafka)
    assert (config["sasl.username"], config["sasl.password"], config["sasl.mechanism"]) == ("u", "p", "SCRAM-SHA-512")


def test_without_a_broker_the_message_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="KAFKA_BOOTSTRAP_SERVERS"):
        client_config(KafkaSettings())
