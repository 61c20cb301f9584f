"""The service on a real broker and a real database."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from api.app import create_app
from config.clients import client_config
from config.settings import KafkaSettings
from schemas.topics import AUDIT_READS, CLAIMS_COMMANDS, CLAIMS_SUBMITTED
from tests.api.conftest import Client
from tests.integration.api_process import own_database, settings_of


@pytest.fixture(scope="session")
def broker(services: SimpleNamespace) -> str:
    """A broker with the topics that the service writes, as `claims topics create` makes it."""
    kafka = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
    client = AdminClient(client_config(kafka))
    known = client.list_topics(timeout=10).topics
    for topic in {CLAIMS_SUBMITTED, CLAIMS_COMMANDS, AUDIT_READS} - known.keys():
        client.create_topics([NewTopic(topic, kafka.partitions, 1)])[topic].result(30)
    return str(services.kafka_bootstrap)


@pytest.fixture
async def database(services: SimpleNamespace) -> AsyncIterator[str]:
    """A database with all tables and nothing in them."""
    async with own_database(services.database_url) as url:
        yield url


@pytest.fixture
async def client(aiohttp_client: Any, broker: str, database: str) -> Client:
    """A client of the service on both."""
    made: Client = await aiohttp_client(create_app(settings_of(broker, database)))
    return made
