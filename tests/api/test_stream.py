"""Server-sent events: each step of a claim once, in order, to whoever may see it, and to so many."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from aiohttp import ClientResponse

from api.auth import LEEWAY_SECONDS, signed
from api.context import PARTS
from api.token_keys import FixedKeys
from api.watch import WATCH
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, API, CLAIM_ID, FakeSteps, FakeStore, app_of, bearer, stored_claim

PATH = f"/api/v1/claims/{CLAIM_ID}/stream"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, store: FakeStore) -> None:
    monkeypatch.setattr("api.watch._LOOK_SECONDS", 0.01)
    store.stored[CLAIM_ID] = stored_claim()


@pytest.fixture
def streams(client: Client) -> Client:
    """The client, whose service looks every 10 ms."""
    assert client.app is not None
    client.app[WATCH]._look_seconds = 0.01
    return client


async def event(response: ClientResponse) -> tuple[str, dict[str, Any]]:
    """The next event: its id and data."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(3):
        while line := (await response.content.readline()).decode():
            if line == "\n" and "data" in fields:
                return fields["id"], json.loads(fields["data"])
            name, _, value = line.strip().partition(": ")
            fields[name] = value
    raise AssertionError("the stream has ended")


async def test_steps_so_far_come_first_and_then_each_as_it_happens(streams: Client, steps: FakeSteps) -> None:
    steps.add(1, 0, "accepted")
    async with streams.get(PATH, headers=ADMIN) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        name, data = await event(response)
        assert (name, data["substatus"], data["id"]) == ("1.1.0", "accepted", CLAIM_ID)
        assert data["status"] == "processing"
        steps.add(1, 1, "approved")
        assert (await event(response))[0] == "1.1.1"
        steps.add(2, 0, "paid")
        assert (await event(response))[0] == "1.2.0"


async def test_a_stream_goes_on_after_the_last_event_seen(streams: Client, steps: FakeSteps) -> None:
    for revision in range(1, 12):
        steps.add(revision, 0, "approved")
    async with streams.get(PATH, headers=ADMIN | {"Last-Event-ID": "1.9.0"}) as response:
        assert [(await event(response))[0] for _ in range(2)] == ["1.10.0", "1.11.0"]


@pytest.mark.parametrize("name", ["1.2", "a.b.c", "1.2.-3", "1.2.3.4", "9" * 30])
async def test_a_last_event_id_that_is_none(client: Client, name: str) -> None:
    assert (await client.get(PATH, headers=ADMIN | {"Last-Event-ID": name})).status == 400


async def test_a_foreign_claim_is_404(client: Client) -> None:
    assert (await client.get(PATH, headers=bearer("provider", provider_id="PRV-2"))).status == 404


async def test_many_streams_are_one_question(streams: Client, steps: FakeSteps) -> None:
    responses = [await streams.get(PATH, headers=bearer("admin", sub=f"s-{number}")) for number in range(10)]
    steps.add(1, 0, "approved")
    assert {(await event(response))[0] for response in responses} == {"1.1.0"}
    asked = len(steps.asked)
    await asyncio.sleep(0.1)
    assert 1 <= len(steps.asked) - asked <= 15
    assert len(steps.asked[-1]) == 1
    for response in responses:
        response.close()


LIMITS = [("STREAMS_PER_SUBJECT_MAX", 429), ("STREAMS_MAX", 503)]


@pytest.mark.parametrize(("limit", "status"), LIMITS)
async def test_too_many_streams(client: Client, monkeypatch: pytest.MonkeyPatch, limit: str, status: int) -> None:
    monkeypatch.setattr(f"api.watch.{limit}", 1)
    async with client.get(PATH, headers=ADMIN):
        refused = await client.get(PATH, headers=ADMIN)
        assert (refused.status, refused.headers["Retry-After"]) == (status, "5")


async def test_a_stream_has_heartbeats_and_an_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.stream.HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr("api.stream.STREAM_SECONDS", 0.2)
    async with asyncio.timeout(3):
        text = await (await client.get(PATH, headers=ADMIN)).text()
    assert text.startswith("retry: 2000\n\n")
    assert text.count(": still here\n\n") >= 2


async def test_a_stream_ends_with_the_token_that_opened_it(streams: Client, steps: FakeSteps) -> None:
    """The leeway counts, as it does for every other request; the caller comes again and is asked for another token."""
    ends = int(datetime.now(UTC).timestamp()) + 1
    token = signed(
        API,
        jwt.decode(ADMIN["Authorization"].split()[1], options={"verify_signature": False})
        | {"exp": ends - LEEWAY_SECONDS},
    )
    headers = {"Authorization": f"Bearer {token}"}
    steps.add(1, 0, "approved")
    async with asyncio.timeout(3):
        text = await (await streams.get(PATH, headers=headers)).text()
        assert datetime.now(UTC).timestamp() >= ends
        again = await streams.get(PATH, headers=headers)
        assert again.status == 401
        assert "expired" in (await again.json(content_type=None))["detail"]
    assert text.startswith("retry: 2000\n\nid: 1.1.0\n")


async def test_a_stream_ends_when_the_key_of_its_token_is_taken_out(
    streams: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.stream.HEARTBEAT_SECONDS", 0.05)
    assert streams.app is not None
    response = await streams.get(PATH, headers=ADMIN)
    streams.app[PARTS].gate.verifier._keys = FixedKeys("another secret, of thirty-two bytes", {}, version=1)
    async with asyncio.timeout(3):
        assert (await response.text()).startswith("retry: 2000\n\n")


async def test_a_reader_too_slow_is_let_go(monkeypatch: pytest.MonkeyPatch, steps: FakeSteps) -> None:
    from uuid import UUID

    from api.watch import START, Watch

    watch = Watch(steps, 0.01)
    for revision in range(1, 201):
        steps.add(revision, 0, "approved")
    async with watch.watching("s", UUID(CLAIM_ID), START) as watcher:
        await asyncio.sleep(0.05)
        taken = [watcher.steps.get_nowait() for _ in range(watcher.steps.qsize())]
    assert (len(taken), taken[-1]) == (101, None)
    await watch.close()


async def test_postgres_away_the_stream_waits_and_goes_on(
    streams: Client, steps: FakeSteps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.watch._AWAY_SECONDS", 0.02)
    steps.away = "gone"
    async with streams.get(PATH, headers=ADMIN) as response:
        await asyncio.sleep(0.1)
        steps.away = None
        steps.add(1, 0, "approved")
        assert (await event(response))[0] == "1.1.0"


async def test_streams_end_with_the_service(aiohttp_server: Any, aiohttp_client: Any, store: FakeStore) -> None:
    server = await aiohttp_server(app_of(store=store))
    client = await aiohttp_client(server)
    response = await client.get(PATH, headers=ADMIN)
    async with asyncio.timeout(3):
        await server.app.shutdown()
        assert (await response.text()).startswith("retry")


async def test_head_opens_no_stream(client: Client) -> None:
    response = await client.head(PATH, headers=ADMIN)
    assert (response.status, response.content_type) == (200, "text/event-stream")
