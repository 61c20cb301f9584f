"""`claims schemas`: registers what changed, refuses what breaks old records."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.schemas import app
from schemas import registry
from schemas.registry import FileRegistry

RUNNER = CliRunner()


class OtherHistory:
    """A registry with a history of its own."""

    versions: dict[str, list[dict[str, Any]]]


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> OtherHistory:
    other = OtherHistory()
    monkeypatch.setattr(registry, "FileRegistry", lambda: other)
    return other


def test_the_history_of_the_release_is_sound() -> None:
    done = RUNNER.invoke(app, ["check"])
    assert (done.exit_code, done.stdout) == (
        0,
        f"{len(FileRegistry().versions)} records, every version reads every other\n",
    )


def test_a_version_that_breaks_old_records_is_named(history: OtherHistory) -> None:
    old = {"type": "record", "name": "Note", "fields": [{"name": "text", "type": "string"}]}
    new = {"type": "record", "name": "Note", "fields": [{"name": "text", "type": "int"}]}
    history.versions = {"Note": [{"id": 1, "schema": old}, {"id": 2, "schema": new}]}
    done = RUNNER.invoke(app, ["check"])
    assert done.exit_code == 1
    assert "Note: id 2 cannot read id 1: Note.text: string became int" in done.stdout.splitlines()


def test_registers_what_changed_and_only_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registry.json"
    versions = json.loads(registry.REGISTRY_FILE.read_text())
    versions["Finding"][-1]["schema"]["doc"] = "As it was before."
    path.write_text(json.dumps(versions))
    write = registry.register
    monkeypatch.setattr(registry, "register", lambda: write(path))
    assert RUNNER.invoke(app, ["register"]).stdout == "registered: Finding\n"
    assert RUNNER.invoke(app, ["register"]).stdout == "nothing changed\n"
