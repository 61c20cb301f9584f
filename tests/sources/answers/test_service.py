"""The service on a real broker: each claim of a file gets its answer, whatever is killed and whatever comes when."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from config.settings import Settings
from schemas.claim import SubmittedClaim
from schemas.edi import EdiReceived
from sources.answers.publisher import AnswerPublisher, UnconfirmedError
from sources.answers.service import Look, Service
from sources.x12.reader import ClaimRead, Terms, read_file
from tests.sources.answers.broker import Engine, answered, produce, settings_of
from tests.sources.answers.files import AT, claim, file_of, hear, transaction

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]
STRANGER = ["HL*3*1*22*0", "SBR*P*18*******CI", "NM1*IL*1*NOBODY*NORA****MI*ACM0000099", "NM1*PR*2*ACME*****PI*ACME01"]


def three(name: str) -> bytes:
    """A file with a good claim, one that the reader refuses, and one of a member whom nobody knows."""
    return file_of(transaction(claim(f"{name}-1"), claim(f"{name}-2", day=""), STRANGER + claim(f"{name}-3")))


MINUTE = 60_000


@pytest.fixture(scope="module")
def broker(services: SimpleNamespace) -> str:
    return str(services.kafka_bootstrap)


@pytest.fixture
def settings(broker: str) -> Settings:
    return settings_of(broker)


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[Service]:
    made = Service(settings, tmp_path / "answers")
    yield made
    made.close()


def read(data: bytes, at: int) -> tuple[list[EdiReceived], list[SubmittedClaim]]:
    """The records of edi.received and the claims of a file."""
    items = read_file(BytesIO(data), Terms("USD", None, lambda: at, lambda number: number))
    claims = [item.claim for item in items if isinstance(item, ClaimRead) and item.claim is not None]
    return hear(data, at).received, claims


_times = iter(range(AT, AT + 10**9, 10 * MINUTE))


def moment() -> int:
    """A time of receipt that no other test has: what is received is another transaction."""
    return next(_times) + time.time_ns() % (9 * MINUTE)


def statuses(folder: Path) -> list[str]:
    """Number and STC of each claim in the one 277CA of a folder."""
    [path] = folder.iterdir()
    lines = path.read_text().split("~\n")
    pairs = pairwise(lines)
    return [
        f"{number[6:]} {stc[4:]}" for number, stc in pairs if number.startswith("TRN*2*") and stc.startswith("STC")
    ][1:]


def test_a_claim_accepted_one_refused_by_the_reader_and_one_rejected_later(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    at = moment()
    received, claims = read(three("G"), at)
    produce(settings, received)
    assert service.look(at) == Look(0, 0, 1), "nothing is said before the engine has judged all"
    engine = Engine(settings)
    engine.judge(claims)
    assert service.look(at) == Look(1, 0, 0)
    day = "20260601"
    assert statuses(tmp_path / "answers") == [
        f"G-1 A2:20*{day}*WQ*100",
        f"G-2 A6:187*{day}*U*100",
        f"G-3 A3:33*{day}*U*100",
    ]
    [record] = answered(settings, received[0].transaction_id)
    [path] = (tmp_path / "answers").iterdir()
    assert (record.content, record.file_name) == (path.read_bytes(), path.name)
    assert (record.kind, record.interim, record.accepted, record.rejected) == ("277CA", False, 1, 2)
    assert service.look(at) == Look(0, 0, 0)


def test_outcomes_that_came_before_what_was_received_are_found(settings: Settings, service: Service) -> None:
    at = moment()
    received, claims = read(three("H"), at)
    service.look(at)
    Engine(settings).judge(claims)
    service.look(at)
    produce(settings, received)
    assert service.look(at) == Look(1, 0, 0)


def test_a_service_killed_between_two_claims_leaves_nothing_unanswered(
    settings: Settings, broker: str, tmp_path: Path
) -> None:
    at = time.time_ns() // 1_000_000
    received, claims = read(three("I"), at)
    engine = Engine(settings)
    produce(settings, received)
    engine.judge(claims[:1])
    folder = tmp_path / "answers"
    environment = {
        **os.environ,
        "KAFKA_BOOTSTRAP_SERVERS": broker,
        "CLAIMS_WORKER__GROUP_PREFIX": settings.worker.group_prefix,
    }
    command = [sys.executable, "-c", "import typer; from cli.edi_answer import answer; typer.run(answer)"]
    process = subprocess.Popen([*command, "--folder", str(folder)], env=environment)
    time.sleep(3)
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    assert not folder.exists()
    once = [*command, "--folder", str(folder), "--once"]
    assert subprocess.run(once, env=environment, check=False, timeout=60).returncode == 1, "a claim still waits"
    engine.judge(claims[1:])
    waited = [*command, "--folder", str(folder), "--wait", "30"]
    assert subprocess.run(waited, env=environment, check=False, timeout=60).returncode == 0
    assert [line.split("*")[0] for line in statuses(folder)] == ["I-1 A2:20", "I-2 A6:187", "I-3 A3:33"]
    assert len(answered(settings, received[0].transaction_id)) == 1


def test_an_answer_whose_record_was_not_confirmed_is_given_again_the_same(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = moment()
    received, claims = read(three("J"), at)
    produce(settings, received)
    Engine(settings).judge(claims)
    folder = tmp_path / "answers"

    def unconfirmed(_: AnswerPublisher) -> None:
        raise UnconfirmedError("the process was killed here")

    dying = Service(settings, folder)
    with monkeypatch.context() as patched:
        patched.setattr(AnswerPublisher, "produce", lambda *_: None)
        patched.setattr(AnswerPublisher, "confirm", unconfirmed)
        with pytest.raises(UnconfirmedError):
            dying.look(at)
    dying.close()
    [path] = folder.iterdir()
    before = path.name, path.read_bytes()
    following = Service(settings, folder)
    assert following.look(at) == Look(1, 0, 0)
    following.close()
    [path] = folder.iterdir()
    assert (path.name, path.read_bytes()) == before
    assert len(answered(settings, received[0].transaction_id)) == 1


def test_what_was_answered_is_not_answered_again_when_the_file_is_read_again(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    at = moment()
    received, claims = read(three("K"), at)
    produce(settings, received)
    Engine(settings).judge(claims)
    assert service.look(at).complete == 1
    produce(settings, received)
    assert service.look(at) == Look(0, 0, 0)
    following = Service(settings, tmp_path / "others")
    produce(settings, received)
    assert following.look(at) == Look(0, 0, 0)
    following.close()
    assert len(answered(settings, received[0].transaction_id)) == 1


def test_a_transaction_that_waits_long_gets_an_interim_answer_and_a_complete_one_later(
    broker: str, tmp_path: Path
) -> None:
    settings = settings_of(broker, interim_after_minutes=10)
    at = moment()
    received, claims = read(three("L"), at)
    produce(settings, received)
    folder = tmp_path / "answers"
    service = Service(settings, folder)
    assert service.look(at + 9 * MINUTE) == Look(0, 0, 1)
    assert service.look(at + 11 * MINUTE) == Look(0, 1, 1)
    assert service.look(at + 12 * MINUTE) == Look(0, 0, 1), "one interim answer is enough"
    service.close()
    following = Service(settings, folder)
    assert following.look(at + 13 * MINUTE) == Look(0, 0, 1), "also after a restart"
    assert [line.split("*")[0] for line in statuses(folder)] == ["L-1 A1:19:PR", "L-2 A6:187", "L-3 A1:19:PR"]
    Engine(settings).judge(claims)
    assert following.look(at + 14 * MINUTE) == Look(1, 0, 0)
    following.close()
    assert [one.interim for one in answered(settings, received[0].transaction_id)] == [True, False]
    assert len(list(folder.iterdir())) == 2


def test_what_is_known_is_told_when_the_rest_is_given_up_after_the_time_that_was_set(
    broker: str, tmp_path: Path
) -> None:
    settings = settings_of(broker, interim_after_minutes=1, give_up_after_days=1)
    at = moment()
    replaces = [one.replace(":B:1", ":B:7") for one in claim("N-2", more="REF*F8*NOBODYS")]
    received, claims = read(file_of(transaction(claim("N-1"), replaces)), at)
    produce(settings, received)
    Engine(settings).judge(claims)
    service = Service(settings, tmp_path)
    assert service.look(at + 2 * MINUTE) == Look(0, 1, 1)
    [interim] = tmp_path.iterdir()
    interim.unlink()
    assert service.look(at + 1_441 * MINUTE) == Look(1, 0, 0)
    service.close()
    day = "20260601"
    assert statuses(tmp_path) == [f"N-1 A2:20*{day}*WQ*100", f"N-2 A1:19:PR*{day}*WQ*100******A1:464"]
    following = Service(settings, tmp_path)
    assert following.look(at + 1_442 * MINUTE) == Look(0, 0, 0), "nor is it read again"
    following.close()
    assert [one.interim for one in answered(settings, received[0].transaction_id)] == [True, False]


def test_a_transaction_of_which_a_part_is_missing_waits_for_it(
    settings: Settings, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.answers.collector.RECEIVED_CLAIMS_MAX", 2)
    at = moment()
    received, claims = read(file_of(transaction(*(claim(f"P-{number}") for number in range(3)))), at)
    assert [len(one.claims) for one in received] == [2, 1]
    produce(settings, received[1:])
    engine = Engine(settings)
    engine.judge(claims)
    assert service.look(at) == Look(0, 0, 1)
    produce(settings, received[:1])
    assert service.look(at) == Look(1, 0, 0)


def test_transactions_beyond_what_memory_holds_wait_on_their_topic(
    settings: Settings, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.answers.service.ANSWER_CLAIMS_WAITING_MAX", 2)
    monkeypatch.setattr("sources.answers.collector.RECEIVED_CLAIMS_MAX", 1)
    at = moment()
    data = file_of(*(transaction(*(claim(f"W{one}-{n}") for n in range(3)), control=f"000{one}") for one in range(3)))
    received, claims = read(data, at)
    assert len(received) == 9
    produce(settings, received)
    assert service.look(at).waiting < 3, "not all are taken"
    Engine(settings).judge(claims)
    looks = [service.look(at) for _ in range(8)]
    assert sum(look.complete for look in looks) == 3, "parts of one that has begun are taken, and all in the end"
    assert looks[-1].waiting == 0


def test_a_mended_claim_and_the_one_before_it_have_an_answer_each(
    settings: Settings, service: Service, tmp_path: Path
) -> None:
    first_at, second_at = moment(), moment()
    wrong, right = file_of(transaction(claim("M-1", place="9"))), file_of(transaction(claim("M-1")))
    first, [bad] = read(wrong.replace(b"HC:99213*100", b"HC:99213*90"), first_at)
    second, [good] = read(right, second_at)
    produce(settings, [*first, *second])
    Engine(settings).judge([bad, good])
    assert service.look(second_at) == Look(2, 0, 0)
    told = sorted(path.read_text() for path in (tmp_path / "answers").iterdir())
    assert sorted("A2:20" in text for text in told) == [False, True]
    assert sorted("A8:400" in text for text in told) == [False, True]


def test_a_claim_that_the_engine_set_aside_is_rejected(settings: Settings, service: Service, tmp_path: Path) -> None:
    first_at, second_at = moment(), moment()
    first, [one] = read(file_of(transaction(claim("X-1"))), first_at)
    second, [other] = read(file_of(transaction(claim("X-1", "70"))), second_at)
    engine = Engine(settings)
    engine.judge([one])
    produce(settings, first)
    assert service.look(first_at).complete == 1
    engine.judge([other])
    produce(settings, second)
    assert service.look(second_at).complete == 1
    last = max((tmp_path / "answers").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert "STC*A3:478*" in last.read_text()


def test_a_record_that_cannot_be_read_stops_nobody(settings: Settings, service: Service) -> None:
    at = moment()
    received, claims = read(three("O"), at)
    produce(settings, received, raw=(b"", b"junk"))
    Engine(settings).judge(claims)
    assert service.look(at) == Look(1, 0, 0)
