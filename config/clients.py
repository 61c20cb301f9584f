"""Configuration of librdkafka clients from the settings: one place, so that no producer partitions differently."""

import logging
from typing import Any

from config.settings import KafkaSettings

# What a broker answers in the seconds after its start about who keeps a transactional id.
WAITS = ("Coordinator load in progress", "Not coordinator")


def is_news(record: logging.LogRecord) -> bool:
    """False for what a client says while it waits for a moment, as it must after every start of a broker."""
    said = record.getMessage()
    return not (said.startswith("GETPID") and any(wait in said for wait in WAITS))


# Our own log, where lines are told apart and limited (config/logs.py); served when the client is polled.
_log = logging.getLogger("librdkafka")
_log.addFilter(is_news)


def client_config(kafka: KafkaSettings) -> dict[str, Any]:
    """What every client needs to reach the broker; raises ValueError when no broker is named."""
    if not kafka.bootstrap_servers:
        raise ValueError("no broker: set KAFKA_BOOTSTRAP_SERVERS, or start one with `claims up`")
    config: dict[str, Any] = {
        "bootstrap.servers": kafka.bootstrap_servers,
        "security.protocol": kafka.security_protocol,
        "logger": _log,
        "log_level": 4,
    }
    optional = {
        "sasl.mechanism": kafka.sasl_mechanism,
        "sasl.username": kafka.sasl_username,
        "sasl.password": kafka.sasl_password.get_secret_value() if kafka.sasl_password else None,
        "ssl.ca.location": kafka.ssl_ca_file,
        "ssl.certificate.location": kafka.ssl_certificate_file,
        "ssl.key.location": kafka.ssl_key_file,
    }
    return config | {name: str(value) for name, value in optional.items() if value is not None}


def producer_config(kafka: KafkaSettings) -> dict[str, Any]:
    """An idempotent producer that partitions as the Java clients do (murmur2): co-partitioning depends on it."""
    return client_config(kafka) | {
        "enable.idempotence": True,
        "acks": "all",
        "partitioner": "murmur2_random",
        "linger.ms": 5,
        "compression.type": "lz4",
        "message.max.bytes": 1_000_000,
    }


def reader_config(kafka: KafkaSettings, group: str) -> dict[str, Any]:
    """A reader of committed records that never commits offsets and says where a partition ends."""
    return client_config(kafka) | {
        "group.id": group,
        "isolation.level": "read_committed",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "earliest",
        "enable.partition.eof": True,
        "fetch.wait.max.ms": 50,
    }
