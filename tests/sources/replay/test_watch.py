"""A watched folder: every file is sent and put away with its report, whatever happens in between."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from sources.replay import inbox, passage
from sources.replay.checkpoint import Mark, Marks
from sources.replay.inbox import Inbox, Pace
from sources.replay.run import Options
from sources.replay.watch import WatchedError, watch
from tests.sources.fakes import FakeProducer, submitter
from tests.sources.replay.test_resume import COUNT, claims_file, killed
from tests.sources.x12.small import WHOLE

QUICK = Pace(0.01, 0.03)
SETTINGS = Settings()


class Watcher:
    """A watch of a folder in a thread."""

    def __init__(self, folder: Path, producer: FakeProducer) -> None:
        self.stop = threading.Event()
        arguments = (folder, SETTINGS, Options(), self.stop, QUICK, submitter(producer))
        self._thread = threading.Thread(target=watch, args=arguments, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive(), "it ends within seconds"


@pytest.fixture(autouse=True)
def _marks_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage, "MARK_SECONDS", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def producer() -> FakeProducer:
    return FakeProducer()


@pytest.fixture
def watcher(folder: Path, producer: FakeProducer) -> Iterator[Watcher]:
    made = Watcher(folder, producer)
    yield made
    made.end()


def until(condition: Callable[[], bool]) -> None:
    """Wait for it, ten seconds at most."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.01)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("watcher")
def test_a_file_is_sent_and_put_away_with_report_and_answers(folder: Path, producer: FakeProducer) -> None:
    (folder / "a.edi").write_bytes(WHOLE)
    until((folder / "done" / "a.edi").exists)
    assert list(producer.claims_sent) == ["A-1"]
    report = json.loads((folder / "done" / "a.edi.report.json").read_text())
    assert (report["status"], report["claims"], report["sent"]) == ("sent", 1, 1)
    assert [name.rsplit(".", 2)[1] for name in report["answers"]] == ["999", "ta1"]
    assert names(folder / "done") == sorted(["a.edi", "a.edi.report.json", *report["answers"]])
    assert names(folder) == [".claims-watch", "done", "failed"]


@pytest.mark.usefixtures("watcher")
def test_what_needs_a_person_goes_to_failed_with_what_to_mend(folder: Path) -> None:
    (folder / "letter.txt").write_text("Dear Sirs")
    (folder / "bad.jsonl").write_text('{"claimNumber": "X-1"}\n')
    until(lambda: (folder / "failed" / "letter.txt").exists() and (folder / "failed" / "bad.jsonl").exists())
    report = json.loads((folder / "failed" / "bad.jsonl.report.json").read_text())
    assert (report["status"], report["notSent"]) == ("incomplete", 1)
    [reject] = (folder / "failed" / "bad.jsonl.rejects.jsonl").read_text().splitlines()
    assert json.loads(reject)["claimNumber"] == "X-1"
    assert json.loads((folder / "failed" / "letter.txt.report.json").read_text())["status"] == "unreadable"
    assert not (folder / "failed" / "letter.txt.rejects.jsonl").exists()


@pytest.mark.usefixtures("watcher")
def test_a_file_is_left_alone_until_it_is_written(folder: Path, producer: FakeProducer) -> None:
    for name in ("a.edi.tmp", "b.partial", ".c.edi"):
        (folder / name).write_bytes(WHOLE)
    with (folder / "slow.edi").open("wb") as file:
        for start in range(0, len(WHOLE), 100):
            file.write(WHOLE[start : start + 100])
            file.flush()
            time.sleep(0.01)
    until((folder / "done" / "slow.edi").exists)
    (folder / "a.edi.tmp").rename(folder / "a.edi")
    until((folder / "done" / "a.edi").exists)
    assert {"b.partial", ".c.edi"} < set(names(folder)), "hidden ones and unfinished ones stay"
    assert len(producer.claims) == 2


@pytest.mark.usefixtures("watcher")
def test_a_name_that_comes_again_replaces_nothing(folder: Path) -> None:
    for number in range(3):
        (folder / "a.edi").write_bytes(WHOLE.replace(b"A-1", b"A-%d" % number))
        until(lambda: not (folder / "a.edi").exists())
    assert [name for name in names(folder / "done") if "report" not in name and "-" not in name] == [
        "a.edi", "a.edi.2", "a.edi.3",
    ]  # fmt: skip
    assert "A-0" in (folder / "done" / "a.edi").read_text()
    assert json.loads((folder / "done" / "a.edi.3.report.json").read_text())["file"] == "a.edi.3"


@pytest.mark.usefixtures("watcher")
@pytest.mark.parametrize(
    "name", [b"a\xff.edi", b"%s.edi" % (b"a" * 251), "\u00e4".encode() * 127], ids=["bytes", "long", "wide"]
)
def test_a_name_that_no_report_can_bear_holds_nothing_up(folder: Path, producer: FakeProducer, name: bytes) -> None:
    (folder / os.fsdecode(name)).write_bytes(WHOLE)
    (folder / "b.edi").write_bytes(WHOLE.replace(b"A-1", b"A-2"))
    until((folder / "done" / "b.edi").exists)
    until(lambda: len(list((folder / "done").glob("*.report.json"))) == 2)
    assert sorted(producer.claims_sent) == ["A-1", "A-2"]
    until(lambda: names(folder) == [".claims-watch", "done", "failed"])


