"""The sink on real Kafka and Postgres: what it writes, and what it does not write twice."""

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from api import statements as api_statements
from api.database import Database
from api.queries import PostgresStore
from config.settings import Settings
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.dates import calendar_of, moment_of
from schemas.decision import Decision
from sinks.batch import Rows
from sinks.migrate import migrate_blocking
from sinks.store import Advance, Store, ZombieError
from tests.agents.world import claim, line
from tests.sinks import records
from tests.sinks.live import own_database, running, send, settings_of, sql

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(services: SimpleNamespace) -> Iterator[Settings]:
    """A broker with all topics and a database with all tables."""
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        yield settings_of(services.kafka_bootstrap, url)


def url_of(settings: Settings) -> str:
    assert settings.database.url is not None
    return settings.database.url.get_secret_value()


def a_number() -> int:
    """A claim that no other test has sent: the topics are those of the whole session."""
    return random.randrange(10**6, 10**9)


def row(settings: Settings, number: int) -> dict[str, Any]:
    return dict(sql(url_of(settings), "select * from claims where id = $1", UUID(records.claim_id(number)))[0])


def of_claim(settings: Settings, table: str, number: int, order: str) -> list[dict[str, Any]]:
    statement = f"select * from {table} where claim_id = $1 order by {order}"
    return [dict(found) for found in sql(url_of(settings), statement, UUID(records.claim_id(number)))]


def totals(settings: Settings) -> tuple[int, Decimal]:
    """Claims and what was paid, of the whole table."""
    found = sql(url_of(settings), "select coalesce(sum(claims), 0), coalesce(sum(paid), 0) from claim_totals")[0]
    return int(found[0]), found[1]


def test_rows_are_the_decision(settings: Settings) -> None:
    number = a_number()
    decided = records.decision(number, provider_id="P-1")
    with running(settings) as sink:
        send(settings, [decided, *records.events(decided)])
        send(settings, [records.decision(number, revision=9)], commit=False)
        sink.settle()
    claim = row(settings, number)
    expected = {
        "claim_number": decided.claim_number, "version": 1, "revision": 1, "rank": 2, "status": "approved",
        "member_id": decided.member_id, "provider_id": "P-1", "service_date": calendar_of(records.DAY),
        "total_charged": Decimal("132.51"), "total_allowed": Decimal("116.26"), "total_paid": Decimal("100.00"),
        "total_member_share": Decimal("16.26"), "accepted_at": moment_of(decided.accepted_at),
    }  # fmt: skip
    assert {name: claim[name] for name in expected} == expected
    assert claim["decided_at"] <= claim["committed_at"]
    lines = of_claim(settings, "claim_items", number, "line_number")
    assert [(one["line_number"], one["charged_amount"], one["paid_amount"], one["modifiers"]) for one in lines] == [
        (1, Decimal("100.00"), Decimal("80.00"), ["25"]),
        (2, Decimal("25.51"), Decimal("20.00"), ["25"]),
        (3, Decimal("7.00"), Decimal("0.00"), ["25"]),
    ]
    adjusted = of_claim(settings, "claim_adjustments", number, "line_number, position")
    for one in lines:
        taken = sum(entry["amount"] for entry in adjusted if entry["line_number"] == one["line_number"])
        assert one["charged_amount"] == one["paid_amount"] + taken
    steps = of_claim(settings, "claim_timeline", number, "revision, sequence")
    assert [step["substatus"] for step in steps] == ["received", "accepted", "approved"]
    assert len(of_claim(settings, "claim_events", number, "sequence")) == 2


def test_a_repeat_changes_nothing(settings: Settings) -> None:
    number = a_number()
    decided = records.decision(number)
    with running(settings) as sink:
        send(settings, [decided, *records.events(decided)])
        sink.settle()
        before, counted = row(settings, number), totals(settings)
        send(settings, [decided, *records.events(decided)])
        sink.settle()
    assert row(settings, number) == before
    assert totals(settings) == counted
    assert len(of_claim(settings, "claim_events", number, "sequence")) == 2


