"""Edits at the front end at their limits: the last value that is taken, the first that is not, and where it stands."""

from dataclasses import replace
from typing import Any

import pytest

from agents.rules.front_end import DAY_MAX, findings_of
from schemas.claim import Diagnosis, OtherPayer, PayerAdjustment, PayerLine, SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY, parse_day
from tests.agents.world import DAY, claim, line

GOOD = claim(line(15000))
COLD = Diagnosis("J069", "icd10", "other")
PAID = OtherPayer("FIRST", 1, 100, (), None, ())
STAY = replace(GOOD, form="institutional", service_type="inpatient", admission_date=DAY, discharge_date=DAY)
MOST = 10**15


def of(**changes: Any) -> SubmittedClaim:
    """The good claim, changed."""
    return replace(GOOD, **changes)


def line_of(**changes: Any) -> SubmittedClaim:
    """The good claim with its line changed, and a total that fits."""
    lines = (replace(GOOD.lines[0], **changes),)
    return replace(GOOD, lines=lines, total_charge=lines[0].charge)


def payers(*given: OtherPayer) -> SubmittedClaim:
    """The good claim after other payers."""
    return of(other_payers=given)


def on(day: int, accepted: int) -> SubmittedClaim:
    """The good claim on a day, accepted on another at noon."""
    moved = line_of(service_from=day, service_to=day)
    at = accepted * MILLISECONDS_A_DAY + 5 * 3_600_000
    return replace(moved, service_from=day, service_to=day, accepted_at=at)


def born(day: int) -> SubmittedClaim:
    """The good claim of somebody born on a day."""
    return of(member=replace(GOOD.member, birth_date=day))


