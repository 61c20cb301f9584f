"""A person is created, and claims of theirs are decided at once: service, chain and sink on real Kafka and Postgres."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from api.app import create_app
from cli.reference import load_folder, sample_folder
from config.settings import DatabaseSettings, DocumentSettings, KafkaSettings, Settings, SinkSettings
from deploy.local.services import Services
from schemas.topics import REFERENCE_MEMBERS
from sinks.migrate import migrate_blocking
from sinks.verify import verify
from sources.reference.changes import ReferenceChanges
from sources.reference.published import read_releases
from streams import admin
from tests.api.conftest import Client
from tests.api.document_fakes import PDF, PNG, fake_clamd
from tests.api.fakes import ADMIN, bearer
from tests.faults.workers import Worker
from tests.sinks.live import RunningSink

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]
MEMBERS, CLAIMS = "/api/v1/members", "/api/v1/claims"
DECIDED_SECONDS = 60.0
SUPER = bearer("super_admin")
# Of the member and the provider below, what must be nowhere in clear.
CLEAR = (
    "Zubaidah", "zubaidah", "qomariah", "5550001112", "+628129990001", "1990-05-17", "Zamrud", "9876543210987654",
    "777888999",
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Services of their own with the sample payers, a worker and a sink."""
    folder = tmp_path_factory.mktemp("people")
    with Services(folder / "services", announce=lambda line: None) as services:
        assert services.database_url is not None
        made = Settings(
            _env_file=None,
            state_dir=folder,
            kafka=KafkaSettings(bootstrap_servers=services.kafka_bootstrap),
            database=DatabaseSettings(url=SecretStr(services.database_url)),
            sink=SinkSettings(batch_wait_seconds=0.05),
            documents=DocumentSettings(clamd=f"unix:{folder / 'clamd'}"),
        )
        admin.create(made.kafka)
        migrate_blocking(services.database_url)
        load_folder(sample_folder(), made, lambda line: None)
        worker, sink = Worker("worker", made.kafka, folder), RunningSink(made)
        worker.start()
        try:
            yield made
        finally:
            sink.stop()
            assert worker.stop() == 0, worker.last_words


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    """A client of one process of the service."""
    async with TestClient(TestServer(create_app(settings, changes=ReferenceChanges(settings)))) as made:
        yield made


@pytest.fixture
async def other_client(settings: Settings) -> AsyncIterator[Client]:
    """A client of another process of the service."""
    async with TestClient(TestServer(create_app(settings, changes=ReferenceChanges(settings)))) as made:
        yield made


def a_nik() -> str:
    """A NIK that nobody has."""
    return f"317401120384{uuid.uuid4().int % 9_999 + 1:04d}"


def a_member(nik: str, **changes: Any) -> dict[str, Any]:
    """A member of the sample's payer, with coverage of their own."""
    name = f"T-{uuid.uuid4().hex[:12]}"
    made: dict[str, Any] = {
        "memberId": name, "name": "Wulan Permata", "birthDate": "1990-05-17", "sex": "F", "nationalId": nik,
        "coverages": [{"coverageId": f"F-{name}", "planId": "NUSA-GOLD", "effectiveFrom": "2025-01-01"}],
        "account": {"name": "Wulan Permata", "bankCode": "BCA", "accountNumber": "5550001112"},
        "contact": {"phone": "+628129990001"},
    }  # fmt: skip
    return made | changes


def a_claim(**changes: Any) -> dict[str, Any]:
    """A visit to a clinic of the sample."""
    made: dict[str, Any] = {
        "claimNumber": f"T-{uuid.uuid4()}", "providerId": "KLINIK-SEHAT", "serviceDate": "2026-09-07",
        "claimType": "outpatient",
        "items": [
            {"serviceCode": "KONSUL-UMUM", "codeSystem": "LOCAL", "chargedAmount": 150000, "diagnosisCode": "J06.9"}
        ],
    }  # fmt: skip
    return made | changes


async def sent(client: Client, method: str, path: str, body: Any, status: int, headers: dict[str, str] = ADMIN) -> Any:
    """The answer, which must have that status."""
    response = await client.request(method, path, json=body, headers=headers)
    found = await response.json(content_type=None)
    assert response.status == status, found
    return found


