"""Who may send, read and take away which documents."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from api.document_store import LocalFolder, StoreAway
from api.document_types import KINDS
from api.models.documents import DocumentType
from tests.api.conftest import Client
from tests.api.document_calls import CLINIC, PATH, SHA, form, records, send
from tests.api.document_fakes import PDF, PNG, FakeDocuments
from tests.api.fakes import ADMIN, CLAIM_ID, FakePublisher, FakeStore, bearer, stored_claim


@pytest.fixture(autouse=True)
def claim(store: FakeStore) -> None:
    """A pended claim of PRV-1 and MBR-1."""
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")


WHO: list[tuple[str, dict[str, str], int, int, int]] = [
    # who, headers, send, read, take away what somebody else sent
    ("staff", ADMIN, 201, 200, 204),
    ("processor", bearer("claim_processor"), 201, 200, 204),
    ("auditor", bearer("auditor"), 403, 200, 403),
    ("the provider", CLINIC, 201, 200, 403),
    ("the member", bearer("member", member_id="MBR-1"), 201, 200, 403),
    ("another provider", bearer("provider", provider_id="PRV-2"), 404, 404, 404),
    ("another member", bearer("member", member_id="MBR-2"), 404, 404, 404),
    ("nobody", {}, 401, 401, 401),
]


@pytest.mark.parametrize(("who", "headers", "sends", "reads", "takes"), WHO, ids=[row[0] for row in WHO])
async def test_who_may(client: Client, who: str, headers: dict[str, str], sends: int, reads: int, takes: int) -> None:
    _, body = await send(client, bearer("admin", sub="somebody else"))
    path = f"{PATH}/{body['id']}"
    assert (await client.post(PATH, data=form(PNG, "image/png"), headers=headers)).status == sends
    assert (await client.get(PATH, headers=headers)).status == reads
    assert (await client.get(path, headers=headers)).status == reads
    assert (await client.delete(path, headers=headers)).status == takes


async def test_a_correction_gives_the_documents_that_come_after_it_to_whom_it_brings_in(
    client: Client, store: FakeStore, documents: FakeDocuments
) -> None:
    """What was sent while the claim was another's may be of another person."""
    replacement, now = "880e8400-e29b-41d4-a716-446655440003", datetime.now(UTC)
    _, former = await send(client, CLINIC)
    documents.rows.stored[former["id"]]["at"] = now - timedelta(days=2)
    store.stored[CLAIM_ID] = stored_claim(substatus="replaced", replaced_by=UUID(replacement))
    store.stored[replacement] = stored_claim(
        id=UUID(replacement), root_id=UUID(CLAIM_ID), provider_id="PRV-2", substatus="pended",
        accepted_at=now - timedelta(days=1),
    )  # fmt: skip
    other = bearer("provider", provider_id="PRV-2")
    status, since = await send(client, other, content=PNG, content_type="image/png")
    assert status == 201
    sees = [  # who, headers, status of the list, documents in it, status of each document
        ("brought in", other, 200, [since["id"]], [404, 200]),
        ("former", CLINIC, 404, None, [404, 404]),
        ("the member of both", bearer("member", member_id="MBR-1"), 200, [former["id"], since["id"]], [200, 200]),
        ("staff", ADMIN, 200, [former["id"], since["id"]], [200, 200]),
    ]
    for who, headers, status, listed, each in sees:
        response = await client.get(PATH, headers=headers)
        found = [document["id"] for document in (await response.json(content_type=None)).get("documents", [])]
        assert (response.status, found) == (status, listed or []), who
        paths = [f"{PATH}/{document['id']}" for document in (former, since)]
        assert [(await client.get(path, headers=headers)).status for path in paths] == each, who


SUBSTATUSES = [("received", 204), ("pended", 204), ("approved", 409), ("denied", 409), ("paid", 409)]


@pytest.mark.parametrize(("substatus", "status"), SUBSTATUSES)
async def test_an_owner_takes_away_what_they_sent_until_the_claim_is_decided(
    client: Client, store: FakeStore, substatus: str, status: int
) -> None:
    _, body = await send(client, CLINIC)
    store.stored[CLAIM_ID] = stored_claim(substatus=substatus)
    assert (await client.delete(f"{PATH}/{body['id']}", headers=CLINIC)).status == status


