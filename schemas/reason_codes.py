"""Claim adjustment reason codes as dated data: numbers with start and stop dates, never their texts.

The numbers and dates are those of the public list of 7 March 2016 (X12's Claim Adjustment Reason Codes, CARC); the
texts are copyrighted and are not ours to ship. A stop date is the first day on which a code may not be used any more.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.dates import parse_day

LIST = Path(__file__).with_name("codes") / "carc.csv"


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """A reason code with the days from which and until which it may be used, days since 1970-01-01."""

    code: str
    start: int
    stop: int | None


@cache
def reason_codes() -> dict[str, ReasonCode]:
    """Every listed code by its number."""
    with LIST.open(encoding="ascii", newline="") as file:
        return {
            row["code"]: ReasonCode(
                row["code"], parse_day(row["start"]), parse_day(row["stop"]) if row["stop"] else None
            )
            for row in csv.DictReader(file)
        }


def is_listed(code: str, day: int) -> bool:
    """Whether a reason code may be used on that day."""
    found = reason_codes().get(code)
    return found is not None and found.start <= day and (found.stop is None or day < found.stop)
