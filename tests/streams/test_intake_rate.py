"""A worker that is held takes new claims at its rate, whatever waits, and the chain behind them at once."""

from types import SimpleNamespace
from typing import cast

import pytest
from faust.types import TP

from schemas.topics import CLAIMS_SUBMITTED, CLAIMS_VALIDATED
from streams.feed import within
from streams.intake_rate import IntakeRate
from streams.runner import Runner


def taken(rate: float, seconds: float, batch: int, *, idle_until: float = 0.0, every: int = 1) -> int:
    """Claims taken in that time by a worker that asks each `every` hundredths of a second and gets `batch`."""
    intake, total = IntakeRate(rate), 0
    for turn in range(0, round(seconds * 100), every):
        now = 1_000 + turn / 100
        if turn / 100 >= idle_until and intake.is_open(now):
            intake.taken(batch, now)
            total += batch
    return total


@pytest.mark.parametrize(
    ("rate", "batch", "least", "most"),
    [
        pytest.param(60, 1, 600, 660, id="one at a time"),
        pytest.param(300, 150, 3_000, 3_225, id="bursts are made up for"),
        pytest.param(10, 200, 200, 200, id="a burst of many seconds' worth stands alone"),
        pytest.param(0, 50, 50_000, 50_000, id="no rate holds nothing"),
    ],
)
def test_ten_seconds(rate: float, batch: int, least: int, most: int) -> None:
    assert least <= taken(rate, 10, batch) <= most


def test_time_in_which_nothing_came_is_made_up_for_a_quarter_of_a_second() -> None:
    assert 120 <= taken(100, 10, 5, idle_until=9) <= 130


def test_a_worker_that_comes_back_late_keeps_its_rate() -> None:
    assert 2_900 <= taken(300, 10, 150, every=17) <= 3_300


def test_only_new_claims_are_held() -> None:
    runner = cast(Runner, SimpleNamespace())
    hungry = {TP(CLAIMS_SUBMITTED, 0): runner, TP(CLAIMS_VALIDATED, 0): runner}
    intake = IntakeRate(100)
    assert within(intake, hungry, 1_000) == hungry
    intake.taken(75, 1_000)  # a quarter of a second was made up for
    assert set(within(intake, hungry, 1_000.4)) == {TP(CLAIMS_VALIDATED, 0)}
    assert within(intake, hungry, 1_000.5) == hungry
