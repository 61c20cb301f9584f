"""A run that is killed goes on: no claim is missed, little is sent again, and what is sent again is the same record."""

import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from config.settings import Settings
from schemas.topics import CLAIMS_SUBMITTED
from sources.replay import passage
from sources.replay.checkpoint import Marks
from sources.replay.report import Summary
from sources.replay.run import Options, replay
from tests.sources.fakes import FakeProducer, submitter
from tests.sources.x12.small import BILLING, CLAIM, LINES, SUBSCRIBER, file_of

SETTINGS = Settings()
COUNT = 500


class Killed(BaseException):
    """As kill -9: nothing is confirmed and nothing written from now on."""


class MortalProducer(FakeProducer):
    """Dies with its process when it is given its n-th claim."""

    def __init__(self, dies_at: int) -> None:
        super().__init__()
        self._dies_at = dies_at
        self._dead = False

    def produce(self, topic: str, value: bytes, key: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        if topic == CLAIMS_SUBMITTED and len(self._values) == self._dies_at:
            self._dead = True
            raise Killed
        super().produce(topic, value, key, headers)

    def flush(self, timeout: float) -> int:
        if self._dead:
            raise Killed
        return super().flush(timeout)


@pytest.fixture(autouse=True)
def _marks_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage, "MARK_SECONDS", 0.0)


@pytest.fixture
def marks(tmp_path: Path) -> Marks:
    return Marks(tmp_path / "marks")


def claims_file(path: Path, first: int = 0, count: int = COUNT) -> Path:
    """A file of that many claims."""
    body = [segment for n in range(first, first + count) for segment in (f"CLM*A-{n}*150***11:B:1", *CLAIM[1:], *LINES)]
    path.write_bytes(file_of(*BILLING, *SUBSCRIBER, *body))
    return path


def send(
    producer: FakeProducer,
    marks: Marks,
    *paths: Path,
    options: Options = Options(),  # noqa: B008 - frozen
) -> Summary:
    return replay(paths, SETTINGS, options, submitter=submitter(producer), marks=marks)


def killed(dies_at: int, marks: Marks, *paths: Path) -> MortalProducer:
    """A run that is killed at its n-th claim."""
    producer = MortalProducer(dies_at)
    with pytest.raises(Killed):
        send(producer, marks, *paths)
    return producer


@pytest.mark.parametrize("packed", [False, True])
def test_a_killed_run_goes_on_where_the_broker_had_everything(tmp_path: Path, marks: Marks, packed: bool) -> None:
    path = claims_file(tmp_path / "a.edi")
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    first, second = killed(300, marks, path), FakeProducer()
    summary = send(second, marks, path)
    assert {*first.claims_sent, *second.claims_sent} == {f"A-{n}" for n in range(COUNT)}
    assert (summary.claims, summary.sent_before + summary.sent) == (COUNT, COUNT)
    assert 200 <= summary.sent_before <= 300, "the mark is near, and not ahead of what was sent"


