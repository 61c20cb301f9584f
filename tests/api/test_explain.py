"""The receipt in words and the letter to the member."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.explanation import explanation_of
from schemas.decision import Decision
from schemas.envelope import Finding, Step
from schemas.json_text import parse_json
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, CODEC, FakeStore, bearer, stored_claim
from tests.sinks import records

PATH = f"/api/v1/claims/{CLAIM_ID}"
MISSING = Finding(
    "A-AUTHORIZATION-MISSING", "lines[2]",
    "no approved authorization covers 99213 on 2026-03-02; send one, or its number",
    "an authorization covering 99213 on 2026-03-02",
)  # fmt: skip


def decided(**changes: Any) -> Decision:
    return records.partly_denied(MISSING, **changes)


async def get(client: Client, store: FakeStore, suffix: str, decision: Decision | None) -> Any:
    store.stored[CLAIM_ID] = stored_claim(substatus=decision.substatus if decision else "received")
    if decision is not None:
        store.decisions[CLAIM_ID] = CODEC.encode(decision)
    return await client.get(PATH + suffix, headers=ADMIN)


async def test_the_explanation(client: Client, store: FakeStore) -> None:
    response = await get(client, store, "/explanation", decided())
    found: Any = parse_json(await response.read())
    assert found["words"] == "The claim was approved in part."
    assert found["reference"] == {
        "release": 1, "planId": "PLAN", "planFrom": "2025-12-31", "contractId": "CONTRACT-1",
    }  # fmt: skip
    assert found["totals"]["charged"] == Decimal("150.00")
    first, second = found["lines"]
    assert first["steps"][1] == {
        "rule": "P-COPAY", "version": 1, "words": "Your share: a fixed amount for the visit.",
        "before": Decimal("100.00"), "after": Decimal("80.00"), "detail": None,
    }  # fmt: skip
    assert [(one["code"], one["amount"], one["words"]) for one in first["adjustments"]] == [
        ("CO-45", Decimal("10.00"), "above the agreed rate"),
        ("PR-3", Decimal("10.00"), "copay"),
    ]
    assert second["whatWouldChangeIt"] == ["an authorization covering 99213 on 2026-03-02"]
    assert second["findings"][0]["words"].startswith("This care needs approval beforehand")


async def test_in_indonesian(client: Client, store: FakeStore) -> None:
    response = await get(client, store, "/explanation?lang=id", decided())
    found = await response.json()
    assert found["words"] == "Klaim disetujui sebagian."
    denied = found["lines"][1]
    assert denied["adjustments"][0]["words"] == "tanpa persetujuan lebih dulu"
    assert denied["findings"][0]["text"] == (
        "tidak ada persetujuan yang mencakup 99213 pada 2026-03-02; kirim persetujuannya, atau nomornya"
    )
    wanted = "persetujuan yang mencakup 99213 pada 2026-03-02"
    assert (denied["findings"][0]["remedy"], denied["whatWouldChangeIt"]) == (wanted, [wanted])


LIMIT = Finding("P-LIMIT:dental", "lines[1]", "limit dental: 100.00 a period, 80.00 was used")
STEP = Step("P-LIMIT:dental", 1, 5_000, 2_000, "limit dental: 100.00 a period, 80.00 was used")


def test_steps_and_pends_are_told_in_indonesian_too() -> None:
    line: Any = explanation_of(
        records.decision(1, lines=(replace(records.line(1), findings=(LIMIT,), steps=(STEP,)),)), "id"
    )["lines"]
    told = "batas dental: 100.00 per periode, sudah terpakai 80.00"
    assert (line[0]["steps"][0]["detail"], line[0]["findings"][0]["text"]) == (told, told)
    assert line[0]["steps"][0]["words"] == "Batas manfaat ini dalam program sudah tercapai."
    waits = records.pended(1)
    assert waits.pend is not None
    pend = replace(waits.pend, code="D-DUPLICATE-SUSPECT", text="lines[2]: looks like line 1 of claim 7: same member, "
                   "day and code, other units")  # fmt: skip
    found: Any = explanation_of(replace(waits, pend=pend), "id")["pend"]
    assert found["text"] == "baris 2: mirip dengan baris 1 klaim 7: peserta, hari, dan kode sama, berbeda satuan"


def test_a_voided_claim_shows_what_was_reversed() -> None:
    found = explanation_of(records.voided(decided()), "en")
    assert (found["lines"], found["words"]) == ([], "The claim was voided; it counts no more.")
    reversed_lines: Any = found["reversed"]
    assert [line["charged"] for line in reversed_lines] == [Decimal("-100.00"), Decimal("-50.00")]


def test_approvals_are_told_without_names() -> None:
    found = explanation_of(records.approved(records.pended(1)), "en")
    assert found["approvals"] == [
        {"at": "2026-03-02T23:30:00.128Z", "kind": "approve", "role": "claim_processor"},
    ]  # fmt: skip


def test_a_pended_claim_says_for_whom_and_until_when() -> None:
    found = explanation_of(records.pended(1), "en")
    assert found["pend"] == {
        "code": "D-SUSPECT", "words": None, "queue": "review", "dueDate": "2026-04-10",
        "text": "may be the same as another claim",
    }  # fmt: skip


async def test_an_explanation_without_a_decision(client: Client, store: FakeStore) -> None:
    why = '[{"code": "V-MEMBER-UNKNOWN", "place": "memberId", "text": "no such member", "remedy": "the right number"}]'
    store.stored[CLAIM_ID] = stored_claim(substatus="front_end_rejected", status="rejected", findings=why)
    found = await (await client.get(f"{PATH}/explanation", headers=ADMIN)).json()
    assert found["findings"] == [
        {"code": "V-MEMBER-UNKNOWN", "words": "No member has this number.", "place": "memberId",
         "text": "no such member", "remedy": "the right number"},
    ]  # fmt: skip
    assert (await client.get(f"{PATH}/eob", headers=ADMIN)).status == 409


WITHOUT_A_LETTER: list[tuple[Decision | None, str]] = [
    (None, "The claim is received: a letter explains a decision, and there is none yet. Ask again once there is"),
    (records.pended(1), "The claim is pended: a letter explains a decision, and there is none yet. Ask again once"),
]


@pytest.mark.parametrize("form", ["html", "pdf"])
@pytest.mark.parametrize(("decision", "detail"), WITHOUT_A_LETTER, ids=["received", "pended"])
async def test_a_claim_that_waits_has_no_letter(
    client: Client, store: FakeStore, decision: Decision | None, detail: str, form: str
) -> None:
    response = await get(client, store, f"/eob?format={form}", decision)
    problem = await response.json()
    assert (response.status, problem["type"]) == (409, "urn:claims-engine:problem:not-decided")
    assert problem["detail"].startswith(detail)


@pytest.mark.parametrize("query", ["explanation?lang=fr", "eob?format=doc", "eob?lang=EN"])
async def test_what_is_not_offered_is_400(client: Client, store: FakeStore, query: str) -> None:
    assert (await get(client, store, f"/{query}", decided())).status == 400


async def test_outsiders_see_their_own_only(client: Client, store: FakeStore) -> None:
    await get(client, store, "/eob", decided())
    for suffix in ("explanation", "eob", "events"):
        own = await client.get(f"{PATH}/{suffix}", headers=bearer("member", member_id="MBR-1"))
        other = await client.get(f"{PATH}/{suffix}", headers=bearer("member", member_id="MBR-2"))
        assert (own.status, other.status) == (200, 404)
