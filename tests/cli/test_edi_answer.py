"""`claims edi answer`: what it waits for, how it ends, and what it says."""

import contextlib
import threading
from collections.abc import Sequence
from typing import cast

import pytest
import typer
from confluent_kafka import KafkaError, KafkaException

from cli import edi_answer
from cli.errors import UserError
from config.settings import KafkaSettings
from sources.answers.publisher import UnconfirmedError
from sources.answers.service import Look, Service
from sources.answers.tail import MissingTopicError

KAFKA = KafkaSettings(bootstrap_servers="broker:9092")
AWAY = KafkaException(KafkaError(KafkaError._TRANSPORT))
FAULTS = [
    AWAY,
    MissingTopicError("topics are missing (edi.received); run: claims topics create"),
    UnconfirmedError("2 records were not confirmed within 30 s"),
    OSError(28, "No space left on device"),
]


class Looks:
    """A service whose looks are given; after the last one `stop` is set."""

    def __init__(self, looks: Sequence[Look | Exception], stop: threading.Event) -> None:
        self._looks = list(looks)
        self._stop = stop
        self.times = 0

    def look(self, now: int) -> Look:
        """The next one."""
        assert now > 0
        self.times += 1
        found = self._looks.pop(0)
        if not self._looks:
            self._stop.set()
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edi_answer, "_AWAY_SECONDS", 0.01)
    monkeypatch.setattr(edi_answer, "_PAUSE_SECONDS", 0.01)


def test_a_service_goes_on_after_whatever_fault_until_it_is_stopped() -> None:
    stop = threading.Event()
    looks = Looks([*FAULTS, Look(1, 0, 0), Look(0, 0, 0)], stop)
    edi_answer._serve(cast(Service, looks), stop)
    assert looks.times == 6


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_look_that_fails_ends_with_what_to_do(fault: Exception) -> None:
    stop = threading.Event()
    with pytest.raises(
        UserError, match=r"Kafka at broker:9092 cannot|claims topics create|not confirmed|cannot be written"
    ):
        edi_answer._until_answered(cast(Service, Looks([fault], stop)), stop, 0, KAFKA)


FIRST = "another run may have been first, such as that of `claims up`"
SAID = [
    # looks                              what it says                                                    whether on
    #                                                                                                    standard output
    ([Look(0, 0, 1), Look(1, 0, 0)],     "1 transaction acknowledged; nothing is left to answer\n",      True),
    ([Look(2, 0, 0)],                    "2 transactions acknowledged; nothing is left to answer\n",     True),
    ([Look(0, 0, 0)],                    f"0 transactions acknowledged; nothing is left to answer; {FIRST}", True),
    ([Look(1, 0, 3)],                    "the claims of 3 transactions have no outcome yet. Is a worker", False),
    ([Look(0, 1, 1)],                    "the claims of 1 transaction have no outcome yet. Is a worker", False),
]  # fmt: skip


@pytest.mark.parametrize(("looks", "says", "done"), SAID)
def test_it_says_how_many_it_answered_and_what_is_left(
    looks: list[Look], says: str, done: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = threading.Event()
    with contextlib.nullcontext() if done else pytest.raises(typer.Exit):
        edi_answer._until_answered(cast(Service, Looks(looks, stop)), stop, 60, KAFKA)
    told = capsys.readouterr()
    assert says in (told.out if done else told.err)


def test_it_ends_when_nothing_is_left_to_answer() -> None:
    stop = threading.Event()
    looks = Looks([Look(0, 0, 2), Look(1, 0, 1), Look(1, 0, 0), Look(0, 0, 0)], stop)
    edi_answer._until_answered(cast(Service, looks), stop, 60, KAFKA)
    assert looks.times == 3


@pytest.mark.parametrize("seconds", [0, 0.02])
def test_it_ends_with_1_when_the_time_is_over(seconds: float) -> None:
    stop = threading.Event()
    looks = Looks([Look(0, 0, 1)] * 100, stop)
    with pytest.raises(typer.Exit) as ended:
        edi_answer._until_answered(cast(Service, looks), stop, seconds, KAFKA)
    assert ended.value.exit_code == 1
    assert looks.times < 100
