"""Requests sent again, batches and streams, on a real broker and a real database."""

import asyncio
import json
import uuid
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from schemas.topics import CLAIMS_COMMANDS
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, claim_json
from tests.integration.api_process import answers, api_process
from tests.integration.test_api import a_claim, records, sql, write
from tests.sinks import records as samples

pytestmark = pytest.mark.integration
PATH = "/api/v1/claims"


async def test_a_request_with_a_key_has_one_answer_from_every_process(broker: str, database: str) -> None:
    claim, key = a_claim(), {"Idempotency-Key": str(uuid.uuid4())}
    with api_process(broker, database) as one, api_process(broker, database) as other:
        await answers(one)
        await answers(other)
        async with aiohttp.ClientSession(headers=ADMIN | key) as client:

            async def send(url: str, body: dict[str, Any]) -> tuple[int, str, str]:
                async with client.post(url + PATH, json=body) as response:
                    text = await response.text()
                    return response.status, text, response.headers.get("Idempotent-Replay", "false")

            first = await send(one, claim)
            assert (first[0], first[2]) == (201, "false")
            assert await send(other, claim) == (201, first[1], "true")
            assert await send(one, claim) == (201, first[1], "true")
            status, text, _ = await send(other, claim | {"serviceDate": "2026-01-16"})
            assert (status, json.loads(text)["type"]) == (409, "urn:claims-engine:problem:idempotency-conflict")
    assert len(list(records(broker, json.loads(first[1])["id"]))) == 1


async def test_the_same_from_many_at_once_is_carried_out_once(broker: str, database: str, client: Client) -> None:
    claim, key = a_claim(), {"Idempotency-Key": str(uuid.uuid4())}
    sent = [client.post(PATH, json=claim, headers=ADMIN | key) for _ in range(30)]
    found = await asyncio.gather(*sent)
    assert {response.status for response in found} == {201}
    assert sum("Idempotent-Replay" in response.headers for response in found) == 29
    assert len(list(records(broker, (await found[0].json())["id"]))) == 1


async def test_a_key_whose_process_ended_is_taken_over_and_an_old_one_begins_anew(
    client: Client, database: str
) -> None:
    claim, key = a_claim(), {"Idempotency-Key": "k-1"}
    await client.post(PATH, json=claim, headers=ADMIN | key)
    await sql(database, "update http_replies set status = null, body = null, headers = null")
    assert (await client.post(PATH, json=claim, headers=ADMIN | key)).status == 409
    await sql(database, "update http_replies set started_at = now() - interval '2 minutes'")
    taken_over = await client.post(PATH, json=claim, headers=ADMIN | key)
    assert (taken_over.status, "Idempotent-Replay" in taken_over.headers) == (201, False)
    await sql(database, "update http_replies set started_at = now() - interval '24 hours'")
    other = await client.post(PATH, json=a_claim(), headers=ADMIN | key)
    assert (other.status, "Idempotent-Replay" in other.headers) == (201, False)


async def test_old_answers_are_thrown_away_and_others_stay(client: Client, database: str) -> None:
    from api.idempotency import REPLIES

    for key in ("old", "new"):
        await client.post(PATH, json=a_claim(), headers=ADMIN | {"Idempotency-Key": key})
    await sql(database, "update http_replies set started_at = now() - interval '26 hours' where key = 'old'")
    store = client.app[REPLIES]._store
    assert [await store.purge(), await store.purge()] == [True, False]
    assert [row["key"] for row in await sql(database, "select key from http_replies")] == ["new"]


async def test_a_command_with_a_key_is_one_command(client: Client, broker: str, database: str) -> None:
    waits = samples.pended(uuid.uuid4().int % 10**9)
    await write(database, waits)
    path, key = f"{PATH}/{waits.claim_id}/approve", {"Idempotency-Key": str(uuid.uuid4())}
    found = [await client.post(path, json={"reason": "seen"}, headers=ADMIN | key) for _ in range(2)]
    assert [await response.text() for response in found] == [await found[0].text()] * 2
    assert len(list(records(broker, waits.root_id, CLAIMS_COMMANDS))) == 1


async def test_a_batch_is_on_the_topic_and_in_the_tables(client: Client, broker: str, database: str) -> None:
    numbers = [f"B-{uuid.uuid4()}" for _ in range(200)]
    claims: list[Any] = [claim_json(claimNumber=number) for number in numbers]
    claims[7] = {"items": []}
    claims[9] = claims[8]
    body = "\n".join(json.dumps(claim) for claim in claims).encode()
    headers = ADMIN | {"Content-Type": "application/x-ndjson"}

    async def send() -> list[dict[str, Any]]:
        response = await client.post(f"{PATH}/batch", data=body, headers=headers)
        return [json.loads(line) for line in (await response.text()).splitlines()]

    first = await send()
    assert [answer["line"] for answer in first] == list(range(1, 201))
    assert {answer["status"] for answer in first if answer["line"] != 8} <= {200, 201}
    assert first[7]["status"] == 422
    again = await send()
    assert {answer["status"] for answer in again if answer["line"] != 8} == {200}
    assert [answer.get("claim", {}).get("id") for answer in again] == [
        answer.get("claim", {}).get("id") for answer in first
    ]
    stored = await sql(database, "select count(*) as claims from claims join claim_items on claim_id = claims.id")
    assert stored[0]["claims"] == 198
    assert len(list(records(broker, first[0]["claim"]["id"]))) == 2


async def test_a_stream_tells_each_step_as_the_sink_writes_it(client: Client, database: str) -> None:
    waits = samples.pended(uuid.uuid4().int % 10**9)
    await write(database, waits, *samples.events(waits))
    path = f"{PATH}/{waits.claim_id}"
    async with asyncio.timeout(20), client.get(f"{path}/stream", headers=ADMIN) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")

        async def next_id() -> str:
            while not (line := await response.content.readline()).startswith(b"id: "):
                pass
            return line.decode().strip().removeprefix("id: ")

        timeline = (await (await client.get(f"{path}/timeline", headers=ADMIN)).json())["timeline"]
        seen = [await next_id() for _ in timeline]
        done = samples.approved(waits)
        await write(database, done, *samples.events(done))
        later = await next_id()
    assert seen == sorted(seen)
    assert later.startswith("1.2.")
    async with (
        asyncio.timeout(20),
        client.get(f"{path}/stream", headers=ADMIN | {"Last-Event-ID": seen[-1]}) as response,
    ):
        assert await next_id() == later


async def test_rows_of_many_claims_do_not_wait_crosswise_for_the_sink(
    client: Client, database: str, services: SimpleNamespace
) -> None:
    claims = [a_claim() for _ in range(60)]
    sent = [asyncio.create_task(client.post(PATH, json=claim, headers=ADMIN)) for claim in claims]
    numbers = range(60)
    await write(database, *(samples.decision(number) for number in numbers))
    found = await asyncio.gather(*sent)
    assert {response.status for response in found} == {201}
    assert len(await sql(database, "select id from claims")) == 120
