"""Segments as text, with marks of our own for separators until the end: what a value holds never cuts a segment."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from schemas.dates import calendar_of
from schemas.money import decimal_of

# Control characters, which no value holds once it is clean.
ELEMENT, COMPONENT, REPETITION, TERMINATOR = "\x1d", "\x1f", "\x1e", "\x1c"
_CONTROL = dict.fromkeys((*range(32), 127), " ")
# As attributes write X12 (docs/edi-map.md), and what stands for those marks where a value holds them.
_WRITTEN = str.maketrans({"*": ELEMENT, ":": COMPONENT, "^": REPETITION})
_ESCAPES = (("%2A", "*"), ("%3A", ":"), ("%5E", "^"), ("%25", "%"))


class Separators(NamedTuple):
    """The separators of a file; a value that holds one of them gets a blank instead."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"


STANDARD = Separators()


def finished(text: str, separators: Separators) -> str:
    """Segments with the separators of the file; a line for each."""
    return text.translate(_table(separators))


@lru_cache(maxsize=16)
def _table(separators: Separators) -> dict[int, str]:
    marks = (ELEMENT, COMPONENT, REPETITION)
    blanks = {ord(separator): " " for separator in separators}
    own = {ord(mark): separator for mark, separator in zip(marks, separators[:3], strict=True)}
    return blanks | own | {ord(TERMINATOR): f"{separators.terminator}\n"}


def clean(value: str | None) -> str:
    """A value as one element or component: no control characters, no blanks around it."""
    if not value:
        return ""
    return value.strip() if value.isprintable() else value.translate(_CONTROL).strip()


def written(value: str) -> str:
    """The elements of an attribute that holds some: as a reader writes them, with our marks."""
    text = (value if value.isprintable() else value.translate(_CONTROL)).translate(_WRITTEN)
    if "%" in text:
        for escape, mark in _ESCAPES:
            text = text.replace(escape, mark)
    # Not of all white space: to Python our marks are some.
    return text.strip(" ")


def segment(name: str, *elements: str) -> str:
    """A segment of clean elements up to the last one that is not empty, with its terminator."""
    return f"{ELEMENT.join((name, *elements)).rstrip(ELEMENT)}{TERMINATOR}"


def composite(parts: Iterable[str]) -> str:
    """Clean components up to the last one that is not empty."""
    return COMPONENT.join(parts).rstrip(COMPONENT)


@lru_cache(maxsize=4096)
def day(number: int) -> str:
    """CCYYMMDD of days since 1970-01-01."""
    calendar = calendar_of(number)
    return f"{calendar.year:04d}{calendar.month:02d}{calendar.day:02d}"


@lru_cache(maxsize=4096)
def amount(minor: int, currency: str) -> str:
    """A decimal of minor units, without zeros at its end: 127 and 127.5."""
    text = f"{decimal_of(minor, currency):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def units(milli: int) -> str:
    """A decimal of thousandths, without zeros at its end."""
    whole, rest = divmod(abs(milli), 1000)
    sign = "-" if milli < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0") if rest else f"{sign}{whole}"
