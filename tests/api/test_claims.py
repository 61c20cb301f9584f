"""Looking claims up: the seeds' JSON with exact amounts, and who may see what."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from schemas.identifiers import claim_number
from schemas.json_text import parse_json
from tests.api.conftest import Client
from tests.api.fakes import ACCEPTED, ADMIN, CLAIM_ID, FakeStore, bearer, stored_claim

PATH = f"/api/v1/claims/{CLAIM_ID}"


async def get(client: Client, path: str = PATH, headers: dict[str, str] = ADMIN) -> Any:
    response = await client.get(path, headers=headers)
    assert response.status == 200, await response.text()
    return parse_json(await response.read())


async def test_a_decided_claim(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    found = await get(client)
    seeds = ("id", "claimNumber", "status", "memberId", "providerId", "serviceDate", "submissionDate")
    assert [found[name] for name in seeds] == [
        CLAIM_ID, "CLM-2026-3Q1S2002", "approved", "MBR-1", "PRV-1", "2026-01-15", "2026-03-02",
    ]  # fmt: skip
    assert found["adjudication"] == {
        "allowedAmount": Decimal("120.00"),
        "paidAmount": Decimal("96.00"),
        "memberResponsibility": Decimal("24.00"),
        "adjustments": [
            {"group": "CO", "reason": "45", "amount": Decimal("30.00")},
            {"group": "PR", "reason": "2", "amount": Decimal("24.00")},
        ],
    }
    item = found["items"][0]
    assert (item["chargedAmount"], item["quantity"], item["modifiers"]) == (Decimal("150.00"), 1, ["25"])
    assert [adjustment["rule"] for adjustment in item["adjustments"]] == ["fee", "coinsurance"]
    assert item["findings"] == [{"code": "fee", "place": "items[0]", "text": "fee schedule"}]


AMOUNTS = [
    # currency  stored                     in the JSON
    ("USD",     "150.00",                  '"totalCharged":150.00,'),
    ("USD",     "0.10",                    '"totalCharged":0.10,'),
    ("IDR",     "150000000.00",            '"totalCharged":150000000,'),
    ("USD",     "9007199254740993.01",     '"totalCharged":9007199254740993.01,'),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "stored", "text"), AMOUNTS)
async def test_amounts_are_exact_numbers(
    client: Client, store: FakeStore, currency: str, stored: str, text: str
) -> None:
    store.stored[CLAIM_ID] = stored_claim(currency=currency, total_charged=Decimal(stored))
    assert text in await (await client.get(PATH, headers=ADMIN)).text()


@pytest.mark.parametrize("substatus", ["received", "front_end_rejected", "accepted", "in_process", "pended"])
async def test_an_undecided_claim_has_no_amounts(client: Client, store: FakeStore, substatus: str) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus=substatus)
    assert (await get(client))["adjudication"] is None


async def test_a_rejection_says_why(client: Client, store: FakeStore) -> None:
    why = {"code": "member_unknown", "place": "memberId", "text": "no such member"}
    store.stored[CLAIM_ID] = stored_claim(
        status="rejected", substatus="front_end_rejected", total_allowed=None, findings=json.dumps([why])
    )
    found = await get(client)
    assert (found["status"], found["findings"], found["adjudication"]) == ("rejected", [why], None)


async def test_by_claim_number(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    for number in (claim_number(CLAIM_ID, 2026), claim_number(CLAIM_ID, 2026).lower(), CLAIM_ID.upper()):
        assert (await get(client, f"/api/v1/claims/{number}"))["id"] == CLAIM_ID


@pytest.mark.parametrize("name", ["770e8400-e29b-41d4-a716-446655440003", "CLM-2026-1", "x", "'; drop table claims"])
@pytest.mark.parametrize("suffix", ["", "/timeline"])
async def test_an_unknown_claim_is_404(client: Client, name: str, suffix: str) -> None:
    response = await client.get(f"/api/v1/claims/{name}{suffix}", headers=ADMIN)
    found = await response.json(content_type="application/problem+json")
    assert (response.status, found["type"]) == (404, "urn:claims-engine:problem:claim-not-found")


OWNERS = [
    # role              token names                                      status
    ("provider",        {"provider_id": "PRV-1"},                        200),
    ("provider",        {"provider_id": "PRV-2"},                        404),
    ("member",          {"member_id": "MBR-1"},                          200),
    ("member",          {"member_id": "MBR-2"},                          404),
    ("member",          {"member_id": "PRV-1"},                          404),
    ("provider",        {},                                              404),
    ("auditor",         {},                                              200),
    ("claim_processor", {"provider_id": "PRV-2"},                        404),
    ("provider",        {"provider_id": "PRV-2", "member_id": "MBR-1"},  200),
]  # fmt: skip


@pytest.mark.parametrize(("role", "token", "status"), OWNERS)
@pytest.mark.parametrize("suffix", ["", "/timeline"])
async def test_whose_claims_a_caller_sees(
    client: Client, store: FakeStore, role: str, token: dict[str, Any], status: int, suffix: str
) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    assert (await client.get(PATH + suffix, headers=bearer(role, **token))).status == status


async def test_a_claim_without_an_owner_is_for_staff_only(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(provider_id=None, member_id=None)
    assert (await client.get(PATH, headers=bearer("provider", provider_id="PRV-1"))).status == 404
    assert (await client.get(PATH, headers=bearer("provider"))).status == 404
    assert (await client.get(PATH, headers=ADMIN)).status == 200


async def test_the_timeline(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    steps = (("submitted", "received", 0, 0), ("processing", "accepted", 1, 50), ("approved", "approved", 1, 90))
    store.steps = [
        {"version": 1, "revision": revision, "status": status, "substatus": substatus, "actor": "engine",
         "reason": None, "at": ACCEPTED + timedelta(milliseconds=later)}
        for status, substatus, revision, later in steps
    ]  # fmt: skip
    found = await get(client, PATH + "/timeline")
    assert (found["id"], found["status"]) == (CLAIM_ID, "approved")
    assert [(step["substatus"], step["at"]) for step in found["timeline"]] == [
        ("received", "2026-03-02T04:05:06.789Z"),
        ("accepted", "2026-03-02T04:05:06.839Z"),
        ("approved", "2026-03-02T04:05:06.879Z"),
    ]


@pytest.mark.parametrize("suffix", ["", "/timeline"])
async def test_postgres_away_says_so(client: Client, store: FakeStore, suffix: str) -> None:
    store.away = "ConnectionRefusedError"
    response = await client.get(PATH + suffix, headers=ADMIN)
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
