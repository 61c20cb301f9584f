"""The front end: what is rejected, with every finding at once; what is set aside; what is a repeat."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from agents.rules.front_end import DAY_MAX
from schemas import topics
from schemas.claim import (
    Diagnosis,
    Identifier,
    MemberReference,
    OtherPayer,
    Payee,
    PayerAdjustment,
    PayerLine,
    ProviderReference,
    SubmittedClaim,
)
from schemas.dates import MILLISECONDS_A_DAY, parse_day
from schemas.decision import RejectedClaim
from schemas.envelope import Envelope
from schemas.events import DeadLetter
from streams.driver import Driver
from streams.topology import STAGES
from tests.agents.world import DAY, PLAN, YEAR, claim, line, member, world

FRONT = STAGES[:1]
OLD = parse_day("2016-03-11")

GOOD = claim(line(15000))
NOBODY = MemberReference(None, (Identifier("nik", "N-unknown"),), None, None, None, None)
UNKNOWN_PROVIDER = ProviderReference(None, (Identifier("npi", "0000000000"),), None)


def with_line(**changes: Any) -> SubmittedClaim:
    """The good claim with its line changed."""
    return replace(GOOD, lines=(replace(GOOD.lines[0], **changes),))


OTHER = OtherPayer("FIRST", 1, 100, (), None, ())
STAY = replace(GOOD, form="institutional", service_type="inpatient", admission_date=DAY, discharge_date=DAY)


def paid_before(**changes: Any) -> SubmittedClaim:
    """The good claim with what an earlier payer did."""
    return replace(GOOD, other_payers=(replace(OTHER, **changes),))


def moved_to(day: int, claimed: SubmittedClaim = GOOD) -> SubmittedClaim:
    """A claim with its only line, on another day, accepted on DAY + 10 as ever."""
    lines = (replace(claimed.lines[0], service_from=day, service_to=day),)
    return replace(claimed, lines=lines, service_from=day, service_to=day)


REJECTIONS: list[tuple[str, SubmittedClaim]] = [
    # code of the finding, claim
    ("V-ROOT-ID", replace(GOOD, root_id=str(uuid.uuid5(uuid.NAMESPACE_OID, "another")))),
    ("V-ORIGINAL-MISSING", replace(GOOD, frequency_code="7")),
    ("V-ORIGINAL-MISSING", replace(GOOD, frequency_code="8")),
    ("V-FREQUENCY", replace(GOOD, frequency_code="2")),
    ("V-CURRENCY", replace(GOOD, currency="ZZZ")),
    ("V-CURRENCY-OF-PLAN", replace(GOOD, currency="IDR")),
    ("V-SERVICE-DATES", replace(GOOD, service_to=DAY - 1)),
    ("V-SERVICE-FUTURE", replace(GOOD, service_to=DAY + 11)),
    ("V-SERVICE-TOO-OLD", moved_to(OLD)),
    ("V-BIRTH-DATE", replace(GOOD, member=replace(GOOD.member, birth_date=DAY + 1))),
    ("V-DISCHARGE", replace(GOOD, admission_date=DAY, discharge_date=DAY - 1)),
    ("V-ADMISSION", replace(STAY, admission_date=DAY + 4, discharge_date=DAY + 5)),
    ("V-AFTER-DISCHARGE", replace(STAY, admission_date=DAY - 3, discharge_date=DAY - 1)),
    ("V-DIAGNOSIS-MISSING", replace(GOOD, diagnoses=())),
    ("V-DIAGNOSES-MANY", replace(GOOD, diagnoses=(Diagnosis("J069", "icd10", "other"),) * 51)),
    ("V-DIAGNOSIS-FORMAT", replace(GOOD, diagnoses=(Diagnosis("123", "icd10", "principal"),))),
    ("V-DIAGNOSIS-FORMAT", replace(GOOD, diagnoses=(Diagnosis("J06", "icd9cm", "principal"),))),
    ("V-LINES-MISSING", replace(GOOD, lines=(), total_charge=0)),
    ("V-LINE-NUMBER", replace(GOOD, lines=GOOD.lines * 2, total_charge=30000)),
    ("V-LINE-NUMBER", with_line(line_number=0)),
    ("V-LINE-CHARGE", with_line(charge=-1)),
    ("V-LINE-UNITS", with_line(units_milli=0)),
    ("V-CODE-SYSTEM", with_line(code_system="ZZ")),
    ("V-CODE-FORMAT", with_line(service_code="9921")),
    ("V-CODE-FORMAT", with_line(code_system="AD", service_code="99213")),
    ("V-CODE-FORMAT", with_line(code_system="NDC", service_code="123")),
    ("V-MODIFIER", with_line(modifiers=("2",))),
    ("V-MODIFIER", with_line(modifiers=("25",) * 5)),
    ("V-PLACE-OF-SERVICE", with_line(place_of_service="1")),
    ("V-REVENUE-CODE", with_line(revenue_code="12")),
    ("V-LINE-DATES", with_line(service_from=DAY - 1)),
    ("V-POINTER", with_line(diagnosis_pointers=(2,))),
    ("V-TOTAL-CHARGE", replace(GOOD, total_charge=1)),
    ("V-PAYEE-MISSING", replace(GOOD, settlement="reimbursement")),
    ("V-OTHER-PAYERS-MANY", replace(GOOD, other_payers=(OTHER,) * 11)),
    ("V-OTHER-PAYER-AMOUNT", paid_before(paid=-1)),
    ("V-OTHER-PAYER-AMOUNT", paid_before(allowed=-1)),
    ("V-OTHER-PAYER-AMOUNT", paid_before(lines=(PayerLine(1, -1),))),
    ("V-OTHER-PAYER-AMOUNT", paid_before(adjustments=(PayerAdjustment(None, "CO", "45", 10**16),))),
    ("V-OTHER-PAYER-LINE", paid_before(lines=(PayerLine(2, 100),))),
    ("V-OTHER-PAYER-LINE", paid_before(adjustments=(PayerAdjustment(2, "CO", "45", 100),))),
    ("V-OTHER-PAYER-GROUP", paid_before(adjustments=(PayerAdjustment(1, "ZZ", "45", 100),))),
    ("V-MEMBER-UNKNOWN", replace(GOOD, member=NOBODY)),
    ("V-COVERAGE-NONE", replace(GOOD, member=replace(GOOD.member, member_id="NEVER"))),
    ("V-PROVIDER-UNKNOWN", replace(GOOD, provider=UNKNOWN_PROVIDER)),
]
NEVER = replace(member("NEVER"), coverages=())

TAKEN: list[tuple[str, SubmittedClaim]] = [
    # case, claim
    ("as many lines as there may be", claim(*GOOD.lines * 999)),
    ("ten years ago to the day", moved_to(OLD + 1)),
    ("services three days before the admission", replace(STAY, admission_date=DAY + 3, discharge_date=DAY + 5)),
    (
        "an outpatient claim around its days",
        replace(STAY, service_type="outpatient", admission_date=DAY + 9, discharge_date=None),
    ),
    ("a line that points to no diagnosis", with_line(diagnosis_pointers=())),
    ("a line that points to a diagnosis twice", with_line(diagnosis_pointers=(1, 1))),
    (
        "a payer that paid above the charge",
        paid_before(adjustments=(PayerAdjustment(1, "OA", "94", -500),), lines=(PayerLine(1, 15500),)),
    ),
    ("a line that charges nothing", claim(line(0))),
]


def front(**changes: Any) -> Driver:
    """The front end alone."""
    return world(stages=FRONT, members=[NEVER], **changes)


def sent(chain: Driver, given: SubmittedClaim) -> list[Envelope]:
    """What leaves for the next stage, of all that was sent so far."""
    chain.pipe(topics.CLAIMS_SUBMITTED, given.root_id, given)
    envelopes: list[Envelope] = chain.read(topics.CLAIMS_VALIDATED)
    return envelopes


def rejection(given: SubmittedClaim) -> RejectedClaim:
    """What leaves by the front end's door, and by no other."""
    chain = front()
    assert sent(chain, given) == []
    (rejected,) = chain.read(topics.CLAIMS_REJECTED)
    return rejected  # type: ignore[no-any-return]


