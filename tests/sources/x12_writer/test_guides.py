"""Files that are written pass the maps of pyx12: professional and institutional, also after another payer."""

from dataclasses import replace
from io import StringIO

import pytest
from pyx12.params import params
from pyx12.x12n_document import x12n_document

from schemas.claim import SubmittedClaim
from schemas.decision import DecidedLine, Decision
from schemas.envelope import Adjustment
from schemas.vocabulary import Form
from sources.generate.claims import claims
from sources.generate.dressed import dressed
from sources.generate.spec import Spec
from sources.x12_writer.envelope import Envelope
from sources.x12_writer.onward import NamedPayer, onward
from sources.x12_writer.write import write
from tests.sources.x12_writer.test_round_trip import read, written

# pyx12 has no map of 005010X224A2.
MAPPED: tuple[Form, ...] = ("professional", "institutional")
FORMS: tuple[Form, ...] = (*MAPPED, "dental")
ACME, NEXT, LAST = NamedPayer("ACME", "ACME HEALTH"), NamedPayer("NEXT", "NEXT PLAN"), NamedPayer("LAST", "LAST PLAN")


def made(form: Form, count: int = 20) -> list[SubmittedClaim]:
    return [dressed(claim) for claim in claims(Spec(members=300, count=count, form=form, currency="USD", repeated=0))]


def judged(data: bytes) -> tuple[bool, str]:
    """Whether pyx12 finds the file valid, and its acknowledgement."""
    answer = StringIO()
    valid = x12n_document(params(), StringIO(data.decode()), answer, None)
    return valid, answer.getvalue()


@pytest.mark.parametrize("form", MAPPED)
def test_generated_claims_pass_the_map_of_their_guide(form: Form) -> None:
    valid, answer = judged(written(made(form)))
    assert valid, answer
    assert "IK5*A~" in answer


def test_the_map_would_notice_a_fault() -> None:
    data = written(made("professional", 2)).replace(b"DTP*472*", b"DTP*999*", 1)
    assert not judged(data)[0]


@pytest.mark.parametrize("form", FORMS)
def test_generated_claims_are_read_as_they_were_written_and_without_findings(form: Form) -> None:
    claims_made = made(form)
    found, codes = read(written(claims_made))
    assert codes == []
    for claim, back in zip(claims_made, found, strict=True):
        assert back is not None
        same = replace(claim, channel="edi", correlation_id="", accepted_at=0, service_type=back.service_type)
        assert back == same


def decision_of(claim: SubmittedClaim) -> Decision:
    """Half of each line is paid, a tenth is the patient's."""
    lines = []
    for line in claim.lines:
        shared, paid = line.charge // 10, line.charge // 2
        rest = Adjustment("CO", "45", line.charge - shared - paid, "test", None)
        adjustments = (rest, Adjustment("PR", "2", shared, "test", None))
        lines.append(
            DecidedLine(
                line.line_number, line.service_code, line.code_system, None, line.modifiers, line.units_milli, "passed",
                None, line.charge, shared + paid, paid, shared, adjustments, (),
            )
        )  # fmt: skip
    paid, shared = sum(line.paid for line in lines), sum(line.member_share for line in lines)
    return Decision(
        claim.claim_id, "CLM-1", claim.root_id, 1, 1, "approved", "approved", "C1", "M1", "P1", "PLAN",
        claim.submitter_id,
        claim.form, claim.settlement, claim.service_type, claim.currency, claim.service_from, claim.service_to, "edi",
        "c", 0, 1, claim.total_charge, paid + shared, paid, shared, tuple(lines), (), (),
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_what_we_decided_goes_on_to_the_next_payer(form: Form) -> None:
    [claim] = made(form, 1)
    decision = decision_of(claim)
    once = onward(claim, decision, ACME, NEXT, claim.service_to + 20)
    assert (once.payer_id, once.claim_control_number) == ("NEXT", claim.claim_control_number)
    [ours] = once.other_payers
    assert (ours.payer_id, ours.sequence, ours.paid) == ("ACME", 1, decision.paid)
    # Line by line, what was billed is what was paid and adjusted.
    for line in claim.lines:
        paid = [one.paid for one in ours.lines if one.line_number == line.line_number]
        adjusted = [one.amount for one in ours.adjustments if one.line_number == line.line_number]
        assert sum(paid) + sum(adjusted) == line.charge
    twice = onward(once, decision, NEXT, LAST, claim.service_to + 40)
    assert [payer.payer_id for payer in twice.other_payers] == ["ACME", "NEXT"]
    assert twice.attributes["payer_responsibility"] == "T"
    for one in (once, twice):
        [back], codes = read(written([one]))
        assert codes == []
        assert back is not None
        assert back.other_payers == one.other_payers
        assert [line.attributes for line in back.lines] == [line.attributes for line in one.lines]
        if form in MAPPED:
            valid, answer = judged(written([one]))
            assert valid, answer


def test_more_payers_than_x12_has_places_for_are_refused() -> None:
    [claim] = made("professional", 1)
    decision = decision_of(claim)
    for number in range(10):
        claim = onward(claim, decision, NamedPayer(f"P{number}", "ONE"), NEXT, claim.service_to)
    with pytest.raises(ValueError, match="places for 11 payers"):
        onward(claim, decision, ACME, NEXT, claim.service_to)


def test_the_same_claims_make_the_same_file() -> None:
    envelope = Envelope("S", "R", at=0)
    assert list(write(made("dental"), envelope)) == list(write(made("dental"), envelope))
