"""Members and providers of claims: what of them is not sealed, for whom REST shows it, with one question for all."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from graphql import parse

from api.graphql.cost import cost_of
from api.graphql.schema import schema_of
from config.sealing import Sealer
from config.settings import Settings
from schemas.dates import parse_day
from schemas.reference import CoverageSegment, Member, Provider
from schemas.sealed_people import (
    MEMBER_COLUMNS,
    MEMBERS,
    PROVIDER_COLUMNS,
    PROVIDERS,
    member_row,
    provider_row,
)
from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakeLists, FakePeople, FakePublisher, bearer, stored_claim
from tests.api.graphql.test_graphql import ask, codes
from tests.api.people_samples import BUDI, KLINIK, SITI
from tests.api.waiting import until

COVER = "coverages { coverageId planId effectiveFrom effectiveTo otherPayerFirst enrolledFrom }"
NETWORKS = "networks { networkId effectiveFrom effectiveTo }"
PEOPLE = f"""
    member {{ id status endedOn sex relationship {COVER} }}
    provider {{ id kind status endedOn {NETWORKS} }}
"""
PAGE = f"{{ claims(first: 3) {{ edges {{ node {{ {PEOPLE} }} }} }} }}"
MEMBER = {
    "id": "MBR-1", "status": "active", "endedOn": None, "sex": "M", "relationship": "self",
    "coverages": [{
        "coverageId": "FAM-1", "planId": "GOLD", "effectiveFrom": "2025-01-01", "effectiveTo": None,
        "otherPayerFirst": False, "enrolledFrom": None,
    }],
}  # fmt: skip
PROVIDER = {
    "id": "PRV-1", "kind": "clinic", "status": "active", "endedOn": None,
    "networks": [{"networkId": "NET", "effectiveFrom": "2025-01-01", "effectiveTo": None}],
}  # fmt: skip
SEALER = Sealer.from_settings(Settings(_env_file=None).sealing)


def unsealed(person: Member | Provider) -> dict[str, Any]:
    """The row of a person without what is sealed."""
    if isinstance(person, Member):
        row = dict(zip(MEMBER_COLUMNS, member_row(person, SEALER), strict=True))
    else:
        row = dict(zip(PROVIDER_COLUMNS, provider_row(person, SEALER), strict=True))
    sealed = {*MEMBERS.columns, *PROVIDERS.columns, "name_index", "identifier_index"}
    return {name: value for name, value in row.items() if name not in sealed}


@pytest.fixture(autouse=True)
def known(people: FakePeople, lists: FakeLists) -> None:
    """Budi, Siti and the clinic; two claims of Budi, and one of Siti at a provider that nobody knows."""
    people.rows = {
        (REFERENCE_MEMBERS, "MBR-1"): unsealed(BUDI),
        (REFERENCE_MEMBERS, "MBR-2"): unsealed(replace(SITI, ended_on=parse_day("2026-03-31"))),
        (REFERENCE_PROVIDERS, "PRV-1"): unsealed(KLINIK),
    }
    named = [("MBR-1", "PRV-1"), ("MBR-1", "PRV-1"), ("MBR-2", "PRV-9")]
    lists.rows = [
        stored_claim(id=UUID(int=number), member_id=member, provider_id=provider).claim
        for number, (member, provider) in enumerate(named, start=1)
    ]


def nobody(kind: dict[str, Any], person_id: str) -> dict[str, Any]:
    """A person of whom nothing but the id is told."""
    return dict.fromkeys(kind) | {"id": person_id}


async def test_the_people_of_a_page_are_fetched_in_one_question_each(client: Client, people: FakePeople) -> None:
    edges = (await ask(client, PAGE))["data"]["claims"]["edges"]
    siti = MEMBER | {"id": "MBR-2", "status": "ended", "endedOn": "2026-03-31"}
    assert [edge["node"]["member"] for edge in edges] == [MEMBER, MEMBER, siti]
    assert [edge["node"]["provider"] for edge in edges] == [PROVIDER, PROVIDER, nobody(PROVIDER, "PRV-9")]
    assert sorted(people.looked_up) == [
        (REFERENCE_MEMBERS, ["MBR-1", "MBR-2"]), (REFERENCE_PROVIDERS, ["PRV-1", "PRV-9"]),
    ]  # fmt: skip


async def test_nobody_is_looked_up_for_an_id(client: Client, people: FakePeople, publisher: FakePublisher) -> None:
    await ask(client, "{ claims { edges { node { member { id } provider { __typename id } } } } }")
    await until(lambda: len(publisher.reads()) == 1)
    assert people.looked_up == []


NO_MEMBER, NO_PROVIDER = nobody(MEMBER, "MBR-1"), nobody(PROVIDER, "PRV-1")
WHO = [
    # who, headers, the member and the provider of the first claim, reads that are recorded of people
    ("an auditor", bearer("auditor"), MEMBER, PROVIDER, {
        ("member", ("MBR-1", "MBR-2"), "shown"), ("provider", ("PRV-1",), "shown"),
    }),
    ("the provider", bearer("provider", provider_id="PRV-1"), NO_MEMBER, PROVIDER, {
        ("provider", ("PRV-1",), "shown"), ("provider", ("PRV-9",), "refused"),
    }),
    ("the member", bearer("member", member_id="MBR-1"), MEMBER, NO_PROVIDER, {
        ("member", ("MBR-1",), "shown"), ("member", ("MBR-2",), "refused"),
        ("provider", ("PRV-1", "PRV-9"), "refused"),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "member", "provider", "reads"), [w[1:] for w in WHO], ids=[w[0] for w in WHO])
async def test_who_is_shown_whom(
    client: Client, publisher: FakePublisher, headers: dict[str, str], member: Any, provider: Any, reads: Any
) -> None:
    """The fake lists show all claims to all: these are asked of claims that are none of theirs, too."""
    node = (await ask(client, PAGE, headers))["data"]["claims"]["edges"][0]["node"]
    assert node == {"member": member, "provider": provider}
    await until(lambda: len(publisher.reads()) == 1 + len(reads))
    assert {(read.view, read.ids, read.outcome) for read in publisher.reads()} - reads == {
        ("claim_list", tuple(str(UUID(int=number)) for number in (1, 2, 3)), "shown")
    }


async def test_without_the_permission_of_rest_nobody_is_looked_up(client: Client, people: FakePeople) -> None:
    token = bearer(permissions=["claim:read", "provider:read"])
    answer = await ask(client, PAGE, token)
    assert set(codes(answer)) == {"forbidden"}
    assert people.looked_up == []
    found = [edge["node"]["member"] for edge in answer["data"]["claims"]["edges"]]
    assert found == [nobody(MEMBER, "MBR-1"), nobody(MEMBER, "MBR-1"), nobody(MEMBER, "MBR-2")]


async def test_what_is_sealed_is_no_field() -> None:
    text = schema_of(True).as_str()
    shown = text[text.index("type Member {") : text.index("}", text.index("type Member {"))]
    shown += text[text.index("type Provider {") : text.index("}", text.index("type Provider {"))]
    for column in ("name", "birth", "identifier", "contact", "account", "national"):
        assert column not in shown.lower()


async def test_an_answer_has_so_many_times_of_cover(
    client: Client, people: FakePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = tuple(CoverageSegment("FAM-1", "GOLD", parse_day("2025-01-01") + n, None) for n in range(3))
    people.rows[REFERENCE_MEMBERS, "MBR-1"] = unsealed(replace(BUDI, coverages=times))
    for bound, problems in ((7, set()), (6, {"too_costly"})):
        monkeypatch.setattr("api.graphql.asking.GRAPHQL_LINES_MAX", bound)
        answer = await ask(client, "{ claims { edges { node { member { coverages { planId } } } } } }", ADMIN)
        assert {error["extensions"]["code"] for error in answer.get("errors", [])} == problems


COSTS = [
    ("{ claim(id: 1) { member { id } } }", 10 + 1 + 1 + 1),
    ("{ claim(id: 1) { member { id status } } }", 10 + 1 + 5 + 2),
    ("{ claim(id: 1) { provider { ...f } } } fragment f on Provider { networks { networkId } }", 10 + 1 + 5 + 2),
]


@pytest.mark.parametrize(("query", "cost"), COSTS)
def test_what_people_cost(query: str, cost: int) -> None:
    assert cost_of(parse(query), None, {}) == cost
