"""The attributes of a claim or line on their way into segments: each is taken once, so that what is left is known."""

import re
from collections.abc import Mapping, Sequence

from sources.x12_writer.segment import REPETITION, clean, written

_NAME = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_STRUCTURE = frozenset(
    ("ISA", "GS", "ST", "BHT", "HL", "CLM", "SBR", "LX", "SV1", "SV2", "SV3", "NM1", "SE", "GE", "IEA", "TA1")
)
# No segment of a claim has as many elements.
_ELEMENTS_MAX = 100


class Said:
    """Attributes that were not written yet."""

    __slots__ = ("_left",)

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self._left = dict(attributes)

    def has(self, key: str) -> bool:
        """Whether the attribute is there and not written yet."""
        return key in self._left

    def has_any(self, prefix: str) -> bool:
        """Whether any attribute begins so."""
        return any(key.startswith(prefix) for key in self._left)

    def take(self, key: str) -> str:
        """The elements of an attribute, with our marks between them; empty when it is not there."""
        value = self._left.pop(key, "") if self._left else ""
        return written(value) if value else ""

    def take_list(self, key: str) -> list[str]:
        """The repeated segments under a key, and under `<key>.2` and so on, where a list went on."""
        if key not in self._left:
            return []
        found = self.take(key).split(REPETITION)
        number = 2
        while (following := f"{key}.{number}") in self._left:
            found += self.take(following).split(REPETITION)
            number += 1
        return found

    def peek_list(self, key: str) -> list[str]:
        """As `take_list`, and the attribute stays."""
        return written(self._left[key]).split(REPETITION) if key in self._left else []

    def take_dates(self, key: str) -> list[str]:
        """The dates under a key; they are no elements yet."""
        found: list[str] = []
        number = 1
        while (one := key if number == 1 else f"{key}.{number}") in self._left:
            found += self._left.pop(one).split("^")
            number += 1
        return found

    def patterned(self, start: str) -> list[tuple[str, str]]:
        """Keys that begin so, with the code of X12 that follows."""
        return [(key, written(key[len(start) :])) for key in self.keys(start)]

    def segments(self) -> list[tuple[str, str]]:
        """Whole segments under `segment.<name>`, but for names that would take the file apart."""
        found = self.patterned("segment.")
        return [(key, name) for key, name in found if _NAME.fullmatch(name) and name not in _STRUCTURE]

    def placed(self, elements: Sequence[str], names: Mapping[int, str], pattern: str) -> list[str]:
        """The elements with those that attributes hold in their places: by name, or as `<pattern>.<position>`."""
        if not self._left:
            return list(elements)
        found = dict(enumerate(elements, start=1))
        for place, name in names.items():
            if name in self._left:
                found[place] = self.take(name)
        for key in self.keys(f"{pattern}."):
            position = key[len(pattern) + 1 :]
            # What is a field of the record stands in its place already.
            if position.isdecimal() and 0 < int(position) < _ELEMENTS_MAX and not found.get(int(position)):
                found[int(position)] = self.take(key)
        return [found.get(place, "") for place in range(1, max(found, default=0) + 1)]

    def take_raw(self, key: str) -> str:
        """An attribute that is no elements, such as a date."""
        return clean(self._left.pop(key, ""))

    def under(self, prefix: str) -> "Said":
        """The attributes that begin so, without that beginning, taken out of these."""
        found = Said({})
        for key in self.keys(prefix):
            found._left[key[len(prefix) :]] = self._left.pop(key)
        return found

    def keys(self, prefix: str) -> list[str]:
        """Keys that begin so, in their order."""
        return [key for key in self._left if key.startswith(prefix)] if self._left else []

    def left(self) -> list[str]:
        """Keys of what was not written."""
        return list(self._left)
