"""Who looked at a claim, from the request over Kafka and the sink to the auditor's answer."""

import asyncio
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from api.app import create_app
from config.settings import Settings
from sinks.migrate import migrate_blocking
from tests.api.fakes import ADMIN, bearer, claim_json
from tests.sinks.live import own_database, running, settings_of

pytestmark = pytest.mark.integration
ANI = bearer("claim_processor", sub="ani")
OTHERS = bearer("provider", sub="other-clinic", provider_id="PRV-9")
AUDITOR = bearer("auditor", sub="maya")


def test_every_look_is_told_to_the_auditor(services: SimpleNamespace) -> None:
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        settings = settings_of(services.kafka_bootstrap, url)
        with running(settings) as sink:
            path = asyncio.run(looked_at(settings))
            sink.settle()
        reads = asyncio.run(told(settings, path))
    assert [(read["subject"], read["view"], read["outcome"], read["correlationId"]) for read in reads] == [
        ("other-clinic", "claim", "refused", "look-4"),
        ("ani", "claim_list", "shown", "look-3"),
        ("ani", "timeline", "shown", "look-2"),
        ("ani", "claim", "shown", "look-1"),
    ]


async def looked_at(settings: Settings) -> str:
    """The path of a claim that was sent, looked at, and asked for by somebody whose it is not."""
    async with TestClient(TestServer(create_app(settings))) as client:
        claim = claim_json(claimNumber=str(uuid.uuid4()))
        sent = await client.post("/api/v1/claims", json=claim, headers=ADMIN)
        path = sent.headers["Location"]
        for number, (asked, who, status) in enumerate(
            [(path, ANI, 200), (f"{path}/timeline", ANI, 200), ("/api/v1/claims", ANI, 200), (path, OTHERS, 404)], 1
        ):
            answer = await client.get(asked, headers=who | {"X-Correlation-ID": f"look-{number}"})
            assert answer.status == status
            await asyncio.sleep(0.01)  # records are told apart by the millisecond
    return path


async def told(settings: Settings, path: str) -> list[dict[str, Any]]:
    """What the auditor is told."""
    async with TestClient(TestServer(create_app(settings))) as client:
        answer = await client.get(f"{path}/audit", headers=AUDITOR)
        assert answer.status == 200, await answer.text()
        reads: list[dict[str, Any]] = (await answer.json())["reads"]
    return reads
