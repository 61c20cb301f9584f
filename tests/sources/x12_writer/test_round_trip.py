"""What is written is read back: the same claim, of every form, with all its parts."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.claim import SubmittedClaim
from schemas.vocabulary import Form
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
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
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
@given(
    st.lists(
        st.sampled_from(FORMS).flatmap(claims),
        min_size=1,
        max_size=4,
        unique_by=lambda claim: claim.claim_control_number,
    )
)
def test_a_file_holds_claims_of_all_forms_in_their_order(made: list[SubmittedClaim]) -> None:
    assert read(written(made)) == (made, [])


@QUICK
@given(claims("professional"))
def test_a_value_may_hold_what_separates_in_other_files(claim: SubmittedClaim) -> None:
    claim = replace(
        claim,
        referral_number="A*B:C^D~E",
        attributes={**claim.attributes, "note.ADD": "50%25 at 10%3A30 %2A %5E ~", "patient.ref.Y4": "1%3A2*X:Y"},
    )
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
