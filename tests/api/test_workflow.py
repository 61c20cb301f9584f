"""The work queue and the audit trail."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from schemas.json_text import parse_json
from tests.api.conftest import Client
from tests.api.fakes import ACCEPTED, ADMIN, CLAIM_ID, FakeLists, FakeStore, bearer, stored_claim

PENDING = "/api/v1/workflow/pending"
WAITS = {
    "id": UUID(CLAIM_ID), "claim_number": "CLM-2026-1", "version": 1, "revision": 1, "form": "professional",
    "service_type": "outpatient", "service_date": date(2026, 1, 15), "provider_id": "PRV-1", "currency": "IDR",
    "total_charged": Decimal("150000.00"), "accepted_at": ACCEPTED, "pend_code": "D-DUPLICATE-SUSPECT",
    "pend_queue": "review", "pend_due": date(2026, 4, 1), "pend_text": "looks like another",
}  # fmt: skip


async def test_the_queue_tells_what_waits_and_until_when(client: Client, lists: FakeLists) -> None:
    lists.rows = [WAITS]
    response = await client.get(f"{PENDING}?queue=review&limit=7", headers=ADMIN)
    found: Any = parse_json(await response.read())
    assert lists.asked == [("review", None, 8)]
    assert found["claims"][0]["pend"] == {
        "code": "D-DUPLICATE-SUSPECT", "queue": "review", "dueDate": "2026-04-01", "text": "looks like another",
    }  # fmt: skip
    assert found["claims"][0]["totalCharged"] == Decimal(150000)
    assert "memberId" not in found["claims"][0]


LIMITS = [("", 200), ("1", 200), ("200", 200), ("0", 400), ("201", 400), ("-1", 400), ("x", 400), ("²", 400)]


@pytest.mark.parametrize(("limit", "status"), LIMITS)
async def test_limits(client: Client, limit: str, status: int) -> None:
    suffix = f"?limit={limit}" if limit else ""
    assert (await client.get(PENDING + suffix, headers=ADMIN)).status == status


async def test_the_queue_is_for_staff(client: Client) -> None:
    narrowed = bearer("claim_processor", provider_id="PRV-1")
    assert (await client.get(PENDING, headers=narrowed)).status == 403


EVENT = {
    "event_id": UUID(CLAIM_ID), "event_type": "command.refused", "version": 1, "revision": 1, "sequence": 1_000,
    "substatus": "denied", "actor": "dewi", "at": ACCEPTED,
    "details": '{"command_id": "c-1", "reason": "L-ILLEGAL-MOVE", "text": "is denied", "note": "call the clinic"}',
}  # fmt: skip
SHOWN = {"command_id": "c-1", "reason": "L-ILLEGAL-MOVE", "text": "is denied"}


@pytest.mark.parametrize(
    ("headers", "details"),
    [(ADMIN, SHOWN | {"note": "call the clinic"}), (bearer("provider", provider_id="PRV-1"), SHOWN)],
)
async def test_notes_of_staff_are_for_staff(
    client: Client, store: FakeStore, headers: dict[str, str], details: dict[str, str]
) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    store.trail = [EVENT]
    found = await (await client.get(f"/api/v1/claims/{CLAIM_ID}/events", headers=headers)).json()
    assert found["events"][0]["type"] == "command.refused"
    assert found["events"][0]["details"] == details


@pytest.mark.parametrize("path", [PENDING, f"/api/v1/claims/{CLAIM_ID}/events", f"/api/v1/claims/{CLAIM_ID}/eob"])
async def test_postgres_away_says_so(client: Client, store: FakeStore, lists: FakeLists, path: str) -> None:
    store.away = lists.away = "gone"
    assert (await client.get(path, headers=ADMIN)).status == 503


async def test_a_pended_claim_says_why_it_waits(client: Client, store: FakeStore) -> None:
    pend = {name: value for name, value in WAITS.items() if name.startswith("pend_")}
    store.stored[CLAIM_ID] = stored_claim(substatus="pended", **pend)
    found = await (await client.get(f"/api/v1/claims/{CLAIM_ID}", headers=ADMIN)).json()
    assert found["pend"]["dueDate"] == "2026-04-01"
    store.stored[CLAIM_ID] = stored_claim(substatus="appealed", appeal_due=date(2026, 5, 1))
    found = await (await client.get(f"/api/v1/claims/{CLAIM_ID}", headers=ADMIN)).json()
    assert (found["pend"], found["appealDue"]) == (None, "2026-05-01")
