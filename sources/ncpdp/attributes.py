"""What has no field of its own, under the keys of the table: nothing that a sender wrote is dropped unsaid."""

from collections.abc import Iterable, Mapping

from config.limits import ATTRIBUTES_MAX, CODE_CHARACTERS_MAX
from schemas.counted import counted
from sources.ncpdp.fields import COUNTS, INGREDIENT_KEYS, INGREDIENT_OWN, KEYS, OWN, PAYER_PREFIX, UNKNOWN, Key
from sources.ncpdp.transmission import COMPOUND, PAYMENTS, Part, Transaction
from sources.ncpdp.values import Values


class Attributes:
    """A bounded map: a key that is taken gets a number, from `_2` on."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.left_out = 0

    def add(self, name: str, value: str | None) -> None:
        """Keep a value, unless it is empty or the map is full."""
        if value is None:
            return
        if len(self.found) >= ATTRIBUTES_MAX:
            self.left_out += 1
            return
        key, again = name, 1
        while key in self.found:
            again += 1
            key = f"{name}_{again}"
        self.found[key[:CODE_CHARACTERS_MAX]] = value


def attributes_of(transaction: Transaction, header: Mapping[str, str], values: Values) -> dict[str, str]:
    """Attributes of the claim: header and batch, then every segment but the ingredients of a compound."""
    kept = Attributes()
    for name, value in header.items():
        kept.add(name, value or None)
    for part in transaction.parts:
        if part.segment == PAYMENTS:
            _payments(part, kept, values)
        else:
            _segment(part, kept, values)
    if kept.left_out:
        more = counted(kept.left_out, "value")
        text = f"the claim has {more} more than {ATTRIBUTES_MAX} attributes hold, which are left out"
        values.note(transaction.parts[0], "", "ATTRIBUTES_MANY", text)
    return kept.found


def _segment(part: Part, kept: Attributes, values: Values) -> None:
    left = OWN.get(part.segment, frozenset()) | COUNTS.get(part.segment, frozenset())
    if part.segment == COMPOUND:
        left |= INGREDIENT_OWN | INGREDIENT_KEYS.keys()
    keys = KEYS.get(part.segment, {})
    for name, value in part.fields:
        if name not in left:
            key = keys.get(name) or _unknown(part, name)
            kept.add(key.name, values.attribute(part, name, value, key))


def _payments(part: Part, kept: Attributes, values: Values) -> None:
    """Fields of each payer: a coverage type (5C) begins the next one."""
    place = 0
    left, keys = OWN[PAYMENTS] | COUNTS[PAYMENTS], KEYS[PAYMENTS]
    for name, value in part.fields:
        place += name == "5C"
        if name not in left:
            key = keys.get(name) or _unknown(part, name)
            kept.add(f"{PAYER_PREFIX}_{max(place, 1)}_{key.name}", values.attribute(part, name, value, key))


def ingredient_attributes(part: Part, fields: Iterable[tuple[str, str]], values: Values) -> dict[str, str]:
    """Attributes of the line of an ingredient."""
    kept = Attributes()
    for name, value in fields:
        if name in INGREDIENT_KEYS:
            kept.add(INGREDIENT_KEYS[name].name, values.attribute(part, name, value, INGREDIENT_KEYS[name]))
    return kept.found


def _unknown(part: Part, name: str) -> Key:
    shown = "".join(
        character if (character.isascii() and character.isalnum()) or character == "_" else "-"
        for character in f"{part.segment}_{name}"[:5]
    )
    return Key(f"{UNKNOWN}_{shown}")
