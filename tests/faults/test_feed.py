"""Files while their sender is killed: every claim of them is on the topic, and nothing else.

kill -9 of `claims replay` in the middle of a file, again and again, and of `claims replay --watch` at whatever it does:
each time the same command is started again, as a person or a supervisor would.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from config.settings import KafkaSettings
from deploy.local.services import Services
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.edi import EdiReceived
from schemas.topics import CLAIMS_SUBMITTED, EDI_RECEIVED
from streams import admin
from tests.bench.feed import segments
from tests.faults.workers import read_all
from tests.sources.x12.small import file_of

pytestmark = [pytest.mark.faults, pytest.mark.integration, pytest.mark.timeout(120)]
ROOT = Path(__file__).parents[2]
CLAIMS, RATE = 6_000, 1_500
KILLS = 3
PATIENCE_SECONDS = 40.0
CODEC = Codec()


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """A broker of its own: what is on its topic is of this test alone."""
    folder = tmp_path_factory.mktemp("feed")
    with Services(folder, postgres=False, announce=lambda line: None) as services:
        settings = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
        admin.create(settings)
        yield settings


class Sender:
    """A `claims replay` as a process."""

    def __init__(self, kafka: KafkaSettings, folder: Path, *arguments: str) -> None:
        self._environment = {
            **os.environ,
            "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers or "",
            "CLAIMS_STATE_DIR": str(folder / "state"),
        }
        self._log = folder / "sender.log"
        self._arguments = arguments
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        command = [sys.executable, "-m", "cli", "replay", *self._arguments]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that a running sender brings about."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            said = self._log.read_text(errors="replace")[-2_000:]
            assert self.process.poll() is None or condition(), said
            assert time.monotonic() < end, said
            time.sleep(0.05)


def numbers(kafka: KafkaSettings, prefix: str) -> Counter[str]:
    """How often each claim is on the topic, by its number."""
    found: Counter[str] = Counter()
    for records in read_all(kafka, CLAIMS_SUBMITTED).values():
        for record in records:
            claim = CODEC.decode(SubmittedClaim, record.value)
            assert record.key == claim.root_id.encode()
            found[claim.claim_control_number or ""] += 1
    return Counter({number: times for number, times in found.items() if number.startswith(prefix)})


def write(path: Path, prefix: str, count: int) -> set[str]:
    """A file of that many claims; returns their numbers."""
    body = [segment.replace("CLM*B-", f"CLM*{prefix}") for segment in segments(count)]
    path.write_bytes(file_of(*body))
    return {f"{prefix}{n:07d}" for n in range(count)}


def mark_of(folder: Path) -> int:
    """How many claims the mark of the one file under way speaks for; 0 where there is none."""
    marks = list((folder / "state" / "replay").glob("*.json"))
    return json.loads(marks[0].read_text())["sent"] if marks else 0


def marked_beyond(folder: Path, sent: int) -> bool:
    """Whether the mark says more than that."""
    return mark_of(folder) > sent


def files_beyond(folder: Path, count: int) -> bool:
    """Whether more files than that are in a folder."""
    return len(list(folder.glob("[0-9].edi"))) > count


def test_a_replay_that_is_killed_again_and_again_misses_nothing(kafka: KafkaSettings, tmp_path: Path) -> None:
    path, report = tmp_path / "claims.edi", tmp_path / "report.json"
    wanted = write(path, "KILL-", CLAIMS)
    sender = Sender(kafka, tmp_path, str(path), "--rate", str(RATE), "--report", str(report))
    before = 0
    try:
        for _ in range(KILLS):
            sender.until(partial(marked_beyond, tmp_path, before))
            sender.kill()
            before = mark_of(tmp_path)
            assert before < CLAIMS, "it was killed within the file"
            assert not report.exists()
            sender.start()
        assert sender.process.wait(timeout=PATIENCE_SECONDS) == 0
    finally:
        sender.kill()
    sent = numbers(kafka, "")
    assert set(sent) == wanted, "every claim, and nothing else"
    told = json.loads(report.read_text())
    assert (told["claims"], told["complete"], told["notConfirmed"]) == (CLAIMS, True, 0)
    assert told["sentBefore"] >= before > 0, "it went on where the broker had everything"
    assert told["sent"] + told["sentBefore"] == CLAIMS
    assert sum(sent.values()) < CLAIMS + KILLS * 2 * RATE, "what was sent again is what came after the mark"
    claims = (claim for records in read_all(kafka, EDI_RECEIVED).values() for record in records
              for claim in CODEC.decode(EdiReceived, record.value).claims)  # fmt: skip
    assert {claim.control_number for claim in claims} == wanted, "and all can be acknowledged"


def test_a_watcher_that_is_killed_again_and_again_loses_no_file(kafka: KafkaSettings, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    wanted: set[str] = set()
    for number in range(6):
        wanted |= write(folder / f"{number}.edi", f"WATCH-{number}-", 700)
    sender = Sender(kafka, tmp_path, "--watch", str(folder), "--rate", str(RATE))
    done = folder / "done"
    try:
        for kills in range(KILLS):
            sender.until(partial(files_beyond, done, kills))
            # Now it is moving the next one, or reading it, or writing of it.
            time.sleep(0.07 * kills)
            sender.kill()
            sender.start()
        sender.until(lambda: not list(folder.glob("*.edi")))
        sender.process.terminate()
        assert sender.process.wait(timeout=20) == 0, "it ends when it is asked to"
    finally:
        sender.kill()
    assert set(numbers(kafka, "WATCH-")) == wanted
    files = sorted(path.name for path in done.iterdir() if not path.name.startswith("CLEARING-"))
    assert files == sorted(name for n in range(6) for name in (f"{n}.edi", f"{n}.edi.report.json"))
    assert list((folder / "failed").iterdir()) == []
    for number in range(6):
        told = json.loads((done / f"{number}.edi.report.json").read_text())
        assert (told["claims"], told["status"], len(told["answers"])) == (700, "sent", 2)
        assert all((done / name).exists() for name in told["answers"])
