"""HEAD, entity tags, and commands on the state that the caller has seen."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, CODEC, FakeLists, FakePublisher, FakeStore, stored_claim
from tests.sinks.records import decision

PATH = f"/api/v1/claims/{CLAIM_ID}"
LOOKS = [PATH, f"{PATH}/items", f"{PATH}/timeline", f"{PATH}/events", f"{PATH}/explanation", "/api/v1/claims",
         "/api/v1/claims/statistics", "/api/v1/workflow/pending"]  # fmt: skip


@pytest.fixture(autouse=True)
def stored(store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    store.decisions[CLAIM_ID] = CODEC.encode(decision(1))


@pytest.mark.parametrize("path", LOOKS)
async def test_what_the_caller_has_is_not_sent_again(client: Client, path: str) -> None:
    first = await client.get(path, headers=ADMIN)
    again = await client.get(path, headers=ADMIN | {"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, await again.read()) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = await client.get(path, headers=ADMIN | {"If-None-Match": '"other"'})
    assert await other.read() == await first.read()


@pytest.mark.parametrize("path", [*LOOKS, f"{PATH}/eob", "/health/live", "/metrics"])
async def test_head_answers_as_get_does_without_a_body(client: Client, path: str) -> None:
    got, head = await client.get(path, headers=ADMIN), await client.head(path, headers=ADMIN)
    assert (head.status, head.content_type, await head.read()) == (200, got.content_type, b"")
    if path != "/metrics":
        assert head.headers.get("Content-Length") == got.headers.get("Content-Length")
        assert head.headers.get("ETag") == got.headers.get("ETag")


async def test_head_needs_a_token_as_get_does(client: Client) -> None:
    assert (await client.head(PATH)).status == 401


CHANGES: list[dict[str, Any]] = [
    {"version": 2}, {"revision": 2, "rank": 3}, {"rank": 1, "rank_order": 7},
    {"substatus": "replaced", "replaced_by": UUID("880e8400-e29b-41d4-a716-446655440009")},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES)
async def test_a_claim_in_another_state_has_another_tag(
    client: Client, store: FakeStore, changes: dict[str, Any]
) -> None:
    tag = (await client.get(PATH, headers=ADMIN)).headers["ETag"]
    store.stored[CLAIM_ID] = stored_claim(**changes)
    response = await client.get(PATH, headers=ADMIN | {"If-None-Match": tag})
    assert response.status == 200
    assert response.headers["ETag"] != tag


EXPECTED = [
    # If-Match                  status
    ('"1.1.2.0"',               202),
    ('"1.0.1.0", "1.1.2.0"',    202),
    ("*",                       202),
    ('"1.0.1.0"',               412),
    ('W/"1.1.2.0"',             412),
    ("foo",                     412),
    ("1.1.2.0",                 412),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "status"), EXPECTED)
async def test_a_command_on_a_state_that_was_seen(
    client: Client, store: FakeStore, publisher: FakePublisher, tag: str, status: int
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    response = await client.post(f"{PATH}/approve", json={"reason": "seen"}, headers=ADMIN | {"If-Match": tag})
    assert response.status == status, await response.text()
    assert len(publisher.sent) == int(status == 202)
    if status == 412 and '"' in tag:
        assert response.headers["ETag"] == '"1.1.2.0"'
        assert "pended" in (await response.json(content_type=None))["detail"]


TAGS = [
    # If-Match    what is said
    ("foo",       "If-Match holds no entity tag"),
    ('"foo"',     "no tag of a claim"),
    ('"1.0.1.0"', "The claim has moved on: it is pended now"),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "said"), TAGS)
async def test_what_is_no_tag_is_not_taken_for_an_old_one(
    client: Client, store: FakeStore, tag: str, said: str
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    response = await client.post(f"{PATH}/approve", json={"reason": "seen"}, headers=ADMIN | {"If-Match": tag})
    assert said in (await response.json(content_type=None))["detail"]


async def test_a_page_is_told_apart_from_the_one_before(client: Client, lists: FakeLists) -> None:
    empty = (await client.get("/api/v1/claims", headers=ADMIN)).headers["ETag"]
    lists.rows = [dict(stored_claim().claim)]
    assert (await client.get("/api/v1/claims", headers=ADMIN | {"If-None-Match": empty})).status == 200


async def test_items(client: Client) -> None:
    found = await (await client.get(f"{PATH}/items", headers=ADMIN)).json()
    whole = await (await client.get(PATH, headers=ADMIN)).json()
    assert found == {"id": CLAIM_ID, "claimNumber": whole["claimNumber"], "items": whole["items"]}
