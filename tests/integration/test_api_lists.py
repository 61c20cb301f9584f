"""Lists, searches, cursors and statistics on the tables that the sink fills."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.envelope import Finding
from schemas.identifiers import claim_id
from schemas.json_text import parse_json
from schemas.sealed_people import coverages_of, networks_of
from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, bearer
from tests.api.people_samples import BUDI, KLINIK, SITI
from tests.integration.api_process import settings_of
from tests.integration.test_api import a_claim, sql, write
from tests.sinks import records as samples

pytestmark = pytest.mark.integration
PATH = "/api/v1/claims"
CLINIC = bearer("provider", provider_id="P-1")
PATIENT = bearer("member", member_id="M-3")


def numbered(*numbers: int) -> list[str]:
    """Ids of the sample claims with these numbers."""
    return [samples.claim_id(number) for number in numbers]


async def shown(client: Client, query: str = "", headers: dict[str, str] = ADMIN) -> list[int]:
    """The numbers of the sample claims on the first page."""
    response = await client.get(f"{PATH}?{query}", headers=headers)
    assert response.status == 200, await response.text()
    return numbers_of(await response.json())


def numbers_of(page: dict[str, Any]) -> list[int]:
    """The numbers of the sample claims on a page."""
    by_id = {samples.claim_id(number): number for number in range(40)}
    return [by_id[claim["id"]] for claim in page["claims"]]


@pytest.fixture
async def filled(database: str) -> str:
    """Ten claims: 1 to 7 approved, 8 pended, 9 denied for a reason in words, 10 rejected at the front end."""
    why = (Finding("B-EXCLUDED", "lines[1]", "cosmetic surgery is excluded"),)
    denied = samples.decision(
        9, status="rejected", substatus="denied", lines=(samples.line(findings=why, verdict="denied"),),
        findings=(), form="dental", service_from=samples.DAY + 9, service_to=samples.DAY + 9,
    )  # fmt: skip
    approved = [samples.decision(number, findings=()) for number in range(1, 7)]
    euros = samples.decision(7, currency="IDR", accepted_at=samples.ACCEPTED + 86_400_000, findings=())
    await write(database, *approved, euros, replace(samples.pended(8), findings=()), denied)
    await write_rejection(database)
    return database


async def write_rejection(database: str) -> None:
    """Claim 10, as validate refuses it."""
    from schemas.codec import Codec
    from schemas.topics import CLAIMS_REJECTED
    from sinks.batch import Batch, Record
    from sinks.store import Store

    store = await Store.open(database, 30)
    batch = Batch(Codec(), samples.SEALER)
    batch.add(Record(CLAIMS_REJECTED, 0, 0, samples.ACCEPTED, Codec().encode(samples.rejection(10))))
    await store.write(batch.rows(), [])
    await store.close()


FILTERS = [
    # query                                        claims, the last accepted first
    ("",                                           [7, 10, 9, 8, 6, 5, 4, 3, 2, 1]),
    ("status=processing",                          [8]),
    ("status=processing,rejected",                 [10, 9, 8]),
    ("substatus=front_end_rejected",               [10]),
    ("substatus=denied&status=approved",           []),
    ("form=dental",                                [9]),
    ("memberId=M-3",                               [3]),
    ("providerId=P-1",                             [8, 1]),
    ("dateFrom=2026-03-02",                        [9]),
    ("dateTo=2026-03-01&status=rejected",          [10]),
    ("dateFrom=2026-03-10&dateTo=2026-03-10",      [9]),
    ("submittedFrom=2026-03-04",                   [7]),
    ("submittedTo=2026-03-03",                     [10, 9, 8, 6, 5, 4, 3, 2, 1]),
    ("submittedTo=2026-03-02",                     []),
    (f"ids={','.join(numbered(2, 5))}",            [5, 2]),
    ("limit=2",                                    [7, 10]),
]  # fmt: skip


async def test_filters(client: Client, filled: str) -> None:
    for query, numbers in FILTERS:
        assert await shown(client, query) == numbers, query


async def test_a_claim_number_names_a_claim_as_its_id_does(client: Client, filled: str) -> None:
    found = await (await client.get(f"{PATH}?ids={samples.claim_id(3)}", headers=ADMIN)).json()
    assert await shown(client, f"ids={found['claims'][0]['claimNumber']}") == [3]


async def test_outsiders_see_their_own_whatever_they_ask(client: Client, filled: str) -> None:
    assert await shown(client, "", CLINIC) == [8, 1]
    assert await shown(client, "providerId=P-2", CLINIC) == []
    assert await shown(client, f"ids={','.join(numbered(1, 2))}", CLINIC) == [1]
    assert await shown(client, "", PATIENT) == [3]
    assert await shown(client, "", bearer("provider", provider_id="P-1", member_id="M-3")) == [8, 3, 1]
    assert await shown(client, "", bearer("provider")) == []


async def test_pages_show_every_claim_once_whatever_is_accepted_meanwhile(client: Client, filled: str) -> None:
    seen: list[int] = []
    query = ""
    while True:
        response = await client.get(f"{PATH}?limit=3{query}", headers=ADMIN)
        page = await response.json()
        seen += numbers_of(page)
        if page["next"] is None:
            break
        assert f"cursor={page['next']}" in str(response.links["next"]["url"])
        query = f"&cursor={page['next']}"
        later = samples.decision(20 + len(seen), accepted_at=samples.ACCEPTED + 90_000_000 + len(seen))
        await write(filled, later)
    assert seen == [7, 10, 9, 8, 6, 5, 4, 3, 2, 1]


async def test_claims_of_one_moment_are_told_apart_by_their_ids(client: Client, database: str) -> None:
    await write(database, *(samples.decision(number, accepted_at=samples.ACCEPTED) for number in range(1, 8)))
    first = await (await client.get(f"{PATH}?limit=4", headers=ADMIN)).json()
    rest = await (await client.get(f"{PATH}?limit=4&cursor={first['next']}", headers=ADMIN)).json()
    assert sorted(numbers_of(first) + numbers_of(rest)) == list(range(1, 8))
    assert rest["next"] is None


SEARCHES: list[tuple[dict[str, Any], dict[str, str], list[int]]] = [
    # body                                                  who      claims
    ({"text": "cosmetic"},                                  ADMIN,   [9]),
    ({"text": "COSMETIC surgery"},                          ADMIN,   [9]),
    ({"text": '"excluded cosmetic"'},                       ADMIN,   []),
    ({"text": "such member"},                               ADMIN,   [10]),
    ({"text": "cosmetic", "status": ["approved"]},          ADMIN,   []),
    ({"text": "cosmetic"},                                  CLINIC,  []),
    ({"text": "cosmetic"},                                  bearer("provider", provider_id="P-2"), [9]),
    ({"text": "'); drop table claims; --"},                 ADMIN,   []),
    ({"memberId": "M-3", "status": "approved"},             ADMIN,   [3]),
]  # fmt: skip


async def test_searches(client: Client, filled: str) -> None:
    for body, headers, numbers in SEARCHES:
        response = await client.post(f"{PATH}/search", json=body, headers=headers)
        assert response.status == 200, await response.text()
        assert numbers_of(await response.json()) == numbers, body


async def test_a_submitter_finds_a_claim_by_its_own_number(client: Client, database: str) -> None:
    accepted = await (await client.post(PATH, json=a_claim(claimNumber="A-77"), headers=ADMIN)).json()
    assert accepted["id"] == claim_id("dewi", "A-77", None, "")
    found = await client.post(
        f"{PATH}/search", json={"claimControlNumber": "A-77", "submitterId": "dewi"}, headers=ADMIN
    )
    assert [claim["id"] for claim in (await found.json())["claims"]] == [accepted["id"]]
    other = await client.post(
        f"{PATH}/search", json={"claimControlNumber": "A-77", "submitterId": "budi"}, headers=ADMIN
    )
    assert (await other.json())["claims"] == []


async def totals(client: Client, query: str = "", headers: dict[str, str] = ADMIN) -> Any:
    response = await client.get(f"{PATH}/statistics?{query}", headers=headers)
    assert response.status == 200, await response.text()
    return parse_json(await response.read())["groups"]  # type: ignore[index]


async def test_statistics_are_the_sums_of_the_claims(client: Client, filled: str) -> None:
    await client.post(PATH, json=a_claim(providerId="P-1", serviceDate="2026-03-01"), headers=ADMIN)
    by_status = {(group["status"], group["currency"]): group["claims"] for group in await totals(client)}
    assert by_status == {
        ("submitted", "USD"): 1, ("approved", "USD"): 6, ("approved", "IDR"): 1, ("processing", "USD"): 1,
        ("rejected", "USD"): 2,
    }  # fmt: skip
    paid = "select sum(total_paid) as paid from claims where currency = 'USD' and status = 'approved'"
    sums = await sql(filled, paid)
    of_status = next(g for g in await totals(client, "status=approved&currency=USD") if g["currency"] == "USD")
    assert of_status["paidAmount"] == sums[0]["paid"]
    by_provider = await totals(client, "groupBy=provider", CLINIC)
    assert [(group["provider"], group["claims"]) for group in by_provider] == [("P-1", 3)]
    assert [(group["form"], group["claims"]) for group in await totals(client, "groupBy=form", PATIENT)] == [
        ("professional", 1)
    ]
    days = await totals(client, "groupBy=day&submittedFrom=2026-03-03&submittedTo=2026-03-04")
    assert [(group["day"], group["currency"], group["claims"]) for group in days] == [
        ("2026-03-03", "USD", 9), ("2026-03-04", "IDR", 1),
    ]  # fmt: skip


async def test_the_work_queue_has_pages(client: Client, database: str) -> None:
    await write(database, *(samples.pended(number) for number in range(1, 6)))
    seen: list[int] = []
    query = ""
    while query is not None:
        page = await (await client.get(f"/api/v1/workflow/pending?limit=2{query}", headers=ADMIN)).json()
        seen += numbers_of(page)
        query = f"&cursor={page['next']}" if page["next"] else None  # type: ignore[assignment]
    assert sorted(seen) == [1, 2, 3, 4, 5]


async def test_of_people_what_is_not_sealed_is_read_by_id(database: str) -> None:
    """Whoever was taken away is nobody; who was ended is told of, since claims of earlier days are theirs."""
    from api.database import Database
    from api.people_store import PostgresPeople

    pool = Database(settings_of("127.0.0.1:1", database).database)
    store = PostgresPeople(pool, samples.SEALER)
    ended, gone = replace(BUDI, ended_on=20_000), replace(SITI, removed=True)
    for person in (ended, gone, KLINIK):
        await store.keep(person)
    members = await store.unsealed(REFERENCE_MEMBERS, ["MBR-1", "MBR-2", "MBR-3"])
    assert [(name, row["ended_on"], coverages_of(row)) for name, row in members.items()] == [
        ("MBR-1", 20_000, BUDI.coverages)
    ]
    assert set(members["MBR-1"].keys()) == {"member_id", "sex", "relationship", "coverages", "ended_on"}
    providers = await store.unsealed(REFERENCE_PROVIDERS, ["PRV-1"])
    assert [(row["kind"], networks_of(row)) for row in providers.values()] == [("clinic", KLINIK.networks)]
    await pool.close()


BOUNDS = [(24, 0), (23, 0), (22, 1)]


@pytest.mark.parametrize(("bound", "problems"), BOUNDS)
async def test_graphql_counts_the_lines_of_a_page_before_it_reads_them(
    client: Client, filled: str, monkeypatch: pytest.MonkeyPatch, bound: int, problems: int
) -> None:
    """Seven claims of three lines, two of one, and one rejected with none."""
    monkeypatch.setattr("api.graphql.asking.GRAPHQL_LINES_MAX", bound)
    query = "{ claims { edges { node { items { lineNumber } } } } }"
    answer = await (await client.post("/graphql", json={"query": query}, headers=ADMIN)).json()
    assert len(answer.get("errors", [])) == problems, answer
    if not problems:
        items = [edge["node"]["items"] for edge in answer["data"]["claims"]["edges"]]
        assert sum(len(found) for found in items) == 23


async def test_every_list_reads_an_index(database: str) -> None:
    from datetime import date
    from uuid import UUID

    from api import statements_list
    from api.cursor import Position
    from api.filters import ClaimFilter
    from api.scope import Scope

    staff, clinic = Scope(True, None, None), Scope(False, "P-1", None)
    after = Position(samples.ACCEPTED * 1_000, UUID(samples.claim_id(1)))
    cases = [
        (staff, ClaimFilter(), None, "claims_by_acceptance"),
        (clinic, ClaimFilter(), None, "claims_of_provider"),
        (staff, ClaimFilter(member_id="M-1"), None, "claims_of_member"),
        (staff, ClaimFilter(service_from=date(2026, 3, 1), service_to=date(2026, 3, 1)), None, "claims_by"),
        (staff, ClaimFilter(substatuses=("denied",)), None, "claims_"),
        (staff, ClaimFilter(), "cosmetic", "claim_items_words"),
    ]
    import asyncpg

    connection = await asyncpg.connect(database)
    await connection.execute("set enable_seqscan = off")
    for scope, where, text, index in cases:
        statement, values = statements_list.page_of(scope, where, None, None, text, after, 50)
        plan = "\n".join(row[0] for row in await connection.fetch(f"explain {statement}", *values))
        assert index in plan, plan
        assert "Seq Scan" not in plan, plan
    await connection.close()