def test_a_higher_revision_replaces_a_lower_one_does_not(settings: Settings) -> None:
    number = a_number()
    waits = records.pended(number)
    with running(settings) as sink:
        send(settings, [waits])
        sink.settle()
        claims, paid = totals(settings)
        send(settings, [records.approved(waits)])
        sink.settle()
        assert totals(settings) == (claims, paid + 100)
        send(settings, [waits])
        sink.settle()
    claim = row(settings, number)
    assert (claim["revision"], claim["rank"], claim["substatus"]) == (2, 3, "approved")
    assert len(of_claim(settings, "claim_items", number, "line_number")) == 3
    assert len(of_claim(settings, "claim_adjustments", number, "position")) == 6
    assert totals(settings) == (claims, paid + 100)


def balance(settings: Settings) -> dict[str, int]:
    """The trial balance in dollars."""
    found = sql(url_of(settings), "select account, amount from trial_balance where currency = 'USD'")
    return {row[0]: int(row[1]) for row in found if row[1]}


def test_the_life_of_a_claim_is_written(settings: Settings) -> None:
    number = a_number()
    waits = records.pended(number)
    seen = replace(records.approved(waits), provider_id="P-1")
    settled = records.appealed(seen)
    with running(settings) as sink:
        sink.settle()
        before = balance(settings)
        send(settings, [waits])
        sink.settle()
        claim = row(settings, number)
        assert (claim["pend_queue"], claim["pend_due"]) == ("review", calendar_of(records.DAY + 40))
        send(settings, [seen, records.payment_request(seen), waits, seen, records.refusal(seen)])
        sink.settle()
        assert row(settings, number)["pend_queue"] is None
        posted = {account: amount - before.get(account, 0) for account, amount in balance(settings).items()}
        assert {a: n for a, n in posted.items() if n} == {
            "CO-45": 1_625, "PR-3": 1_626, "charged": 13_251, "paid": 10_000,
        }  # fmt: skip
        send(settings, [settled])
        sink.settle()
        assert row(settings, number)["appeal_due"] == calendar_of(records.DAY + 60)
        gone = records.voided(settled)
        gone = replace(gone, ledger=tuple(replace(entry, amount=-entry.amount) for entry in seen.ledger))
        send(settings, [gone, records.payment_request(gone, amount=-10_000)])
        sink.settle()
    claim = row(settings, number)
    assert (claim["substatus"], claim["total_charged"], claim["total_paid"]) == ("voided", 0, 0)
    assert of_claim(settings, "claim_items", number, "line_number") == []
    assert of_claim(settings, "claim_adjustments", number, "position") == []
    assert balance(settings) == before
    history = of_claim(settings, "claim_decisions", number, "version, revision")
    assert [one["substatus"] for one in history] == ["pended", "approved", "appealed", "voided"]
    assert Codec().decode(Decision, history[3]["record"]) == gone
    entries = of_claim(settings, "ledger_entries", number, "revision, sequence")
    assert [(one["account"], one["period"], one["amount"]) for one in entries] == [
        ("deductible", "2026", 1_500),
        ("deductible", "2026", -1_500),
    ]
    requests = of_claim(settings, "payment_requests", number, "revision")
    assert [one["amount"] for one in requests] == [Decimal("100.00"), Decimal("-100.00")]
    refused = [one for one in of_claim(settings, "claim_events", number, "sequence") if "refused" in one["event_type"]]
    assert [json.loads(one["details"])["command_id"] for one in refused] == ["c-9"]
    assert all(one["sequence"] < 1_000 for one in of_claim(settings, "claim_timeline", number, "sequence"))


def test_a_replacement_has_the_number_of_its_original(settings: Settings) -> None:
    number = a_number()
    original = records.decision(number)
    gone = records.voided(original)
    gone = replace(gone, substatus="replaced")
    newer = records.decision(a_number(), root_id=original.root_id, version=2, frequency_code="7")
    newer = replace(newer, claim_number=original.claim_number, replaces=original.claim_id)
    with running(settings) as sink:
        send(settings, [original, gone, newer])
        sink.settle()
    statement = "select substatus, replaces from claims where claim_number = $1 order by version"
    found = [tuple(one) for one in sql(url_of(settings), statement, original.claim_number)]
    assert found == [("replaced", None), ("approved", UUID(original.claim_id))]
    shown = sql(url_of(settings), api_statements.CLAIMS, [UUID(original.claim_id)])[0]
    assert shown["replaced_by"] == UUID(newer.claim_id)


