"""How attributes write what X12 writes: elements by `*`, components by `:`, repeated ones by `^`; dates as ISO text.

A character of the sender's that is one of these, or `%`, is written as % and two hexadecimal digits, so that whatever
separators a file uses, an attribute can be read back.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

_ESCAPES = {ord(mark): f"%{ord(mark):02X}" for mark in "%*:^"}
_MARKS = frozenset("%*:^")
_DATE, _TIME, _MINUTE = 8, 4, 12


def escaped(text: str) -> str:
    """A text of the sender's as part of an attribute."""
    return text if _MARKS.isdisjoint(text) else text.translate(_ESCAPES)


def unescaped(text: str) -> str:
    """The text behind an attribute's part."""
    if "%" not in text:
        return text
    for number, escape in _ESCAPES.items():
        if number != ord("%"):
            text = text.replace(escape, chr(number))
    return text.replace("%25", "%")


def joined(elements: Sequence[str], component: str) -> str:
    """Elements as one text, without the empty ones at the end."""
    text = "*".join(elements)
    if (
        "%" in text
        or "^" in text
        or text.count("*") >= len(elements)
        or (component != ":" and _parted(text, component))
    ):
        text = "*".join([composite(element, component) for element in elements])
    return text.rstrip("*")


def _parted(text: str, component: str) -> bool:
    return ":" in text or component in text


def composite(text: str, component: str) -> str:
    """An element with the standard separator between its components."""
    if text.isalnum():
        return text
    if component in text:
        return ":".join([escaped(part) for part in text.split(component)])
    return escaped(text)


def components(text: str) -> list[str]:
    """The components of a written element, as the sender wrote them."""
    return [unescaped(part) for part in text.split(":")]


@lru_cache(maxsize=16_384)
def date_text(form: str, text: str) -> str:
    """A DTP as ISO text: 2026-05-11, 2026-05-11/2026-05-13, 2026-05-11T14:30, 14:30; any other as form*text."""
    digits = text.isascii() and text.isdigit()
    if form == "D8" and digits and len(text) == _DATE:
        return _iso(text)
    first, _, last = text.partition("-")
    if form == "RD8" and len(first) == len(last) == _DATE and text.isascii() and (first + last).isdigit():
        return f"{_iso(first)}/{_iso(last)}"
    if form == "DT" and digits and len(text) == _MINUTE:
        return f"{_iso(text[:_DATE])}T{text[_DATE:10]}:{text[10:]}"
    if form == "TM" and digits and len(text) == _TIME:
        return f"{text[:2]}:{text[2:]}"
    return f"{escaped(form)}*{escaped(text)}"


def date_elements(text: str) -> tuple[str, str]:
    """Form and text of DTP02 and DTP03 behind what date_text made."""
    if "*" in text:
        form, _, value = text.partition("*")
        return unescaped(form), unescaped(value)
    if "T" in text:
        return "DT", "".join(mark for mark in text if mark.isdigit())
    if "/" in text:
        first, _, last = text.partition("/")
        return "RD8", f"{first.replace('-', '')}-{last.replace('-', '')}"
    if ":" in text:
        return "TM", text.replace(":", "")
    return "D8", text.replace("-", "")


def _iso(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def placed(
    segment: Sequence[str], names: Mapping[int, str], pattern: str, start: int, known: Iterable[int], component: str
) -> dict[str, str]:
    """Elements from `start` on, but the known ones, under the names of their positions or `pattern` and position."""
    left = frozenset(known)
    return {
        names.get(place) or f"{pattern}.{place:02d}": composite(value, component)
        for place, value in enumerate(segment)
        if place >= start and value and place not in left
    }
