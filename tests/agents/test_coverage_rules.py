"""Coverage of a line: its benefit, exclusions, age, sex, diagnosis and network, one case a line."""

from dataclasses import replace
from typing import Any

import pytest

from agents.rules.coverage import completed_years, diagnosis_fits
from schemas.claim import Diagnosis
from schemas.dates import parse_day
from schemas.reference import Plan
from tests.agents.desk import Desk, balances, lines_of, told
from tests.agents.world import BENEFIT, DAY, PLAN, claim, line, member

LABS = replace(BENEFIT, benefit_id="labs", codes=("80000-89999",))
DRUGS = replace(BENEFIT, benefit_id="drugs", codes=("J*",))
COSMETIC = replace(BENEFIT, benefit_id="cosmetic", codes=("15780",), covered=False)
TEETH = replace(BENEFIT, benefit_id="teeth", service_types=("dental",))
BILLS = replace(BENEFIT, benefit_id="bills", forms=("institutional",))
HOME = replace(BENEFIT, benefit_id="home", places=("12", "3*"))
PLANS = replace(PLAN, benefits=(COSMETIC, LABS, DRUGS, TEETH, BILLS, HOME))

BENEFITS: list[tuple[str, dict[str, Any], str | None, str]] = [
    # code, changes of the claim, benefit, answer
    ("80053", {}, "labs", "passed"),
    ("80000", {}, "labs", "passed"),
    ("89999", {}, "labs", "passed"),
    ("79999", {}, None, "denied PR-204 15000 D-NO-BENEFIT"),
    ("90000", {}, None, "denied PR-204 15000 D-NO-BENEFIT"),
    ("J1100", {}, "drugs", "passed"),
    ("15780", {}, "cosmetic", "denied PR-96 15000 D-EXCLUDED"),
    ("99213", {"service_type": "dental"}, "teeth", "passed"),
    ("99213", {"form": "institutional"}, "bills", "passed"),
    ("99213", {"place_of_service": "12"}, "home", "passed"),
    ("99213", {"place_of_service": "31"}, "home", "passed"),
    ("99213", {}, None, "denied PR-204 15000 D-NO-BENEFIT"),
]


@pytest.mark.parametrize(("code", "changes", "benefit", "answer"), BENEFITS)
def test_benefit_of_a_line(code: str, changes: dict[str, Any], benefit: str | None, answer: str) -> None:
    judged = Desk(PLANS).judge(claim(line(15000, code), **changes))
    assert (lines_of(judged)[0].benefit_id, told(judged)) == (benefit, [answer])


def test_the_place_of_a_line_comes_before_that_of_the_claim() -> None:
    at_home = replace(line(15000), place_of_service="12")
    judged = Desk(PLANS).judge(claim(at_home, line(15000, "99214")))
    assert told(judged) == ["passed", "denied PR-204 15000 D-NO-BENEFIT"]


COLD = Diagnosis("J069", "icd10", "principal")
ALCOHOL = Diagnosis("F101", "icd10", "secondary")
COUGH = Diagnosis("R05", "icd10", "secondary")
SOBER = replace(PLAN, excluded_diagnoses=("F10-F19", "Z41*"))

EXCLUDED: list[tuple[str, tuple[Diagnosis, ...], tuple[int, ...], str]] = [
    # case, diagnoses of the claim, pointers of the line, answer
    ("none is excluded", (COLD, COUGH), (1, 2), "passed"),
    ("not pointed to", (COLD, ALCOHOL), (1,), "passed"),
    ("the first pointed to", (COLD, ALCOHOL), (2, 1), "denied PR-96 15000 D-EXCLUDED-DIAGNOSIS"),
    ("a further one is told only", (COLD, ALCOHOL), (1, 2), "passed D-EXCLUDED-DIAGNOSIS"),
    (
        "no pointer, the principal is",
        (COUGH, replace(ALCOHOL, role="principal")),
        (),
        "denied PR-96 15000 D-EXCLUDED-DIAGNOSIS",
    ),
    ("no pointer, the principal is not", (COLD, ALCOHOL), (), "passed"),
    ("no pointer, no principal, the first is", (ALCOHOL, COUGH), (), "denied PR-96 15000 D-EXCLUDED-DIAGNOSIS"),
    ("no diagnosis at all", (), (), "passed"),
]


