"""Lists, searches and statistics: what is asked of the store, and what is refused before."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.cursor import Position, cursor_of
from api.filters import ClaimFilter, TotalsFilter
from api.queries_list import Question
from api.scope import Scope
from schemas.identifiers import claim_id, claim_number
from schemas.json_text import parse_json
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakeLists, FakePeople, bearer, stored_claim

PATH = "/api/v1/claims"
ALL = Scope(True, None, None)
OTHER_ID = "880e8400-e29b-41d4-a716-446655440009"


def row(claim: str = CLAIM_ID, **changes: Any) -> dict[str, Any]:
    return dict(stored_claim(id=UUID(claim), **changes).claim)


async def problem(client: Client, path: str, body: Any = None) -> tuple[int, str, list[tuple[str, str]]]:
    """Status and type of a problem, with the code and place of each mistake."""
    response = await (client.get(path, headers=ADMIN) if body is None else client.post(path, json=body, headers=ADMIN))
    found = await response.json(content_type="application/problem+json")
    mistakes = [(one["code"], one["place"]) for one in found.get("errors", [])]
    return response.status, found["type"].removeprefix("urn:claims-engine:problem:"), mistakes


async def test_a_claim_of_a_list_has_the_seeds_names(client: Client, lists: FakeLists) -> None:
    lists.rows = [row(), row(OTHER_ID, substatus="pended", status="processing")]
    response = await client.get(PATH, headers=ADMIN)
    found: Any = parse_json(await response.read())
    assert found["next"] is None
    first, second = found["claims"]
    assert (first["id"], first["memberId"], first["serviceDate"], first["status"]) == (
        CLAIM_ID, "MBR-1", "2026-01-15", "approved",
    )  # fmt: skip
    assert first["adjudication"] == {
        "allowedAmount": Decimal("120.00"), "paidAmount": Decimal("96.00"), "memberResponsibility": Decimal("24.00"),
    }  # fmt: skip
    assert second["adjudication"] is None
    assert "items" not in first


FILTERS: list[tuple[str, ClaimFilter]] = [
    ("",                                    ClaimFilter()),
    ("status=",                             ClaimFilter()),
    ("status=approved,paid",                ClaimFilter(statuses=("approved", "paid"))),
    ("substatus=pended",                    ClaimFilter(substatuses=("pended",))),
    ("form=dental",                         ClaimFilter(forms=("dental",))),
    ("memberId=M&providerId=P",             ClaimFilter(member_id="M", provider_id="P")),
    ("dateFrom=2026-01-01&dateTo=2026-01-31",
     ClaimFilter(service_from=date(2026, 1, 1), service_to=date(2026, 1, 31))),
    ("submittedFrom=2026-01-01&submittedTo=2026-01-31",
     ClaimFilter(submitted_from=date(2026, 1, 1), submitted_to=date(2026, 1, 31))),
    (f"ids={CLAIM_ID},{claim_number(OTHER_ID, 2026)}", ClaimFilter(ids=(CLAIM_ID, OTHER_ID))),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), FILTERS)
async def test_filters(client: Client, lists: FakeLists, query: str, expected: ClaimFilter) -> None:
    assert (await client.get(f"{PATH}?{query}", headers=ADMIN)).status == 200
    question, after, limit = lists.asked[0]
    assert (question.scope, question.where, after, limit) == (ALL, expected, None, 51)


REFUSED = [
    # query                       problem       mistakes
    ("status=open",               "bad-query",  [("bad_value", "status")]),
    ("status=approved,",          "bad-query",  [("bad_value", "status")]),
    ("status=paid&status=paid",   "bad-query",  [("twice", "status")]),
    ("ids=x",                     "bad-query",  [("bad_value", "ids")]),
    ("dateFrom=15-01-2026",       "bad-query",  [("bad_value", "dateFrom")]),
    ("dateFrom=2026-02-30",       "bad-query",  [("bad_value", "dateFrom")]),
    ("dateFrom=20260101",         "bad-query",  [("bad_value", "dateFrom")]),
    ("nik=3174",                  "bad-query",  [("unknown_field", "nik")]),
    ("memberName=Dewi&form=x",    "bad-query",  [("bad_value", "form"), ("unknown_field", "memberName")]),
    ("memberId=%00",              "bad-query",  [("bad_value", "memberId")]),
    ("limit=0",                   "bad-limit",  []),
    ("limit=201",                 "bad-limit",  []),
    ("cursor=x",                  "bad-cursor", []),
    ("cursor=" + "A" * 43,        "bad-cursor", []),
    ("cursor=" + "A" * 99,        "bad-cursor", []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "kind", "mistakes"), REFUSED)
async def test_what_is_refused(
    client: Client, lists: FakeLists, query: str, kind: str, mistakes: list[tuple[str, str]]
) -> None:
    assert await problem(client, f"{PATH}?{query}") == (400, kind, mistakes)
    assert lists.asked == []


@pytest.mark.parametrize("at", [-1, 253_402_300_800_000_000, 2**63 - 1, -(2**63)])
async def test_a_cursor_beyond_all_times_is_none(client: Client, lists: FakeLists, at: int) -> None:
    """Cursors are not signed: the store must not be asked for a moment that it cannot hold."""
    place = Position(at, UUID(CLAIM_ID))
    questions = (
        (PATH, Question(ALL, ClaimFilter())),
        ("/api/v1/workflow/pending", ("pending", None)),
        (f"{PATH}/{CLAIM_ID}/audit", ("audit", CLAIM_ID)),
    )
    for path, question in questions:
        assert (await problem(client, f"{path}?cursor={cursor_of(place, question)}"))[:2] == (400, "bad-cursor")
    day = cursor_of(Position(2**31, UUID(CLAIM_ID)), ("pending", None))
    assert (await problem(client, f"/api/v1/workflow/pending?cursor={day}"))[:2] == (400, "bad-cursor")
    assert lists.asked == []


async def test_a_cursor_leads_on_and_fits_one_question_and_caller_only(client: Client, lists: FakeLists) -> None:
    lists.rows = [row(), row(OTHER_ID)]
    first = await client.get(f"{PATH}?limit=1&status=approved", headers=ADMIN)
    cursor = (await first.json())["next"]
    assert first.links["next"]["url"].path == PATH  # type: ignore[union-attr]
    second = await (await client.get(f"{PATH}?limit=1&status=approved&cursor={cursor}", headers=ADMIN)).json()
    assert ([claim["id"] for claim in second["claims"]], second["next"]) == ([OTHER_ID], None)
    assert (await problem(client, f"{PATH}?limit=1&status=paid&cursor={cursor}"))[:2] == (400, "bad-cursor")
    clinic = bearer("provider", provider_id="P-1")
    assert (await client.get(f"{PATH}?status=approved&cursor={cursor}", headers=clinic)).status == 400


SCOPES: list[tuple[dict[str, str], Scope]] = [
    (ADMIN,                                                 ALL),
    (bearer("provider", provider_id="P-1"),                 Scope(False, "P-1", None)),
    (bearer("member", member_id="M-1"),                     Scope(False, None, "M-1")),
    (bearer("claim_processor", provider_id="P-1"),          Scope(False, "P-1", None)),
    (bearer("provider"),                                    Scope(False, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "scope"), SCOPES)
async def test_whose_claims_are_listed_searched_and_counted(
    client: Client, lists: FakeLists, headers: dict[str, str], scope: Scope
) -> None:
    await client.get(PATH, headers=headers)
    await client.post(f"{PATH}/search", json={"text": "fee"}, headers=headers)
    await client.get(f"{PATH}/statistics", headers=headers)
    assert [lists.asked[0][0].scope, lists.asked[1][0].scope, lists.asked[2][0][0]] == [scope] * 3


async def test_a_person_is_searched_for_in_the_body_and_becomes_member_ids(
    client: Client, lists: FakeLists, people: FakePeople
) -> None:
    people.found = ["M-2", "M-1"]
    body = {
        "memberIdentifiers": [{"system": "nik", "value": "3174010101900001"}], "memberName": "Dewi", "text": "fee",
        "status": ["denied"], "limit": 7,
    }  # fmt: skip
    body["status"] = ["rejected"]
    response = await client.post(f"{PATH}/search", json=body, headers=ADMIN)
    assert response.status == 200
    assert people.asked == [((("nik", "3174010101900001"),), "Dewi")]
    question, _, limit = lists.asked[0]
    assert (question.members, question.text, question.where.statuses, limit) == (
        ("M-1", "M-2"),
        "fee",
        ("rejected",),
        8,
    )
    assert "Link" not in response.headers


async def test_nobody_found_is_no_claim_and_not_every_claim(client: Client, lists: FakeLists) -> None:
    await client.post(f"{PATH}/search", json={"memberName": "Nobody"}, headers=ADMIN)
    assert lists.asked[0][0].members == ()


async def test_a_number_of_the_submitter_is_the_id_of_a_claim(client: Client, lists: FakeLists) -> None:
    body = {"claimControlNumber": "A-1"}
    await client.post(f"{PATH}/search", json=body, headers=bearer("provider", provider_id="P-1"))
    await client.post(f"{PATH}/search", json=body | {"submitterId": "P-1"}, headers=ADMIN)
    await client.post(f"{PATH}/search", json=body | {"providerId": "P-1"}, headers=ADMIN)
    assert [asked[0].only for asked in lists.asked] == [(UUID(claim_id("P-1", "A-1", None, "")),)] * 3
    assert await problem(client, f"{PATH}/search", body) == (422, "invalid-search", [("missing", "submitterId")])


SEARCHES: list[tuple[Any, list[tuple[str, str]]]] = [
    ([],                                           []),
    ({"text": ""},                                 [("bad_value", "text")]),
    ({"text": "x" * 201},                          [("bad_value", "text")]),
    ({"text": 7},                                  [("bad_value", "text")]),
    ({"memberIdentifiers": []},                    [("bad_value", "memberIdentifiers")]),
    ({"memberIdentifiers": [{"system": "nik"}]},   [("bad_value", "memberIdentifiers")]),
    ({"memberIdentifiers": [{"system": "nik", "value": 7}]}, [("bad_value", "memberIdentifiers")]),
    ({"memberIdentifiers": [{"system": "nik", "value": "317401120384001"}]},
     [("bad_value", "memberIdentifiers[0].value")]),
    ({"memberIdentifiers": [{"system": "nikk", "value": "3174011203840001"}]},
     [("bad_value", "memberIdentifiers[0].system")]),
    ({"limit": 1000},                              [("bad_value", "limit")]),
    ({"limit": True},                              [("bad_value", "limit")]),
    ({"status": ["x"], "who": 1},                  [("bad_value", "status"), ("unknown_field", "who")]),
    ({"two words": 1},                             [("unknown_field", "'two words'")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "mistakes"), SEARCHES)
async def test_searches_that_are_refused(client: Client, body: Any, mistakes: list[tuple[str, str]]) -> None:
    assert await problem(client, f"{PATH}/search", body) == (422, "invalid-search", mistakes)


async def test_a_problem_quotes_no_value_that_was_searched_for(client: Client) -> None:
    body = {"memberName": "x" * 300, "memberIdentifiers": [{"system": "nik", "value": ["3174010101900001"]}]}
    text = await (await client.post(f"{PATH}/search", json=body, headers=ADMIN)).text()
    assert ("3174010101900001" in text, "xxx" in text) == (False, False)


async def test_statistics(client: Client, lists: FakeLists) -> None:
    lists.rows = [
        {"id": None, "status": "paid", "provider_id": "", "accepted_day": date(2026, 3, 2), "currency": "IDR",
         "claims": 2, "charged": Decimal("150000.00"), "allowed": Decimal(0), "paid": Decimal("7.00"),
         "member_share": Decimal(0)},
    ]  # fmt: skip
    query = "groupBy=status,provider,day&submittedFrom=2026-03-01&submittedTo=2026-03-31&status=paid&form=dental"
    response = await client.get(f"{PATH}/statistics?{query}&currency=IDR&providerId=P-1", headers=ADMIN)
    assert lists.asked[0][0] == (
        ALL,
        TotalsFilter(
            ("status", "provider", "day"), date(2026, 3, 1), date(2026, 3, 31), ("paid",), ("dental",), "IDR", "P-1"
        ),
    )
    assert parse_json(await response.read()) == {
        "groups": [
            {"status": "paid", "currency": "IDR", "provider": None, "day": "2026-03-02", "claims": 2,
             "totalCharged": 150000, "allowedAmount": 0, "paidAmount": 7, "memberResponsibility": 0},
        ]
    }  # fmt: skip


@pytest.mark.parametrize("names", ["member", "status,status", "status;drop table claims"])
async def test_statistics_by_what_is_none(client: Client, names: str) -> None:
    assert (await problem(client, f"{PATH}/statistics?groupBy={names}"))[:2] == (400, "bad-group-by")


async def test_a_search_that_takes_too_long_says_how_to_narrow_it(client: Client, lists: FakeLists) -> None:
    lists.slow = True
    found = await client.post(f"{PATH}/search", json={"text": "fee"}, headers=ADMIN)
    body = await found.json(content_type=None)
    assert (found.status, body["type"]) == (503, "urn:claims-engine:problem:lookup-too-slow")
    assert "Narrow it" in body["detail"]


@pytest.mark.parametrize("path", ["", "/statistics"])
async def test_postgres_away_says_so(client: Client, lists: FakeLists, path: str) -> None:
    lists.away = "gone"
    assert (await problem(client, PATH + path))[:2] == (503, "lookup-unavailable")
    assert (await problem(client, f"{PATH}/search", {"text": "fee"}))[:2] == (503, "lookup-unavailable")
