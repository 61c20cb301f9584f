"""A claim as loops 2300 to 2430: header, diagnoses, providers, other payers, lines."""

from collections.abc import Mapping, Sequence

from schemas.claim import Diagnosis, SubmittedClaim
from sources.x12 import keys
from sources.x12.diagnoses import ROLES
from sources.x12_writer.dates import date_elements, dated, period
from sources.x12_writer.lines import line_loop, other_segments
from sources.x12_writer.parties import providers
from sources.x12_writer.payers import line_decisions, payer_loops
from sources.x12_writer.said import Said
from sources.x12_writer.segment import COMPONENT, amount, clean, composite, day, segment

_QUALIFIERS: Mapping[str, str] = {role: qualifier for qualifier, role in ROLES.items()}
_CODES_OF_SEGMENT = 12
_REFERENCES = {key: code for code, key in keys.CLAIM_REFERENCES.items()}
_DATES = {key: code for code, key in keys.CLAIM_DATES.items()}
_AMOUNTS = {key: code for code, key in keys.CLAIM_AMOUNTS.items()}
_SEGMENTS = {key: name for name, key in keys.CLAIM_SEGMENTS.items()}
# Whole segments after the dates, after the references and after the notes, in the order of the guides.
_FIRST, _SECOND = ("orthodontics", "tooth_status"), ("contract",)
_LAST = ("ambulance_transport", "spinal_manipulation", "equipment_certification", "oxygen_therapy", "home_health",
         "condition_indicators")  # fmt: skip
_INDICATOR = 9


def claim_loop(claim: SubmittedClaim, said: Said) -> tuple[str, list[str]]:
    """The segments of a claim, and the keys of attributes that X12 has no place for."""
    parts = [_header(claim, said), *_diagnoses(claim, said), *_lists(said)]
    parts += [segment("HCP", one) for one in said.take_list("repricing")]
    parts.append(providers(claim, said))
    parts.append(payer_loops(claim, said))
    unwritten: list[str] = []
    for line in claim.lines:
        own = Said(line.attributes)
        decisions = line_decisions(claim, line, own) if claim.other_payers else ""
        parts.append(line_loop(line, claim.form, claim.currency, own, decisions))
        unwritten += own.left()
    return "".join(parts), unwritten + said.left()


def _header(claim: SubmittedClaim, said: Said) -> str:
    text = _clm(claim, said) + _period(claim, said)
    has_more = said.left() or claim.attachments
    if not has_more:
        return text + _admission(claim, said) + _numbers(claim)
    parts = [text, *dated(_DATES, said), _admission(claim, said)]
    if any(said.has(key) for key in keys.CL1_POSITIONS.values()) or said.has_any("cl1."):
        parts.append(segment("CL1", *said.placed([], keys.CL1_POSITIONS, "cl1")))
    parts += _whole(_FIRST, said)
    parts += _attachments(claim, said)
    parts += _whole(_SECOND, said)
    parts += [segment("AMT", code, one) for key, code in _AMOUNTS.items() for one in said.take_list(key)]
    parts += _patterned("amount.", "AMT", said)
    parts.append(_numbers(claim))
    parts += [segment("REF", code, one) for key, code in _REFERENCES.items() for one in said.take_list(key)]
    parts += _patterned("ref.", "REF", said)
    parts += [segment("K3", one) for one in said.take_list("fixed_format")]
    parts += _patterned("note.", "NTE", said)
    parts += _whole(_LAST, said)
    parts += _patterned("quantity.", "QTY", said)
    parts += other_segments(said)
    return "".join(parts)


def _clm(claim: SubmittedClaim, said: Said) -> str:
    if claim.form == "institutional":
        facility = (clean(claim.bill_type).removesuffix(claim.frequency_code), "A", clean(claim.frequency_code))
    else:
        facility = (clean(claim.place_of_service), "B", clean(claim.frequency_code))
    elements = [
        clean(claim.claim_control_number), amount(claim.total_charge, claim.currency), "", "", COMPONENT.join(facility),
    ]  # fmt: skip
    if claim.settlement == "reimbursement" and not said.has("benefits_assigned"):
        # Benefits that are not assigned to the provider are paid to the subscriber.
        elements += ["", "", "N"]
    return segment("CLM", *said.placed(elements, keys.CLM_POSITIONS, "clm"))


def _period(claim: SubmittedClaim, said: Said) -> str:
    """The statement of an institutional claim; of others the days of service where the lines do not make them."""
    first, last = claim.service_from, claim.service_to
    if claim.form == "institutional":
        text = period("434", first, last)
        return text if first != last else segment("DTP", "434", "RD8", f"{day(first)}-{day(last)}")
    made = (
        {(min(line.service_from for line in claim.lines), max(line.service_to for line in claim.lines))}
        if (claim.lines)
        else set()
    )
    if claim.form == "dental" or (first, last) not in made:
        return period("472", first, last)
    return ""