async def test_what_was_taken_away_is_gone_but_for_its_record_and_may_come_again(
    client: Client, documents: FakeDocuments, publisher: FakePublisher
) -> None:
    _, body = await send(client)
    path = f"{PATH}/{body['id']}"
    assert (await client.delete(path, json={"reason": "of another person"}, headers=ADMIN)).status == 204
    assert (await client.get(path, headers=ADMIN)).status == 404
    assert (await client.delete(path, headers=ADMIN)).status == 404
    assert (await (await client.get(PATH, headers=ADMIN)).json())["documents"] == []
    assert documents.files() == []
    assert (await send(client))[0] == 201
    assert (await (await client.get(path, headers=ADMIN)).read()) == PDF
    assert [(r.revision, r.removed, r.reason, r.sha256) for r in records(publisher)] == [
        (1, False, None, SHA), (2, True, "of another person", SHA), (3, False, None, SHA),
    ]  # fmt: skip


async def test_the_same_content_of_another_claim_stays(
    client: Client, store: FakeStore, documents: FakeDocuments
) -> None:
    other = "00000000-0000-4000-8000-000000000009"
    store.stored[other] = stored_claim(id=UUID(other), root_id=UUID(other))
    _, body = await send(client)
    made = await client.post(PATH.replace(CLAIM_ID, other), data=form(), headers=ADMIN)
    assert (made.status, len(documents.files())) == (201, 2)
    assert (await client.delete(f"{PATH}/{body['id']}", headers=ADMIN)).status == 204
    assert await (await client.get(made.headers["Location"], headers=ADMIN)).read() == PDF


async def test_content_that_could_not_be_deleted_is_deleted_by_the_same_again(
    client: Client, documents: FakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, body = await send(client)
    path = f"{PATH}/{body['id']}"
    (kept,) = documents.files()
    with monkeypatch.context() as patched:
        patched.setattr(LocalFolder, "remove", _away)
        assert (await client.delete(path, headers=ADMIN)).status == 503
    assert ((await client.get(path, headers=ADMIN)).status, kept.exists()) == (404, True)
    assert ((await client.delete(path, headers=ADMIN)).status, kept.exists()) == (404, False)


async def _away(self: LocalFolder, key: str) -> None:
    raise StoreAway("away")


BAD_REASONS: list[tuple[bytes, int]] = [
    (b"{", 400),
    (b"[]", 422),
    (b'{"reason":1}', 422),
    (b'{"reason":"\\u0000"}', 422),
    (b'{"x":1}', 422),
    (b"{}", 204),
]


@pytest.mark.parametrize(("body", "status"), BAD_REASONS)
async def test_the_reason(client: Client, body: bytes, status: int) -> None:
    _, made = await send(client)
    headers = ADMIN | {"Content-Type": "application/json"}
    assert (await client.delete(f"{PATH}/{made['id']}", data=body, headers=headers)).status == status


@pytest.mark.parametrize("name", ["x", "../../etc/passwd", "00000000-0000-0000-0000-000000000000"])
async def test_no_such_document(client: Client, name: str) -> None:
    assert (await client.get(f"{PATH}/{name.replace('/', '%2F')}", headers=ADMIN)).status == 404


def test_the_kinds_are_those_of_the_api_reference() -> None:
    assert get_args(DocumentType) == KINDS


STOLEN = "880e8400-e29b-41d4-a716-446655440003"


@pytest.mark.parametrize(
    ("headers", "status"),
    [(CLINIC, 200), (bearer("provider", provider_id="PRV-2"), 404), (ADMIN, 200)],
    ids=["its own original", "the original of another", "staff"],
)
async def test_naming_a_claim_as_the_original_does_not_give_its_documents(
    client: Client, store: FakeStore, headers: dict[str, str], status: int
) -> None:
    """A replacement is seen by its own provider; the documents are those of the root claim, which may be another's."""
    await send(client)
    owner = "PRV-1" if status == 200 else "PRV-2"
    store.stored[STOLEN] = stored_claim(
        id=UUID(STOLEN), root_id=UUID(CLAIM_ID), provider_id=owner, member_id="MBR-2", frequency_code="7"
    )
    response = await client.get(f"/api/v1/claims/{STOLEN}/documents", headers=headers)
    assert response.status == status
    assert (SHA in await response.text()) == (status == 200)
