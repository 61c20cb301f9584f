"""The front end: what is rejected, with every finding at once; what is set aside; what is a repeat."""

from dataclasses import replace
from typing import Any

import pytest

from schemas import topics
from schemas.claim import Diagnosis, Identifier, MemberReference, ProviderReference, SubmittedClaim
from schemas.decision import RejectedClaim
from schemas.events import DeadLetter
from tests.agents.world import DAY, PLAN, authorization, claim, line, submit, world

GOOD = claim(line(15000))
NOBODY = MemberReference(None, (Identifier("nik", "N-unknown"),), None, None, None, None)
UNKNOWN_PROVIDER = ProviderReference(None, (Identifier("npi", "0000000000"),), None)


def with_line(**changes: Any) -> SubmittedClaim:
    """The good claim with its line changed."""
    return replace(GOOD, lines=(replace(GOOD.lines[0], **changes),))


REJECTIONS: list[tuple[str, SubmittedClaim]] = [
    # code of the finding, claim
    ("V-FREQUENCY-UNSUPPORTED", replace(GOOD, frequency_code="7", original_reference="X")),
    ("V-FREQUENCY-UNSUPPORTED", replace(GOOD, frequency_code="8", original_reference="X")),
    ("V-FREQUENCY", replace(GOOD, frequency_code="2")),
    ("V-CURRENCY", replace(GOOD, currency="ZZZ")),
    ("V-CURRENCY-OF-PLAN", replace(GOOD, currency="IDR")),
    ("V-SERVICE-DATES", replace(GOOD, service_to=DAY - 1)),
    ("V-SERVICE-FUTURE", replace(GOOD, service_to=DAY + 11)),
    ("V-BIRTH-DATE", replace(GOOD, member=replace(GOOD.member, birth_date=DAY + 1))),
    ("V-DISCHARGE", replace(GOOD, admission_date=DAY, discharge_date=DAY - 1)),
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
    ("V-MEMBER-UNKNOWN", replace(GOOD, member=NOBODY)),
    ("V-PROVIDER-UNKNOWN", replace(GOOD, provider=UNKNOWN_PROVIDER)),
]


def rejection(given: SubmittedClaim) -> RejectedClaim:
    """What leaves by the front end's door, and by no other."""
    chain = world()
    assert submit(chain, given) is None
    (rejected,) = chain.read(topics.CLAIMS_REJECTED)
    assert not chain.outputs[topics.CLAIMS_VALIDATED]
    return rejected  # type: ignore[no-any-return]


@pytest.mark.parametrize(("code", "given"), REJECTIONS)
def test_rejected_with_its_code(code: str, given: SubmittedClaim) -> None:
    findings = rejection(given).findings
    assert code in [finding.code for finding in findings]
    assert all(finding.place and finding.text for finding in findings)


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
    ("bad_claim_id", "not-a-uuid", replace(GOOD, claim_id="not-a-uuid", root_id="not-a-uuid")),
]


@pytest.mark.parametrize(("code", "key", "given"), DEAD)
def test_set_aside(code: str, key: str, given: SubmittedClaim) -> None:
    chain = world()
    chain.pipe(topics.CLAIMS_SUBMITTED, key, given)
    (letter,) = chain.read("claims.submitted.dlq")
    assert (letter.code, letter.stage) == (code, "validate")


def test_other_content_under_the_id_of_an_accepted_claim_is_a_conflict() -> None:
    chain = world()
    submit(chain, GOOD)
    submit(chain, claim(line(20000)))
    (letter,) = chain.read("claims.submitted.dlq")
    assert isinstance(letter, DeadLetter)
    assert letter.code == "conflict"


def test_a_rejected_claim_may_come_again_mended() -> None:
    chain = world()
    assert submit(chain, replace(GOOD, total_charge=1)) is None
    decision = submit(chain, GOOD)
    assert decision is not None
    assert decision.substatus == "approved"


def test_members_are_found_by_identifier() -> None:
    named = MemberReference(None, (Identifier("nik", "N-none"), Identifier("nik", "N-M2")), None, None, None, None)
    decision = submit(world(), replace(GOOD, member=named))
    assert decision is not None
    assert decision.member_id == "M2"


def test_reimbursement_takes_an_unknown_provider() -> None:
    from schemas.claim import Payee

    given = replace(GOOD, settlement="reimbursement", payee=Payee("Name", None, None), provider=UNKNOWN_PROVIDER)
    decision = submit(world(), given)
    assert decision is not None
    assert (decision.provider_id, decision.allowed) == (None, 7500), "out of network"


def test_a_wrong_check_digit_of_an_npi_is_a_warning() -> None:
    named = replace(GOOD.provider, identifiers=(Identifier("npi", "1234567890"),))
    chain = world()
    submit(chain, replace(GOOD, provider=named))
    (envelope,) = chain.read(topics.CLAIMS_VALIDATED)
    assert [warning.code for warning in envelope.validated.warnings] == ["V-NPI-CHECK-DIGIT"]


AUTHORIZATIONS: list[tuple[str, str, dict[str, Any]]] = [
    # code, key, changes
    ("wrong_key", "M2", {}),
    ("bad_state", "M1", {"state": "maybe"}),
    ("unknown_member", "M99", {"member_id": "M99"}),
]


@pytest.mark.parametrize(("code", "key", "changes"), AUTHORIZATIONS)
def test_authorizations_set_aside(code: str, key: str, changes: dict[str, Any]) -> None:
    chain = world(PLAN)
    chain.pipe(topics.AUTHORIZATION_EVENTS, key, authorization(**changes))
    (letter,) = chain.read("authorization.events.dlq")
    assert letter.code == code
