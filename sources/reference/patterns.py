"""Lists of codes in plans and contracts: a code, a prefix that ends in *, or a range of codes of one length."""

import re

from sources.reference.fields import Fields

CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,29}")
DIAGNOSIS = re.compile(r"[A-Z][0-9][A-Z0-9](\.?[A-Z0-9]{1,4})?|[0-9]{3}(\.?[0-9]{1,2})?|[A-Z][0-9]?")
PLACE = re.compile(r"[0-9]{2}|[0-9]\*")
CODES_MAX = 500


def patterns_of(fields: Fields, column: str = "codes") -> tuple[str, ...]:
    """The patterns of codes of services or groups in a column."""
    patterns = _bounded(fields, column)
    for pattern in patterns:
        fault = _fault_of(pattern)
        if fault is not None:
            fields.bad(column, f"{pattern[:60]!r} {fault}")
    return patterns


def diagnoses_of(fields: Fields, column: str) -> tuple[str, ...]:
    """The patterns of diagnoses in a column, such as F10-F19, Z41* or J06.9; dots make no difference."""
    patterns = _bounded(fields, column)
    for pattern in patterns:
        first, dash, last = pattern.removesuffix("*").partition("-")
        ends = (first, last) if dash else (first,)
        if not all(DIAGNOSIS.fullmatch(end) for end in ends) or (dash and pattern.endswith("*")):
            fields.bad(column, f"{pattern[:60]!r} is no diagnosis, prefix (Z41*) or range (F10-F19); use capitals")
        elif dash and (len(first) != len(last) or last < first):
            fields.bad(column, f"{pattern[:60]!r} is no range of diagnoses of one length, the lower first (F10-F19)")
    return patterns


def places_of(fields: Fields, column: str) -> tuple[str, ...]:
    """Places of service: two digits, or one and a star."""
    places = _bounded(fields, column)
    for place in places:
        if not PLACE.fullmatch(place):
            fields.bad(column, f"{place[:60]!r} is no place of service: two digits such as 11, or 2* for 20 to 29")
    return places


def _bounded(fields: Fields, column: str) -> tuple[str, ...]:
    patterns = fields.items(column)
    if len(patterns) > CODES_MAX:
        fields.bad(column, f"more than {CODES_MAX}; use a prefix such as 99* or a range such as D0100-D0999")
        return ()
    return tuple(patterns)


def _fault_of(pattern: str) -> str | None:
    """What is wrong with a pattern: a code, a prefix that ends in *, or a range A-B of codes of one length."""
    if not CODE.fullmatch(pattern.removesuffix("*")):
        return "is no code, prefix (99*) or range (D0100-D0999); quote it in YAML when it begins with a star"
    first, dash, last = pattern.partition("-")
    if not dash or pattern.endswith("*"):
        return None
    if len(first) != len(last):
        return f"reads as a range of codes that differ in length; write {pattern}* for codes that begin so"
    return "is a range whose last code is before its first" if last < first else None
