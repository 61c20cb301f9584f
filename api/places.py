"""Where findings stand, in the names of the claim as the API takes and shows it: `items[0].chargedAmount`.

Records name places in their own words and by line number, `lines[1].charge`; they stay as they are.
"""

import re
from collections.abc import Iterable

from pydantic.alias_generators import to_camel

# Names that differ by more than their case.
_NAMES = {
    "lines": "items",
    "charge": "chargedAmount",
    "units": "quantity",
    "service_from": "serviceDate",
    "service_to": "serviceDateTo",
    "accepted_at": "createdAt",
}
_PART = re.compile(r"([a-z_0-9]+)(?:\[([0-9]+)\])?")


class Places:
    """The places of one claim; made with the numbers of its lines, in the order in which its items are shown."""

    def __init__(self, line_numbers: Iterable[int]) -> None:
        self._positions = {number: position for position, number in enumerate(line_numbers)}

    def shown(self, place: str) -> str:
        """The place as the API names it, counted from 0. What is no place of a record stays as it is."""
        return ".".join(map(self._part, place.split(".")))

    def _part(self, part: str) -> str:
        found = _PART.fullmatch(part)
        if found is None:
            return part
        name, number = found[1], found[2]
        shown = _NAMES.get(name) or to_camel(name)
        if number is None:
            return shown
        position = int(number) - 1  # records count from 1
        return f"{shown}[{self._positions.get(int(number), position) if name == 'lines' else position}]"
