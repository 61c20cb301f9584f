"""The wait for a batch grows with the load, within its bounds."""

import pytest

from streams.pacing import FULL_RATE, Pacing


def after(rate: float, seconds: float, pacing: Pacing) -> float:
    """Linger after a load of `rate` records a second for so long, in batches ten times a second."""
    now = 0.0
    while now < seconds:
        now += 0.1
        pacing.processed(round(rate / 10), now)
    return pacing.linger_seconds()


@pytest.mark.parametrize(
    ("rate", "shortest", "longest", "linger"),
    [
        (0, 0.02, 0.2, 0.02),
        (FULL_RATE / 2, 0.02, 0.2, 0.11),
        (FULL_RATE, 0.02, 0.2, 0.2),
        (FULL_RATE * 50, 0.02, 0.2, 0.2),
        (FULL_RATE * 50, 0.5, 0.2, 0.5),
    ],
)
def test_linger_by_rate(rate: float, shortest: float, longest: float, linger: float) -> None:
    assert after(rate, 20, Pacing(shortest, longest)) == pytest.approx(linger, rel=0.05)


def test_linger_falls_when_the_load_ends() -> None:
    pacing = Pacing(0.02, 0.2)
    after(FULL_RATE, 20, pacing)
    pacing.processed(1, 60.0)
    assert pacing.linger_seconds() == pytest.approx(0.02, rel=0.05)
