"""Documents of claims: what is taken, what is refused, who may, and that nothing is left of what was refused."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from api.document_record import id_of
from api.producer import OutcomeUnknown
from config import limits
from tests.api.conftest import Client
from tests.api.document_calls import CLINIC, PATH, SHA, form, records, send
from tests.api.document_fakes import HTML, JPEG, PDF, PNG, FakeDocuments
from tests.api.fakes import ADMIN, CLAIM_ID, FakePublisher, FakeStore, stored_claim
from tests.api.waiting import until

DIGEST = base64.b64encode(hashlib.sha256(PDF).digest()).decode()
OTHER = base64.b64encode(hashlib.sha256(b"").digest()).decode()


@pytest.fixture(autouse=True)
def claim(store: FakeStore) -> None:
    """A pended claim of PRV-1 and MBR-1."""
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")


async def test_a_document_is_stored_recorded_listed_and_handed_out(
    client: Client, documents: FakeDocuments, publisher: FakePublisher
) -> None:
    response = await client.post(PATH, data=form(name="C:\\scans\\Faktur März.pdf"), headers=CLINIC)
    body = await response.json()
    assert response.status == 201, body
    assert (body["id"], body["sha256"], body["size"]) == (id_of(CLAIM_ID, SHA), SHA, len(PDF))
    assert (body["documentType"], body["fileName"], body["uploadedBy"]) == ("invoice", "Faktur März.pdf", "PRV-1")
    (record,) = records(publisher)
    assert (record.document_id, record.revision, record.removed, record.sha256) == (body["id"], 1, False, SHA)
    assert publisher.sent[-1][1] == CLAIM_ID.encode()
    (kept,) = documents.files()
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777, kept.name) == (PDF, 0o600, f"{body['id']}-1")
    listed = await (await client.get(PATH, headers=CLINIC)).json()
    assert listed == {"claimId": CLAIM_ID, "documents": [body]}
    handed = await client.get(response.headers["Location"], headers=CLINIC)
    assert await handed.read() == PDF
    assert handed.headers["Content-Disposition"] == (
        "attachment; filename=\"Faktur_M_rz.pdf\"; filename*=UTF-8''Faktur%20M%C3%A4rz.pdf"
    )
    assert (handed.headers["ETag"], handed.headers["X-Content-Type-Options"]) == (f'"{SHA}"', "nosniff")
    await until(lambda: len(publisher.reads()) == 2)
    assert [(read.view, read.ids, read.claim_id) for read in publisher.reads()][-1] == (
        "document", (body["id"],), CLAIM_ID,
    )  # fmt: skip


async def test_head_and_conditional_requests(client: Client) -> None:
    _, body = await send(client)
    path = f"{PATH}/{body['id']}"
    head = await client.head(path, headers=ADMIN)
    assert (head.status, head.headers["Content-Length"], await head.read()) == (200, str(len(PDF)), b"")
    again = await client.get(path, headers=ADMIN | {"If-None-Match": head.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    assert (await client.get(path, headers=ADMIN | {"If-None-Match": '"other"'})).status == 200


RAW: list[tuple[str, dict[str, str], bytes, int]] = [
    # query, headers, body, status
    ("?documentType=lab_result", {"Content-Type": "application/pdf"}, PDF, 201),
    ("?documentType=lab_result", {"Content-Type": "application/octet-stream"}, PNG, 201),
    ("?documentType=lab_result", {"Content-Type": "image/jpeg"}, JPEG, 201),
    (
        "?documentType=lab_result",
        {"Content-Type": "application/pdf", "Content-Digest": f"sha-256=:{DIGEST}:"},
        PDF,
        201,
    ),
    ("?documentType=lab_result", {"Content-Type": "application/pdf", "Digest": f"SHA-256={DIGEST}"}, PDF, 201),
    ("?documentType=lab_result", {"Content-Type": "application/pdf", "Digest": f"md5=xx,sha-256={DIGEST}"}, PDF, 201),
    ("?documentType=lab_result", {"Content-Type": "application/pdf", "Content-Digest": f"sha-256=:{OTHER}:"}, PDF, 422),
    ("?documentType=lab_result", {"Content-Type": "application/pdf", "Content-Digest": "sha-256=:x:"}, PDF, 400),
    ("?documentType=lab_result", {"Content-Type": "application/pdf", "Content-Digest": "md5=:xx==:"}, PDF, 400),
    ("?documentType=lab_result", {"Content-Type": "application/pdf"}, PNG, 415),
    ("?documentType=lab_result", {"Content-Type": "application/pdf"}, HTML, 415),
    ("?documentType=lab_result", {"Content-Type": "text/html"}, HTML, 415),
    ("?documentType=lab_result", {"Content-Type": "application/pdf"}, b"", 422),
    ("?documentType=lab_result", {"Content-Type": "application/pdf", "Content-Encoding": "gzip"}, PDF, 415),
    ("?documentType=lab_result", {"Content-Type": "multipart/mixed; boundary=x"}, PDF, 415),
    ("?documentType=lab_result", {"Content-Type": "multipart/form-data"}, PDF, 400),
    ("?documentType=lab_result", {"Content-Type": "multipart/form-data; boundary=x"}, b"no boundary", 400),
    ("?documentType=secret", {"Content-Type": "application/pdf"}, PDF, 422),
    ("", {"Content-Type": "application/pdf"}, PDF, 422),
]


@pytest.mark.parametrize(("query", "headers", "body", "status"), RAW)
async def test_the_content_itself(
    client: Client, documents: FakeDocuments, query: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    response = await client.post(PATH + query, data=body, headers=ADMIN | headers)
    assert response.status == status, await response.text()
    assert len(documents.files()) == (status == 201)


FORMS: list[tuple[dict[str, Any], int, str]] = [
    # the form, status, code of the problem
    ({}, 201, ""),
    ({"kind": None}, 422, "invalid-document"),
    ({"kind": "secret"}, 422, "invalid-document"),
    ({"kind": "x" * 5_000}, 422, "invalid-document"),
    ({"content": PNG}, 415, "media-type-mismatch"),
    ({"content": HTML, "content_type": "text/html"}, 415, "unsupported-media-type"),
    ({"content": b""}, 422, "invalid-document"),
    ({"content": b"%PDF-" + b"x" * limits.DOCUMENT_BYTES_MAX}, 413, "document-too-large"),
]


@pytest.mark.parametrize(("options", "status", "code"), FORMS)
async def test_a_form(
    client: Client, documents: FakeDocuments, publisher: FakePublisher, options: dict[str, Any], status: int, code: str
) -> None:
    found, body = await send(client, **options)
    assert (found, body.get("type", "").rpartition(":")[2]) == (status, code)
    assert len(documents.files()) == len(records(publisher)) == (status == 201)


async def test_a_form_takes_only_its_two_parts_and_the_digest_of_the_file(client: Client) -> None:
    strange = form()
    strange.add_field("note", "x")
    assert (await client.post(PATH, data=strange, headers=ADMIN)).status == 422
    misplaced = ADMIN | {"Content-Digest": f"sha-256=:{DIGEST}:"}
    assert (await client.post(PATH, data=form(), headers=misplaced)).status == 400
    data = aiohttp.MultipartWriter("form-data")
    data.append("invoice").set_content_disposition("form-data", name="documentType")
    part = data.append(PDF, {"Content-Type": "application/pdf", "Content-Digest": f"sha-256=:{OTHER}:"})
    part.set_content_disposition("form-data", name="file")
    response = await client.post(PATH, data=data, headers=ADMIN)
    assert (response.status, (await response.json(content_type=None))["type"].rpartition(":")[2]) == (
        422, "digest-mismatch",
    )  # fmt: skip


async def test_the_same_content_again_is_the_same_document(
    client: Client, documents: FakeDocuments, publisher: FakePublisher
) -> None:
    first, again = await send(client), await send(client, kind="other", name="b.pdf")
    assert (first[0], again[0]) == (201, 200)
    assert again[1] == first[1]
    assert len(records(publisher)) == len(documents.files()) == 1


async def test_a_claim_has_a_limit_of_documents(
    client: Client, publisher: FakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.document_places.DOCUMENTS_PER_CLAIM_MAX", 1)
    assert (await send(client))[0] == 201
    assert (await send(client, content=PNG, content_type="image/png"))[0] == 409
    assert (await send(client))[0] == 200
    assert len(records(publisher)) == 1


async def test_taking_away_and_sending_anew_comes_to_an_end(
    client: Client, documents: FakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.document_places.DOCUMENTS_SENT_PER_CLAIM_MAX", 3)
    for content, content_type in ((PDF, "application/pdf"), (PDF, "application/pdf"), (PNG, "image/png")):
        status, body = await send(client, content=content, content_type=content_type)
        assert (status, len(documents.files())) == (201, 1)
        assert (await client.delete(f"{PATH}/{body['id']}", headers=ADMIN)).status == 204
    status, body = await send(client, content=JPEG, content_type="image/jpeg")
    assert (status, body["type"].rpartition(":")[2], documents.files()) == (409, "too-many-documents", [])


async def test_an_infected_document_leaves_no_trace(
    client: Client, documents: FakeDocuments, publisher: FakePublisher
) -> None:
    documents.scanner.found = "Eicar-Test-Signature"
    status, body = await send(client)
    assert (status, body["type"]) == (422, "urn:claims-engine:problem:infected-document")
    assert documents.scanner.shown == [PDF]
    assert (documents.files(), records(publisher), documents.rows.stored) == ([], [], {})


AWAY: list[tuple[str, str]] = [
    ("scanner", "scanner-unavailable"), ("rows", "lookup-unavailable"), ("broker", "outcome-unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "code"), AWAY)
async def test_what_is_away_is_503_and_a_retry_is_the_same_document(
    client: Client, documents: FakeDocuments, publisher: FakePublisher, what: str, code: str
) -> None:
    documents.scanner.away, documents.rows.away = what == "scanner", "gone" if what == "rows" else None
    publisher.failing = OutcomeUnknown("gone") if what == "broker" else None
    status, body = await send(client)
    assert (status, body["type"].rpartition(":")[2]) == (503, code)
    assert records(publisher) == []
    documents.scanner.away, documents.rows.away, publisher.failing = False, None, None
    status, body = await send(client)
    assert (status, body["id"]) == (201, id_of(CLAIM_ID, SHA))


async def test_a_folder_that_cannot_be_written_is_503(client: Client, documents: FakeDocuments) -> None:
    documents.folder.rmdir()
    documents.folder.write_bytes(b"in the way")
    assert (await send(client))[0] == 503


async def test_a_record_is_enough_when_the_row_cannot_be_written(
    client: Client, documents: FakeDocuments, publisher: FakePublisher
) -> None:
    documents.rows.keep_fails = True
    assert (await send(client))[0] == 201
    assert len(records(publisher)) == 1


async def test_a_body_that_trickles_is_ended(client: Client, documents: FakeDocuments) -> None:
    async def drops() -> AsyncIterator[bytes]:
        yield PDF
        while True:
            await asyncio.sleep(0.1)
            yield b"x"

    headers = ADMIN | {"Content-Type": "application/pdf"}
    async with asyncio.timeout(10):
        try:
            response = await client.post(f"{PATH}?documentType=invoice", data=drops(), headers=headers)
            assert response.status == 408
        except aiohttp.ClientConnectionError:
            pass  # closed while it was still sending
    assert documents.files() == []


async def test_damaged_content_is_not_handed_out(client: Client, documents: FakeDocuments) -> None:
    _, body = await send(client)
    (kept,) = documents.files()
    kept.write_bytes(PDF[:-1] + b"?")
    assert (await client.get(f"{PATH}/{body['id']}", headers=ADMIN)).status == 503
    large = b"%PDF-" + b"x" * 300_000
    _, body = await send(client, content=large)
    next(path for path in documents.files() if path != kept).write_bytes(large[:-1] + b"?")
    with pytest.raises(aiohttp.ClientError):
        await (await client.get(f"{PATH}/{body['id']}", headers=ADMIN)).read()
    kept.unlink()
    assert (await client.get(PATH, headers=ADMIN)).status == 200