@pytest.mark.parametrize(("code", "given"), REJECTIONS)
def test_rejected_with_its_code(code: str, given: SubmittedClaim) -> None:
    findings = rejection(given).findings
    assert code in [finding.code for finding in findings]
    assert all(finding.place and finding.text for finding in findings)


@pytest.mark.parametrize("given", [pytest.param(row[1], id=row[0]) for row in TAKEN])
def test_taken(given: SubmittedClaim) -> None:
    chain = front()
    (envelope,) = sent(chain, given)
    assert (envelope.kind, envelope.version, envelope.undoes) == ("claim", 1, None)
    assert [move.substatus for move in envelope.moves] == ["accepted"]


def test_all_findings_come_at_once() -> None:
    bad = replace(with_line(charge=-1, service_code="1"), member=NOBODY, provider=UNKNOWN_PROVIDER, currency="ZZZ")
    codes = {finding.code for finding in rejection(bad).findings}
    expected = {
        "V-LINE-CHARGE",
        "V-CODE-FORMAT",
        "V-MEMBER-UNKNOWN",
        "V-PROVIDER-UNKNOWN",
        "V-CURRENCY",
        "V-TOTAL-CHARGE",
    }
    assert codes == expected


DEAD: list[tuple[str, str, SubmittedClaim]] = [
    # code, key, claim
    ("wrong_key", "other", GOOD),
    ("bad_time", GOOD.root_id, replace(GOOD, accepted_at=-(10**17))),
    ("bad_date", GOOD.root_id, replace(GOOD, service_from=-(2**31))),
    ("bad_date", GOOD.root_id, replace(GOOD, service_to=2**31 - 1)),
    ("too_many_lines", GOOD.root_id, replace(GOOD, lines=GOOD.lines * 1000)),
    ("bad_time", GOOD.root_id, replace(GOOD, accepted_at=(DAY_MAX + 1) * MILLISECONDS_A_DAY)),
    ("bad_date", GOOD.root_id, replace(GOOD, service_to=DAY_MAX + 1)),
    ("bad_claim_id", "no", replace(GOOD, root_id="no", frequency_code="7")),
    ("bad_claim_id", "not-a-uuid", replace(GOOD, claim_id="not-a-uuid", root_id="not-a-uuid")),
]


