"""Edits at the front end: is this a claim that can be decided at all? All run, so that a submitter sees everything.

A row of EDITS is a function from a claim to findings; the ids of the findings are the ids of the rules. A void needs no
more than VOID_EDITS: providers send voids with whatever lines, and what it ends was edited when it came.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from config import limits
from schemas.claim import ClaimLine, OtherPayer, SubmittedClaim
from schemas.dates import day_at, text_of
from schemas.envelope import Finding
from schemas.money import EXPONENTS, MAXIMUM_MINOR

DAY_MAX = 84_006  # 2199-12-31
UNITS_MILLI_MAX = 10**12
# Services of the three days before an admission belong on the claim of the stay (42 CFR 412.2(c)(5)).
PREADMISSION_DAYS = 3
DAYS_A_YEAR = 365
REMEMBERED = 65_536
ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
GROUPS = ("CO", "PR", "OA", "PI")
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
    edits = VOID_EDITS if claim.frequency_code == VOID else EDITS
    return [finding for edit in edits for finding in edit(claim)]


# Claims bill the same few codes: whether one is well formed is remembered, and no line waits for a regular expression.
@lru_cache(maxsize=REMEMBERED)
def _code_fits(system: str, code: str) -> bool:
    return CODE_FORMATS[system][0].fullmatch(code) is not None


@lru_cache(maxsize=REMEMBERED)
def _diagnosis_fits(system: str, code: str) -> bool:
    return (ICD9 if system == "icd9cm" else ICD10).fullmatch(code) is not None


@lru_cache(maxsize=REMEMBERED)
def _modifiers_fit(modifiers: tuple[str, ...]) -> bool:
    return len(modifiers) <= limits.MODIFIERS_MAX and all(MODIFIER.fullmatch(one) for one in modifiers)


@lru_cache(maxsize=1_000)
def _place_fits(place: str) -> bool:
    return PLACE_OF_SERVICE.fullmatch(place) is not None


@lru_cache(maxsize=10_000)
def _revenue_code_fits(code: str) -> bool:
    return REVENUE_CODE.fullmatch(code) is not None


def _frequency(claim: SubmittedClaim) -> Iterator[Finding]:
    if claim.frequency_code == ORIGINAL:
        if claim.root_id != claim.claim_id:
            text = "an original names no earlier claim; send a correction as frequency 7, or leave the original out"
            yield Finding("V-ROOT-ID", "original_reference", text)
    elif claim.frequency_code not in (REPLACEMENT, VOID):
        yield Finding("V-FREQUENCY", "frequency_code", "must be 1 (original), 7 (replacement) or 8 (void)")
    elif claim.root_id == claim.claim_id:
        text = "a replacement or void names its original, by our claim number or by yours, and has a number of its own"
        yield Finding("V-ORIGINAL-MISSING", "original_reference", text)


def _currency(claim: SubmittedClaim) -> Iterator[Finding]:
    if claim.currency not in EXPONENTS:
        yield Finding("V-CURRENCY", "currency", f"must be one of {', '.join(sorted(EXPONENTS))}")


def _dates(claim: SubmittedClaim) -> Iterator[Finding]:
    today = day_at(claim.accepted_at, limits.PAYER_UTC_OFFSET_MINUTES)
    first, last = claim.service_from, claim.service_to
    if not 0 <= first <= last <= DAY_MAX:
        yield Finding("V-SERVICE-DATES", "service_to", "the last day of service is before the first, or out of range")
    elif last > today:
        text = f"{text_of(last)} is after the day of acceptance, {text_of(today)}; claim services once given"
        yield Finding("V-SERVICE-FUTURE", "service_to", text)
    elif today - first > limits.SERVICE_YEARS_MAX * DAYS_A_YEAR and text_of(first) < _years_before(today):
        text = f"services before {_years_before(today)} are too old to be decided: their balances are closed"
        yield Finding("V-SERVICE-TOO-OLD", "service_from", text)
    born = claim.member.birth_date
    if born is not None and born > first:
        yield Finding("V-BIRTH-DATE", "member.birth_date", "is after the first day of service")


def _years_before(day: int) -> str:
    """The same calendar day SERVICE_YEARS_MAX years before, as ISO text (29 February is one even in a short year)."""
    text = text_of(day)
    return f"{int(text[:4]) - limits.SERVICE_YEARS_MAX:04}{text[4:]}"


def _stay(claim: SubmittedClaim) -> Iterator[Finding]:
    admitted, discharged = claim.admission_date, claim.discharge_date
    if admitted is None and discharged is None:
        return
    if admitted is not None and discharged is not None and discharged < admitted:
        yield Finding("V-DISCHARGE", "discharge_date", "is before the admission")
    if claim.form != "institutional" or claim.service_type != "inpatient":
        return
    if admitted is not None and claim.service_from < admitted - PREADMISSION_DAYS:
        text = f"services may begin up to {PREADMISSION_DAYS} days before the admission; bill earlier ones apart"
        yield Finding("V-ADMISSION", "admission_date", text)
    if discharged is not None and claim.service_to > discharged:
        text = "services of a stay end with the discharge; bill later ones apart"
        yield Finding("V-AFTER-DISCHARGE", "discharge_date", text)


def _diagnoses(claim: SubmittedClaim) -> Iterator[Finding]:
    if not claim.diagnoses and claim.form in ("professional", "institutional"):
        yield Finding("V-DIAGNOSIS-MISSING", "diagnoses", f"a {claim.form} claim needs at least one diagnosis")
    if len(claim.diagnoses) > limits.DIAGNOSES_MAX:
        yield Finding("V-DIAGNOSES-MANY", "diagnoses", f"more than {limits.DIAGNOSES_MAX}")
    for number, diagnosis in enumerate(claim.diagnoses, start=1):
        if not _diagnosis_fits(diagnosis.system, diagnosis.code):
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
    if not 0 <= line.charge <= MAXIMUM_MINOR:
        yield _at(line, "V-LINE-CHARGE", "charge", "must be 0 or more")
    if not 0 < line.units_milli <= UNITS_MILLI_MAX:
        yield _at(line, "V-LINE-UNITS", "units", "must be more than 0")
    if line.code_system not in CODE_FORMATS:
        yield _at(line, "V-CODE-SYSTEM", "code_system", f"must be one of {', '.join(CODE_FORMATS)}")
    elif not _code_fits(line.code_system, line.service_code):
        text = f"is no code of {line.code_system}: {CODE_FORMATS[line.code_system][1]}"
        yield _at(line, "V-CODE-FORMAT", "service_code", text)
    if line.modifiers and not _modifiers_fit(line.modifiers):
        yield _at(line, "V-MODIFIER", "modifiers", f"up to {limits.MODIFIERS_MAX} modifiers of 2 characters")
    if line.place_of_service is not None and not _place_fits(line.place_of_service):
        yield _at(line, "V-PLACE-OF-SERVICE", "place_of_service", "must be 2 digits")
    if line.revenue_code is not None and not _revenue_code_fits(line.revenue_code):
        yield _at(line, "V-REVENUE-CODE", "revenue_code", "must be 4 digits")
    if not claim.service_from <= line.service_from <= line.service_to <= claim.service_to:
        text = f"must lie within the claim's {text_of(claim.service_from)} to {text_of(claim.service_to)}"
        yield _at(line, "V-LINE-DATES", "service_from", text)
    pointers = line.diagnosis_pointers
    if pointers and (min(pointers) < 1 or max(pointers) > len(claim.diagnoses)):
        text = f"points to a diagnosis that is not there; the claim has {len(claim.diagnoses)}"
        yield _at(line, "V-POINTER", "diagnosis_pointers", text)


def _at(line: ClaimLine, code: str, field: str, text: str) -> Finding:
    return Finding(code, f"lines[{line.line_number}].{field}", text)


def _totals(claim: SubmittedClaim) -> Iterator[Finding]:
    total = sum(line.charge for line in claim.lines)
    if total != claim.total_charge:
        text = f"is {claim.total_charge} minor units, the lines make {total}"
        yield Finding("V-TOTAL-CHARGE", "total_charge", text)
    elif total > MAXIMUM_MINOR:
        # Or balances would grow over what a state can hold.
        yield Finding("V-TOTAL-CHARGE", "total_charge", f"is above {MAXIMUM_MINOR} minor units; split the claim")


def _payee(claim: SubmittedClaim) -> Iterator[Finding]:
    if claim.settlement == "reimbursement" and claim.payee is None:
        yield Finding("V-PAYEE-MISSING", "payee", "a reimbursement names whom to pay")


def _other_payers(claim: SubmittedClaim) -> Iterator[Finding]:
    if not claim.other_payers:
        return
    if len(claim.other_payers) > limits.OTHER_PAYERS_MAX:
        yield Finding("V-OTHER-PAYERS-MANY", "other_payers", f"more than {limits.OTHER_PAYERS_MAX}")
    billed = {line.line_number for line in claim.lines}
    for number, payer in enumerate(claim.other_payers, start=1):
        yield from _other_payer(payer, f"other_payers[{number}]", billed)


def _other_payer(payer: OtherPayer, place: str, billed: set[int]) -> Iterator[Finding]:
    amounts = [payer.paid, 0 if payer.allowed is None else payer.allowed, *(line.paid for line in payer.lines)]
    if not all(0 <= amount <= MAXIMUM_MINOR for amount in amounts):
        yield Finding("V-OTHER-PAYER-AMOUNT", place, "what a payer paid or allowed must be 0 or more")
    # An adjustment may be negative: a payer whose rate is above the charge reports it so.
    if any(abs(adjustment.amount) > MAXIMUM_MINOR for adjustment in payer.adjustments):
        yield Finding("V-OTHER-PAYER-AMOUNT", f"{place}.adjustments", "an adjustment is too large to be one")
    numbers = {line.line_number for line in payer.lines}
    numbers.update(one.line_number for one in payer.adjustments if one.line_number is not None)
    missing = sorted(numbers - billed)
    if missing:
        named = ", ".join(map(str, missing[: limits.FINDINGS_SHOWN_MAX]))
        text = f"speaks of line {named}, which the claim does not have"
        yield Finding("V-OTHER-PAYER-LINE", place, text)
    if any(adjustment.group not in GROUPS for adjustment in payer.adjustments):
        yield Finding("V-OTHER-PAYER-GROUP", f"{place}.adjustments", f"a group is one of {', '.join(GROUPS)}")


VOID_EDITS: Sequence[Edit] = (_frequency, _currency)
EDITS: Sequence[Edit] = (
    *VOID_EDITS,
    _dates,
    _stay,
    _diagnoses,
    _lines,
    _totals,
    _payee,
    _other_payers,
)
