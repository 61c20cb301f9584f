"""What a line bills: the composite of SV1, SV2 or SV3 as code, system and modifiers; its pointers; the rest of it."""

from collections.abc import Mapping
from typing import NamedTuple

from config.limits import CODE_CHARACTERS_MAX
from sources.x12 import keys
from sources.x12.notes import Notes
from sources.x12.segments import Elements
from sources.x12.values import Values, remember
from sources.x12.written import escaped, placed

Coded = tuple[str, str, tuple[str, ...], dict[str, str]]
CODE_SYSTEMS = {"HC": "HC", "AD": "AD", "N4": "NDC"}
# The qualifier of a list that no rule of ours knows, where a writer has no other.
LOCAL_QUALIFIER = "ZZ"
_DESCRIPTION, _RANGE_END = 6, 7
_REVENUE_DIGITS = 4
_POINTER_DIGITS = 3
_NO_ATTRIBUTES: dict[str, str] = {}


class Shape(NamedTuple):
    """Where a service segment has what; 0 for what it does not have.

    `plain`: the number of elements of one that has nothing beyond its fields, unless `beyond` is filled.
    """

    composite: int
    charge: int
    unit: int
    units: int
    place: int
    pointers: int
    plain: int
    beyond: int
    fields: frozenset[int]
    names: Mapping[int, str]
    units_missing: int | None
    default_system: str


SHAPES: Mapping[str, Shape] = {
    "SV1": Shape(1, 2, 3, 4, 5, 7, 8, 6, frozenset((1, 2, 3, 4, 5, 7)), keys.SV1_POSITIONS, None, "HC"),
    "SV2": Shape(2, 3, 4, 5, 0, 0, 6, 6, frozenset((1, 2, 3, 4, 5)), keys.SV2_POSITIONS, None, "HC"),
    "SV3": Shape(1, 2, 0, 6, 3, 11, 4, 4, frozenset((1, 2, 3, 6, 11)), keys.SV3_POSITIONS, 1000, "AD"),
}


def beyond_fields(segment: Elements, shape: Shape, values: Values) -> dict[str, str]:
    """Elements of a service that have no field."""
    return placed(segment, shape.names, segment[0].lower(), 2, shape.fields, values.component)


def revenue_of(segment: Elements, values: Values, notes: Notes) -> str | None:
    """The revenue code with its leading zero."""
    code = values.code(segment, 1, notes, "2400")
    if code is None:
        notes.note(segment, "SV201", "CODE_MISSING", "the line has no revenue code", "2400")
    elif len(code) < _REVENUE_DIGITS and code.isdigit():
        return code.zfill(_REVENUE_DIGITS)
    return code


def coded_of(segment: Elements, text: str, revenue: str | None, values: Values, notes: Notes) -> Coded:
    """Code, system, modifiers and attributes of a composite such as HC:99213:25; without one, the revenue code."""
    if not text and revenue is not None:
        return revenue, "RC", (), _NO_ATTRIBUTES
    shape, before = SHAPES[segment[0]], len(notes.findings)
    position = shape.composite
    parts = values.parts(text)
    qualifier, code = parts[0], parts[1].upper() if len(parts) > 1 else ""
    if not code and revenue is not None:
        code, qualifier = revenue, "RC"
    elif not code:
        at = f"{segment[0]}{position:02d}-2"
        notes.note(segment, at, "CODE_MISSING", "the line has no procedure code", "2400")
    more: dict[str, str] = {}
    system = "RC" if qualifier == "RC" else CODE_SYSTEMS.get(qualifier)
    if system is None:
        system = "LOCAL" if qualifier else shape.default_system
        if qualifier and qualifier != LOCAL_QUALIFIER:
            more[keys.CODE_QUALIFIER] = escaped(qualifier)
    modifiers = [part.upper() for part in parts[2:_DESCRIPTION] if part]
    for place, name in ((_DESCRIPTION, keys.DESCRIPTION), (_RANGE_END, keys.CODE_RANGE_END)):
        if len(parts) > place and parts[place]:
            more[name] = escaped(parts[place])
    cut = [values.cut(segment, position, one, CODE_CHARACTERS_MAX, notes, "2400") for one in (code, *modifiers)]
    found = (cut[0], system, tuple(cut[1:]), more)
    if len(notes.findings) == before and system != "RC":
        remember(values.services[segment[0]], text, found)
    return found


def pointers_of(
    segment: Elements, position: int, text: str, diagnoses: int, values: Values, notes: Notes
) -> tuple[int, ...]:
    """Pointers to diagnoses by position; one that points nowhere is left out, with a finding."""
    found, wrong = [], False
    for part in values.parts(text):
        pointer = int(part) if part.isascii() and part.isdigit() and len(part) <= _POINTER_DIGITS else 0
        if 1 <= pointer <= diagnoses:
            found.append(pointer)
        elif part:
            wrong = True
            what = part if part.isdigit() and len(part) <= _POINTER_DIGITS else "(no number)"
            why = f"points to diagnosis {what} of {diagnoses}"
            notes.note(segment, f"{segment[0]}{position:02d}", "DX_POINTER", why, "2400")
    if not wrong:
        remember(values.pointers, (text, diagnoses), tuple(found))
    return tuple(found)
