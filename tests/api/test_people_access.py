"""Who finds and reads which members and providers, and what they are shown."""

from typing import Any

import pytest

from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakePublisher, bearer
from tests.api.people_fakes import FakePeopleParts
from tests.api.people_samples import BUDI, KLINIK, MATCH, MEMBERS, NIK, ONE, PROVIDERS, SITI, member_json


@pytest.fixture(autouse=True)
def known(person_parts: FakePeopleParts) -> None:
    """Two members and a provider."""
    person_parts.store.put(BUDI, SITI, KLINIK)


SEARCHES: list[tuple[dict[str, Any], list[str] | int]] = [
    ({"identifiers": [{"system": "nik", "value": NIK}]}, ["MBR-1"]),
    ({"identifiers": [{"system": "nik", "value": "3174 0112 0384 0001"}]}, ["MBR-1"]),
    ({"identifiers": [{"system": "nik", "value": "3174011203840002"}]}, []),
    ({"name": "santoso budi"}, ["MBR-1"]),
    ({"name": "budi rahayu"}, []),
    ({"name": "Santoso", "identifiers": [{"system": "member_number", "value": "22"}]}, []),
    ({"name": "!!"}, 422),
    ({}, 422),
    ({"name": "x", "shoe": 1}, 422),
    ({"name": "x", "limit": 0}, 422),
    ({"name": "x", "cursor": "%%"}, 400),
]


@pytest.mark.parametrize(("body", "found"), SEARCHES)
async def test_a_search(client: Client, body: dict[str, Any], found: list[str] | int) -> None:
    response = await client.post(f"{MEMBERS}/search", json=body, headers=ADMIN)
    if isinstance(found, int):
        assert response.status == found
    else:
        assert [one["memberId"] for one in (await response.json())["members"]] == found


async def test_pages_follow_one_another(client: Client) -> None:
    first = await (await client.get(f"{MEMBERS}?limit=1", headers=ADMIN)).json()
    second = await (await client.get(f"{MEMBERS}?limit=1&cursor={first['next']}", headers=ADMIN)).json()
    assert [page["members"][0]["memberId"] for page in (first, second)] == ["MBR-1", "MBR-2"]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1000", "nik=1", "cursor=%25", "coverageId=" + "x" * 60])
async def test_a_list_that_cannot_be(client: Client, query: str) -> None:
    assert (await client.get(f"{MEMBERS}?{query}", headers=ADMIN)).status == 400


async def test_a_provider_is_shown_who_a_member_is_and_when_covered_and_no_more(
    client: Client, publisher: FakePublisher
) -> None:
    clinic = bearer("provider", provider_id="PRV-1")
    nik = {"identifiers": [{"system": "nik", "value": NIK}]}
    found = await (await client.post(f"{MEMBERS}/search", json=nik, headers=clinic)).json()
    assert found["next"] is None
    (member,) = found["members"]
    assert sorted(member) == ["coverages", "memberId", "name", "release", "status"]
    assert [(read.view, read.ids, read.provider_id) for read in publisher.reads()] == [
        ("member_list", ("MBR-1",), "PRV-1")
    ]
    for body in (
        {"name": "Budi"},
        {**nik, "name": "Budi"},
        {"identifiers": [*nik["identifiers"], *nik["identifiers"]]},
    ):
        response = await client.post(f"{MEMBERS}/search", json=body, headers=clinic)
        assert response.status == 403, body


