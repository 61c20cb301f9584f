"""Every error is a problem: type, title, status, detail, correlation id; never a stack, never a value of the claim."""

import json
from typing import Any

import pytest

from api.problems import TYPE_PREFIX
from config.limits import FINDINGS_SHOWN_MAX, HTTP_BODY_BYTES_MAX
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakeStore, claim_json

JSON = ADMIN | {"Content-Type": "application/json"}
GOOD = json.dumps(claim_json())


def changed(**changes: Any) -> str:
    return json.dumps(claim_json(**changes))


ITEM = {"serviceCode": "99213", "chargedAmount": 150}
NO_TOKEN = {"Content-Type": "application/json"}
UTF16 = ADMIN | {"Content-Type": "application/json; charset=utf-16"}
MEDIA, ENCODING, KEY = "unsupported-media-type", "unsupported-encoding", "bad-idempotency-key"
BAD = [
    # what is sent                                      headers                                    status  type
    ("",                                                JSON,                                  400, "not-json"),
    ("{",                                               JSON,                                  400, "not-json"),
    ('{"items": 1, "items": 2}',                        JSON,                                  400, "duplicate-key"),
    ('{"items": NaN}',                                  JSON,                                  400, "not-a-number"),
    ("[" * 50 + "]" * 50,                               JSON,                                  400, "too-deep"),
    (b"\xff\xfe",                                       JSON,                                  400, "not-utf8"),
    ("[]",                                              JSON,                                  422, "invalid-claim"),
    ("{}",                                              JSON,                                  422, "invalid-claim"),
    (changed(items=[]),                                 JSON,                                  422, "invalid-claim"),
    (changed(serviceDate="2026-02-30"),                 JSON,                                  422, "invalid-claim"),
    (changed(claimType="surgical"),                     JSON,                                  422, "invalid-claim"),
    (changed(surprise=1),                               JSON,                                  422, "invalid-claim"),
    (changed(items=[ITEM | {"chargedAmount": "x"}]),    JSON,                                  422, "invalid-claim"),
    (changed(items=[ITEM | {"chargedAmount": 0.001}]),  JSON,                                  422, "invalid-claim"),
    ("x" * (HTTP_BODY_BYTES_MAX + 1),                   JSON,                                  413, "body-too-large"),
    (GOOD,                                              ADMIN | {"Content-Type": "text/plain"},      415, MEDIA),
    (GOOD,                                              UTF16,                                 415, MEDIA),
    (GOOD,                                              JSON | {"Content-Encoding": "br"},     415, ENCODING),
    (GOOD,                                              JSON | {"Content-Encoding": "gzip"},   415, ENCODING),
    (GOOD,                                              JSON | {"Idempotency-Key": "two words"},     400, KEY),
    (GOOD,                                              NO_TOKEN,                              401, "missing-token"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "headers", "status", "kind"), BAD, ids=lambda value: str(value)[:40])
async def test_a_bad_submission(
    client: Client, body: str | bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    response = await client.post("/api/v1/claims", data=body, headers=headers, skip_auto_headers=["Content-Type"])
    found = await response.json(content_type="application/problem+json")
    assert (response.status, found["status"], found["type"]) == (status, status, TYPE_PREFIX + kind)
    assert found["title"]
    assert found["detail"].endswith(".")
    assert found["correlationId"] == response.headers["X-Correlation-ID"]


async def test_mistakes_are_listed_with_their_places_and_without_values(client: Client) -> None:
    claim = claim_json(
        memberId="", serviceDate="SECRET-DAY", items=[{"serviceCode": "99213", "chargedAmount": "SECRET"}]
    )
    response = await client.post("/api/v1/claims", json=claim, headers=ADMIN)
    text = await response.text()
    places = {error["place"] for error in json.loads(text)["errors"]}
    assert {"serviceDate", "items[0].chargedAmount"} <= places
    assert "SECRET" not in text


async def test_mistakes_are_bounded(client: Client) -> None:
    response = await client.post("/api/v1/claims", json=claim_json(items=[{}] * 100), headers=ADMIN)
    found = await response.json(content_type=None)
    assert len(found["errors"]) == FINDINGS_SHOWN_MAX
    assert "mistakes" in found["detail"]


async def test_404_and_405(client: Client) -> None:
    missing = await client.get("/nothing/here")
    assert (missing.status, missing.content_type) == (404, "application/problem+json")
    wrong = await client.delete("/api/v1/claims")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert "it takes GET, HEAD, POST" in (await wrong.json(content_type=None))["detail"]


async def test_a_bug_answers_500_without_a_stack(client: Client, store: FakeStore) -> None:
    store.broken = RuntimeError("patient SECRET")
    response = await client.get("/api/v1/claims/770e8400-e29b-41d4-a716-446655440002", headers=ADMIN)
    text = await response.text()
    assert (response.status, json.loads(text)["type"]) == (500, TYPE_PREFIX + "internal")
    assert "SECRET" not in text
    assert "Traceback" not in text