@pytest.mark.parametrize(("code", "key", "given"), DEAD)
def test_set_aside(code: str, key: str, given: SubmittedClaim) -> None:
    chain = front()
    chain.pipe(topics.CLAIMS_SUBMITTED, key, given)
    (letter,) = chain.read("claims.submitted.dlq")
    assert (letter.code, letter.stage) == (code, "validate")


def test_the_same_again_is_a_repeat_whenever_and_however_it_comes() -> None:
    chain = front()
    sent(chain, GOOD)
    again = replace(GOOD, channel="edi", correlation_id="other", accepted_at=GOOD.accepted_at + MILLISECONDS_A_DAY)
    first, second = sent(chain, again)
    assert (second.kind, second.version, second.coverage_id, second.release) == ("repeat", 1, "FAM", first.release)
    assert (second.moves, second.claim_number) == ((), first.claim_number)


def test_other_content_under_the_id_of_an_accepted_claim_is_a_conflict() -> None:
    chain = front()
    sent(chain, GOOD)
    sent(chain, claim(line(20000)))
    (letter,) = chain.read("claims.submitted.dlq")
    assert isinstance(letter, DeadLetter)
    assert letter.code == "conflict"


def test_a_rejected_claim_may_come_again_mended() -> None:
    chain = front()
    assert sent(chain, replace(GOOD, total_charge=1)) == []
    (envelope,) = sent(chain, GOOD)
    assert envelope.kind == "claim"


