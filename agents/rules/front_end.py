"""Edits at the front end: is this a claim that can be decided at all? All run, so that a submitter sees everything.

A row of EDITS is a function from a claim to findings; the ids of the findings are the ids of the rules.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from config import limits
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import day_at, text_of
from schemas.envelope import Finding
from schemas.money import EXPONENTS, MAXIMUM_MINOR

DAY_MAX = 84_006  # 2199-12-31
ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")
ICD9 = re.compile(r"([0-9]{3}|V[0-9]{2}|E[0-9]{3})(\.?[0-9]{1,2})?")
CODE_FORMATS = {
    "HC": (re.compile(r"[A-Z0-9][0-9]{3}[A-Z0-9]"), "5 characters, such as 99213 or J1100"),
    "AD": (re.compile(r"D[0-9]{4}"), "D and 4 digits, such as D1110"),
    "NDC": (re.compile(r"[0-9]{11}"), "11 digits"),
    "RC": (re.compile(r"[0-9]{4}"), "4 digits, such as 0120"),
    "LOCAL": (re.compile(r"[A-Z0-9][A-Z0-9.\-]{0,29}"), "up to 30 capitals, digits, dots and hyphens"),
}
MODIFIER = re.compile(r"[A-Z0-9]{2}")
PLACE_OF_SERVICE = re.compile(r"[0-9]{2}")
REVENUE_CODE = re.compile(r"[0-9]{4}")

Edit = Callable[[SubmittedClaim], Iterator[Finding]]


def findings_of(claim: SubmittedClaim) -> list[Finding]:
    """Everything that is wrong with the claim by itself, in the order of the edits."""
    return [finding for edit in EDITS for finding in edit(claim)]


def _frequency(claim: SubmittedClaim) -> Iterator[Finding]:
    if claim.frequency_code in ("7", "8"):
        text = "replacements (7) and voids (8) are not taken by this release; keep the claim and send it after the next"
        yield Finding("V-FREQUENCY-UNSUPPORTED", "frequency_code", text)
    elif claim.frequency_code != "1":
        yield Finding("V-FREQUENCY", "frequency_code", "must be 1 (original), 7 (replacement) or 8 (void)")


def _currency(claim: SubmittedClaim) -> Iterator[Finding]:
    if claim.currency not in EXPONENTS:
        yield Finding("V-CURRENCY", "currency", f"must be one of {', '.join(sorted(EXPONENTS))}")


def _dates(claim: SubmittedClaim) -> Iterator[Finding]:
    today = day_at(claim.accepted_at, limits.PAYER_UTC_OFFSET_MINUTES)
    if not 0 <= claim.service_from <= claim.service_to <= DAY_MAX:
        yield Finding("V-SERVICE-DATES", "service_to", "the last day of service is before the first, or out of range")
    elif claim.service_to > today:
        text = (
            f"{text_of(claim.service_to)} is after the day of acceptance, {text_of(today)}; claim services once given"
        )
        yield Finding("V-SERVICE-FUTURE", "service_to", text)
    born = claim.member.birth_date
    if born is not None and born > claim.service_from:
        yield Finding("V-BIRTH-DATE", "member.birth_date", "is after the first day of service")
    if (
        claim.admission_date is not None
        and claim.discharge_date is not None
        and claim.discharge_date < claim.admission_date
    ):
        yield Finding("V-DISCHARGE", "discharge_date", "is before the admission")


def _diagnoses(claim: SubmittedClaim) -> Iterator[Finding]:
    if not claim.diagnoses and claim.form in ("professional", "institutional"):
        yield Finding("V-DIAGNOSIS-MISSING", "diagnoses", f"a {claim.form} claim needs at least one diagnosis")
    if len(claim.diagnoses) > limits.DIAGNOSES_MAX:
        yield Finding("V-DIAGNOSES-MANY", "diagnoses", f"more than {limits.DIAGNOSES_MAX}")
    for number, diagnosis in enumerate(claim.diagnoses, start=1):
        pattern = ICD9 if diagnosis.system == "icd9cm" else ICD10
        if not pattern.fullmatch(diagnosis.code):
            yield Finding("V-DIAGNOSIS-FORMAT", f"diagnoses[{number}]", f"is no code of {diagnosis.system}")


def _lines(claim: SubmittedClaim) -> Iterator[Finding]:
    if not claim.lines:
        yield Finding("V-LINES-MISSING", "lines", "a claim needs at least one line")
    seen: set[int] = set()
    for line in claim.lines:
        if line.line_number in seen or line.line_number < 1:
            yield Finding("V-LINE-NUMBER", f"lines[{line.line_number}]", "line numbers must be unique and from 1")
        seen.add(line.line_number)
        yield from _line(line, claim)


def _line(line: ClaimLine, claim: SubmittedClaim) -> Iterator[Finding]:
    place = f"lines[{line.line_number}]"
    if not 0 <= line.charge <= MAXIMUM_MINOR:
        yield Finding("V-LINE-CHARGE", f"{place}.charge", "must be 0 or more")
    if not 0 < line.units_milli <= 10**12:
        yield Finding("V-LINE-UNITS", f"{place}.units", "must be more than 0")
    code_format = CODE_FORMATS.get(line.code_system)
    if code_format is None:
        yield Finding("V-CODE-SYSTEM", f"{place}.code_system", f"must be one of {', '.join(CODE_FORMATS)}")
    elif not code_format[0].fullmatch(line.service_code):
        text = f"is no code of {line.code_system}: {code_format[1]}"
        yield Finding("V-CODE-FORMAT", f"{place}.service_code", text)
    if len(line.modifiers) > limits.MODIFIERS_MAX or not all(MODIFIER.fullmatch(m) for m in line.modifiers):
        yield Finding("V-MODIFIER", f"{place}.modifiers", f"up to {limits.MODIFIERS_MAX} modifiers of 2 characters")
    if line.place_of_service is not None and not PLACE_OF_SERVICE.fullmatch(line.place_of_service):
        yield Finding("V-PLACE-OF-SERVICE", f"{place}.place_of_service", "must be 2 digits")
    if line.revenue_code is not None and not REVENUE_CODE.fullmatch(line.revenue_code):
        yield Finding("V-REVENUE-CODE", f"{place}.revenue_code", "must be 4 digits")
    if not claim.service_from <= line.service_from <= line.service_to <= claim.service_to:
        text = f"must lie within the claim's {claim.service_from} to {claim.service_to} (days since 1970-01-01)"
        yield Finding("V-LINE-DATES", f"{place}.service_from", text)
    if any(not 1 <= pointer <= len(claim.diagnoses) for pointer in line.diagnosis_pointers):
        text = f"points to a diagnosis that is not there; the claim has {len(claim.diagnoses)}"
        yield Finding("V-POINTER", f"{place}.diagnosis_pointers", text)


def _totals(claim: SubmittedClaim) -> Iterator[Finding]:
    total = sum(line.charge for line in claim.lines)
    if total != claim.total_charge:
        text = f"is {claim.total_charge} minor units, the lines make {total}"
        yield Finding("V-TOTAL-CHARGE", "total_charge", text)


def _payee(claim: SubmittedClaim) -> Iterator[Finding]:
    if claim.settlement == "reimbursement" and claim.payee is None:
        yield Finding("V-PAYEE-MISSING", "payee", "a reimbursement names whom to pay")


EDITS: Sequence[Edit] = (_frequency, _currency, _dates, _diagnoses, _lines, _totals, _payee)
