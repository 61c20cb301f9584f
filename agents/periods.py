"""Benefit periods: the year of a plan that a day of service lies in; and the payer's day of a moment."""

from functools import lru_cache

from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.dates import day_at, text_of

LIFETIME = "lifetime"


@lru_cache(maxsize=65_536)
def period_of(day: int, benefit_year_starts: str) -> str:
    """Name of the benefit period of a day of service: the year in which it began, and its month when not January.

    Such as 2026, or 2026-07 for a year that begins on 07-01: the names sort in the order of the periods.
    """
    text = text_of(day)
    year = int(text[:4]) - (text[5:] < benefit_year_starts)
    return f"{year:04}" if benefit_year_starts == "01-01" else f"{year:04}-{benefit_year_starts[:2]}"


def payer_day(at: int) -> int:
    """The payer's calendar day of a moment in milliseconds."""
    return day_at(at, PAYER_UTC_OFFSET_MINUTES)
