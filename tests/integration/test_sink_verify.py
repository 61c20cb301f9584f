"""`claims verify` finds whatever somebody changed in the database."""

import json
import random
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from cli.migrate import migrate
from cli.verify import verify as verify_command
from config.settings import DatabaseSettings, Settings
from sinks.migrate import migrate_blocking, migrations
from sinks.verify import DIFFERENCES_SHOWN_MAX, Report, verify_blocking
from tests.sinks import people, records
from tests.sinks.live import own_database, running, send, settings_of, sql

pytestmark = pytest.mark.integration
FIRST = random.randrange(10**6, 10**8)
CHANGED = records.claim_id(FIRST + 7)
REJECTED = records.claim_id(FIRST + 10)
SEEN, WAITS = records.claim_id(FIRST + 70), records.claim_id(FIRST + 72)


@pytest.fixture(scope="module")
def written(services: SimpleNamespace) -> Iterator[Settings]:
    """A database that holds what is on the topics."""
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        settings = settings_of(services.kafka_bootstrap, url)
        decided = [records.decision(FIRST + number) for number in range(60)]
        odd = [
            records.decision(FIRST + 60, currency="IDR", provider_id=None, lines=(records.line(1, 150_001, 149_000),)),
            records.decision(FIRST + 61, channel='a\x00"\\\n\x1f\x7fé😀', lines=()),
        ]
        refused = [records.rejection(FIRST + number) for number in range(10, 90, 10)]
        told = [event for one in decided for event in records.events(one)]
        with running(settings) as sink:
            send(settings, [*refused[:2], *decided, *odd, *refused, *told, records.dead_letter()])
            reads = [records.audit_read(), records.audit_read(), records.audit_read(2, claim_id=None, ids=())]
            send(settings, [*reads, records.audit_read(3, view="claim", ids=("c-3",), subject="\x00")])
            send(settings, [records.after(decided[5]), decided[3]])
            waits = records.pended(FIRST + 70)
            seen = records.approved(waits)
            spent = records.decision(FIRST + 71)
            send(settings, [waits, seen, records.payment_request(seen), records.refusal(seen)])
            send(settings, [spent, records.appealed(spent), records.pended(FIRST + 72)])
            send(settings, [records.decision(FIRST + 73), records.voided(records.decision(FIRST + 73))])
            send(
                settings, [people.document(FIRST), people.document(FIRST, 2, removed=True), people.document(FIRST + 1)]
            )
            send(settings, [people.member(FIRST), people.provider(FIRST), people.people_event(FIRST)])
            sink.settle()
        yield settings


@pytest.fixture
def copied(written: Settings) -> Iterator[Settings]:
    """A copy of that database, to be spoiled."""
    assert written.database.url is not None
    url = written.database.url.get_secret_value()
    with own_database(url.rpartition("/")[0] + "/claims", template=url.rpartition("/")[2]) as copy:
        yield written.model_copy(update={"database": DatabaseSettings(url=SecretStr(copy))})


def change(settings: Settings, statement: str) -> None:
    assert settings.database.url is not None
    sql(settings.database.url.get_secret_value(), statement)


def verified(settings: Settings, wait_seconds: float = 0) -> Report:
    return verify_blocking(settings, wait_seconds)


def test_what_the_sink_wrote_equals_the_topics(written: Settings) -> None:
    report = verified(written, wait_seconds=5)
    assert report.ok, report
    assert report.counts["claims"] >= 64
    assert report.counts["dead_letters"] >= 1
    assert report.counts["audit_reads"] >= 3
    assert report.behind == 0


