"""Members and providers over HTTP: every route, who may, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from api.people_changes import merged
from schemas.claim import Identifier, Payee
from schemas.dates import parse_day
from schemas.envelope import Finding
from schemas.reference import Contact, CoverageSegment, Member, NetworkSegment, Provider
from schemas.reference_changes import UnfitError
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakePublisher, bearer
from tests.api.people_fakes import FakePeopleParts

MEMBERS, PROVIDERS = "/api/v1/members", "/api/v1/providers"
SUPER = bearer("super_admin")
NIK = "3174011203840001"
BUDI = Member(
    7, False, "MBR-1", (Identifier("nik", NIK),), "Budi Santoso", parse_day("1984-03-12"), "M", "self",
    (CoverageSegment("FAM-1", "GOLD", parse_day("2025-01-01"), None),), Contact(phone="+628123456789"),
    Payee("Budi Santoso", "BCA", "1234567890"),
)  # fmt: skip
SITI = replace(
    BUDI, member_id="MBR-2", identifiers=(Identifier("member_number", "22"),), name="Siti Rahayu", account=None
)
KLINIK = Provider(
    9, False, "PRV-1", (Identifier("npwp", "0123456789012345"),), "Klinik Sehat", "clinic",
    (NetworkSegment("NET", parse_day("2025-01-01"), None),), None, Payee("Klinik Sehat", "BCA", "99887766"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def known(person_parts: FakePeopleParts) -> None:
    """Two members and a provider."""
    person_parts.store.put(BUDI, SITI, KLINIK)


def member_json(**changes: Any) -> dict[str, Any]:
    """A new member as it is given."""
    made: dict[str, Any] = {
        "memberId": "MBR-9", "name": "Rizky Santoso", "birthDate": "2016-02-29", "sex": "M", "relationship": "child",
        "nationalId": "3174012902160004",
        "coverages": [{"coverageId": "FAM-1", "planId": "GOLD", "effectiveFrom": "2025-01-01"}],
        "contact": {"email": "rizky@example.org", "phone": "0812-3456-7890", "city": "Jakarta"},
    }  # fmt: skip
    return {name: value for name, value in (made | changes).items() if value is not ...}


def provider_json(**changes: Any) -> dict[str, Any]:
    """A new provider as it is given."""
    made: dict[str, Any] = {
        "providerId": "PRV-9", "name": "RS Baru", "kind": "hospital", "taxId": "01.234.567.8-901.000",
        "networks": [{"networkId": "NET", "effectiveFrom": "2025-01-01", "effectiveTo": "2026-12-31"}],
    }  # fmt: skip
    return {name: value for name, value in (made | changes).items() if value is not ...}


async def test_a_member_is_created_in_a_release_and_visible_at_once(
    client: Client, person_parts: FakePeopleParts, publisher: FakePublisher
) -> None:
    response = await client.post(MEMBERS, json=member_json(), headers=ADMIN)
    body = await response.json()
    assert response.status == 201, body
    assert (body["release"], response.headers["ETag"]) == (101, '"101"')
    assert response.headers["Location"] == f"{MEMBERS}/MBR-9"
    assert (body["status"], body["endedOn"], body["contact"]["phone"]) == ("active", None, "081234567890")
    assert body["identifiers"] == [{"system": "nik", "value": "3174012902160004"}]
    again = await client.get(response.headers["Location"], headers=ADMIN)
    assert await again.json() == body
    assert [(read.view, read.ids) for read in publisher.reads()] == [("member", ("MBR-9",))]
    (wish,) = person_parts.changes.wishes
    assert (wish.author.actor, wish.author.role) == ("dewi", "admin")


async def test_a_provider_is_created(client: Client) -> None:
    response = await client.post(PROVIDERS, json=provider_json(), headers=ADMIN)
    body = await response.json()
    assert (response.status, body["kind"], body["networks"][0]["effectiveTo"]) == (201, "hospital", "2026-12-31")
    assert body["identifiers"] == [{"system": "npwp", "value": "01.234.567.8-901.000"}]


async def test_the_same_again_is_no_change_and_another_under_the_id_is_refused(
    client: Client, person_parts: FakePeopleParts
) -> None:
    first = await (await client.post(MEMBERS, json=member_json(), headers=ADMIN)).json()
    again = await client.post(MEMBERS, json=member_json(), headers=ADMIN)
    assert (again.status, await again.json()) == (200, first)
    other = await client.post(MEMBERS, json=member_json(name="Somebody Else"), headers=ADMIN)
    assert (other.status, (await other.json(content_type=None))["type"].rpartition(":")[2]) == (409, "person-exists")
    assert person_parts.changes.release == 101


async def test_an_id_is_made_of_the_first_identifier(client: Client) -> None:
    made = [
        (await (await client.post(MEMBERS, json=member_json(memberId=..., name=name), headers=ADMIN)).json())[
            "memberId"
        ]
        for name in ("Rizky Santoso",)
    ]
    again = await client.post(MEMBERS, json=member_json(memberId=...), headers=ADMIN)
    assert (again.status, (await again.json())["memberId"]) == (200, made[0])


BAD_MEMBERS: list[tuple[str, dict[str, Any], str]] = [
    # what, changes, where the first mistake is
    ("no name", {"name": ...}, "name"),
    ("a name twice", {"firstName": "A", "lastName": "B"}, "name"),
    ("half a name", {"name": ..., "firstName": "A"}, "name"),
    ("no birth date", {"birthDate": ...}, "birthDate"),
    ("no such day", {"birthDate": "2023-02-29"}, "birthDate"),
    ("not born yet", {"birthDate": "2190-01-01"}, "birthDate"),
    ("born too long ago", {"birthDate": "1850-01-01"}, "birthDate"),
    ("another sex", {"sex": "X"}, "sex"),
    ("31 February in the NIK", {"nationalId": "3174013102840001"}, "nationalId"),
    ("a province that is none", {"nationalId": "0174011203840001"}, "nationalId"),
    ("a bad NIK among the identifiers", {"identifiers": [{"system": "nik", "value": "1"}]}, "identifiers[0]"),
    ("a bad NPWP", {"identifiers": [{"system": "npwp", "value": "1"}]}, "identifiers[0]"),
    ("an identifier twice", {"identifiers": [{"system": "nik", "value": "3174012902160004"}]}, "nationalId"),
    ("a bad system", {"identifiers": [{"system": "NIK!", "value": "1"}]}, "identifiers[0].system"),
    ("no id at all", {"memberId": ..., "nationalId": ...}, "memberId"),
    ("a bad id", {"memberId": "a|b"}, "memberId"),
    ("no coverage", {"coverages": []}, "coverages"),
    ("coverage that ends first", {"coverages": [
        {"coverageId": "F", "planId": "P", "effectiveFrom": "2025-02-01", "effectiveTo": "2025-01-01"},
    ]}, "coverages[0].effectiveTo"),
    ("coverages that overlap", {"coverages": [
        {"coverageId": "F", "planId": "P", "effectiveFrom": "2025-01-01"},
        {"coverageId": "F", "planId": "P", "effectiveFrom": "2025-06-01"},
    ]}, "coverages[1].effectiveFrom"),
    ("enrolled after the end", {"coverages": [
        {"coverageId": "F", "planId": "P", "effectiveFrom": "2025-01-01", "effectiveTo": "2025-12-31",
         "enrolledFrom": "2026-01-01"},
    ]}, "coverages[0].enrolledFrom"),
    ("a bad telephone number", {"contact": {"phone": "12"}}, "contact.phone"),
    ("a bad address of mail", {"contact": {"email": "a b"}}, "contact.email"),
    ("an unknown field", {"shoeSize": 43}, "shoeSize"),
    ("what is told and not given", {"status": "active"}, "status"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "place"), BAD_MEMBERS, ids=[row[0] for row in BAD_MEMBERS])
async def test_a_member_with_a_mistake(
    client: Client, person_parts: FakePeopleParts, what: str, changes: dict[str, Any], place: str
) -> None:
    response = await client.post(MEMBERS, json=member_json(**changes), headers=ADMIN)
    body = await response.json(content_type=None)
    assert (response.status, body["errors"][0]["place"]) == (422, place), body
    assert person_parts.changes.wishes == []
    assert "3174" not in str(body)


GOOD_MEMBERS: list[tuple[str, dict[str, Any]]] = [
    ("a child", {"birthDate": "2026-01-01"}),
    ("a NIK of Papua Pegunungan (95)", {"nationalId": "9501011203840001"}),
    ("an NPWP of 15 digits", {"identifiers": [{"system": "npwp", "value": "012345678901000"}]}),
    ("first and last name", {"name": ..., "firstName": "Rizky", "lastName": "Santoso"}),
    ("a telephone abroad", {"contact": {"phone": "+1 415 555 2671"}}),
    ("other systems are free", {"identifiers": [{"system": "member_number", "value": "1"}]}),
]


@pytest.mark.parametrize(("what", "changes"), GOOD_MEMBERS, ids=[row[0] for row in GOOD_MEMBERS])
async def test_a_member_that_is_taken(client: Client, what: str, changes: dict[str, Any]) -> None:
    response = await client.post(MEMBERS, json=member_json(**changes), headers=ADMIN)
    assert response.status == 201, await response.text()


BAD_PROVIDERS: list[tuple[str, dict[str, Any], str]] = [
    ("no identifier", {"taxId": ...}, "identifiers"),
    ("a bad NPWP", {"taxId": "123"}, "taxId"),
    ("a bad NPI", {"identifiers": [{"system": "npi", "value": "123"}]}, "identifiers[0]"),
    ("another kind", {"kind": "hotel"}, "kind"),
    ("a network twice at once", {"networks": [
        {"networkId": "N", "effectiveFrom": "2025-01-01"}, {"networkId": "N", "effectiveFrom": "2026-01-01"},
    ]}, "networks[1].effectiveFrom"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "place"), BAD_PROVIDERS, ids=[row[0] for row in BAD_PROVIDERS])
async def test_a_provider_with_a_mistake(client: Client, what: str, changes: dict[str, Any], place: str) -> None:
    response = await client.post(PROVIDERS, json=provider_json(**changes), headers=ADMIN)
    body = await response.json(content_type=None)
    assert (response.status, body["errors"][0]["place"]) == (422, place), body


async def test_what_does_not_fit_other_reference_data(client: Client, person_parts: FakePeopleParts) -> None:
    person_parts.changes.unfit = UnfitError([Finding("plan_unknown", "coverages[0].planId", "no plan has this id")])
    response = await client.post(MEMBERS, json=member_json(), headers=ADMIN)
    assert (response.status, (await response.json(content_type=None))["errors"]) == (
        422, [{"code": "plan_unknown", "place": "coverages[0].planId", "detail": "no plan has this id"}],
    )  # fmt: skip


BODIES: list[tuple[bytes, str, int]] = [
    (b"{", "application/json", 400), (b"[]", "application/json", 422), (b"{}", "text/plain", 415),
    (b"null", "application/json", 422),
]  # fmt: skip


@pytest.mark.parametrize("path", [MEMBERS, f"{MEMBERS}/search", PROVIDERS])
@pytest.mark.parametrize(("body", "content_type", "status"), BODIES)
async def test_a_body_that_is_none(client: Client, path: str, body: bytes, content_type: str, status: int) -> None:
    response = await client.post(path, data=body, headers=ADMIN | {"Content-Type": content_type})
    assert response.status == status


ONE = f"{MEMBERS}/MBR-1"
MATCH = {"If-Match": '"7"'}
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
