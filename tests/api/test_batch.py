"""Claims as JSON lines: each line answered by itself, in order, within limits."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.batch import BATCHING
from api.producer import OutcomeUnknown
from config.limits import BATCHES_PER_SUBJECT_MAX
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakePublisher, FakeStore, app_of, bearer, claim_json

PATH = "/api/v1/claims/batch"
NDJSON = {"Content-Type": "application/x-ndjson"}


def lines(*claims: Any) -> bytes:
    return b"".join(json.dumps(claim).encode() + b"\n" for claim in claims)


async def send(client: Client, body: Any, headers: dict[str, str] = ADMIN) -> list[dict[str, Any]]:
    response = await client.post(PATH, data=body, headers=headers | NDJSON)
    assert (response.status, response.content_type) == (200, "application/x-ndjson"), await response.text()
    return [json.loads(line) for line in (await response.text()).splitlines()]


async def test_every_line_is_answered_in_its_order_and_fails_alone(client: Client, publisher: FakePublisher) -> None:
    foreign = claim_json(providerId="P-2", claimNumber="A-3")
    body = lines(claim_json(providerId="P-1", claimNumber="A-1"), {"items": []}, foreign)
    body += b"{not json}\n\n" + lines(claim_json(providerId="P-1", claimNumber="A-2")).rstrip(b"\n")
    clinic = bearer("provider", provider_id="P-1")
    await send(client, lines(claim_json(providerId="P-1", claimNumber="A-2")), clinic)
    answers = await send(client, body, clinic)
    assert [(answer["line"], answer["status"]) for answer in answers] == [
        (1, 201), (2, 422), (3, 403), (4, 400), (6, 200),
    ]  # fmt: skip
    assert answers[0]["claim"].keys() == {"id", "claimNumber", "status", "createdAt"}
    assert answers[1]["problem"]["type"] == "urn:claims-engine:problem:invalid-claim"
    assert answers[1]["problem"]["errors"]
    assert {claim.claim_control_number for claim in publisher.claims()} == {"A-1", "A-2"}


async def test_a_batch_without_a_claim_is_said_to_have_none(client: Client) -> None:
    none = await client.post(PATH, data=b"", headers=ADMIN | NDJSON)
    assert (none.status, (await none.json(content_type=None))["type"]) == (422, "urn:claims-engine:problem:empty-batch")
    (answer,) = await send(client, b"\n \n")
    assert (answer["status"], answer["problem"]["detail"]) == (422, "The batch has no claim; send one claim a line.")


async def test_conflicts_and_unknown_outcomes_are_told_by_line(
    client: Client, publisher: FakePublisher, store: FakeStore
) -> None:
    await send(client, lines(claim_json(claimNumber="A-1")))
    other = claim_json(claimNumber="A-1", serviceDate="2026-01-16")
    assert [answer["status"] for answer in await send(client, lines(other))] == [409]
    publisher.failing = OutcomeUnknown("no answer")
    answers = await send(client, lines(claim_json(claimNumber="A-2"), {"items": []}))
    assert [answer["status"] for answer in answers] == [503, 422]


async def test_many_lines_come_back_in_order(client: Client) -> None:
    answers = await send(client, lines(*(claim_json(claimNumber=f"A-{number}") for number in range(300))))
    assert [(answer["line"], answer["status"]) for answer in answers] == [(n, 201) for n in range(1, 301)]


async def test_answers_come_while_lines_still_go(client: Client) -> None:
    go_on = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield lines(claim_json(claimNumber="A-1"))
        await go_on.wait()
        yield lines(claim_json(claimNumber="A-2"))

    async with client.post(PATH, data=body(), headers=ADMIN | NDJSON) as response:
        assert json.loads(await response.content.readline())["line"] == 1
        go_on.set()
        assert json.loads(await response.content.readline())["line"] == 2


LIMITS = [
    # limit                   value  lines answered, with the last one
    ("BATCH_LINES_MAX",       2,     [(1, 201), (2, 201), (3, 413)]),
    ("BATCH_BYTES_MAX",       None,  [(1, 413)]),
    ("JSON_LINE_BYTES_MAX",   50,    [(1, 413)]),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "value", "expected"), LIMITS)
async def test_limits(
    client: Client, monkeypatch: pytest.MonkeyPatch, limit: str, value: int | None, expected: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr(f"api.batch_lines.{limit}", 100 if value is None else value)

    async def unannounced() -> AsyncIterator[bytes]:
        yield lines(*(claim_json(claimNumber=f"A-{number}") for number in range(4)))

    answers = await send(client, unannounced())
    assert [(answer["line"], answer["status"]) for answer in answers] == expected


TYPES = [
    ({"Content-Type": "application/json"}, 415),
    (NDJSON | {"Content-Encoding": "gzip"}, 415),
    ({"Content-Type": "application/x-ndjson; charset=utf-16"}, 415),
]


@pytest.mark.parametrize(("headers", "status"), TYPES)
async def test_types(client: Client, headers: dict[str, str], status: int) -> None:
    assert (await client.post(PATH, data=lines(claim_json()), headers=ADMIN | headers)).status == status


async def test_a_body_that_says_it_is_too_large_is_not_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batch_lines.BATCH_BYTES_MAX", 10)
    assert (await client.post(PATH, data=lines(claim_json()), headers=ADMIN | NDJSON)).status == 413


async def test_a_body_that_trickles_is_ended(aiohttp_client: Any) -> None:
    client = await aiohttp_client(app_of(body_seconds=0.2))

    async def trickle() -> AsyncIterator[bytes]:
        yield lines(claim_json())
        while True:
            yield b"{"
            await asyncio.sleep(0.05)

    async with asyncio.timeout(3), client.post(PATH, data=trickle(), headers=ADMIN | NDJSON) as response:
        answers = [json.loads(await response.content.readline()) for _ in range(2)]
    assert [(answer["line"], answer["status"]) for answer in answers] == [(1, 201), (2, 408)]


async def statuses_of(client: Client, body: AsyncIterator[bytes]) -> list[int]:
    async with asyncio.timeout(5), client.post(PATH, data=body, headers=ADMIN | NDJSON) as response:
        return [json.loads(line)["status"] async for line in response.content]


async def drip(pause: float, count: int = 1_000) -> AsyncIterator[bytes]:
    for number in range(count):
        yield lines(claim_json(claimNumber=f"A-{number}"))
        await asyncio.sleep(pause)


async def test_lines_that_come_one_by_one_for_ever_are_ended(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batch_lines.PATIENCE_SECONDS", 0.3)
    statuses = await statuses_of(client, drip(0.05))
    assert set(statuses[:-1]) == {201}
    assert (statuses[-1], len(statuses) < 20) == (408, True)


# Bytes that must come in 0.3 s, of lines of some 300 bytes every 0.04 s; whether the batch lives longer than that.
PACES = [(100_000, False), (300, True)]


@pytest.mark.parametrize(("bytes_min", "lives"), PACES)
async def test_lines_that_drip_are_ended_long_before_a_slow_batch(
    aiohttp_client: Any, monkeypatch: pytest.MonkeyPatch, bytes_min: int, lives: bool
) -> None:
    monkeypatch.setattr("api.batch_lines.WINDOW_BYTES_MIN", bytes_min)
    client = await aiohttp_client(app_of(body_seconds=0.3))
    statuses = await statuses_of(client, drip(0.04, 20))
    assert (statuses[-1], len(statuses) == 20) == ((201, True) if lives else (408, False))


async def test_a_body_of_nothing_but_line_ends_is_ended(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batch_lines.BATCH_LINES_MAX", 10)
    assert [(answer["line"], answer["status"]) for answer in await send(client, b"\n" * 10_000)] == [(11, 413)]
    assert [answer["status"] for answer in await send(client, b"\n" * 10)] == [422]


async def test_too_many_batches_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batch.BATCHES_TOGETHER_MAX", 0)
    response = await client.post(PATH, data=lines(claim_json()), headers=ADMIN | NDJSON)
    assert (response.status, response.headers["Retry-After"]) == (503, "5")


async def test_one_sender_cannot_keep_all_others_waiting(client: Client) -> None:
    """Batches that come slowly hold their places for two minutes: some places are always left for somebody else."""
    done = asyncio.Event()

    async def dripping() -> AsyncIterator[bytes]:
        yield lines(claim_json())
        await done.wait()

    held = [
        await client.post(PATH, data=dripping(), headers=ADMIN | NDJSON) for _ in range(BATCHES_PER_SUBJECT_MAX)
    ]  # fmt: skip
    refused = await client.post(PATH, data=lines(claim_json()), headers=ADMIN | NDJSON)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
    other = await client.post(PATH, data=lines(claim_json()), headers=bearer("admin", sub="ani") | NDJSON)
    assert (other.status, len((await other.read()).splitlines())) == (200, 1)
    done.set()
    for response in held:
        await response.read()
    assert client.app[BATCHING].running == 0
    again = await client.post(PATH, data=lines(claim_json()), headers=ADMIN | NDJSON)
    assert again.status == 200


async def test_an_unexpected_fault_fails_its_line_alone(client: Client, store: FakeStore) -> None:
    store.broken = RuntimeError("a column is missing")
    answers = await send(client, lines(claim_json(), {"items": []}))
    assert [answer["status"] for answer in answers] == [500, 422]


async def test_whoever_goes_away_leaves_nothing_running(client: Client, publisher: FakePublisher) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield lines(*(claim_json(claimNumber=f"A-{number}") for number in range(10)))
        await asyncio.sleep(60)

    response = await client.post(PATH, data=body(), headers=ADMIN | NDJSON)
    await response.content.readline()
    response.close()
    async with asyncio.timeout(3):
        while client.app[BATCHING].running:
            await asyncio.sleep(0.01)
    assert len(publisher.sent) == 10
