"""Amounts, units, moments and findings as they stand in JSON that leaves the engine: exact texts, never floats."""

from collections.abc import Sequence
from typing import Any

from schemas.dates import moment_of, text_of
from schemas.envelope import Finding
from schemas.money import exponent_of

FORMAT = "claims-decision/1"


def amount_json(minor: int, currency: str) -> str:
    """An amount as a decimal string with the digits of its currency."""
    return _scaled(minor, exponent_of(currency))


def units_json(thousandths: int) -> str:
    """Units as a decimal string, without zeros at its end."""
    whole, rest = divmod(thousandths, 1000)
    return str(whole) if not rest else _scaled(thousandths, 3).rstrip("0")


def moment_json(milliseconds: int) -> str:
    """A moment in UTC to the millisecond, such as 2026-03-02T04:05:06.789Z."""
    return moment_of(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def findings_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings with what would change the answer."""
    return [{"code": f.code, "place": f.place, "text": f.text, "remedy": f.remedy} for f in findings]


def day_json(day: int | None) -> str | None:
    """ISO text of a day; None for none."""
    return None if day is None else text_of(day)


def _scaled(minor: int, exponent: int) -> str:
    if exponent == 0:
        return str(minor)
    digits = f"{abs(minor):0{exponent + 1}d}"
    return f"{'-' if minor < 0 else ''}{digits[:-exponent]}.{digits[-exponent:]}"
