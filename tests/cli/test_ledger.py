"""`claims ledger`: balances and postings of a coverage."""

import json
import random
import uuid
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from cli.errors import UserError
from cli.ledger import ledger
from sinks.migrate import migrate_blocking
from tests.sinks import records
from tests.sinks.live import own_database, running, send, settings_of


@pytest.mark.integration
def test_balances_and_postings(services: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    # The topics are those of the whole session.
    family, number = f"FAM-{uuid.uuid4()}", random.randrange(10**6, 10**9)
    first, second = (records.decision(n, coverage_id=family) for n in (number, number + 1))
    app = typer.Typer()
    app.command()(ledger)

    def asked(*words: str) -> str:
        done = CliRunner().invoke(app, [family, *words])
        assert done.exit_code == 0, done.output
        return done.output

    with own_database(services.database_url) as url:
        migrate_blocking(url)
        monkeypatch.setenv("DATABASE_URL", url)
        settings = settings_of(services.kafka_bootstrap, url)
        empty = CliRunner().invoke(app, [family]).exception
        assert isinstance(empty, UserError)
        assert "holds nothing" in str(empty)
        with running(settings) as sink:
            send(settings, [first, second, first])
            sink.settle()
            balances = {one["who"]: one["amount"] for one in json.loads(asked("--json"))}
            assert balances == {first.member_id: 1_500, second.member_id: 1_500}
            send(settings, [records.voided(first), records.voided(second)])
            sink.settle()
        assert {one["amount"] for one in json.loads(asked("--json"))} == {0}
        postings = json.loads(asked("--entries", "--json"))
        assert sorted(one["amount"] for one in postings) == [-1_500, -1_500, 1_500, 1_500]
        assert "4 postings in 1 period\n" in asked()


@pytest.mark.parametrize("arguments", [[], ["--entries"], ["--json"]], ids=["balances", "postings", "JSON"])
def test_a_coverage_without_postings_is_told_and_ends_it_with_2(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    async def none(url: str, coverage: str) -> list[object]:
        return []

    monkeypatch.setattr("sinks.ledger.balances_of", none)
    monkeypatch.setattr("sinks.ledger.postings_of", none)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")
    app = typer.Typer()
    app.command()(ledger)
    done = CliRunner().invoke(app, ["nosuch", *arguments])
    assert isinstance(done.exception, UserError)
    assert str(done.exception).startswith("the ledger of 'nosuch' holds nothing; name a coverage")
    assert done.stdout == ""
