"""A watched folder, and a file that the program itself fails on: the others go on, unless it is no fault of a file."""

import json
import shutil
import threading
from pathlib import Path

import pytest
from confluent_kafka import KafkaError, KafkaException

from sources.replay.run import Options
from sources.replay.watch import watch
from sources.submitter import BrokerAwayError
from tests.sources.fakes import FakeProducer, submitter
from tests.sources.replay.test_watch import QUICK, SETTINGS, Watcher, names, until
from tests.sources.x12.small import WHOLE

SECRET = "Budi Santoso"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


FAULTS = [
    # where it breaks                         what with
    ("sources.replay.passage.items_of",       KeyError(SECRET)),
    ("sources.replay.passage.items_of",       RecursionError(SECRET)),
    ("sources.replay.passage.format_of",      AssertionError(SECRET)),
    ("sources.replay.feed.Passage",           ValueError(SECRET)),
    ("sources.submitter.Submitter.send",      KafkaException(KafkaError(KafkaError.MSG_SIZE_TOO_LARGE, SECRET))),
]  # fmt: skip


@pytest.mark.parametrize(("place", "error"), FAULTS)
def test_a_file_that_the_program_fails_on_is_put_aside_and_the_next_one_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    place: str, error: Exception,
) -> None:  # fmt: skip
    def fails(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(place, fails)
        (folder / "a.edi").write_bytes(WHOLE)
        watcher = Watcher(folder, FakeProducer())
        until((folder / "failed" / "a.edi").exists)
    (folder / "b.edi").write_bytes(WHOLE.replace(b"A-1", b"A-2"))
    until((folder / "done" / "b.edi").exists)
    watcher.end()
    report = json.loads((folder / "failed" / "a.edi.report.json").read_text())
    [finding] = [found for found in report["quoted"] if found["code"] == "PROGRAM_FAULT"]
    assert report["status"] == "unreadable"
    assert f"({type(error).__name__} at tests/sources/replay/test_watch_faults.py, line " in finding["text"]
    assert SECRET not in json.dumps(report) + capsys.readouterr().out


def test_it_ends_where_the_producer_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KafkaException(KafkaError(KafkaError._FATAL, "fenced"))

    monkeypatch.setattr("sources.submitter.Submitter.send", fails)
    (folder / "a.edi").write_bytes(WHOLE)
    with pytest.raises(BrokerAwayError, match="the producer cannot go on"):
        watch(folder, SETTINGS, Options(), threading.Event(), QUICK, submitter(FakeProducer()))
    assert ((folder / "a.edi").exists(), names(folder / "failed")) == (True, [])


def test_it_ends_where_the_folder_is_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.replay.watch._AGAIN_SECONDS", 0.01)
    (folder / "a.edi").write_bytes(WHOLE)

    def fails(*_: object) -> None:
        shutil.rmtree(folder)
        raise ValueError

    monkeypatch.setattr("sources.replay.passage.items_of", fails)
    with pytest.raises(FileNotFoundError):
        watch(folder, SETTINGS, Options(), threading.Event(), QUICK, submitter(FakeProducer()))
