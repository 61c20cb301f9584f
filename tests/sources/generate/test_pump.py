"""The pump: claims at their times, open loop."""

import pytest

from config.settings import Settings
from sources.generate.pump import PumpResult, pump
from sources.generate.spec import Spec
from tests.sources.fakes import FakeProducer, submitter

SPEC = Spec(members=50)
SETTINGS = Settings()


def pumped(producer: FakeProducer, rate: float | None, **options: float) -> PumpResult:
    return pump(SETTINGS, SPEC, rate, submitter=submitter(producer), **options)  # type: ignore[arg-type]


def test_a_count_at_a_rate() -> None:
    producer = FakeProducer()
    result = pumped(producer, 200, count=20)
    assert (result.sent, result.delivered, result.failed) == (20, 20, 0)
    times = [claim.accepted_at for claim in producer.claims]
    assert [time - times[0] for time in times] == [number * 5 for number in range(20)]


def test_a_rate_for_some_seconds_makes_so_many() -> None:
    assert pumped(FakeProducer(), 100, seconds=0.2).sent == 20


def test_at_no_rate_the_time_is_when_the_claim_was_made() -> None:
    producer = FakeProducer()
    result = pumped(producer, None, count=100)
    times = [claim.accepted_at for claim in producer.claims]
    assert times == sorted(times)
    assert (result.sent, result.kept_up) == (100, True)


def test_at_no_rate_for_some_seconds_it_ends() -> None:
    assert pumped(FakeProducer(), None, seconds=0.1).sent >= 64


def test_a_schedule_that_cannot_be_kept_is_told() -> None:
    class Slow(FakeProducer):
        def produce(self, *arguments: object, **named: object) -> None:
            import time

            time.sleep(0.02)
            super().produce(*arguments, **named)  # type: ignore[arg-type]

    producer = Slow()
    result = pumped(producer, 10_000, count=30)
    assert not result.kept_up
    assert result.late_seconds_max > 0.25
    times = [claim.accepted_at for claim in producer.claims]
    assert times[-1] - times[0] == 2, "the times are those of the schedule"


def test_neither_count_nor_time() -> None:
    with pytest.raises(ValueError, match="how many"):
        pumped(FakeProducer(), 10)
