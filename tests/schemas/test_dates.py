"""Days and moments: both ends of the calendar, leap days, zones."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from schemas.dates import calendar_of, day_at, day_of, milliseconds_of, moment_of, parse_day, text_of, year_of

DAYS: list[tuple[str, int, int]] = [
    # ISO date, day, year
    ("1970-01-01", 0, 1970),
    ("1969-12-31", -1, 1969),
    ("2000-02-29", 11016, 2000),
    ("2026-03-02", 20514, 2026),
    ("0001-01-01", -719162, 1),
    ("9999-12-31", 2932896, 9999),
]


@pytest.mark.parametrize(("text", "day", "year"), DAYS)
def test_day(text: str, day: int, year: int) -> None:
    assert (parse_day(text), text_of(day), year_of(day)) == (day, text, year)
    assert day_of(calendar_of(day)) == day


@pytest.mark.parametrize("text", ["", "2026-02-30", "02.03.2026", "2026-13-01", "today"])
def test_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_day(text)


@pytest.mark.parametrize("day", [-719163, 2932897, 10**12])
def test_outside_the_calendar(day: int) -> None:
    with pytest.raises((ValueError, OverflowError)):
        calendar_of(day)


ZONES: list[tuple[str, int, str]] = [
    # moment in UTC, minutes east, the payer's day
    ("2026-03-02T16:59:59.999", 420, "2026-03-02"),
    ("2026-03-02T17:00:00.000", 420, "2026-03-03"),
    ("2026-03-02T23:59:59.999", 0, "2026-03-02"),
    ("2026-03-02T04:59:59.000", -300, "2026-03-01"),
    ("1969-12-31T23:00:00.000", 0, "1969-12-31"),
]


@pytest.mark.parametrize(("moment", "offset", "day"), ZONES)
def test_day_in_the_zone_of_the_payer(moment: str, offset: int, day: str) -> None:
    milliseconds = milliseconds_of(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert text_of(day_at(milliseconds, offset)) == day


@pytest.mark.parametrize("milliseconds", [0, 1, -1, 1_772_409_600_123, 253_402_300_799_999])
def test_moment_and_back(milliseconds: int) -> None:
    assert milliseconds_of(moment_of(milliseconds)) == milliseconds
    assert moment_of(milliseconds).tzinfo is UTC


def test_the_zone_of_a_moment_counts() -> None:
    jakarta = datetime(2026, 3, 2, 7, 0, tzinfo=timezone(timedelta(hours=7)))
    assert milliseconds_of(jakarta) == milliseconds_of(datetime(2026, 3, 2, tzinfo=UTC))


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime.combine(date(2026, 3, 2), datetime.min.time())
    with pytest.raises(ValueError, match="time zone"):
        milliseconds_of(naive)
