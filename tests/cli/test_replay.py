"""`claims replay`: what a person reads, and how it ends."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.errors import UserError
from cli.replay import replay
from sources.generate.spec import SAMPLE_REFERENCE

app = typer.Typer()
app.command()(replay)
RUNNER = CliRunner()
SAMPLES = SAMPLE_REFERENCE.parent


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file and from running services, on a wide terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)


def test_imperfect_claims_are_sent_and_told() -> None:
    done = RUNNER.invoke(app, ["--dry-run", str(SAMPLES / "claims-837p.edi")])
    assert done.exit_code == 0, done.output
    for words in ("would be sent", "21", "NPI_CHECKDIGIT", "segment 232, CLM02", "the charge is 300.00"):
        assert words in done.output


def test_claims_that_cannot_be_sent_end_it_with_1() -> None:
    done = RUNNER.invoke(app, ["--dry-run", str(SAMPLES / "claims.jsonl"), "--rejects", "rejects.jsonl"])
    assert done.exit_code == 1
    assert "items[0].chargedAmount" in done.output
    assert len(Path("rejects.jsonl").read_text().splitlines()) == 5


REFUSED = [
    # arguments                                    the message says
    (["missing.edi"],                              "is not there"),
    (["."],                                        "is a folder"),
    (["file", "--currency", "XAU", "--dry-run"],   "--currency must be one of"),
    (["file"],                                     "no Kafka"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), REFUSED)
def test_refused(arguments: list[str], says: str) -> None:
    Path("file").write_text("{}")
    done = RUNNER.invoke(app, arguments)
    assert isinstance(done.exception, UserError)
    assert says in str(done.exception)