@pytest.mark.usefixtures("watcher")
def test_folders_links_and_pipes_are_no_files(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(WHOLE)
    (folder / "link.edi").symlink_to(tmp_path / "secret")
    (folder / "more").mkdir()
    (folder / "a.edi").write_bytes(WHOLE)
    until((folder / "done" / "a.edi").exists)
    assert {"link.edi", "more"} < set(names(folder))


@pytest.mark.usefixtures("watcher")
def test_a_second_watcher_is_refused(folder: Path) -> None:
    until((folder / ".claims-watch" / "lock").exists)
    time.sleep(0.1)
    with pytest.raises(WatchedError, match="another `claims replay --watch`"):
        watch(folder, SETTINGS, Options(), threading.Event(), QUICK, submitter(FakeProducer()))


def test_stopped_within_a_file_it_goes_on_with_it(folder: Path) -> None:
    claims_file(folder / "a.edi")
    slow = FakeProducer(full=1_000_000)
    first = Watcher(folder, slow)
    until(lambda: slow.polls > 5)
    slow.empty()
    first.end()
    producer = FakeProducer()
    second = Watcher(folder, producer)
    until((folder / "done" / "a.edi").exists)
    second.end()
    assert {*slow.claims_sent, *producer.claims_sent} == {f"A-{n}" for n in range(COUNT)}
    report = json.loads((folder / "done" / "a.edi.report.json").read_text())
    assert report["sent"] + report["sentBefore"] == COUNT


def test_killed_within_a_file_it_goes_on_with_it(folder: Path) -> None:
    """The marks of the watch are those of any run: of the content, for the cluster."""
    path = claims_file(folder / "a.edi")
    (folder / ".claims-watch").mkdir()
    killed(300, Marks(folder / ".claims-watch" / "marks"), path)
    producer = FakeProducer()
    second = Watcher(folder, producer)
    until((folder / "done" / "a.edi").exists)
    second.end()
    assert COUNT - 300 <= len(producer.claims_sent) < COUNT


@pytest.mark.parametrize("step", range(4))
def test_killed_while_it_puts_a_file_away_everything_is_there_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Each rename on the way is the last thing that a killed watcher does; the next one leaves the same files."""
    (folder / "a.edi").write_bytes(WHOLE)
    renames = 0

    class KilledError(BaseException):
        pass

    def mortal(move: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def moved(path: Path, target: Path) -> Path:
            nonlocal renames
            if target.parent.name == "done":
                if renames == step:
                    raise KilledError
                renames += 1
            return move(path, target)

        return moved

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", mortal(Path.replace))
        patched.setattr(Path, "rename", mortal(Path.rename))
        with pytest.raises(KilledError):
            watch(folder, SETTINGS, Options(), threading.Event(), QUICK, submitter(FakeProducer()))
    assert renames == step
    producer = FakeProducer()
    second = Watcher(folder, producer)
    until((folder / "done" / "a.edi").exists)
    second.end()
    report = json.loads((folder / "done" / "a.edi.report.json").read_text())
    assert (report["claims"], report["sentBefore"] + report["sent"], len(report["answers"])) == (1, 1, 2)
    assert names(folder / "done") == sorted(["a.edi", "a.edi.report.json", *report["answers"]])
    assert names(folder / "failed") == []


def test_the_broker_lost_within_a_file_it_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.replay.watch._AGAIN_SECONDS", 0.01)
    better = FakeProducer()
    monkeypatch.setattr("sources.replay.watch.for_files", lambda kafka: submitter(better))
    (folder / "a.edi").write_bytes(WHOLE)
    watcher = Watcher(folder, FakeProducer(left=1))
    until((folder / "done" / "a.edi").exists)
    watcher.end()
    assert list(better.claims_sent) == ["A-1"]


def test_while_the_disk_is_full_files_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we cannot write is no fault of the file: it is not put away as one that cannot be read."""
    monkeypatch.setattr("sources.replay.watch._AGAIN_SECONDS", 0.01)
    full = [OSError(28, "No space left on device")] * 5
    write = Marks.write

    def writes(marks: Marks, name: str, mark: Mark) -> None:
        if full:
            raise full.pop()
        write(marks, name, mark)

    monkeypatch.setattr(Marks, "write", writes)
    (folder / "a.edi").write_bytes(WHOLE)
    watcher = Watcher(folder, FakeProducer())
    until((folder / "done" / "a.edi").exists)
    watcher.end()
    assert (full, names(folder / "failed")) == ([], [])


def test_the_oldest_file_is_next(folder: Path) -> None:
    for name, written in (("b", 300), ("a", 200), ("c", 100)):
        (folder / name).write_text("x")
        os.utime(folder / name, (written, written))
    box = Inbox(folder, Pace(0, 0))
    assert [path.name for path in [box.next()] if path] == ["c"]
    assert inbox.changes_with(folder) is None
