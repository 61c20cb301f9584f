"""`claims api`: the address of the command line wins, and faults are messages."""

import socket
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.api import api
from cli.errors import UserError

app = typer.Typer()
app.command()(api)


@pytest.fixture(autouse=True)
def _service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named broker that nobody asks; no logging set up for the whole test process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setattr("config.logs.configure", lambda *_: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)


def test_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("api.run.run", lambda settings, **_: seen.append(settings))
    assert CliRunner().invoke(app, ["--host", "127.0.0.2", "--port", "0"]).exit_code == 0
    assert CliRunner().invoke(app, []).exit_code == 0
    assert [(settings.api.host, settings.api.port) for settings in seen] == [("127.0.0.2", 0), ("127.0.0.1", 8080)]


def test_a_port_in_use_is_a_message() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = CliRunner().invoke(app, ["--port", str(taken.getsockname()[1])])
    assert isinstance(done.exception, UserError)
    assert "is in use by another program; choose one: --port" in str(done.exception)


def test_a_missing_key_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_API__JWT_ALGORITHM", "RS256")
    done = CliRunner().invoke(app, ["--port", "0"])
    assert isinstance(done.exception, UserError)
    assert "set CLAIMS_API__JWT_PUBLIC_KEY_FILE" in str(done.exception)