LIMITS: list[tuple[str, SubmittedClaim, SubmittedClaim, str, str]] = [
    # case, the last that is taken, the first that is not, code, place
    ("first day ever", on(0, 1), replace(on(0, 1), service_from=1, service_to=0), "V-SERVICE-DATES", "service_to"),
    ("last day ever", on(DAY_MAX, DAY_MAX), replace(GOOD, service_to=DAY_MAX + 1), "V-SERVICE-DATES", "service_to"),
    ("today and tomorrow", on(DAY, DAY), on(DAY + 1, DAY), "V-SERVICE-FUTURE", "service_to"),
    ("ten years ago", on(parse_day("2016-03-02"), DAY), on(parse_day("2016-03-01"), DAY), "V-SERVICE-TOO-OLD", "service_from"),
    ("ten years before a leap day", on(parse_day("2018-03-01"), parse_day("2028-02-29")), on(parse_day("2018-02-28"), parse_day("2028-02-29")), "V-SERVICE-TOO-OLD", "service_from"),
    ("born on the day", born(DAY), born(DAY + 1), "V-BIRTH-DATE", "member.birth_date"),
    ("discharged on the day of admission", of(admission_date=DAY, discharge_date=DAY), of(admission_date=DAY, discharge_date=DAY - 1), "V-DISCHARGE", "discharge_date"),
    ("before admission", replace(STAY, admission_date=DAY + 3, discharge_date=None), replace(STAY, admission_date=DAY + 4, discharge_date=None), "V-ADMISSION", "admission_date"),
    ("until discharge", replace(STAY, admission_date=None), replace(STAY, admission_date=None, discharge_date=DAY - 1), "V-AFTER-DISCHARGE", "discharge_date"),
    ("diagnoses", of(diagnoses=(COLD,) * 50), of(diagnoses=(COLD,) * 51), "V-DIAGNOSES-MANY", "diagnoses"),
    ("form of a diagnosis", of(diagnoses=(COLD, COLD)), of(diagnoses=(COLD, replace(COLD, code="?"))), "V-DIAGNOSIS-FORMAT", "diagnoses[2]"),
    ("no diagnosis", of(diagnoses=(), form="dental", lines=(replace(line(15000), diagnosis_pointers=()),)), of(diagnoses=(), lines=(replace(line(15000), diagnosis_pointers=()),)), "V-DIAGNOSIS-MISSING", "diagnoses"),
    ("charge", line_of(charge=0), line_of(charge=-1), "V-LINE-CHARGE", "lines[1].charge"),
    ("large charge", line_of(charge=MOST), line_of(charge=MOST + 1), "V-LINE-CHARGE", "lines[1].charge"),
    ("units", line_of(units_milli=1), line_of(units_milli=0), "V-LINE-UNITS", "lines[1].units"),
    ("many units", line_of(units_milli=10**12), line_of(units_milli=10**12 + 1), "V-LINE-UNITS", "lines[1].units"),
    ("modifiers", line_of(modifiers=("25", "59", "TC", "26")), line_of(modifiers=("25",) * 5), "V-MODIFIER", "lines[1].modifiers"),
    ("place of service", line_of(place_of_service="21"), line_of(place_of_service="A1"), "V-PLACE-OF-SERVICE", "lines[1].place_of_service"),
    ("revenue code", line_of(revenue_code="0120"), line_of(revenue_code="120"), "V-REVENUE-CODE", "lines[1].revenue_code"),
    ("pointer", line_of(diagnosis_pointers=(1,)), line_of(diagnosis_pointers=(1, 0)), "V-POINTER", "lines[1].diagnosis_pointers"),
    ("pointer beyond", line_of(diagnosis_pointers=(1,)), line_of(diagnosis_pointers=(1, 2)), "V-POINTER", "lines[1].diagnosis_pointers"),
    ("line days", line_of(), line_of(service_to=DAY + 1), "V-LINE-DATES", "lines[1].service_from"),
    ("other payers", payers(*[PAID] * 10), payers(*[PAID] * 11), "V-OTHER-PAYERS-MANY", "other_payers"),
    ("paid before", payers(replace(PAID, paid=0)), payers(replace(PAID, paid=-1)), "V-OTHER-PAYER-AMOUNT", "other_payers[1]"),
    ("much paid before", payers(replace(PAID, paid=MOST)), payers(PAID, replace(PAID, paid=MOST + 1)), "V-OTHER-PAYER-AMOUNT", "other_payers[2]"),
    ("nothing allowed before", payers(replace(PAID, allowed=0)), payers(replace(PAID, allowed=-1)), "V-OTHER-PAYER-AMOUNT", "other_payers[1]"),
    ("a line paid before", payers(replace(PAID, lines=(PayerLine(1, 0),))), payers(replace(PAID, lines=(PayerLine(0, 0),))), "V-OTHER-PAYER-LINE", "other_payers[1]"),
    ("adjusted before", payers(replace(PAID, adjustments=(PayerAdjustment(1, "OA", "94", -MOST),))), payers(replace(PAID, adjustments=(PayerAdjustment(1, "OA", "94", -MOST - 1),))), "V-OTHER-PAYER-AMOUNT", "other_payers[1].adjustments"),
    ("group of an adjustment", payers(replace(PAID, adjustments=(PayerAdjustment(None, "PI", "45", 1),))), payers(replace(PAID, adjustments=(PayerAdjustment(None, "P", "45", 1),))), "V-OTHER-PAYER-GROUP", "other_payers[1].adjustments"),
]  # fmt: skip


@pytest.mark.parametrize(("taken", "refused", "code", "place"), [pytest.param(*row[1:], id=row[0]) for row in LIMITS])
def test_limit(taken: SubmittedClaim, refused: SubmittedClaim, code: str, place: str) -> None:
    assert [finding.code for finding in findings_of(taken)] == []
    assert (code, place) in [(finding.code, finding.place) for finding in findings_of(refused)]


WRONG: list[tuple[str, str, bool]] = [
    # code system, code, is it well formed
    ("HC", "J1100", True),
    ("HC", "99213X", False),
    ("AD", "D1110", True),
    ("NDC", "00071015523", True),
    ("RC", "0120", True),
    ("RC", "12O", False),
    ("LOCAL", "KAMAR-KELAS1", True),
    ("LOCAL", "kamar", False),
]


@pytest.mark.parametrize(("system", "code", "fits"), WRONG)
def test_code_format(system: str, code: str, fits: bool) -> None:
    findings = findings_of(line_of(code_system=system, service_code=code))
    assert [(one.code, one.place) for one in findings] == ([] if fits else [("V-CODE-FORMAT", "lines[1].service_code")])
