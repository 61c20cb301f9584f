"""HI of a claim: diagnoses as records, the DRG as a field; procedures, occurrences, values, conditions as lists."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from config.limits import DIAGNOSES_MAX
from schemas.claim import Diagnosis
from schemas.dates import parse_day
from sources.x12 import keys
from sources.x12.attributes import add
from sources.x12.notes import Notes
from sources.x12.segments import Elements
from sources.x12.values import Values, remember
from sources.x12.written import composite, escaped

# Qualifiers of HI as our roles; those of ICD-9 stand without an A.
ROLES: Mapping[str, str] = {
    "BK": "principal", "BF": "other", "BJ": "admitting", "PR": "reason_for_visit", "BN": "external_cause",
}  # fmt: skip
_QUALIFIERS: Mapping[str, str] = {**ROLES, **{f"A{qualifier}": role for qualifier, role in ROLES.items()}}
_ICD10 = re.compile(r"[A-TV-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")
ICD10_SINCE = parse_day("2015-10-01")
_INDICATOR = 8
# How the qualifiers of ICD-9 begin.
_OLD_MARKS = frozenset(qualifier[0] for qualifier in ROLES)


class Coded(NamedTuple):
    """What HI says: diagnoses, present-on-admission indicators by their place, the DRG."""

    diagnoses: tuple[Diagnosis, ...]
    drg: str | None


def coded_of(segments: list[Elements], served: int, attributes: dict[str, str], values: Values, notes: Notes) -> Coded:
    """All HI of a claim; `served` is the first day of service."""
    found: list[Diagnosis] = []
    indicators: dict[int, str] = {}
    drg: str | None = None
    late = served >= ICD10_SINCE
    known = values.diagnoses[late]
    principals, old = 0, False
    for segment in segments:
        for position in range(1, len(segment)):
            text = segment[position]
            old |= text[:1] in _OLD_MARKS
            diagnosis = known.get(text)
            if diagnosis is not None:
                principals += diagnosis.role == "principal"
                found.append(diagnosis)
                continue
            qualifier, code, *more = values.parts(text) if values.component in text else (text, "")
            if qualifier in _QUALIFIERS:
                diagnosis = _diagnosis(segment, position, qualifier, code, late, values, notes)
                if diagnosis is None:
                    continue
                principals += diagnosis.role == "principal"
                found.append(diagnosis)
                if len(more) >= _INDICATOR - 1 and more[_INDICATOR - 2]:
                    indicators[len(found)] = more[_INDICATOR - 2]
            elif qualifier == "DR" and drg is None:
                drg = values.cut(segment, position, code, 50, notes) or None
                if any(more):
                    attributes[keys.DRG_DETAILS] = composite(text, values.component)
            elif qualifier in keys.HI_LISTS:
                add(attributes, keys.HI_LISTS[qualifier], composite(text, values.component))
            elif text:
                _unknown(segment, position, qualifier, text, attributes, values, notes)
    if principals > 1 or old or len(found) > DIAGNOSES_MAX:
        _check(segments, found, late, values, notes)
    if indicators:
        marks = [escaped(indicators.get(place, "")) for place in range(1, min(len(found), DIAGNOSES_MAX) + 1)]
        attributes[keys.PRESENT_ON_ADMISSION] = "^".join(marks)
    return Coded(tuple(found[:DIAGNOSES_MAX]), drg)


def _diagnosis(
    segment: Elements, position: int, qualifier: str, code: str, late: bool, values: Values, notes: Notes
) -> Diagnosis | None:
    if not code:
        notes.note(segment, f"HI{position:02d}-2", "DX_EMPTY", f"diagnosis {qualifier} without a code")
        return None
    plain = code.replace(".", "").upper()
    if "." in code:
        text = "a diagnosis code has a dot; X12 writes it without"
        notes.note(segment, f"HI{position:02d}-2", "DX_DOT", text)
    plain = values.cut(segment, position, plain, 50, notes)
    # A code that can only be ICD-10 counts as that since it is in force, whatever the qualifier says.
    tenth = qualifier[0] == "A" or (late and _ICD10.fullmatch(plain) is not None)
    diagnosis = Diagnosis(plain, "icd10cm" if tenth else "icd9cm", _QUALIFIERS[qualifier])
    if segment[position] == f"{qualifier}{values.component}{code}" and plain == code:
        remember(values.diagnoses[late], segment[position], diagnosis)
    return diagnosis


def _unknown(
    segment: Elements,
    position: int,
    qualifier: str,
    text: str,
    attributes: dict[str, str],
    values: Values,
    notes: Notes,
) -> None:
    add(attributes, f"hi.{escaped(qualifier[:3])}", composite(text, values.component))
    why = "is none of a code list we know; is the component separator that of ISA16?"
    notes.note(segment, f"HI{position:02d}-1", "HI_QUALIFIER", f"qualifier {qualifier[:3]!r} {why}")


def _check(segments: list[Elements], found: list[Diagnosis], late: bool, values: Values, notes: Notes) -> None:
    principals = [one for one in found if one.role == "principal"]
    if len(principals) > 1:
        text = f"{len(principals)} principal diagnoses (ABK or BK); a claim has one"
        notes.note(segments[0], "HI", "MULTI_PRINCIPAL", text)
    if len(found) > DIAGNOSES_MAX:
        notes.note(segments[0], "HI", "DX_MANY", f"more than {DIAGNOSES_MAX} diagnoses; the rest is left out")
    if not late or not segments:
        return
    old = {text.split(values.component)[0] for segment in segments for text in segment[1:]} & ROLES.keys()
    if old:
        text = f"qualifiers of ICD-9 ({', '.join(sorted(old))}) for services since 2015-10-01; use ABK and ABF"
        notes.note(segments[0], "HI", "ICD9_AFTER_2015", text)