OWN, OTHER = bearer("member", member_id="MBR-1"), bearer("member", member_id="MBR-2")
CLINIC, CLINIC_2 = bearer("provider", provider_id="PRV-1"), bearer("provider", provider_id="PRV-2")
NARROWED = bearer("admin", provider_id="PRV-1")
CONTACT = {"contact": {"phone": "+628111111111"}}
WHO: list[tuple[str, str, Any, dict[str, str], int]] = [
    # method, path, body, headers, status
    ("GET", ONE, None, OWN, 200),
    ("GET", ONE, None, OTHER, 404),
    ("GET", ONE, None, CLINIC, 403),
    ("GET", ONE, None, NARROWED, 403),
    ("GET", ONE, None, bearer("auditor"), 200),
    ("GET", f"{MEMBERS}/nobody", None, ADMIN, 404),
    ("GET", f"{MEMBERS}/nobody", None, CLINIC, 403),
    ("GET", MEMBERS, None, OWN, 403),
    ("GET", MEMBERS, None, CLINIC, 403),
    ("GET", f"{ONE}/events", None, OWN, 403),
    ("POST", f"{MEMBERS}/search", {"name": "budi"}, OWN, 403),
    ("POST", MEMBERS, member_json(), OWN, 403),
    ("POST", MEMBERS, member_json(), NARROWED, 403),
    ("PATCH", ONE, CONTACT, OWN | MATCH, 200),
    ("PATCH", ONE, CONTACT, OTHER | MATCH, 404),
    ("PATCH", ONE, {"name": "Other"}, OWN | MATCH, 403),
    ("PATCH", ONE, {"account": {"name": "Other", "accountNumber": "1"}}, OWN | MATCH, 403),
    ("PATCH", ONE, {"coverages": []}, OWN | MATCH, 422),
    ("PATCH", ONE, CONTACT, bearer("claim_processor") | MATCH, 403),
    ("DELETE", ONE, None, ADMIN | MATCH, 403),
    ("DELETE", ONE, None, OWN | MATCH, 403),
    ("GET", f"{PROVIDERS}/PRV-1", None, CLINIC, 200),
    ("GET", f"{PROVIDERS}/PRV-1", None, CLINIC_2, 404),
    ("GET", f"{PROVIDERS}/PRV-1", None, OWN, 404),
    ("GET", PROVIDERS, None, CLINIC, 403),
    ("PATCH", f"{PROVIDERS}/PRV-1", CONTACT, CLINIC | {"If-Match": '"9"'}, 200),
    ("PATCH", f"{PROVIDERS}/PRV-1", {"kind": "hospital"}, CLINIC | {"If-Match": '"9"'}, 403),
    ("PATCH", f"{PROVIDERS}/PRV-1", {"account": None}, CLINIC | {"If-Match": '"9"'}, 403),
    ("PATCH", f"{PROVIDERS}/PRV-1", CONTACT, CLINIC_2 | {"If-Match": '"9"'}, 404),
    ("POST", f"{PROVIDERS}/search", {"name": "sehat"}, CLINIC, 403),
    ("POST", f"{PROVIDERS}/search", {"name": "sehat"}, ADMIN, 200),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "status"), WHO)
async def test_who_may(client: Client, method: str, path: str, body: Any, headers: dict[str, str], status: int) -> None:
    response = await client.request(method, path, json=body, headers=headers)
    assert response.status == status, await response.text()


ACCOUNTS = [
    (ADMIN, "1234567890"),
    (OWN, "1234567890"),
    (bearer("claim_processor"), "******7890"),
    (bearer("auditor"), "******7890"),
]


@pytest.mark.parametrize(("headers", "number"), ACCOUNTS)
async def test_an_account_is_shown_in_full_to_who_may_change_it(
    client: Client, headers: dict[str, str], number: str
) -> None:
    assert (await (await client.get(ONE, headers=headers)).json())["account"]["accountNumber"] == number


async def test_conditional_reads(client: Client) -> None:
    assert (await client.head(ONE, headers=ADMIN)).headers["ETag"] == '"7"'
    assert (await client.get(ONE, headers=ADMIN | {"If-None-Match": '"7"'})).status == 304
    assert (await client.get(ONE, headers=ADMIN | {"If-None-Match": '"6"'})).status == 200


@pytest.mark.parametrize("path", [ONE, MEMBERS, f"{ONE}/events", f"{PROVIDERS}/PRV-1", PROVIDERS])
async def test_reading_while_postgres_is_away(client: Client, person_parts: FakePeopleParts, path: str) -> None:
    person_parts.store.away = "gone"
    assert (await client.get(path, headers=ADMIN)).status == 503


async def test_changes_while_kafka_or_postgres_is_away(client: Client, person_parts: FakePeopleParts) -> None:
    person_parts.changes.away = True
    response = await client.post(MEMBERS, json=member_json(), headers=ADMIN)
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    person_parts.changes.away, person_parts.store.keep_fails = False, True
    assert (await client.post(MEMBERS, json=member_json(), headers=ADMIN)).status == 201
