"""Calendar dates as days since 1970-01-01, the form they have on topics and in rules."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_EPOCH = date(1970, 1, 1).toordinal()
MILLISECONDS_A_DAY = 86_400_000


def day_of(calendar: date) -> int:
    """Days since 1970-01-01 of a calendar date."""
    return calendar.toordinal() - _EPOCH


def calendar_of(day: int) -> date:
    """The calendar date of a day; raises OverflowError or ValueError outside the years 1 to 9999."""
    return date.fromordinal(day + _EPOCH)


def parse_day(text: str) -> int:
    """Day of an ISO date such as 2026-03-02; raises ValueError."""
    return day_of(date.fromisoformat(text))


def text_of(day: int) -> str:
    """ISO text of a day."""
    return calendar_of(day).isoformat()


@lru_cache(maxsize=4096)
def year_of(day: int) -> int:
    """Calendar year of a day: the default benefit period."""
    return calendar_of(day).year


def day_at(milliseconds: int, utc_offset_minutes: int = 0) -> int:
    """The payer's calendar day at a moment (milliseconds since 1970-01-01 UTC), in a zone that far east of UTC."""
    return (milliseconds + utc_offset_minutes * 60_000) // MILLISECONDS_A_DAY


def moment_of(milliseconds: int) -> datetime:
    """The moment as an aware datetime in UTC."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)


def milliseconds_of(moment: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return delta // timedelta(milliseconds=1)
