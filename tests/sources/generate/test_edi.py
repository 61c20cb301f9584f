"""Generated claims as files of X12: valid people and providers, plausible bills, the same bytes for the same spec."""

from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from agents.rules.front_end import findings_of
from schemas.claim import SubmittedClaim
from schemas.identity import npi_check_digit_fits
from schemas.vocabulary import Form
from sources.generate.claims import claims
from sources.generate.dressed import dressed
from sources.generate.spec import Spec
from sources.generate.written import FORMS, write_edi
from sources.x12.claim import ClaimRead, Terms
from sources.x12.reader import read_file

SPEC = Spec(seed=5, members=500, count=200, currency="USD")


def made(form: Form) -> list[SubmittedClaim]:
    return [dressed(claim) for claim in claims(replace(SPEC, form=form))]


@pytest.mark.parametrize("form", FORMS.values())
def test_a_file_of_a_form_holds_all_its_claims(form: Form, tmp_path: Path) -> None:
    spec = replace(SPEC, form=form)
    path, again = tmp_path / "claims.edi", tmp_path / "again.edi"
    assert write_edi(path, claims(spec), spec) == 200
    assert write_edi(again, claims(spec), spec) == 200
    assert path.read_bytes() == again.read_bytes()
    terms = Terms("USD", None, lambda: spec.accepted_at, lambda number: "")
    found = list(read_file(BytesIO(path.read_bytes()), terms))
    read = [item for item in found if isinstance(item, ClaimRead)]
    assert len(read) == 200
    assert {item.claim.form for item in read if item.claim} == {form}
    assert [found for item in read if item.claim for found in findings_of(item.claim)] == []
    # Nothing is odd about them: neither patient nor provider, neither dates nor sums.
    assert Counter(finding.code for item in read for finding in item.findings) == {}


def test_another_seed_makes_another_file(tmp_path: Path) -> None:
    first, second = replace(SPEC, form="dental"), replace(SPEC, form="dental", seed=6)
    for spec in (first, second):
        write_edi(tmp_path / f"{spec.seed}.edi", claims(spec), spec)
    assert (tmp_path / "5.edi").read_bytes() != (tmp_path / "6.edi").read_bytes()


def test_a_hospital_bills_by_revenue_code_with_bill_type_status_and_an_attending_doctor() -> None:
    for claim in made("institutional"):
        assert claim.bill_type in ("111", "131")
        assert claim.attributes["patient_status"] == "01"
        assert all(line.revenue_code and len(line.revenue_code) == 4 for line in claim.lines)
        [attending] = claim.other_providers
        assert attending.role == "attending"
        assert npi_check_digit_fits(attending.identifiers[0].value)
        assert (claim.admission_date is None) == ("admission_hour" not in claim.attributes)


def test_a_dentist_names_the_tooth_of_what_is_done_to_one() -> None:
    lines = [line for claim in made("dental") for line in claim.lines]
    assert all((line.tooth is None) == line.service_code.startswith(("D0", "D1")) for line in lines)
    assert all(1 <= int(line.tooth) <= 32 for line in lines if line.tooth)


def test_a_patient_lives_at_one_address_whichever_claim_it_is() -> None:
    addresses: dict[str, set[str]] = {}
    for claim in made("professional"):
        addresses.setdefault(claim.member.identifiers[0].value, set()).add(claim.attributes["patient.address"])
    assert max(map(len, addresses.values())) == 1
    assert len(set.union(*addresses.values())) > 50
