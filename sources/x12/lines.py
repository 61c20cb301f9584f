"""Diagnoses and service lines of a professional claim, and what earlier payers did with both."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.limits import CLAIM_LINES_MAX, DIAGNOSES_MAX, MODIFIERS_MAX, OTHER_PAYERS_MAX
from schemas.claim import ClaimLine, Diagnosis, OtherPayer, PayerAdjustment
from schemas.dates import parse_day
from sources.x12.loops import ClaimLoop, OtherInsurance, Service
from sources.x12.segments import Segment
from sources.x12.transaction import SERVICES
from sources.x12.values import Reader

Period = tuple[int, int]
# Qualifiers of HI as our roles; those of ICD-9 stand without an A.
ROLES: Mapping[str, str] = {
    "BK": "principal", "BF": "other", "BJ": "admitting", "PR": "reason_for_visit", "BN": "external_cause",
}  # fmt: skip
_ICD10 = re.compile(r"[A-TV-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")
ICD10_SINCE = parse_day("2015-10-01")
CODE_SYSTEMS: Mapping[str, str] = {"HC": "HC", "AD": "AD", "N4": "NDC", "ER": "LOCAL", "IV": "LOCAL", "WK": "LOCAL"}
_SEQUENCES: Mapping[str, int] = {"P": 1, "S": 2, "T": 3}


def diagnoses_of(loop: ClaimLoop, served: int | None, reader: Reader) -> tuple[Diagnosis, ...]:
    """All HI of the claim, principal first by its place; `served` is the first day of service."""
    found: list[Diagnosis] = []
    principals = 0
    for segment in loop.diagnoses:
        for position in range(1, len(segment.elements)):
            qualifier, code = (*segment.parts(position), "", "")[:2]
            role = ROLES.get(qualifier.removeprefix("A"))
            if role is None or (not code and not qualifier):
                if qualifier:
                    text = (
                        f"qualifier {qualifier[:5]!r} is none of a diagnosis; is the component separator that of ISA16?"
                    )
                    reader.note(segment, f"HI{position:02d}-1", "HI_QUALIFIER", text)
                continue
            if not code:
                reader.note(segment, f"HI{position:02d}-2", "DX_EMPTY", f"diagnosis {qualifier} without a code")
                continue
            principals += role == "principal"
            found.append(Diagnosis(_plain(segment, position, code, reader), _system(qualifier, code, served), role))
    _check_diagnoses(loop, found, principals, served, reader)
    return tuple(found[:DIAGNOSES_MAX])


def _check_diagnoses(
    loop: ClaimLoop, found: Sequence[Diagnosis], principals: int, served: int | None, reader: Reader
) -> None:
    if not found:
        reader.note(loop.claim, "HI", "NO_DX", "no diagnosis: HI is missing or cannot be read")
    if principals > 1:
        text = f"{principals} principal diagnoses (ABK or BK); a claim has one"
        reader.note(loop.diagnoses[0], "HI", "MULTI_PRINCIPAL", text)
    if len(found) > DIAGNOSES_MAX:
        reader.note(loop.claim, "HI", "DX_MANY", f"more than {DIAGNOSES_MAX} diagnoses; the rest is left out")
    old = {segment.parts(p)[0] for segment in loop.diagnoses for p in range(1, len(segment.elements))} & set(ROLES)
    if old and served is not None and served >= ICD10_SINCE:
        text = f"qualifiers of ICD-9 ({', '.join(sorted(old))}) for services since 2015-10-01; use ABK and ABF"
        reader.note(loop.diagnoses[0], "HI", "ICD9_AFTER_2015", text)


def _plain(segment: Segment, position: int, code: str, reader: Reader) -> str:
    if "." in code:
        reader.note(segment, f"HI{position:02d}-2", "DX_DOT", "a diagnosis code has a dot; X12 writes it without")
    return (reader.code(segment, position, code.replace(".", "").upper())) or ""


def _system(qualifier: str, code: str, served: int | None) -> str:
    """By the qualifier; a code that can only be ICD-10 counts as that since it is in force."""
    if qualifier.startswith("A"):
        return "icd10cm"
    late = served is not None and served >= ICD10_SINCE
    return "icd10cm" if late and _ICD10.fullmatch(code.replace(".", "").upper()) else "icd9cm"


def periods_of(loop: ClaimLoop, reader: Reader) -> list[Period | None]:
    """First and last day of each line by DTP*472, else of the whole claim; None where there is none."""
    whole = _period(loop.dates, ("472", "434"), reader)
    return [_period(service.dates, ("472",), reader) or whole for service in loop.services]


def _period(dates: Sequence[Segment], qualifiers: Sequence[str], reader: Reader) -> Period | None:
    for segment in dates:
        if segment.get(1) in qualifiers:
            return reader.days(segment)
    return None


def lines_of(
    loop: ClaimLoop, periods: Sequence[Period | None], diagnoses: int, default: Period, reader: Reader
) -> tuple[ClaimLine, ...]:
    """The service lines; a line without a date takes the claim's first day, with a finding."""
    made: list[ClaimLine] = []
    numbers: set[int] = set()
    for place, (service, period) in enumerate(zip(loop.services, periods, strict=True), start=1):
        if service.service is None:
            assert service.number is not None, "a line begins with LX or with its service"
            reader.note(
                service.number, "SV1", "SV1_MISSING", "LX without a service; the claim was not sent", fatal=True
            )
            continue
        if period is None:
            text = "the line has no date (DTP*472); the claim's first day is taken"
            reader.note(service.service, "DTP", "DATE_MISSING", text)
        number = _number(service, place)
        numbers.add(number)
        made.append(_line(service, service.service, number, period or default, diagnoses, reader))
    if len(numbers) != len(made):
        reader.note(loop.claim, "LX01", "LX_TWICE", "line numbers repeat; lines are numbered by their place")
        made = [replace(line, line_number=place) for place, line in enumerate(made, start=1)]
    if len(made) > CLAIM_LINES_MAX:
        reader.note(loop.claim, "LX", "LINES_MANY", f"more than {CLAIM_LINES_MAX} lines", fatal=True)
    return tuple(made)


