"""Documents on a real database: two processes of the service take no more of them than a claim may have."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from config.settings import DocumentSettings
from tests.api.document_calls import form, records
from tests.api.document_fakes import PDF
from tests.api.fakes import ADMIN, FakePublisher
from tests.integration.api_process import settings_of
from tests.integration.test_api import sql, write
from tests.sinks import records as samples

pytestmark = pytest.mark.integration
PATH = f"/api/v1/claims/{samples.claim_id(1)}/documents"
# What of a claim is bounded; what its table then says of it.
BOUNDS = [
    ("DOCUMENTS_PER_CLAIM_MAX", "select count(*) from claim_documents where not removed"),
    ("DOCUMENTS_SENT_PER_CLAIM_MAX", "select sum((revision + 1) / 2) from claim_documents"),
]


@pytest.mark.parametrize(("bound", "counted"), BOUNDS, ids=[bound for bound, _ in BOUNDS])
async def test_some_sent_at_the_same_time_are_no_more_than_there_may_be(
    aiohttp_client: Any, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, counted: str
) -> None:
    monkeypatch.setattr(f"api.document_places.{bound}", 3)
    await write(database, samples.decision(1))
    settings = settings_of("127.0.0.1:1", database)
    settings = settings.model_copy(update={"documents": DocumentSettings(folder=tmp_path / "documents")})
    broker = FakePublisher()
    clients = [await aiohttp_client(create_app(settings, publisher=broker)) for _ in range(2)]

    async def send(number: int) -> int:
        response = await clients[number % 2].post(PATH, data=form(PDF + b"%d" % number), headers=ADMIN)
        return int(response.status)

    answers = await asyncio.gather(*(send(number) for number in range(16)))
    assert sorted(answers) == [201] * 3 + [409] * 13
    assert [row[0] for row in await sql(database, counted)] == [3]
    assert len(records(broker)) == 3
    assert await sql(database, "select * from document_places") == [], "all were given back"


async def test_a_place_whose_sender_was_lost_ends_by_itself(
    aiohttp_client: Any, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.document_places.DOCUMENTS_PER_CLAIM_MAX", 1)
    await write(database, samples.decision(1))
    settings = settings_of("127.0.0.1:1", database)
    settings = settings.model_copy(update={"documents": DocumentSettings(folder=tmp_path / "documents")})
    client = await aiohttp_client(create_app(settings, publisher=FakePublisher()))
    lost = "insert into document_places values (gen_random_uuid(), $1, gen_random_uuid(), now() + interval '1 minute')"
    await sql(database, lost, samples.claim_id(1))
    assert (await client.post(PATH, data=form(), headers=ADMIN)).status == 409
    await sql(database, "update document_places set until = now()")
    assert (await client.post(PATH, data=form(), headers=ADMIN)).status == 201
