"""A request that is sent again: the same answer, once carried out, whatever happens in between."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from api.producer import OutcomeUnknown
from api.queries_replies import Try
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakePublisher, FakeReplies, FakeStore, bearer, claim_json, stored_claim

PATH = "/api/v1/claims"


async def send(
    client: Client, key: str = "k-1", body: Any = None, path: str = PATH, headers: dict[str, str] = ADMIN
) -> tuple[int, dict[str, Any], bool]:
    """Status, body, and whether the answer is that of an earlier try."""
    sent = claim_json() if body is None else body
    response = await client.post(path, json=sent, headers=headers | {"Idempotency-Key": key})
    return response.status, await response.json(content_type=None), "Idempotent-Replay" in response.headers


async def test_the_same_again_has_the_same_answer_and_is_carried_out_once(
    client: Client, publisher: FakePublisher
) -> None:
    first = await client.post(PATH, json=claim_json(), headers=ADMIN | {"Idempotency-Key": "k-1"})
    again = await client.post(PATH, json=claim_json(), headers=ADMIN | {"Idempotency-Key": "k-1"})
    assert (first.status, again.status) == (201, 201)
    assert await first.read() == await again.read()
    assert first.headers["Location"] == again.headers["Location"]
    assert ("Idempotent-Replay" in first.headers, again.headers["Idempotent-Replay"]) == (False, "true")
    assert len(publisher.sent) == 1


# One program that sends for several: its subject is the same, and its claims are of whom its token names.
CLINIC = bearer("provider", provider_id=str(claim_json()["providerId"]))
OTHERS: list[tuple[str, str, dict[str, Any], dict[str, str], int, str]] = [
    # what differs     key    change to the claim           who                        status  problem
    ("the content",    "k-1", {"serviceDate": "2026-01-16"}, ADMIN,                    409,    "idempotency-conflict"),
    ("the key",        "k-2", {"claimNumber": "A-2"},        ADMIN,                    201,    ""),
    ("the subject",    "k-1", {"claimNumber": "A-2"},        bearer("admin", sub="b"), 201,    ""),
    ("the provider",   "k-1", {},                            CLINIC,                   409,    "idempotency-conflict"),
]  # fmt: skip


@pytest.mark.parametrize(("_", "key", "change", "headers", "status", "problem"), OTHERS)
async def test_what_is_the_same_request(
    client: Client, _: str, key: str, change: dict[str, Any], headers: dict[str, str], status: int, problem: str
) -> None:
    await send(client)
    found, body, replayed = await send(client, key, claim_json(**change), headers=headers)
    assert (found, replayed) == (status, False)
    assert body.get("type", "").removeprefix("urn:claims-engine:problem:") == problem


async def test_a_command_under_a_key_has_one_id(client: Client, store: FakeStore, publisher: FakePublisher) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    path = f"{PATH}/{CLAIM_ID}/approve"
    status, body, _ = await send(client, body={"reason": "seen"}, path=path)
    assert status == 202
    store.stored[CLAIM_ID] = stored_claim(substatus="approved")
    again = await send(client, body={"reason": "seen"}, path=path)
    assert again == (202, body, True), "the claim has moved on, the answer has not"
    assert (await send(client, body={"reason": "seen"}, path=f"{PATH}/{CLAIM_ID}/deny"))[0] == 409
    assert len(publisher.sent) == 1


# If-Match of a command, of the same again under its key, and what the second is answered; whether as a replay.
OLD, NOW = {"If-Match": '"old"'}, {"If-Match": "*"}
STATES: list[tuple[str, dict[str, str], dict[str, str], int, bool]] = [
    # what is sent again               first  again  status  replayed
    ("refused, about the same state",  OLD,   OLD,   412,    False),
    ("refused, after another look",    OLD,   NOW,   202,    False),
    ("refused, about whatever it is",  OLD,   {},    202,    False),
    ("done, about the same state",     NOW,   NOW,   202,    True),
    ("done, and looked at since",      NOW,   OLD,   202,    True),
]  # fmt: skip


@pytest.mark.parametrize(("_", "first", "again", "status", "replayed"), STATES)
async def test_a_key_is_not_used_up_by_a_claim_that_has_moved_on(
    client: Client, store: FakeStore, publisher: FakePublisher, _: str, first: Any, again: Any, status: int,
    replayed: bool,
) -> None:  # fmt: skip
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    path, body = f"{PATH}/{CLAIM_ID}/approve", {"reason": "seen"}
    assert (await send(client, "k-1", body, path, ADMIN | first))[0::2] == (412 if first is OLD else 202, False)
    assert (await send(client, "k-1", body, path, ADMIN | again))[0::2] == (status, replayed)
    assert len(publisher.sent) == (1 if status == 202 else 0)


async def test_without_a_store_a_command_has_the_same_id_and_a_claim_too(
    client: Client, store: FakeStore, publisher: FakePublisher, replies: FakeReplies
) -> None:
    replies.away = "gone"
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    ids = {(await send(client, body={"reason": "x"}, path=f"{PATH}/{CLAIM_ID}/approve"))[1]["commandId"] for _ in "12"}
    claims = {(await send(client))[1]["id"] for _ in "12"}
    assert (len(ids), len(claims), len(publisher.sent)) == (1, 1, 4)


async def test_mistakes_are_kept_and_what_may_pass_is_not(
    client: Client, publisher: FakePublisher, replies: FakeReplies
) -> None:
    assert (await send(client, "bad", {"items": []}))[0] == 422
    assert (await send(client, "bad", {"items": []}))[0::2] == (422, True)
    publisher.failing = OutcomeUnknown("no answer")
    assert (await send(client, "later"))[0::2] == (503, False)
    publisher.failing = None
    assert (await send(client, "later"))[0::2] == (201, False)
    missing = await send(client, "early", {"reason": "x"}, f"{PATH}/{CLAIM_ID}/approve")
    assert (missing[0], len(replies.kept)) == (404, 2), "a new claim may take a moment"


class SlowPublisher(FakePublisher):
    """Confirms when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def publish(self, *record: Any) -> None:
        await self.go.wait()
        await super().publish(*record)


