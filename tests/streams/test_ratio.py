"""The line stops when too large a share is refused, and not before."""

import pytest

from streams.ratio import RECORDS_BEFORE_JUDGING, LineStoppedError, RatioLimit


def feed(limit: RatioLimit, refused: int, accepted: int) -> None:
    for _ in range(accepted):
        limit.add(False)
    for _ in range(refused):
        limit.add(True)


@pytest.mark.parametrize(
    ("refused", "accepted", "stops"),
    [(50, 50, False), (51, 49, True), (RECORDS_BEFORE_JUDGING - 1, 0, False), (RECORDS_BEFORE_JUDGING, 0, True)],
)
def test_share_that_stops_the_line(refused: int, accepted: int, stops: bool) -> None:
    limit = RatioLimit("dead letters", 0.5)
    if stops:
        with pytest.raises(LineStoppedError, match="dead letters"):
            feed(limit, refused, accepted)
    else:
        feed(limit, refused, accepted)


def test_old_refusals_are_forgotten() -> None:
    limit = RatioLimit("dead letters", 0.5)
    feed(limit, refused=400, accepted=600)
    feed(limit, refused=0, accepted=1000)
    feed(limit, refused=400, accepted=0)