def _number(service: Service, place: int) -> int:
    text = service.number.get(1) if service.number is not None else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= CLAIM_LINES_MAX else place


def _line(service: Service, segment: Segment, number: int, period: Period, diagnoses: int, reader: Reader) -> ClaimLine:
    qualifier, code, *modifiers = (*segment.parts(1), "", "")
    kept = [modifier for modifier in modifiers if modifier][:MODIFIERS_MAX]
    if not code:
        reader.note(segment, "SV101-2", "CODE_MISSING", "the line has no procedure code")
    references = {reference.get(1): reference for reference in reversed(service.references)}
    control, authorization = references.get("6R"), references.get("G1")
    attributes = {"line_control_number": text} if control and (text := reader.code(control, 2)) else {}
    return ClaimLine(
        line_number=number,
        service_code=reader.code(segment, 1, code.upper()) or "",
        code_system=CODE_SYSTEMS.get(qualifier, "HC"),
        revenue_code=None,
        modifiers=tuple((reader.code(segment, 1, modifier.upper()) or "") for modifier in kept),
        units_milli=reader.units_milli(segment, 4),
        charge=reader.amount(segment, 2),
        service_from=min(period),
        service_to=max(period),
        diagnosis_pointers=_pointers(segment, diagnoses, reader),
        place_of_service=reader.code(segment, 5),
        authorization_number=reader.code(authorization, 2) if authorization else None,
        tooth=None,
        attributes=attributes,
    )


def _pointers(segment: Segment, diagnoses: int, reader: Reader) -> tuple[int, ...]:
    """Pointers to diagnoses by position; one that points nowhere is left out, with a finding."""
    found = []
    for text in segment.parts(7) if segment.get(7) else ():
        pointer = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if 1 <= pointer <= diagnoses:
            found.append(pointer)
        else:
            reader.note(segment, "SV107", "DX_POINTER", f"points to diagnosis {text[:4]!r} of {diagnoses}")
    return tuple(found)


def other_payers_of(loop: ClaimLoop, lines: Sequence[ClaimLine], reader: Reader) -> tuple[OtherPayer, ...]:
    """What earlier payers paid and adjusted, for the claim (2320) and for its lines (2430)."""
    found = [_other_payer(loop, other, place, lines, reader) for place, other in enumerate(loop.others, start=1)]
    if len(found) > OTHER_PAYERS_MAX:
        reader.note(loop.claim, "2320", "PAYERS_MANY", f"more than {OTHER_PAYERS_MAX} other payers", fatal=True)
    return tuple(found)


def _other_payer(
    loop: ClaimLoop, other: OtherInsurance, place: int, lines: Sequence[ClaimLine], reader: Reader
) -> OtherPayer:
    payer = other.parties.get("PR")
    payer_id = reader.code(payer.name, 9) if payer is not None and payer.name is not None else None
    if payer_id is None:
        reader.note(other.insured, "2330B NM109", "PAYER_ID", "an other payer has no identifier")
    paid = sum(reader.amount(amount, 2) for amount in other.amounts if amount.get(1) == "D")
    adjustments = [part for segment in other.adjustments for part in _adjustments(segment, None, reader)]
    kept = [service for service in loop.services if service.service is not None]
    for service, line in zip(kept, lines, strict=True):
        for decision, segments in service.decisions:
            if decision.get(1) == payer_id:
                adjustments += [part for one in segments for part in _adjustments(one, line.line_number, reader)]
    return OtherPayer(payer_id or "", _SEQUENCES.get(other.insured.get(1), place), paid, tuple(adjustments))


def _adjustments(segment: Segment, line: int | None, reader: Reader) -> list[PayerAdjustment]:
    """Up to six reasons of a CAS: reason, amount and quantity each."""
    return [
        PayerAdjustment(line, segment.get(1)[:2], segment.get(position)[:5], reader.amount(segment, position + 1))
        for position in range(2, 20, 3)
        if segment.get(position)
    ]


def kinds_of(loop: ClaimLoop) -> set[str]:
    """What kinds of lines the claim has: professional, institutional, dental."""
    return {SERVICES[service.service.name] for service in loop.services if service.service is not None}
