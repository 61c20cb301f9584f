"""`claims trial-balance` recomputes the books from the topic, and finds what does not fit."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from cli.trial_balance import trial_balance as command
from config.settings import Settings
from sinks.migrate import migrate_blocking
from sinks.trial_balance import TrialBalance, trial_balance_blocking
from tests.sinks import records
from tests.sinks.live import own_database, running, send, settings_of, sql

pytestmark = pytest.mark.integration
FIRST = random.randrange(10**6, 10**8)


@pytest.fixture(scope="module")
def written(services: SimpleNamespace) -> Iterator[Settings]:
    """A database that holds lives of claims: decided, pended and approved, appealed, voided, repeated."""
    with own_database(services.database_url) as url:
        migrate_blocking(url)
        settings = settings_of(services.kafka_bootstrap, url)
        waits, decided = records.pended(FIRST), records.decision(FIRST + 1)
        seen = records.approved(waits)
        rupiah = records.decision(FIRST + 2, currency="IDR", lines=(records.line(1, 150_001, 149_000),))
        gone = records.voided(records.appealed(decided))
        with running(settings) as sink:
            send(settings, [waits, decided, rupiah, records.rejection(FIRST + 3)])
            sink.settle()
            send(settings, [seen, waits, seen, records.appealed(decided), gone, decided, gone])
            send(settings, [replace(seen, version=2, revision=1, superseded=())])
            sink.settle()
        yield settings


def change(settings: Settings, statement: str) -> None:
    assert settings.database.url is not None
    sql(settings.database.url.get_secret_value(), statement)


def balance(settings: Settings, wait_seconds: float = 0) -> TrialBalance:
    return trial_balance_blocking(settings, wait_seconds)


def test_the_topic_and_the_live_figure_agree(written: Settings) -> None:
    made = balance(written, 5)
    assert made.ok, made
    assert made.versions >= 4
    assert made.topic == made.live
    assert made.topic["IDR"]["charged"] >= 150_001
    assert made.topic["USD"]["charged"] == made.topic["USD"]["paid"] + sum(
        amount for account, amount in made.topic["USD"].items() if "-" in account
    )


def test_the_command_ends_with_1_when_the_live_figure_differs(
    written: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert written.database.url is not None
    assert written.kafka.bootstrap_servers is not None
    monkeypatch.setenv("DATABASE_URL", written.database.url.get_secret_value())
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", written.kafka.bootstrap_servers)
    app = typer.Typer()
    app.command()(command)
    runner = CliRunner()
    right = runner.invoke(app, ["--wait", "5"])
    assert (right.exit_code, "charged = paid + adjusted" in right.output) == (0, True), right.output
    change(written, "update trial_balance set amount = amount + 1 where account = 'paid' and currency = 'IDR'")
    wrong = runner.invoke(app, [])
    assert (wrong.exit_code, "the live figure DIFFERS" in wrong.output) == (1, True), wrong.output
    as_json = runner.invoke(app, ["--json"])
    told = json.loads(as_json.output)
    assert (as_json.exit_code, told["ok"], told["difference"]["IDR"]) == (1, False, 0)
    assert told["live"]["IDR"]["paid"] == told["topic"]["IDR"]["paid"] + 1
    change(written, "update trial_balance set amount = amount - 1 where account = 'paid' and currency = 'IDR'")


def test_a_decision_that_supersedes_the_wrong_amount_is_found(written: Settings) -> None:
    decided = records.decision(FIRST + 9)
    gone = records.voided(decided)
    with running(written) as sink:
        send(written, [decided, replace(gone, superseded=())])
        sink.settle()
        made = balance(written)
        assert (made.balances, made.agrees) == (True, False)
        # The topics are those of the whole session: leave them in order.
        send(written, [replace(gone, revision=3)])
        sink.settle()
    assert balance(written).agrees