@pytest.mark.parametrize(("diagnoses", "pointers", "answer"), [pytest.param(*row[1:], id=row[0]) for row in EXCLUDED])
def test_excluded_diagnoses(diagnoses: tuple[Diagnosis, ...], pointers: tuple[int, ...], answer: str) -> None:
    billed = claim(replace(line(15000), diagnosis_pointers=pointers), diagnoses=diagnoses)
    assert told(Desk(SOBER).judge(billed)) == [answer]


MATCHES: list[tuple[str, tuple[str, ...], bool]] = [
    # code, patterns, is it in the list
    ("J069", ("J069",), True),
    ("J069", ("J06.9",), True),
    ("J069", ("J06",), False),
    ("J069", ("J06*",), True),
    ("J069", ("J06.*",), True),
    ("J069", ("J07*",), False),
    ("F101", ("F10-F19",), True),
    ("F199", ("F10-F19",), True),
    ("F20", ("F10-F19",), False),
    ("E119", ("F10-F19",), False),
    ("F101", ("F10.0-F10.2",), True),
    ("F103", ("F10.0-F10.2",), False),
    ("F10", ("F10.0-F10.2",), False),
    ("F101", ("F10-F199",), False),
    ("F101", (), False),
    ("F101", ("A00", "F101"), True),
]


@pytest.mark.parametrize(("code", "patterns", "answer"), MATCHES)
def test_diagnosis_in_a_list(code: str, patterns: tuple[str, ...], answer: bool) -> None:
    assert diagnosis_fits(code, patterns) is answer


AGES: list[tuple[str, str, int]] = [
    # born, day, completed years
    ("2000-03-02", "2026-03-01", 25),
    ("2000-03-02", "2026-03-02", 26),
    ("2000-03-02", "2026-03-03", 26),
    ("2024-02-29", "2026-02-28", 1),
    ("2024-02-29", "2026-03-01", 2),
    ("2026-03-02", "2026-03-02", 0),
    ("1931-12-31", "2026-03-02", 94),
]


@pytest.mark.parametrize(("born", "day", "years"), AGES)
def test_completed_years(born: str, day: str, years: int) -> None:
    assert completed_years(parse_day(born), parse_day(day)) == years


CHILD = replace(PLAN, benefits=(replace(BENEFIT, age_to=17),))
ADULT = replace(PLAN, benefits=(replace(BENEFIT, age_from=18),))
MIDDLE = replace(PLAN, benefits=(replace(BENEFIT, age_from=40, age_to=74),))
WOMEN = replace(PLAN, benefits=(replace(BENEFIT, sex="F"),))

PATIENTS: list[tuple[Plan, str, str, str]] = [
    # plan, born, sex, answer for a service on 2026-03-02
    (CHILD, "2008-03-03", "F", "passed"),
    (CHILD, "2008-03-02", "F", "denied CO-6 15000 D-AGE"),
    (ADULT, "2008-03-03", "F", "denied CO-6 15000 D-AGE"),
    (ADULT, "2008-03-02", "F", "passed"),
    (MIDDLE, "1986-03-03", "F", "denied CO-6 15000 D-AGE"),
    (MIDDLE, "1986-03-02", "F", "passed"),
    (MIDDLE, "1951-03-03", "F", "passed"),
    (MIDDLE, "1951-03-02", "F", "denied CO-6 15000 D-AGE"),
    (WOMEN, "1990-01-01", "F", "passed"),
    (WOMEN, "1990-01-01", "M", "denied CO-7 15000 D-SEX"),
    (WOMEN, "1990-01-01", "U", "passed"),
]


@pytest.mark.parametrize(("plan", "born", "sex", "answer"), PATIENTS)
def test_age_and_sex(plan: Plan, born: str, sex: str, answer: str) -> None:
    patient = replace(member("M9"), birth_date=parse_day(born), sex=sex)
    judged = Desk(plan, members=(patient,)).judge(claim(line(15000), member_id="M9"))
    assert told(judged) == [answer]


