"""Who looked at a claim: every view leaves its record, and those who may look find it."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from typer.testing import CliRunner

from api.claim_audit import PostgresReadLog
from api.context import PARTS
from api.cursor import Position
from api.database import Database
from api.producer import OutcomeUnknown
from cli.main import app as commands
from config.settings import DatabaseSettings
from schemas.topics import AUDIT_READS
from sinks.batch import Batch, Record
from sinks.migrate import migrate_blocking
from sinks.store import Store
from tests.api.conftest import Client, ClientOf
from tests.api.document_fakes import FakeDocuments
from tests.api.fakes import (
    ACCEPTED,
    ADMIN,
    CLAIM_ID,
    CODEC,
    FakePublisher,
    FakeStore,
    app_of,
    bearer,
    claim_json,
    stored_claim,
)
from tests.api.people_fakes import FakePeopleParts
from tests.api.route_requests import DOCUMENT_ID, prepare
from tests.api.security_fakes import FakeReadLog
from tests.api.waiting import until
from tests.sinks import records
from tests.sinks.live import own_database
from tests.sinks.records import decision

CLAIM = f"/api/v1/claims/{CLAIM_ID}"
AUDITOR = bearer("auditor", sub="ani")
FOREIGN = bearer("provider", sub="other-clinic", provider_id="PRV-9")

READS: list[tuple[str, str, list[str], str | None]] = [
    # path                               view             ids              claim of a document
    (CLAIM,                              "claim",         [CLAIM_ID],      None),
    (f"{CLAIM}/items",                   "claim",         [CLAIM_ID],      None),
    (f"{CLAIM}/timeline",                "timeline",      [CLAIM_ID],      None),
    (f"{CLAIM}/events",                  "events",        [CLAIM_ID],      None),
    (f"{CLAIM}/explanation",             "explanation",   [CLAIM_ID],      None),
    (f"{CLAIM}/eob",                     "explanation",   [CLAIM_ID],      None),
    (f"{CLAIM}/audit",                   "claim_audit",   [CLAIM_ID],      None),
    (f"{CLAIM}/documents",               "document_list", [DOCUMENT_ID],   CLAIM_ID),
    (f"{CLAIM}/documents/{DOCUMENT_ID}", "document",      [DOCUMENT_ID],   CLAIM_ID),
    ("/api/v1/claims",                   "claim_list",    [],              None),
    ("/api/v1/members/MBR-1",            "member",        ["MBR-1"],       None),
    ("/api/v1/members",                  "member_list",   ["MBR-1"],       None),
    ("/api/v1/providers/PRV-1",          "provider",      ["PRV-1"],       None),
]  # fmt: skip


@pytest.mark.parametrize(("path", "view", "ids", "claim"), READS)
async def test_a_read_leaves_a_record(
    client: Client, publisher: FakePublisher, store: FakeStore, documents: FakeDocuments,
    person_parts: FakePeopleParts, path: str, view: str, ids: list[str], claim: str | None,
) -> None:  # fmt: skip
    store.stored[CLAIM_ID] = stored_claim()
    store.decisions[CLAIM_ID] = CODEC.encode(decision(1))
    await prepare(documents, person_parts)
    response = await client.get(path, headers=AUDITOR | {"X-Correlation-ID": "trace-1"})
    assert response.status == 200, await response.text()
    await asyncio.sleep(0)
    (read,) = publisher.reads()
    assert (read.view, read.claim_id, read.outcome) == (view, claim, "shown")
    assert set(ids) <= set(read.ids)
    assert (read.subject, read.roles, read.correlation_id) == ("ani", ("auditor",), "trace-1")


async def test_a_look_at_a_claim_of_somebody_else_is_recorded_and_one_at_nothing_is_not(
    client: Client, publisher: FakePublisher, store: FakeStore
) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    assert (await client.get(CLAIM, headers=FOREIGN)).status == 404
    assert (await client.get("/api/v1/claims/CLM-2026-0000000000", headers=FOREIGN)).status == 404
    assert (await client.post(f"{CLAIM}/void", json={"reason": "x"}, headers=FOREIGN)).status == 404
    await until(lambda: len(publisher.reads()) == 2)
    assert [(read.subject, read.ids, read.outcome) for read in publisher.reads()] == [
        ("other-clinic", (CLAIM_ID,), "refused")
    ] * 2


async def test_a_look_at_a_person_who_is_somebody_else_is_recorded(
    client: Client, publisher: FakePublisher, documents: FakeDocuments, person_parts: FakePeopleParts
) -> None:
    await prepare(documents, person_parts)
    neighbour = bearer("member", sub="budi", member_id="MBR-9")
    assert (await client.get("/api/v1/members/MBR-1", headers=neighbour)).status == 404
    assert (await client.get("/api/v1/members/%00", headers=neighbour)).status == 404
    await until(lambda: len(publisher.reads()) == 1)
    assert [(read.subject, read.view, read.ids, read.outcome) for read in publisher.reads()] == [
        ("budi", "member", ("MBR-1",), "refused")
    ]


async def test_while_reads_cannot_be_recorded_nothing_is_shown_and_claims_are_still_taken(
    aiohttp_client: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.audit.CLOSE_SECONDS", 0.05)
    app = app_of(FakePublisher(reads_failing=OutcomeUnknown("away")), FakeStore({CLAIM_ID: stored_claim()}))
    monkeypatch.setattr(app[PARTS].audit, "_late_seconds", 0.05)
    client = await aiohttp_client(app)
    assert (await client.get(CLAIM, headers=AUDITOR)).status == 200
    await asyncio.sleep(0.1)
    refused = [await client.get(path, headers=AUDITOR) for path in (CLAIM, f"{CLAIM}/events", "/api/v1/claims")]
    assert [response.status for response in refused] == [503] * 3
    assert "audit-unavailable" in await refused[0].text()
    assert (await client.post("/api/v1/claims", json=claim_json(), headers=ADMIN)).status == 201


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A read as the database gives it."""
    made = {
        "event_id": UUID(int=number), "claim_id": CLAIM_ID, "at": ACCEPTED - timedelta(seconds=number),
        "subject": f"reader {number}", "roles": ["auditor"], "provider_id": None, "member_id": None, "view": "claim",
        "outcome": "shown", "correlation_id": f"c-{number}",
    }  # fmt: skip
    return made | changes