@pytest.mark.parametrize(
    ("statement", "kind", "claims"),
    [
        ("delete from claims where id = '{claim}'", "claims", [CHANGED]),
        ("update claims set total_paid = total_paid + 0.01 where id = '{claim}'", "claims", [CHANGED]),
        ("update claims set revision = 3 where id = '{claim}'", "claims", [CHANGED]),
        ("update claims set findings = '[]' where id = '{claim}'", "claims", [CHANGED]),
        ("delete from claim_items where claim_id = '{claim}' and line_number = 2", "claims", [CHANGED]),
        ("update claim_items set paid_amount = paid_amount - 0.01 where claim_id = '{claim}'", "claims", [CHANGED]),
        ("update claim_adjustments set amount = amount + 0.01 where claim_id = '{claim}'", "claims", [CHANGED]),
        ("delete from claim_events where claim_id = '{claim}' and sequence = 1", "events", [CHANGED]),
        ("update claim_timeline set reason = 'x' where claim_id = '{claim}' and revision = 1", "timeline", [CHANGED]),
        ("delete from claim_timeline where claim_id = '{refused}' and sequence > 0", "timeline", [REJECTED]),
        ("update claims set pend_due = pend_due + 1 where id = '{waits}'", "claims", [WAITS]),
        ("update claims set approvals = '[]' where id = '{seen}'", "claims", [SEEN]),
        ("update claim_items set units_denied = 1 where claim_id = '{claim}'", "claims", [CHANGED]),
        ("delete from claim_decisions where claim_id = '{seen}' and revision = 1", "decisions", [SEEN]),
        ("update claim_decisions set record = 'x' where claim_id = '{claim}'", "decisions", [CHANGED]),
        ("update claim_decisions set ledger = '[]' where claim_id = '{claim}'", "decisions", [CHANGED]),
        ("delete from payment_requests where claim_id = '{seen}'", "payment_requests", [SEEN]),
        ("update payment_requests set amount = -amount where claim_id = '{seen}'", "payment_requests", [SEEN]),
        ("delete from dead_letters", "dead_letters", []),
        ("update dead_letters set value = 'x'", "dead_letters", []),
        ("update dead_letters set key = null", "dead_letters", []),
        ("update audit_reads set subject = 'x'", "audit_reads", []),
        ("delete from audit_reads where view = 'document'", "audit_reads", []),
        ("delete from audit_seen where thing = 'claim'", "audit_reads", []),
        ("update claim_documents set removed = false", "documents", []),
        ("delete from claim_documents where not removed", "documents", []),
        ("update members set sex = 'U'", "members", []),
        ("update members set name = birth_date", "members", []),
        ("update members set name = 'x'", "members", []),
        ("delete from providers", "providers", []),
        ("update providers set ended_on = '2026-01-01'", "providers", []),
        ("update people_events set actor = 'x'", "people_events", []),
        ("update claim_totals set paid = paid + 0.01 where provider_id = 'P-1'", "totals", []),
        ("delete from claim_totals where provider_id = 'P-2'", "totals", []),
    ],
)
def test_a_change_is_found(copied: Settings, statement: str, kind: str, claims: list[str]) -> None:
    change(copied, statement.format(claim=CHANGED, refused=REJECTED, waits=WAITS, seen=SEEN))
    report = verified(copied)
    assert not report.ok
    assert report.missing.get(kind, 0) + report.unexpected[kind] > 0
    assert report.claim_ids == claims


def test_a_claim_of_no_topic_is_found(copied: Settings) -> None:
    change(
        copied,
        "update claims set id = gen_random_uuid(), claim_number = 'x' where claim_number like 'CLM-2026-%'"
        f" and id = '{CHANGED}'",
    )
    report = verified(copied)
    assert (report.missing["claims"], report.unexpected["claims"]) == (1, 1)
    assert CHANGED in report.claim_ids
    assert len(report.claim_ids) == 2


def test_what_the_api_wrote_before_the_sink_is_no_difference(copied: Settings) -> None:
    change(copied, "update members set release = release + 1, sex = 'U', committed_at = null")
    change(copied, "update claim_documents set revision = 9, committed_at = null where removed")
    assert verified(copied).ok


def test_lines_of_no_claim_are_found(copied: Settings) -> None:
    change(
        copied,
        f"update claim_items set claim_id = '{records.claim_id(-1)}' where claim_id = '{CHANGED}' and line_number = 1",
    )
    assert sorted(verified(copied).claim_ids) == sorted([records.claim_id(-1), CHANGED])


def test_at_most_20_claims_are_named(copied: Settings) -> None:
    change(copied, "delete from claim_items")
    report = verified(copied)
    assert report.missing["claims"] > DIFFERENCES_SHOWN_MAX
    assert len(report.claim_ids) == DIFFERENCES_SHOWN_MAX


def test_a_sink_that_is_behind_is_waited_for_in_vain(copied: Settings) -> None:
    change(copied, "truncate sink_offsets, claims, claim_items, claim_adjustments, claim_events, claim_timeline")
    change(copied, "truncate claim_totals, dead_letters, claim_decisions, payment_requests, audit_reads, audit_seen")
    change(copied, "truncate claim_documents, members, providers, people_events")
    behind = verified(copied)
    assert (behind.ok, behind.waited_in_vain) == (True, False)
    assert behind.behind > 60
    assert not verified(copied, wait_seconds=0.3).ok


def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[typer.Typer, CliRunner]:
    assert settings.database.url is not None
    assert settings.kafka.bootstrap_servers is not None
    monkeypatch.setenv("DATABASE_URL", settings.database.url.get_secret_value())
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", settings.kafka.bootstrap_servers)
    app = typer.Typer()
    app.command()(migrate)
    app.command()(verify_command)
    return app, CliRunner()


def test_the_command_says_what_differs(copied: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app, runner = command(copied, monkeypatch)
    equal = runner.invoke(app, ["verify", "--wait", "5"])
    assert (equal.exit_code, "Postgres equals the topics" in equal.output) == (0, True), equal.output
    change(copied, f"delete from claims where id = '{CHANGED}'")
    different = runner.invoke(app, ["verify"])
    assert different.exit_code == 1
    assert CHANGED in different.output
    assert "totals that differ" in different.output
    as_json = runner.invoke(app, ["verify", "--json"])
    assert (as_json.exit_code, json.loads(as_json.output)["claim_ids"]) == (1, [CHANGED])


def test_the_command_migrates_once(services: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    with own_database(services.database_url) as url:
        app, runner = command(settings_of(services.kafka_bootstrap, url), monkeypatch)
        first, second = runner.invoke(app, ["migrate"]), runner.invoke(app, ["migrate"])
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output.count("applied 00") == len(migrations())
    assert "nothing to apply" in second.output
