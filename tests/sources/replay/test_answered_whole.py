"""A file is answered on the topic and in its folder, or on neither: by the same answers, when it is at its end."""

import gzip
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from schemas.claim import SubmittedClaim
from schemas.edi import EdiAnswered
from schemas.topics import EDI_ANSWERED
from sources.replay.formats import items_of
from sources.replay.items import Item
from sources.replay.run import Options, replay
from sources.replay.watch import watch
from sources.submitter import Submitter
from tests.sources.answers.files import claim, file_of, transaction
from tests.sources.fakes import CODEC, FakeProducer, submitter
from tests.sources.replay.test_watch import QUICK, SETTINGS, Watcher, names, until

TWO = file_of(transaction(claim("A-1")), transaction(claim("B-1"), claim("B-2"), control="0002"))
REFUSED = file_of(transaction(claim("A-1"), claim("A-2", day="")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


def on_topic(producer: FakeProducer) -> list[str]:
    """Names of the answers on edi.answered."""
    records = [CODEC.decode(EdiAnswered, value) for topic, value, _, _ in producer.records if topic == EDI_ANSWERED]
    return sorted(record.file_name for record in records)


def in_folder(folder: Path) -> list[str]:
    """Names of the answers beside a file."""
    return [name for name in names(folder) if name.endswith((".ta1.edi", ".999.edi"))]


def transactions(producer: FakeProducer) -> list[str]:
    """Control numbers of the transactions that are said to be complete, as their 277CA needs it."""
    return [one.envelope.transaction_control for one in producer.received if one.last]


def failing_at(number: str, error: BaseException) -> Callable[[Submitter, SubmittedClaim], None]:
    """Submitter.send that fails at the claim with that number."""
    send = Submitter.send

    def sends(self: Submitter, one: SubmittedClaim) -> None:
        if one.claim_control_number == number:
            raise error
        send(self, one)

    return sends


def test_a_file_that_the_program_fails_on_is_answered_when_it_can_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = FakeProducer()
    with monkeypatch.context() as patched:
        patched.setattr(Submitter, "send", failing_at("B-2", ValueError()))
        (folder / "a.edi").write_bytes(TWO)
        watcher = Watcher(folder, producer)
        until((folder / "failed" / "a.edi").exists)
    assert (on_topic(producer), names(folder / "failed")) == ([], ["a.edi", "a.edi.report.json"])
    assert transactions(producer) == ["0001"], "one that was read in part is not said to be whole"
    (folder / "failed" / "a.edi").rename(folder / "a.edi")
    until((folder / "done" / "a.edi").exists)
    watcher.end()
    assert [name.split(".")[-2] for name in on_topic(producer)] == ["999", "ta1"]
    assert on_topic(producer) == in_folder(folder / "done")
    assert transactions(producer) == ["0001", "0001", "0002"]


ENDS = [
    # how a file ends                         its bytes                                where it goes
    ("every claim was sent",                  TWO,                                     "done"),
    ("a claim was refused",                   REFUSED,                                 "failed"),
    ("a segment has no end",                  TWO[:-20] + b"X" * 200_000,              "failed"),
    ("it breaks off within a claim",          TWO[:-60],                               "failed"),
    ("it breaks off behind the last claim",   TWO[:-4],                                "failed"),
    ("it is packed and damaged",              gzip.compress(TWO * 500)[:-300],         "failed"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "goes_to"), [case[1:] for case in ENDS], ids=[case[0] for case in ENDS])
def test_topic_and_folder_have_the_same_answers(folder: Path, data: bytes, goes_to: str) -> None:
    producer = FakeProducer()
    (folder / "a.edi").write_bytes(data)
    watcher = Watcher(folder, producer)
    until((folder / goes_to / "a.edi").exists)
    watcher.end()
    assert on_topic(producer)
    assert on_topic(producer) == in_folder(folder / goes_to)


def test_a_run_that_is_interrupted_leaves_no_answer_and_no_half_of_a_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = FakeProducer()
    (tmp_path / "a.edi").write_bytes(TWO)
    monkeypatch.setattr(Submitter, "send", failing_at("B-2", KeyboardInterrupt()))
    options = Options(answers=tmp_path / "answers")
    with pytest.raises(KeyboardInterrupt):
        replay([tmp_path / "a.edi"], Settings(), options, submitter=submitter(producer))
    assert (on_topic(producer), transactions(producer)) == ([], ["0001"])
    assert not (tmp_path / "answers").exists()


def test_a_file_whose_last_claim_is_sent_as_the_watch_is_stopped_is_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer, stop = FakeProducer(), threading.Event()

    def stopped_after_the_last(*arguments: Any) -> Iterator[Item]:
        yield from items_of(*arguments)
        stop.set()

    monkeypatch.setattr("sources.replay.passage.items_of", stopped_after_the_last)
    (folder / "a.edi").write_bytes(TWO)
    watch(folder, SETTINGS, Options(), stop, QUICK, submitter(producer))
    assert names(folder / "failed") == []
    assert on_topic(producer) == in_folder(folder / "done")
    assert len(on_topic(producer)) == 2


def test_no_answer_is_given_before_the_broker_has_every_claim(tmp_path: Path) -> None:
    producer = FakeProducer(left=1)
    (tmp_path / "a.edi").write_bytes(TWO)
    replay([tmp_path / "a.edi"], Settings(), Options(answers=tmp_path / "answers"), submitter=submitter(producer))
    assert (on_topic(producer), (tmp_path / "answers").exists()) == ([], False)
