"""`claims dlq show`: a raw claim names a person, so that its bytes are shown only when they are asked for."""

import json

import pytest
from typer.testing import CliRunner

from cli import dlq
from schemas.events import DeadLetter

RUNNER = CliRunner()
LETTER = DeadLetter("claims.submitted", 0, 17, b"k", b'{"nik": "3174"}', "validate", "not_avro", "does not fit", 1)


@pytest.mark.parametrize(("options", "shown"), [([], False), (["--reveal"], True)])
def test_bytes_are_shown_only_when_asked_for(monkeypatch: pytest.MonkeyPatch, options: list[str], shown: bool) -> None:
    monkeypatch.setattr(dlq, "_read", lambda: [LETTER])
    done = RUNNER.invoke(dlq.app, ["show", "claims.submitted/0/17", *options])
    found = json.loads(done.stdout)
    assert (found["code"], found["bytes"]) == ("not_avro", 15)
    assert ("3174" in done.stdout) is shown
    assert (found.get("value_text") == '{"nik": "3174"}') is shown
