"""Lists of codes in plans and contracts: a code, a prefix that ends in *, or a range A-B of codes of one length."""

from collections.abc import Sequence
from functools import lru_cache

REMEMBERED = 65_536


@lru_cache(maxsize=REMEMBERED)
def fits(code: str, patterns: tuple[str, ...]) -> bool:
    """Whether a code is in the list; an empty list is none."""
    return any(_matches(code, pattern) for pattern in patterns)


def fits_or_any(code: str, patterns: tuple[str, ...]) -> bool:
    """Whether a code is in the list, of which an empty one means all codes."""
    return not patterns or fits(code, patterns)


def first_fitting(codes: Sequence[str], patterns: tuple[str, ...]) -> str | None:
    """The first of the codes that is in the list."""
    return next((code for code in codes if fits(code, patterns)), None)


def _matches(code: str, pattern: str) -> bool:
    if code == pattern:
        return True
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    first, dash, last = pattern.partition("-")
    return bool(dash) and len(code) == len(first) and first <= code <= last
