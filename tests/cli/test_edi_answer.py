"""`claims edi answer`: what it waits for, how it ends, and what it says."""

import threading
from collections.abc import Sequence
from typing import cast

import pytest
import typer
from confluent_kafka import KafkaError, KafkaException

from cli import edi_answer
from cli.errors import UserError
from sources.answers.publisher import UnconfirmedError
from sources.answers.service import Look, Service
from sources.answers.tail import MissingTopicError

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
    with pytest.raises(UserError, match=r"is it up\?|claims topics create|not confirmed|cannot be written"):
        edi_answer._until_answered(cast(Service, Looks([fault], stop)), stop, 0)


def test_it_ends_when_nothing_is_left_to_answer() -> None:
    stop = threading.Event()
    looks = Looks([Look(0, 0, 2), Look(1, 0, 1), Look(1, 0, 0), Look(0, 0, 0)], stop)
    edi_answer._until_answered(cast(Service, looks), stop, 60)
    assert looks.times == 3


@pytest.mark.parametrize("seconds", [0, 0.02])
def test_it_ends_with_1_when_the_time_is_over(seconds: float) -> None:
    stop = threading.Event()
    looks = Looks([Look(0, 0, 1)] * 100, stop)
    with pytest.raises(typer.Exit) as ended:
        edi_answer._until_answered(cast(Service, looks), stop, seconds)
    assert ended.value.exit_code == 1
    assert looks.times < 100
