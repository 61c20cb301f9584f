"""What is written is read back: the same claim, of every form, with all its parts."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.intake import told_apart, with_ids
from schemas.vocabulary import Form
from sources.generate.claims import claims as claims_of
from sources.generate.spec import Spec
from sources.x12.claim import ClaimRead, Terms
from sources.x12.findings import EdiFinding
from sources.x12.reader import read_file
from sources.x12_writer.envelope import Envelope
from sources.x12_writer.segment import Separators
from sources.x12_writer.write import unwritten, write
from tests.sources.x12_writer.strategies import claims

ENVELOPE = Envelope("SENDER", "RECEIVER", at=1_780_000_000_000)
TERMS = Terms("USD", None, lambda: 0, lambda number: "")
FORMS: tuple[Form, ...] = ("professional", "institutional", "dental")
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read(data: bytes) -> tuple[list[SubmittedClaim | None], list[str]]:
    """The claims of a file, and the codes of findings on the file itself."""
    found = list(read_file(BytesIO(data), TERMS))
    made = [one.claim or one.predetermination for one in found if isinstance(one, ClaimRead)]
    return made, [one.code for one in found if isinstance(one, EdiFinding)]


def written(made: list[SubmittedClaim], envelope: Envelope = ENVELOPE) -> bytes:
    return b"".join(write(made, envelope))


@pytest.mark.parametrize("form", FORMS)
@QUICK
@given(data=st.data())
def test_read_and_written_are_the_same_claim(form: Form, data: st.DataObject) -> None:
    claim = data.draw(claims(form))
    assert unwritten(claim) == []
    assert read(written([claim])) == ([claim], [])


@settings(QUICK, max_examples=15)
@given(st.tuples(*map(claims, FORMS)))
def test_a_file_holds_claims_of_all_forms_in_their_order(made: tuple[SubmittedClaim, ...]) -> None:
    assume(len({claim.claim_control_number for claim in made}) == len(made))
    assert read(written(list(made))) == (list(made), [])


@QUICK
@given(claims("professional"))
def test_a_value_may_hold_what_separates_in_other_files(claim: SubmittedClaim) -> None:
    changed = replace(
        claim,
        referral_number="A*B:C^D~E",
        attributes={**claim.attributes, "note.ADD": "50%25 at 10%3A30 %2A %5E ~", "patient.ref.Y4": "1%3A2*X:Y"},
    )
    claim = told_apart(with_ids(changed))
    separators = Separators("\x1d", "\x1f", "\x1e", "\x1c")
    assert read(written([claim], replace(ENVELOPE, separators=separators))) == ([claim], [])


@pytest.mark.shared_data
def test_public_samples_are_written_as_they_were_read(shared_data: Path) -> None:
    seen = 0
    for path in sorted((shared_data / "x12").rglob("*")):
        if not path.is_file() or "ncpdp" in path.parts:
            continue
        for claim in read(path.read_bytes())[0]:
            if claim is None:
                continue
            assert unwritten(claim) == [], path.name
            assert read(written([claim]))[0] == [claim], f"{path.name}: {claim.claim_control_number}"
            seen += 1
    assert seen > 250


HOSTILE = """
    ref. date. date.472 amount. segment. segment.ST segment.SE segment.HL segment.LX clm.0 clm.99999 cl1.x sbr.x sv1.01
    hi. party. party.X .nm1 a.nm1 rendering.2.nm1 other_payer.1. other_payer.1.adjustments other_payer.1.nm1
    attachment.1 insured.nm1 discharge_hour admission_hour onset_date patient.address patient.status forms
    patient.death_date
    patient.weight subscriber.number relationship_code present_on_admission drg_details transaction_type
"""
KEYS = st.one_of(st.text(max_size=12), st.sampled_from(HOSTILE.split()))
ATTRIBUTES = st.dictionaries(KEYS, st.text(max_size=20), max_size=8)


@QUICK
@given(st.sampled_from(FORMS).flatmap(claims), ATTRIBUTES, ATTRIBUTES)
def test_no_attribute_whatever_takes_a_claim_apart(
    claim: SubmittedClaim, of_claim: dict[str, str], of_line: dict[str, str]
) -> None:
    """Claims of other doors have attributes of their own: what is paid for is read back all the same."""
    first, *rest = claim.lines
    lines = (replace(first, attributes={**first.attributes, **of_line}), *rest)
    [found], _ = read(written([replace(claim, attributes={**claim.attributes, **of_claim}, lines=lines)]))
    assert found is not None
    assert (found.total_charge, found.root_id, found.form) == (claim.total_charge, claim.root_id, claim.form)
    assert (found.claim_control_number, found.submitter_id) == (claim.claim_control_number, claim.submitter_id)
    assert [billed(line) for line in found.lines] == [billed(line) for line in lines]


def billed(line: ClaimLine) -> tuple[object, ...]:
    return line.line_number, line.service_code, line.modifiers, line.charge, line.units_milli, line.service_from


@pytest.mark.parametrize("form", FORMS)
def test_claims_of_other_doors_keep_what_is_billed(form: Form) -> None:
    for claim in claims_of(Spec(members=500, count=60, form=form)):
        [found], _ = read(written([claim]))
        assert found is not None
        kept = (
            "claim_control_number",
            "currency",
            "total_charge",
            "service_from",
            "service_to",
            "diagnoses",
            "bill_type",
        )
        for name in kept if claim.currency == "USD" else kept[:5]:
            assert getattr(found, name) == getattr(claim, name), name
        assert [billed(line) for line in found.lines] == [billed(line) for line in claim.lines]