def test_age_is_that_of_the_day_of_the_line() -> None:
    patient = replace(member("M9"), birth_date=parse_day("2008-03-04"))
    days = [replace(line(15000), service_from=DAY + n, service_to=DAY + n) for n in (1, 2)]
    judged = Desk(CHILD, members=(patient,)).judge(claim(*days, member_id="M9"))
    assert told(judged) == ["passed", "denied CO-6 15000 D-AGE"]


HEART = replace(PLAN, benefits=(replace(BENEFIT, diagnoses=("I20-I25", "R05")),))
DIAGNOSES: list[tuple[str, tuple[Diagnosis, ...], tuple[int, ...], str]] = [
    ("the first fits", (COUGH, COLD), (1,), "passed"),
    ("a further one fits", (COLD, COUGH), (1, 2), "passed"),
    ("one fits, not pointed to", (COLD, COUGH), (1,), "denied CO-11 15000 D-DIAGNOSIS"),
    ("no pointer, the principal does not fit", (COLD, COUGH), (), "denied CO-11 15000 D-DIAGNOSIS"),
    ("no pointer, only principal fits", (ALCOHOL, replace(COUGH, role="principal")), (), "passed"),
    ("no diagnosis", (), (), "denied CO-11 15000 D-DIAGNOSIS"),
]


@pytest.mark.parametrize(("diagnoses", "pointers", "answer"), [pytest.param(*row[1:], id=row[0]) for row in DIAGNOSES])
def test_diagnoses_of_a_benefit(diagnoses: tuple[Diagnosis, ...], pointers: tuple[int, ...], answer: str) -> None:
    billed = claim(replace(line(15000), diagnosis_pointers=pointers), diagnoses=diagnoses)
    assert told(Desk(HEART).judge(billed)) == [answer]


CLOSED = replace(PLAN, benefits=(replace(BENEFIT, network_only=True),))
ELSEWHERE = replace(CLOSED, network_id="FAR")
NETWORKS: list[tuple[Plan, str, str]] = [
    # plan, provider, answer
    (CLOSED, "P1", "passed"),
    (CLOSED, "OUT", "denied PR-242 15000 D-NETWORK"),
    (CLOSED, "unknown", "denied PR-242 15000 D-NETWORK"),
    (ELSEWHERE, "P1", "denied PR-242 15000 D-NETWORK"),
    (replace(ELSEWHERE, further_network_ids=("NEAR", "NET")), "P1", "passed"),
    (PLAN, "OUT", "passed"),
]


@pytest.mark.parametrize(("plan", "provider", "answer"), NETWORKS)
def test_network(plan: Plan, provider: str, answer: str) -> None:
    assert told(Desk(plan).judge(claim(line(15000), provider_id=provider))) == [answer]


def test_every_edit_of_a_line_is_told_and_the_first_gives_the_code() -> None:
    strict = replace(BENEFIT, age_to=17, sex="M", diagnoses=("I20",), network_only=True)
    plan = replace(PLAN, benefits=(strict,), excluded_diagnoses=("J06*",))
    billed = claim(line(15000), provider_id="OUT")
    judged = Desk(plan).judge(billed)
    assert told(judged) == ["denied PR-96 15000 D-EXCLUDED-DIAGNOSIS D-AGE D-SEX D-DIAGNOSIS D-NETWORK"]
    assert balances(billed, judged)
    assert all(finding.remedy and finding.place == "lines[1]" for finding in lines_of(judged)[0].findings)


def test_an_exclusion_is_not_asked_about_age_or_network() -> None:
    hidden = replace(COSMETIC, age_to=17, sex="M", network_only=True)
    judged = Desk(replace(PLAN, benefits=(hidden,))).judge(claim(line(15000, "15780"), provider_id="OUT"))
    assert told(judged) == ["denied PR-96 15000 D-EXCLUDED"]


def test_a_denied_line_stops_and_the_others_go_on() -> None:
    billed = claim(line(15000, "15780"), line(9000, "80053"), line(100, "99213"))
    judged = Desk(PLANS).judge(billed)
    assert told(judged) == ["denied PR-96 15000 D-EXCLUDED", "passed", "denied PR-204 100 D-NO-BENEFIT"]
    assert judged.adjudicated is not None
    assert judged.adjudicated.verdict == "passed"
    assert balances(billed, judged)