async def outcome(client: Client, claim: dict[str, Any]) -> dict[str, Any]:
    """A claim, sent and decided or rejected."""
    accepted = await sent(client, "POST", CLAIMS, claim, 201)
    until = time.monotonic() + DECIDED_SECONDS
    while time.monotonic() < until:
        found: dict[str, Any] = await sent(client, "GET", f"{CLAIMS}/{accepted['id']}", None, 200)
        if found["substatus"] not in ("received", "accepted", "in_process"):
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("the claim was not decided in time")


async def test_claims_of_people_who_were_created_a_moment_ago_are_decided(
    client: Client, other_client: Client, settings: Settings
) -> None:
    """By whichever process, by id and by identifier; the release is on the topic with nothing but them."""
    for number in range(2):
        nik = a_nik()
        member = await sent(client, "POST", MEMBERS, a_member(nik), 201)
        claim = a_claim(memberId=member["memberId"]) if number else a_claim(
            member={"identifiers": [{"system": "nik", "value": nik}]}
        )  # fmt: skip
        found = await outcome(other_client if number % 2 else client, claim)
        assert (found["substatus"], found["memberId"]) == ("approved", member["memberId"])
        newest = read_releases(settings.kafka)[-1]
        assert (newest.release, newest.counts) == (member["release"], {REFERENCE_MEMBERS: 1})
    ended = await client.delete(
        f"{MEMBERS}/{member['memberId']}?effective=2026-08-31", headers=SUPER | {"If-Match": "*"}
    )
    assert ended.status == 200
    assert (await outcome(client, a_claim(memberId=member["memberId"])))["substatus"] == "denied"
    before = a_claim(memberId=member["memberId"], serviceDate="2026-08-30")
    assert (await outcome(client, before))["substatus"] == "approved"


async def test_two_processes_and_a_load_make_no_two_releases_of_one_number(
    client: Client, other_client: Client, settings: Settings
) -> None:
    """Every change is in a release, in one only, and none takes another away."""
    before = read_releases(settings.kafka)[-1].release
    wanted = [a_member(f"317401120485{number:04d}") for number in range(1, 21)]
    made = asyncio.gather(
        *(sent((client, other_client)[n % 2], "POST", MEMBERS, one, 201) for n, one in enumerate(wanted))
    )
    result = await asyncio.to_thread(load_folder, sample_folder(), settings, lambda line: None)
    assert (result.changed, result.removed) == (False, 0)
    found = await made
    releases = {one.release: one.counts[REFERENCE_MEMBERS] for one in read_releases(settings.kafka)[before:]}
    assert sorted(releases) == list(range(before + 1, before + 1 + len(releases)))
    assert sum(releases.values()) == len(wanted)
    assert {one["release"] for one in found} == set(releases)
    for one in found:
        again = await sent(other_client, "GET", f"{MEMBERS}/{one['memberId']}", None, 200)
        assert again == one


async def test_what_contradicts_other_people_is_refused(client: Client) -> None:
    """Identifiers are one person's; a plan must be there; a coverage stays with its payer."""
    nik = a_nik()
    await sent(client, "POST", MEMBERS, a_member(nik), 201)
    for body, code in (
        (a_member(nik), "identifier_taken"),
        (a_member(a_nik(), coverages=[_covered("X", "NO-PLAN")]), "plan_unknown"),
        (a_member(a_nik(), coverages=[_covered("NUSA-F01", "ACME-PPO")]), "coverage_contradicts"),
    ):
        found = await sent(client, "POST", MEMBERS, body, 422)
        assert [error["code"] for error in found["errors"]] == [code], found


def _covered(coverage_id: str, plan_id: str) -> dict[str, str]:
    return {"coverageId": coverage_id, "planId": plan_id, "effectiveFrom": "2025-01-01"}


async def test_lost_updates_are_refused(client: Client, other_client: Client) -> None:
    """Of two changes over one state the second must look again."""
    member = await sent(client, "POST", MEMBERS, a_member(a_nik()), 201)
    path, tag = f"{MEMBERS}/{member['memberId']}", ADMIN | {"If-Match": f'"{member["release"]}"'}
    statuses = [
        response.status
        for response in await asyncio.gather(
            client.patch(path, json={"name": "One"}, headers=tag),
            other_client.patch(path, json={"name": "Two"}, headers=tag),
        )
    ]
    assert sorted(statuses) == [200, 412]


