"""Nothing of a claim is left out in silence, and nothing in it grows over its limit, whatever a sender repeats."""

import pytest

from config.limits import DIAGNOSES_MAX, TEXT_CHARACTERS_MAX
from schemas.claim import SubmittedClaim
from tests.sources.x12.small import BILLING, CLAIM, LINES, SUBSCRIBER, file_of, read

OTHER = ("SBR*S*18*******CI", "AMT*D*5", "NM1*IL*1*CARTER*JAMES****MI*X1", "NM1*PR*2*OTHER*****PI*O1")
# Adjustments with quantities, six reasons each, none of them long.
ADJUSTED = tuple(f"CAS*CO*{'*'.join(f'{place}{reason}*1.25*2' for reason in '123456')}" for place in range(10, 50))


def only(data: bytes) -> tuple[SubmittedClaim, list[str]]:
    """The one claim of a file, and its findings."""
    [found], codes = read(data)
    assert found.claim is not None
    return found.claim, codes


def test_many_adjustments_are_all_kept_within_the_limit_of_a_text() -> None:
    claim, codes = only(file_of(*BILLING, *SUBSCRIBER, *CLAIM, OTHER[0], *ADJUSTED, *OTHER[1:], *LINES))
    assert len(claim.other_payers[0].adjustments) == 6 * len(ADJUSTED)
    told = [value for key, value in claim.attributes.items() if key.startswith("other_payer.1.adjustments")]
    assert "^".join(told) == "^".join(one.removeprefix("CAS*") for one in ADJUSTED)
    assert max(map(len, told)) <= TEXT_CHARACTERS_MAX
    assert codes == []


def test_many_adjustments_of_a_line_are_all_kept_within_the_limit_of_a_text() -> None:
    claim, codes = only(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *OTHER, *LINES, "SVD*O1*5**1", *ADJUSTED))
    told = [value for key, value in claim.lines[1].attributes.items() if key.startswith("other_payer.1.adjustments")]
    assert "^".join(told) == "^".join(one.removeprefix("CAS*") for one in ADJUSTED)
    assert max(map(len, told)) <= TEXT_CHARACTERS_MAX
    assert codes == []


def test_a_long_text_is_cut_in_every_currency() -> None:
    long = f"NTE*ADD*{'%' * 900}"
    billing = (BILLING[0], "CUR*85*SGD", *BILLING[1:])
    claim, codes = only(file_of(*billing, *SUBSCRIBER, *CLAIM, long, *LINES))
    assert claim.currency == "SGD"
    assert max(map(len, claim.attributes.values())) == TEXT_CHARACTERS_MAX
    assert codes == ["ELEMENT_LONG"]


@pytest.mark.parametrize(
    ("billing", "subscriber", "kept"),
    [
        (("REF*G5*1", "REF*G6*2"), (), {"segment.REF": "G5*1^G6*2"}),
        ((), ("SBR*S*18", "SBR*T*18"), {"segment.SBR": "S*18^T*18"}),
        (("REF*G5*1",), ("REF*G6*2",), {"segment.REF": "G5*1^G6*2"}),
        (
            ("PRV*BI*PXC*207Q00000X", "PRV*BI*PXC*208D00000X"), (),
            {"billing.taxonomy": "207Q00000X", "segment.PRV": "BI*PXC*208D00000X"},
        ),
    ],
)  # fmt: skip
def test_what_a_level_repeats_is_kept(
    billing: tuple[str, ...], subscriber: tuple[str, ...], kept: dict[str, str]
) -> None:
    levels = (BILLING[0], *billing, *BILLING[1:], *SUBSCRIBER[:2], *subscriber, *SUBSCRIBER[2:])
    claim, _ = only(file_of(*levels, *CLAIM, *LINES))
    assert kept.items() <= claim.attributes.items()


def test_a_second_taxonomy_of_a_provider_is_kept() -> None:
    rendering = ("NM1*82*1*STONE*ANN****XX*1234567893", "PRV*PE*PXC*207Q00000X", "PRV*PE*PXC*208D00000X")
    claim, _ = only(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *rendering, *LINES))
    assert claim.attributes["rendering.taxonomy"] == "207Q00000X"
    assert claim.attributes["rendering.specialty"] == "PE*PXC*208D00000X"


@pytest.mark.parametrize("text", ["1_00", "\uff11\uff10\uff10", "1,00", "1 00"])
def test_what_is_a_number_to_a_computer_alone_is_no_amount_and_no_units(text: str) -> None:
    line = ("LX*1", f"SV1*HC:99213*{text}*UN*{text}*11**1", "DTP*472*D8*20260511")
    claim, codes = only(file_of(*BILLING, *SUBSCRIBER, f"CLM*A-1*{text}***11:B:1", CLAIM[2], *line))
    assert (claim.total_charge, claim.lines[0].charge, claim.lines[0].units_milli) == (0, 0, 1000)
    assert sorted(set(codes)) == ["AMOUNT", "UNITS"]


def test_indicators_of_diagnoses_end_where_the_diagnoses_do() -> None:
    many = tuple(f"HI*{'*'.join(['ABF:I10:::::::Y'] * 12)}" for _ in range(100))
    claim, codes = only(file_of(*BILLING, *SUBSCRIBER, CLAIM[0], "HI*ABK:J069", *many, *LINES))
    assert len(claim.diagnoses) == DIAGNOSES_MAX
    assert claim.attributes["present_on_admission"] == "^Y" * (DIAGNOSES_MAX - 1)
    assert codes == ["DX_MANY"]


def test_a_patient_whose_subscriber_is_closed_is_not_given_to_another_family() -> None:
    other = (
        "HL*3*1*22*0",
        *(one.replace("JAMES", "RICK").replace("ACM0000001", "ACM0000002") for one in SUBSCRIBER[1:]),
    )
    child = ("HL*4*2*23*0", "PAT*19", "NM1*QC*1*CARTER*KID", "DMG*D8*20150214*M")
    later = ("CLM*A-2*150***11:B:1", *CLAIM[1:])
    levels = (*BILLING, *SUBSCRIBER, *CLAIM, *LINES, *other, *child)
    found, codes = read(file_of(*levels, *later, *LINES))
    assert codes == ["HL_PARENT", "NO_BILLING_NPI", "NO_SUBSCRIBER"]
    assert found[1].claim is not None
    assert found[1].claim.member.identifiers == ()
    assert not any(key.startswith("subscriber.") for key in found[1].claim.attributes)