def test_what_is_sent_again_is_the_same_record(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    first, second = killed(300, marks, path), FakeProducer()
    send(second, marks, path)
    before, after = first.claims_sent, second.claims_sent
    again = set(before) & set(after)
    assert again
    assert {number: before[number] for number in again} == {number: after[number] for number in again}


def test_killed_and_killed_again(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    producers: list[FakeProducer] = [killed(90, marks, path) for _ in range(5)]
    producers.append(FakeProducer())
    summary = send(producers[-1], marks, path)
    assert set().union(*(producer.claims_sent for producer in producers)) == {f"A-{n}" for n in range(COUNT)}
    assert summary.sent_before > 200


def test_nothing_is_marked_that_the_broker_did_not_confirm(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    assert send(FakeProducer(left=1), marks, path).failed == 1
    producer = FakeProducer()
    send(producer, marks, path)
    assert len(producer.claims) == COUNT


def test_files_that_a_killed_run_finished_are_not_sent_again(tmp_path: Path, marks: Marks) -> None:
    paths = [claims_file(tmp_path / name, n * COUNT) for n, name in enumerate(("a.edi", "b.edi", "c.edi"))]
    first, second = killed(COUNT + 100, marks, *paths), FakeProducer()
    summary = send(second, marks, *paths)
    assert {*first.claims_sent, *second.claims_sent} == {f"A-{n}" for n in range(3 * COUNT)}
    assert [report.sent_before for report in summary.reports][0::2] == [COUNT, 0]


def test_a_run_that_came_to_its_end_is_sent_anew(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    for _ in range(2):
        producer = FakeProducer()
        assert send(producer, marks, path).sent == COUNT


def changed(path: Path) -> Path:
    return claims_file(path, first=1)


def moved(path: Path) -> Path:
    return path.rename(path.with_name("elsewhere.edi"))


WHAT_HAPPENS_TO_IT = [
    # what is done to the file, other options,     is it gone on with
    (changed, Options(),                           False),
    (moved,   Options(),                           True),
    (Path,    Options(from_start=True),            False),
    (Path,    Options(currency="IDR"),             False),
    (Path,    Options(submitter_id="other"),       False),
]  # fmt: skip


@pytest.mark.parametrize(("happens", "options", "goes_on"), WHAT_HAPPENS_TO_IT)
def test_a_mark_is_of_content_and_terms(
    tmp_path: Path, marks: Marks, happens: type[Path], options: Options, goes_on: bool
) -> None:
    path = claims_file(tmp_path / "a.edi")
    killed(300, marks, path)
    summary = send(FakeProducer(), marks, happens(path), options=options)
    assert (summary.sent_before > 0) is goes_on
    assert summary.sent + summary.sent_before == COUNT


def test_another_cluster_gets_everything(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    killed(300, marks, path)
    assert send(FakeProducer(cluster="another"), marks, path).sent == COUNT


def test_a_damaged_mark_is_none(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    killed(300, marks, path)
    for mark in (tmp_path / "marks").iterdir():
        mark.write_bytes(mark.read_bytes()[:20])
    assert send(FakeProducer(), marks, path).sent == COUNT


class WritingProducer(FakeProducer):
    """Somebody adds to the file while it is read."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def flush(self, timeout: float) -> int:
        with self._path.open("ab") as file:
            file.write(b" ")
        return super().flush(timeout)


def test_a_file_that_grows_is_told_and_not_marked(tmp_path: Path, marks: Marks) -> None:
    path = claims_file(tmp_path / "a.edi")
    summary = send(WritingProducer(path), marks, path)
    assert (dict(summary.findings), summary.complete) == ({"FILE_CHANGED": 1}, False)
    assert send(FakeProducer(), marks, path).sent == COUNT


def test_marks_are_for_their_owner_alone_and_do_not_stay_for_ever(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    marks = Marks(folder)
    assert folder.stat().st_mode & 0o077 == 0
    killed(300, marks, claims_file(tmp_path / "a.edi"))
    [mark] = folder.iterdir()
    os.utime(mark, (1, 1))
    Marks(folder)
    assert list(folder.iterdir()) == []


def test_a_claim_too_large_for_the_run_before_is_told_again(
    tmp_path: Path, marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.submitter.RECORD_BYTES_MAX", 1_500)
    notes = [f"NTE*ADD*{word * 900}" for word in "ab"]
    large = ("CLM*LARGE*150***11:B:1", *notes, *CLAIM[1:], *LINES)
    small = [segment for n in range(COUNT) for segment in (f"CLM*A-{n}*150***11:B:1", *CLAIM[1:], *LINES)]
    path = tmp_path / "claims.edi"
    path.write_bytes(file_of(*BILLING, *SUBSCRIBER, *large, *small))
    killed(400, marks, path)
    rejects, after = tmp_path / "rejects.jsonl", FakeProducer()
    summary = send(after, marks, path, options=Options(rejects=rejects))
    assert (summary.unsent, summary.sent + summary.sent_before) == (1, COUNT)
    [reject] = rejects.read_text().splitlines()
    assert json.loads(reject)["claimNumber"] == "LARGE"
    assert [(one.control_number, one.refused_for) for one in after.received[0].claims if one.claim_id is None] == [
        ("LARGE", ("CLAIM_TOO_LARGE",))
    ]
