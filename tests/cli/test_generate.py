"""`claims generate`: a folder and a file that fit together, and what it refuses."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.errors import UserError
from cli.generate import app
from schemas import topics
from sources.reference.folder import read_folder

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file and from running services."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)


def test_a_folder_of_reference_data_that_can_be_loaded() -> None:
    done = RUNNER.invoke(app, ["reference", "payers", "--members", "100"])
    assert done.exit_code == 0, done.output
    assert "claims reference load payers" in done.output
    members = read_folder(Path("payers")).records[topics.REFERENCE_MEMBERS]
    assert len(members) > 100


def test_claims_in_a_file() -> None:
    done = RUNNER.invoke(app, ["claims", "--count", "50", "--members", "100", "--to", "claims.jsonl"])
    assert done.exit_code == 0, done.output
    assert len(Path("claims.jsonl").read_text().splitlines()) == 50


REFUSED = [
    # arguments                                                   the message says
    (["claims"],                                                  "say how many"),
    (["claims", "--count", "5", "--seconds", "5"],                "give one of them"),
    (["claims", "--seconds", "5", "--to", "x.jsonl"],             "how many claims it holds"),
    (["claims", "--count", "5", "--to", "."],                     "name a file"),
    (["claims", "--count", "5", "--denied", "0.9", "--pended", "0.9"], "above 1 together"),
    (["claims", "--count", "5"],                                  "no Kafka"),
    (["reference", ".", "--members", "5"],                        "not empty"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), REFUSED)
def test_refused(arguments: list[str], says: str) -> None:
    Path("something").touch()
    done = RUNNER.invoke(app, arguments)
    assert isinstance(done.exception, UserError)
    assert says in str(done.exception)