def test_a_rejected_claim_may_be_accepted_later(settings: Settings) -> None:
    number = a_number()
    with running(settings) as sink:
        send(settings, [records.rejection(number)])
        sink.settle()
        claim = row(settings, number)
        assert (claim["substatus"], claim["rank"], claim["total_paid"]) == ("front_end_rejected", 1, None)
        claims, paid = totals(settings)
        send(settings, [records.decision(number)])
        sink.settle()
        send(settings, [records.rejection(number)])
        sink.settle()
    claim = row(settings, number)
    assert (claim["substatus"], claim["rank"]) == ("approved", 2)
    assert totals(settings) == (claims, paid + 100)
    steps = of_claim(settings, "claim_timeline", number, "revision, sequence")
    assert [step["substatus"] for step in steps] == ["received", "front_end_rejected", "front_end_rejected"]


async def received_by_the_api(settings: Settings, billed: SubmittedClaim, claim_number: str) -> None:
    """What the API writes of a claim that the broker has."""
    store = PostgresStore(Database(settings.database))
    await store.receive(billed, claim_number, "digest")
    await store.close()


def test_the_row_that_the_api_wrote_is_replaced(settings: Settings) -> None:
    number = a_number()
    decided = records.decision(number)
    billed = replace(
        claim(*(line(100) for _ in range(5))), claim_id=decided.claim_id, root_id=decided.claim_id, form="dental",
        accepted_at=decided.accepted_at,
    )  # fmt: skip
    asyncio.run(received_by_the_api(settings, billed, decided.claim_number))
    received = row(settings, number)
    assert (received["rank"], received["form"]) == (0, "dental")
    assert len(of_claim(settings, "claim_items", number, "line_number")) == 5
    assert totals(settings) == (0, Decimal(0))
    with running(settings) as sink:
        send(settings, [decided])
        sink.settle()
    found = row(settings, number)
    assert (found["rank"], found["form"], found["total_charged"]) == (2, "professional", Decimal("132.51"))
    assert len(of_claim(settings, "claim_items", number, "line_number")) == 3
    assert len(of_claim(settings, "claim_timeline", number, "sequence")) == 1


def test_text_that_postgres_cannot_hold_is_shown_otherwise(settings: Settings) -> None:
    number = a_number()
    with running(settings) as sink:
        send(settings, [records.decision(number, channel="a\x00b")])
        sink.settle()
    assert row(settings, number)["channel"] == "a\ufffdb"


async def test_of_two_sinks_on_a_partition_one_writes_nothing(settings: Settings) -> None:
    first, zombie = await Store.open(url_of(settings), 30), await Store.open(url_of(settings), 30)
    try:
        assert await first.offsets([("claims.decided", 0)]) == {("claims.decided", 0): 0}
        assert await zombie.offsets([("claims.decided", 0)]) == {("claims.decided", 0): 0}
        await first.write(Rows(), [Advance("claims.decided", 0, 0, 5)])
        with pytest.raises(ZombieError, match=r"claims.decided\[0\]"):
            await zombie.write(Rows(), [Advance("claims.decided", 0, 0, 3)])
        assert await first.offsets([("claims.decided", 0)]) == {("claims.decided", 0): 5}
    finally:
        await first.close()
        await zombie.close()


def test_a_sink_whose_partition_moved_ends_and_the_next_goes_on(settings: Settings) -> None:
    number = a_number()
    decided = records.decision(number)
    with running(settings) as sink:
        sink.settle()
        sql(url_of(settings), "update sink_offsets set next_offset = next_offset - 1 where next_offset > 0")
        send(settings, [decided, *(records.decision(a_number(), coverage_id=f"FAM-{n}") for n in range(20))])
        assert isinstance(sink.ended(), ZombieError)
    assert sql(url_of(settings), "select 1 from claims where id = $1", UUID(decided.claim_id)) == []
    with running(settings) as successor:
        successor.settle()
    assert row(settings, number)["rank"] == 2
