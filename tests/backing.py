"""Where the services of the tests come from: the environment, Docker, or the embedded ones, in that order."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace


@contextlib.contextmanager
def backing_services(folder: Path) -> Iterator[SimpleNamespace]:
    """Kafka and Postgres for a test session."""
    bootstrap, url = os.environ.get("KAFKA_BOOTSTRAP_SERVERS"), os.environ.get("DATABASE_URL")
    if bootstrap and url:
        yield SimpleNamespace(kafka_bootstrap=bootstrap, database_url=url)
    elif docker_answers():
        with containers() as running:
            yield running
    else:
        from deploy.local.services import Services

        with Services(folder, announce=lambda line: None) as running_services:
            yield SimpleNamespace(
                kafka_bootstrap=running_services.kafka_bootstrap, database_url=running_services.database_url
            )


def docker_answers() -> bool:
    """True where a Docker engine, not only its client, is there."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False).returncode == 0


@contextlib.contextmanager
def containers() -> Iterator[SimpleNamespace]:
    """The same services by testcontainers."""
    from testcontainers.kafka import KafkaContainer
    from testcontainers.postgres import PostgresContainer

    with (
        KafkaContainer("apache/kafka:4.4.0") as kafka,
        PostgresContainer("postgres:18", driver=None) as postgres,
    ):
        yield SimpleNamespace(kafka_bootstrap=kafka.get_bootstrap_server(), database_url=postgres.get_connection_url())