def _admission(claim: SubmittedClaim, said: Said) -> str:
    """Admission and discharge: an hour stands with the day of an admission, and in place of that of a discharge."""
    parts = []
    came, left = said.take_dates(keys.ADMISSION_HOUR), said.take_dates(keys.DISCHARGE_HOUR)
    if came:
        form, hour = date_elements(came[0])
        if claim.admission_date is None:
            parts.append(segment("DTP", "435", form, hour))
        else:
            parts.append(segment("DTP", "435", "DT", f"{day(claim.admission_date)}{hour}"))
    elif claim.admission_date is not None:
        parts.append(segment("DTP", "435", "D8", day(claim.admission_date)))
    if left:
        form, hour = date_elements(left[0])
        if claim.discharge_date is None or (claim.form == "institutional" and claim.discharge_date == claim.service_to):
            parts.append(segment("DTP", "096", form, hour))
        else:
            parts.append(segment("DTP", "096", "DT", f"{day(claim.discharge_date)}{hour}"))
    elif claim.discharge_date is not None:
        parts.append(segment("DTP", "096", "D8", day(claim.discharge_date)))
    return "".join(parts)


def _numbers(claim: SubmittedClaim) -> str:
    """References that are fields."""
    numbers = (
        ("9F", claim.referral_number), ("G1", claim.authorization_number), ("F8", claim.original_reference),
    )  # fmt: skip
    return "".join([segment("REF", code, clean(number)) for code, number in numbers if number])


def _attachments(claim: SubmittedClaim, said: Said) -> list[str]:
    parts = []
    for place, one in enumerate(claim.attachments, start=1):
        whole = said.take(f"{keys.ATTACHMENT}.{place}")
        number = clean(one.control_number)
        own = (clean(one.kind), clean(one.location), "", "", "AC" if number else "", number)
        parts.append(segment("PWK", whole) if whole else segment("PWK", *own))
    return parts


def _diagnoses(claim: SubmittedClaim, said: Said) -> list[str]:
    """HI of the diagnoses in their order; what is not said together in one HI begins the next."""
    marks = said.take_list(keys.PRESENT_ON_ADMISSION)
    found: list[tuple[str, list[str]]] = []
    for place, diagnosis in enumerate(claim.diagnoses):
        kind = _kind_of(diagnosis, claim)
        if not found or found[-1][0] != kind or len(found[-1][1]) == _CODES_OF_SEGMENT:
            found.append((kind, []))
        found[-1][1].append(_coded(diagnosis, marks[place] if place < len(marks) else ""))
    parts = [segment("HI", *codes) for _, codes in found]
    details = said.take(keys.DRG_DETAILS)
    if claim.drg or details:
        parts.append(segment("HI", details or f"DR{COMPONENT}{clean(claim.drg)}"))
    return parts


def _kind_of(diagnosis: Diagnosis, claim: SubmittedClaim) -> str:
    """Professional and dental guides want principal and other diagnoses in one HI, institutional ones apart."""
    if claim.form != "institutional" and diagnosis.role in ("principal", "other"):
        return "principal"
    return diagnosis.role


def _coded(diagnosis: Diagnosis, mark: str) -> str:
    qualifier = _QUALIFIERS.get(diagnosis.role, "BF")
    qualifier = qualifier if diagnosis.system == "icd9cm" else f"A{qualifier}"
    parts = [qualifier, clean(diagnosis.code)]
    return composite([*parts, *[""] * (_INDICATOR - 1 - len(parts)), mark] if mark else parts)


def _lists(said: Said) -> list[str]:
    """HI of procedures, occurrences, values and conditions; codes of one list in one HI, as far as it holds them."""
    parts = []
    for key in (*dict.fromkeys(keys.HI_LISTS.values()), *said.keys("hi.")):
        run: list[str] = []
        for one in said.take_list(key):
            if run and (run[0].split(COMPONENT)[0] != one.split(COMPONENT)[0] or len(run) == _CODES_OF_SEGMENT):
                parts.append(segment("HI", *run))
                run = []
            run.append(one)
        if run:
            parts.append(segment("HI", *run))
    return parts


def _whole(names: Sequence[str], said: Said) -> list[str]:
    return [segment(_SEGMENTS[key], one) for key in names for one in said.take_list(key)]


def _patterned(start: str, name: str, said: Said) -> list[str]:
    return [segment(name, code, one) for key, code in said.patterned(start) for one in said.take_list(key)]