async def test_the_same_at_the_same_time_is_carried_out_once(aiohttp_client: Any) -> None:
    from tests.api.fakes import app_of

    publisher = SlowPublisher()
    client = await aiohttp_client(app_of(publisher))
    sent = [asyncio.create_task(send(client)) for _ in range(3)]
    await asyncio.sleep(0.1)
    other = await send(client, body=claim_json(serviceDate="2026-01-16"))
    assert (other[0], other[1]["type"]) == (409, "urn:claims-engine:problem:idempotency-conflict")
    publisher.go.set()
    answers = await asyncio.gather(*sent)
    assert [answer[0] for answer in answers] == [201] * 3
    assert sorted(answer[2] for answer in answers) == [False, True, True]
    assert len(publisher.sent) == 1


async def test_under_way_in_another_process_is_409_with_a_time_to_ask_again(
    client: Client, replies: FakeReplies
) -> None:
    await send(client)
    ((place, (attempt, _)),) = replies.kept.items()
    replies.kept[place] = Try(attempt.subject, attempt.key, attempt.digest, uuid4()), None
    response = await client.post(PATH, json=claim_json(), headers=ADMIN | {"Idempotency-Key": "k-1"})
    found = await response.json(content_type=None)
    assert (response.status, found["type"]) == (409, "urn:claims-engine:problem:idempotency-under-way")
    assert response.headers["Retry-After"] == "1"


async def test_an_answer_too_large_is_given_and_not_kept(
    client: Client, replies: FakeReplies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.idempotency.REPLY_BYTES_MAX", 10)
    assert (await send(client))[0] == 201
    assert replies.kept == {}


@pytest.mark.parametrize("key", ["", "a b", "x" * 201, "Ä"])
async def test_keys_that_are_none(client: Client, key: str) -> None:
    status, body, _ = await send(client, key)
    assert (status, body["type"]) == (400, "urn:claims-engine:problem:bad-idempotency-key")