def test_a_claim_whose_plan_has_no_version_on_the_day_is_still_in_its_currency() -> None:
    chain = world(replace(PLAN, effective_from=DAY + 5), stages=FRONT)
    assert sent(chain, replace(GOOD, currency="IDR")) == []
    assert len(sent(chain, GOOD)) == 1


def test_providers_are_found_by_identifier() -> None:
    npis = (Identifier("npi", "0000000000"), Identifier("npi", "1234567893"))
    (envelope,) = sent(front(), replace(GOOD, provider=ProviderReference(None, npis, None)))
    assert envelope.validated is not None
    assert envelope.validated.provider_id == "P1"


def test_members_are_found_by_identifier() -> None:
    named = MemberReference(None, (Identifier("nik", "N-none"), Identifier("nik", "N-M2")), None, None, None, None)
    (envelope,) = sent(front(), replace(GOOD, member=named))
    assert envelope.validated is not None
    assert envelope.validated.member_id == "M2"


def test_reimbursement_takes_an_unknown_provider() -> None:
    given = replace(GOOD, settlement="reimbursement", payee=Payee("Name", None, None), provider=UNKNOWN_PROVIDER)
    (envelope,) = sent(front(), given)
    assert envelope.validated is not None
    assert envelope.validated.provider_id is None


WARNINGS: list[tuple[str, SubmittedClaim]] = [
    # code of the warning, claim
    (
        "V-NPI-CHECK-DIGIT",
        replace(GOOD, provider=replace(GOOD.provider, identifiers=(Identifier("npi", "1234567890"),))),
    ),
    ("V-MEMBER-BIRTH-DATE", replace(GOOD, member=replace(GOOD.member, birth_date=1))),
    ("V-MEMBER-SEX", replace(GOOD, member=replace(GOOD.member, sex="M"))),
]


@pytest.mark.parametrize(("code", "given"), WARNINGS)
def test_warned_and_taken(code: str, given: SubmittedClaim) -> None:
    (envelope,) = sent(front(), given)
    assert envelope.validated is not None
    assert [warning.code for warning in envelope.validated.warnings] == [code]


@pytest.mark.parametrize("named", [{"birth_date": 0, "sex": "F"}, {"sex": "U"}, {}])
def test_what_agrees_with_our_record_is_no_warning(named: dict[str, Any]) -> None:
    (envelope,) = sent(front(), replace(GOOD, member=replace(GOOD.member, **named)))
    assert envelope.validated is not None
    assert envelope.validated.warnings == ()


COVERAGES: list[tuple[str, int, str]] = [
    # case, day of service, coverage that the claim goes to
    ("in the first", DAY - 20, "A"),
    ("on the last day of the first", DAY - 10, "A"),
    ("in the second", DAY, "B"),
    ("in the gap between", DAY - 8, "A"),
    ("after both", DAY + 10, "B"),
    ("before both", DAY - 50, "A"),
]


@pytest.mark.parametrize(("day", "coverage"), [pytest.param(*row[1:], id=row[0]) for row in COVERAGES])
def test_the_coverage_that_a_claim_belongs_to(day: int, coverage: str) -> None:
    first, second = member("X1", "A", DAY - 30, DAY - 10), member("X1", "B", DAY - 5, DAY + 5)
    person = replace(first, coverages=(*first.coverages, *second.coverages))
    chain = world(replace(PLAN, effective_from=YEAR[0] - 100), members=[person], stages=FRONT)
    (envelope,) = sent(chain, moved_to(day, claim(line(15000), member_id="X1")))
    assert envelope.coverage_id == coverage
