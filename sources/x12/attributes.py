"""What has no field of its own, under the keys of sources/x12/keys.py: bounded, and nothing left out in silence."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.limits import ATTRIBUTES_MAX, TEXT_CHARACTERS_MAX
from sources.x12 import keys
from sources.x12.notes import Notes
from sources.x12.segments import Elements
from sources.x12.written import date_text, escaped, joined

# No qualifier or name of X12 has more; so no key is over its limit.
_QUALIFIER_MAX = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """Keys by the qualifiers of REF, DTP and AMT, and by the names of whole segments."""

    references: Mapping[str, str]
    dates: Mapping[str, str]
    amounts: Mapping[str, str]
    segments: Mapping[str, str]


CLAIM = Tables(keys.CLAIM_REFERENCES, keys.CLAIM_DATES, keys.CLAIM_AMOUNTS, keys.CLAIM_SEGMENTS)
LINE = Tables(keys.LINE_REFERENCES, keys.LINE_DATES, keys.LINE_AMOUNTS, keys.LINE_SEGMENTS)
# What a qualifier in the first element tells apart: pattern of the key by segment.
_QUALIFIED = {"REF": "ref", "AMT": "amount", "QTY": "quantity", "NTE": "note"}


def add(attributes: dict[str, str], key: str, value: str) -> None:
    """Put a value under a key. A key that is taken holds a list; a list that grows too long goes on in `<key>.2`."""
    before = attributes.get(key)
    if before is None:
        attributes[key] = value
        return
    last, number = key, 1
    while (following := f"{key}.{number + 1}") in attributes:
        last, number = following, number + 1
    if len(attributes[last]) + 1 + len(value) > TEXT_CHARACTERS_MAX and len(attributes) <= ATTRIBUTES_MAX:
        attributes[following] = value
    elif len(attributes[last]) <= TEXT_CHARACTERS_MAX:
        attributes[last] += f"^{value}"


def keep(segment: Elements, tables: Tables, attributes: dict[str, str], component: str) -> None:
    """A segment that no field holds."""
    name = segment[0]
    pattern = _QUALIFIED.get(name)
    if pattern is None and name != "DTP":
        key = tables.segments.get(name) or f"segment.{escaped(name[:_QUALIFIER_MAX])}"
        if value := joined(segment[1:], component):
            add(attributes, key, value)
        return
    qualifier = segment[1] if len(segment) > 1 else ""
    if name == "DTP":
        form, text = (*segment[2:4], "", "")[:2]
        key = tables.dates.get(qualifier) or f"date.{escaped(qualifier[:_QUALIFIER_MAX])}"
        add(attributes, key, date_text(form, text))
        return
    known = tables.references if name == "REF" else tables.amounts if name == "AMT" else {}
    key = known.get(qualifier) or f"{pattern}.{escaped(qualifier[:_QUALIFIER_MAX])}"
    if value := joined(segment[2:], component):
        add(attributes, key, value)


def bounded(attributes: dict[str, str], segment: Elements, loop: str, notes: Notes) -> dict[str, str]:
    """The attributes within their limits, with a finding for what goes over them."""
    if len(attributes) > ATTRIBUTES_MAX:
        text = f"has {len(attributes)} values without a field of their own; the first {ATTRIBUTES_MAX} are kept"
        notes.note(segment, segment[0], "ATTRIBUTES_MANY", text, loop)
        attributes = dict(list(attributes.items())[:ATTRIBUTES_MAX])
    if attributes and max(map(len, attributes.values())) > TEXT_CHARACTERS_MAX:
        long = sorted(key for key, value in attributes.items() if len(value) > TEXT_CHARACTERS_MAX)
        text = f"{', '.join(long[:3])} of the attributes has more than {TEXT_CHARACTERS_MAX} characters; it is cut"
        notes.note(segment, segment[0], "ELEMENT_LONG", text, loop)
        attributes = {key: value[:TEXT_CHARACTERS_MAX] for key, value in attributes.items()}
    return attributes