async def test_nothing_of_a_person_lies_in_clear_in_postgres_and_they_are_found(
    client: Client, settings: Settings
) -> None:
    """Every byte of the tables of people is searched, text and binary."""
    nik = a_nik()
    member = await sent(client, "POST", MEMBERS, a_member(nik, name="Zubaidah Qomariah"), 201)
    provider = {
        "name": "Klinik Zamrud", "kind": "clinic", "taxId": "9876543210987654",
        "account": {"name": "Klinik Zamrud", "accountNumber": "777888999"},
    }  # fmt: skip
    await sent(client, "POST", "/api/v1/providers", provider, 201)
    search = {"name": "qomariah", "identifiers": [{"system": "nik", "value": nik}]}
    found = await sent(client, "POST", f"{MEMBERS}/search", search, 200)
    assert [one["memberId"] for one in found["members"]] == [member["memberId"]]
    family = f"{MEMBERS}?coverageId={member['coverages'][0]['coverageId']}"
    assert [one["memberId"] for one in (await sent(client, "GET", family, None, 200))["members"]] == [
        member["memberId"]
    ]
    claim = await outcome(client, a_claim(memberId=member["memberId"]))
    claims = {"memberIdentifiers": [{"system": "nik", "value": nik}]}
    assert [one["id"] for one in (await sent(client, "POST", f"{CLAIMS}/search", claims, 200))["claims"]] == [
        claim["id"]
    ]
    assert settings.database.url is not None
    connection = await asyncpg.connect(settings.database.url.get_secret_value())
    try:
        for table in ("members", "providers", "people_events"):
            rows = await connection.fetch(f"select t::text as row from {table} t")
            stored = "".join(row["row"] for row in rows)
            assert len(stored) > 1_000
            for clear in (nik, *CLEAR):
                assert clear not in stored, (table, clear)
                assert clear.encode().hex() not in stored, (table, clear)
    finally:
        await connection.close()
    trail = await sent(client, "GET", f"{MEMBERS}/{member['memberId']}/events", None, 200)
    assert [one["type"] for one in trail["events"]] == ["member.created"]


async def test_a_document_is_kept_and_an_infected_one_leaves_no_trace(client: Client, settings: Settings) -> None:
    """With a scanner that speaks INSTREAM; while it is away nothing is taken."""
    accepted = await sent(client, "POST", CLAIMS, a_claim(memberId="NUSA-0001"), 201)
    path, headers = (
        f"{CLAIMS}/{accepted['id']}/documents?documentType=invoice",
        ADMIN | {"Content-Type": "application/pdf"},
    )
    clamd: Path = settings.state_dir / "clamd"
    assert (await client.post(path, data=PDF, headers=headers)).status == 503
    async with fake_clamd(clamd, b"stream: OK\0") as seen:
        made = await client.post(path, data=PDF, headers=headers)
        assert (made.status, seen) == (201, [PDF])
    clamd.unlink()
    async with fake_clamd(clamd, b"stream: Eicar-Test-Signature FOUND\0"):
        infected = await client.post(path, data=PNG, headers=ADMIN | {"Content-Type": "image/png"})
        assert infected.status == 422
    listed = await sent(client, "GET", f"{CLAIMS}/{accepted['id']}/documents", None, 200)
    assert [one["id"] for one in listed["documents"]] == [(await made.json())["id"]]
    handed = await client.get(made.headers["Location"], headers=ADMIN)
    assert await handed.read() == PDF
    assert contents(settings) == [PDF], "the infected one is nowhere"
    assert (await client.delete(made.headers["Location"], headers=ADMIN)).status == 204
    assert contents(settings) == []


def contents(settings: Settings) -> list[bytes]:
    """What lies in the store of documents."""
    return [one.read_bytes() for one in (settings.state_dir / "documents").rglob("*") if one.is_file()]


async def test_the_tables_equal_the_topics(settings: Settings) -> None:
    """After all of the above."""
    report = await verify(settings, wait_seconds=30)
    assert report.ok, report
    assert report.counts["members"] >= 60
    assert report.counts["documents"] == 1
    assert report.counts["people_events"] >= 25
