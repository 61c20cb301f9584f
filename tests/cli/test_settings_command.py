"""`claims settings`: the example to copy, and what is set, without its secrets."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.settings_command import app
from config.example import render

RUNNER = CliRunner()
SECRET = "a-secret-of-at-least-thirty-two-bytes"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file and from services that run."""
    monkeypatch.chdir(tmp_path)
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_the_example_can_be_redirected_into_a_file() -> None:
    assert RUNNER.invoke(app, ["example"]).stdout == render()


def test_what_is_set_is_shown_and_secrets_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_KAFKA__PARTITIONS", "7")
    monkeypatch.setenv("CLAIMS_API__JWT_SECRET", SECRET)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://claims:{SECRET}@db/claims")
    shown = RUNNER.invoke(app, ["show"]).stdout
    assert "CLAIMS_KAFKA__PARTITIONS=7" in shown
    assert "CLAIMS_DATABASE__URL=(secret)" in shown
    assert SECRET not in shown
