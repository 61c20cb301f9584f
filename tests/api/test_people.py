"""New members and providers: what is taken, what is refused and why, and that nothing is made twice."""

from typing import Any

import pytest

from api.models.people_given import MemberGiven, ProviderGiven
from api.people_json import id_given
from config.sealing import Sealer
from schemas.envelope import Finding
from schemas.reference_changes import UnfitError
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakePublisher
from tests.api.people_fakes import FakePeopleParts
from tests.api.people_samples import BUDI, KLINIK, MEMBERS, PROVIDERS, SITI, member_json, provider_json


@pytest.fixture(autouse=True)
def known(person_parts: FakePeopleParts) -> None:
    """Two members and a provider."""
    person_parts.store.put(BUDI, SITI, KLINIK)


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


@pytest.mark.parametrize("person", [{"nationalId": "3174012902160004"}, {"taxId": "0123456789012000"}])
def test_an_id_that_is_made_tells_nothing_without_the_index_key(person: dict[str, str]) -> None:
    """Ids are not sealed, and there are few enough NIK that whoever can make ids may try all of them."""
    if "nationalId" in person:
        given: MemberGiven | ProviderGiven = MemberGiven.model_validate(member_json(memberId=..., **person))
    else:
        given = ProviderGiven.model_validate(provider_json(providerId=..., identifiers=..., **person))
    ours, again, theirs = (id_given(given, Sealer({"k": bytes(32)}, bytes([key]) * 32)) for key in (1, 1, 2))
    assert ours == again
    assert ours != theirs
    assert len(ours) == len("M-") + 32


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
    assert "3174" not in str(body["errors"]) + body["detail"]


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


# Rows: of an identifier, system and value; where it is refused.
SOUGHT = [
    ("nik", "317401120384001", "identifiers[0].value"),
    ("n i k", "3174011203840001", "identifiers[0].system"),
    ("nikk", "3174011203840001", "identifiers[0].system"),
    ("npi", "123456789", "identifiers[0].value"),
]


@pytest.mark.parametrize("path", [MEMBERS, PROVIDERS])
@pytest.mark.parametrize(("system", "value", "place"), SOUGHT)
async def test_a_search_by_what_cannot_be_anybodys(
    client: Client, path: str, system: str, value: str, place: str
) -> None:
    body = {"identifiers": [{"system": system, "value": value}]}
    response = await client.post(f"{path}/search", json=body, headers=ADMIN)
    text = await response.text()
    assert (response.status, f'"place":"{place}"' in text, value in text) == (422, True, False), text


@pytest.mark.parametrize("path", [MEMBERS, f"{MEMBERS}/search", PROVIDERS])
@pytest.mark.parametrize(("body", "content_type", "status"), BODIES)
async def test_a_body_that_is_none(client: Client, path: str, body: bytes, content_type: str, status: int) -> None:
    response = await client.post(path, data=body, headers=ADMIN | {"Content-Type": content_type})
    assert response.status == status
