"""Changes of members and providers: over the state that was looked at, and how one ends."""

from typing import Any

import pytest

from api.people_changes import merged
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, bearer
from tests.api.people_fakes import FakePeopleParts
from tests.api.people_samples import BUDI, KLINIK, MATCH, MEMBERS, NIK, ONE, PROVIDERS, SITI, member_json

SUPER = bearer("super_admin")


@pytest.fixture(autouse=True)
def known(person_parts: FakePeopleParts) -> None:
    """Two members and a provider."""
    person_parts.store.put(BUDI, SITI, KLINIK)


CHANGES: list[tuple[str, dict[str, Any], dict[str, str], int, str]] = [
    # method, body, headers, status, code
    ("PATCH", {"name": "Budi S."}, MATCH, 200, ""),
    ("PATCH", {"name": "Budi S."}, {"If-Match": "*"}, 200, ""),
    ("PATCH", {"name": "Budi S."}, {"If-Match": '"6", "7"'}, 200, ""),
    ("PATCH", {"name": "Budi S."}, {}, 428, "if-match-needed"),
    ("PATCH", {"name": "Budi S."}, {"If-Match": '"6"'}, 412, "person-moved-on"),
    ("PATCH", {"name": "Budi S."}, {"If-Match": 'W/"7"'}, 412, "person-moved-on"),
    ("PATCH", {"memberId": "MBR-3"}, MATCH, 422, "invalid-person"),
    ("PATCH", {"name": None}, MATCH, 422, "invalid-person"),
    ("PATCH", {"contact": {"phone": "12"}}, MATCH, 422, "invalid-person"),
    ("PUT", member_json(memberId=...), MATCH, 200, ""),
    ("PUT", member_json(memberId="MBR-1"), MATCH, 200, ""),
    ("PUT", member_json(memberId="MBR-2"), MATCH, 422, "invalid-person"),
    ("PUT", member_json(memberId=...), {"If-Match": '"6"'}, 412, "person-moved-on"),
    ("PUT", member_json(memberId=...), {}, 428, "if-match-needed"),
]


@pytest.mark.parametrize(("method", "body", "headers", "status", "code"), CHANGES)
async def test_a_change_over_what_was_looked_at(
    client: Client, method: str, body: dict[str, Any], headers: dict[str, str], status: int, code: str
) -> None:
    response = await client.request(method, ONE, json=body, headers=ADMIN | headers)
    found = await response.json(content_type=None)
    assert (response.status, found.get("type", "").rpartition(":")[2]) == (status, code), found
    if status == 200:
        assert (response.headers["ETag"], found["release"]) == ('"101"', 101)
        assert (await (await client.get(ONE, headers=ADMIN)).json()) == found
    if status == 412:
        assert response.headers["ETag"] == '"7"'


async def test_a_merge_patch_leaves_the_rest(client: Client) -> None:
    patch = {"contact": {"phone": None, "email": "b@example.org"}, "account": None}
    found = await (await client.patch(ONE, json=patch, headers=ADMIN | MATCH)).json()
    assert (found["contact"]["phone"], found["contact"]["email"], found["account"]) == (None, "b@example.org", None)
    assert (found["name"], found["identifiers"][0]["value"]) == ("Budi Santoso", NIK)


MERGES: list[tuple[Any, Any, Any]] = [
    # RFC 7396, appendix A
    ({"a": "b"}, {"a": "c"}, {"a": "c"}), ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}), ({"a": "b"}, {"a": None}, {}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}), ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}), ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]  # fmt: skip


@pytest.mark.parametrize(("target", "patch", "result"), MERGES)
def test_merge_patches(target: Any, patch: Any, result: Any) -> None:
    assert merged(target, patch) == result


async def test_a_member_ends_with_their_coverage_and_stays_readable(client: Client) -> None:
    response = await client.delete(f"{ONE}?effective=2026-03-31", headers=SUPER | MATCH)
    found = await response.json()
    assert (response.status, found["status"], found["endedOn"]) == (200, "ended", "2026-03-31")
    assert found["coverages"][0]["effectiveTo"] == "2026-03-31"
    again = await client.delete(f"{ONE}?effective=2026-03-31", headers=SUPER | {"If-Match": '"101"'})
    assert (await again.json())["release"] == 101
    assert (await client.get(ONE, headers=ADMIN)).status == 200
    listed = await (await client.get(MEMBERS, headers=ADMIN)).json()
    assert [one["memberId"] for one in listed["members"]] == ["MBR-2"]
    listed = await (await client.get(f"{MEMBERS}?includeEnded=true", headers=ADMIN)).json()
    assert [one["memberId"] for one in listed["members"]] == ["MBR-1", "MBR-2"]
    goes_on = {"coverages": [{"coverageId": "FAM-1", "planId": "GOLD", "effectiveFrom": "2025-01-01"}]}
    back = await client.patch(ONE, json=goes_on, headers=ADMIN | {"If-Match": '"101"'})
    assert (await back.json())["status"] == "active"


async def test_a_name_mended_later_does_not_bring_an_ended_member_back(client: Client) -> None:
    await client.delete(f"{ONE}?effective=2026-03-31", headers=SUPER | MATCH)
    mended = await client.patch(ONE, json={"name": "Budi"}, headers=ADMIN | {"If-Match": '"101"'})
    assert ((await mended.json())["status"], mended.status) == ("ended", 200)


async def test_a_provider_ends_with_its_networks(client: Client) -> None:
    headers = SUPER | {"If-Match": '"9"'}
    found = await (await client.delete(f"{PROVIDERS}/PRV-1?effective=2026-03-31", headers=headers)).json()
    assert (found["status"], found["networks"][0]["effectiveTo"]) == ("ended", "2026-03-31")


ENDS = [("2024-12-31", 422), ("31-12-2026", 400), ("2026-02-30", 400), ("x", 400), ("2025-01-01", 200)]


@pytest.mark.parametrize(("day", "status"), ENDS)
async def test_the_last_day(client: Client, day: str, status: int) -> None:
    assert (await client.delete(f"{ONE}?effective={day}", headers=SUPER | MATCH)).status == status


async def test_the_last_day_is_today_where_none_is_said(client: Client) -> None:
    assert (await client.delete(ONE, headers=SUPER | MATCH)).status == 200
    assert (await client.delete(f"{MEMBERS}/MBR-2", headers=SUPER)).status == 428