async def test_who_looked_is_told_page_by_page(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(read_log=FakeReadLog([row(1), row(2, outcome="refused"), row(3)])))
    first = await (await client.get(f"{CLAIM}/audit?limit=2", headers=AUDITOR)).json()
    assert [(read["subject"], read["outcome"]) for read in first["reads"]] == [
        ("reader 1", "shown"), ("reader 2", "refused"),
    ]  # fmt: skip
    rest = await (await client.get(f"{CLAIM}/audit?limit=2&cursor={first['next']}", headers=AUDITOR)).json()
    assert ([read["correlationId"] for read in rest["reads"]], rest["next"]) == (["c-3"], None)
    other = f"/api/v1/claims/{UUID(int=5)}/audit?cursor={first['next']}"
    assert (await client.get(other, headers=AUDITOR)).status == 400


REFUSED = [
    # who                                                        status
    (bearer("claim_processor"),                                  403),
    (bearer("provider", provider_id="PRV-1"),                    403),
    (bearer("member", member_id="MBR-1"),                        403),
    (bearer("auditor", provider_id="PRV-1"),                     403),
    (bearer("admin"),                                            200),
]  # fmt: skip


@pytest.mark.parametrize(("who", "status"), REFUSED)
async def test_who_may_look_there(client: Client, who: dict[str, str], status: int) -> None:
    assert (await client.get(f"{CLAIM}/audit", headers=who)).status == status


async def test_while_the_database_is_away_nobody_is_told_that_nobody_looked(aiohttp_client: ClientOf) -> None:
    client = await aiohttp_client(app_of(read_log=FakeReadLog(away="refused")))
    assert (await client.get(f"{CLAIM}/audit", headers=AUDITOR)).status == 503


async def test_the_command_shows_who_looked(
    aiohttp_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = FakeReadLog([row(number) for number in range(501)])
    server: TestServer = await aiohttp_server(app_of(read_log=log))
    arguments = ["audit", CLAIM_ID, "--url", str(server.make_url("")), "--token", AUDITOR["Authorization"][7:]]
    done = await asyncio.to_thread(CliRunner().invoke, commands, arguments)
    assert done.exit_code == 0, done.output
    shown = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert (len(shown), shown[0]["subject"], shown[-1]["subject"]) == (501, "reader 0", "reader 500")


@pytest.mark.integration
def test_what_the_sink_wrote_is_found_by_claim_and_in_order(services: SimpleNamespace) -> None:
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        found = asyncio.run(written_and_found(url))
    assert found == [["claim_list", "document", "claim"], ["claim"], []]


async def written_and_found(url: str) -> list[list[str]]:
    """Views of the reads of the first claim by pages of three and then one, and of a claim that nobody looked at."""
    one, other = records.claim_id(1), records.claim_id(2)
    batch = Batch(CODEC, records.SEALER)
    sent = [
        records.audit_read(1, view="claim", ids=(one,), claim_id=None),
        records.audit_read(1, view="claim", ids=(one,), claim_id=None),
        records.audit_read(2, view="claim", ids=(one, one), claim_id=None),
        records.audit_read(3, view="document", claim_id=one),
        records.audit_read(4, view="claim_list", ids=(other, one), claim_id=None),
        records.audit_read(5, view="claim", ids=(other,), claim_id=None),
    ]
    for offset, read in enumerate(sent):
        batch.add(Record(AUDIT_READS, 0, offset, read.at, CODEC.encode(read)))
    store = await Store.open(url, 30)
    await store.write(batch.rows(), [])
    await store.close()
    database = Database(DatabaseSettings(url=SecretStr(url)))
    log = PostgresReadLog(database)
    first = await log.of_claim(one, None, 3)
    last = first[-1]
    after = Position(int(last["at"].timestamp() * 1_000) * 1_000, last["event_id"])
    pages = [first, await log.of_claim(one, after, 3), await log.of_claim(records.claim_id(9), None, 3)]
    await database.close()
    return [[found["view"] for found in page] for page in pages]
