"""What earlier payers did: loops 2320, 2330 and 2430."""

from tests.sources.x12.small import BILLING, CLAIM, LINES, SUBSCRIBER, file_of, one, read

FIRST = (
    "SBR*P*18*GRP-9******CI",
    "CAS*PR*1*20*1*2*30",
    "AMT*D*60.50",
    "AMT*EAF*5",
    "OI***Y***Y",
    "MOA***MA01",
    "NM1*IL*1*CARTER*JAMES****MI*X1",
    "N3*1 ROAD",
    "NM1*PR*2*FIRST HEALTH*****PI*FIRST",
    "DTP*573*D8*20260520",
    "REF*F8*ICN-1",
)
SECOND = ("SBR*S*01*******MB", "AMT*D*10", "AMT*B6*90", "NM1*PR*2*SECOND*****XV*SECOND", "NM1*82*1", "REF*G2*77")
DECIDED = (
    *LINES[:3],
    "SVD*FIRST*40*HC:99213**1",
    "CAS*CO*45*10*2",
    "DTP*573*D8*20260519",
    "SVD*SECOND*7*HC:99213**1",
    "CAS*PR*3*3",
    *LINES[3:],
    "SVD*FIRST*20.50*HC:85025**1*2",
    "AMT*EAF*1",
)


def payers(*lines: str) -> bytes:
    return file_of(*BILLING, *SUBSCRIBER, *CLAIM, *FIRST, *SECOND, *lines)


def test_what_payers_paid_and_allowed() -> None:
    first, second = one(payers(*DECIDED)).other_payers
    assert (first.payer_id, first.sequence, first.paid, first.allowed) == ("FIRST", 1, 6050, None)
    assert (second.payer_id, second.sequence, second.paid, second.allowed) == ("SECOND", 2, 1000, 9000)
    assert [(line.line_number, line.paid) for line in first.lines] == [(1, 4000), (2, 2050)]
    assert [(line.line_number, line.paid) for line in second.lines] == [(1, 700)]
    assert [(a.line_number, a.group, a.reason, a.amount) for a in first.adjustments] == [
        (None, "PR", "1", 2000),
        (None, "PR", "2", 3000),
        (1, "CO", "45", 1000),
    ]
    assert [(a.line_number, a.reason) for a in second.adjustments] == [(1, "3")]


def test_what_has_no_field_of_its_own() -> None:
    claim = one(payers(*DECIDED))
    assert claim.attributes.items() >= {
        "other_payer.1.subscriber": "P*18*GRP-9******CI", "other_payer.1.amount.EAF": "5",
        "other_payer.1.insurance": "**Y***Y", "other_payer.1.outpatient_remarks": "**MA01",
        "other_payer.1.insured.nm1": "1*CARTER*JAMES****MI*X1", "other_payer.1.insured.address": "1 ROAD",
        "other_payer.1.name": "FIRST HEALTH", "other_payer.1.paid_date": "2026-05-20",
        "other_payer.1.ref.F8": "ICN-1", "other_payer.2.id_qualifier": "XV", "other_payer.2.rendering.nm1": "1",
        "other_payer.2.rendering.ref.G2": "77",
    }.items()  # fmt: skip
    one_line, two = claim.lines
    assert one_line.attributes == {
        "other_payer.1.decision": "HC:99213**1", "other_payer.1.adjustments": "CO*45*10*2",
        "other_payer.1.paid_date": "2026-05-19", "other_payer.2.decision": "HC:99213**1",
    }  # fmt: skip
    assert two.attributes == {"other_payer.1.decision": "HC:85025**1*2", "other_payer.1.amount.EAF": "1"}


def test_quantities_of_adjustments_are_kept_beside_the_fields() -> None:
    assert one(payers(*DECIDED)).attributes["other_payer.1.adjustments"] == "PR*1*20*1*2*30"
    plain = payers(*DECIDED).replace(b"CAS*PR*1*20*1*2*30", b"CAS*PR*1*20**2*30")
    assert "other_payer.1.adjustments" not in one(plain).attributes
    assert one(plain).other_payers[0].adjustments == one(payers(*DECIDED)).other_payers[0].adjustments


def test_a_payer_that_decided_twice_on_a_line() -> None:
    claim = one(payers(*LINES[:3], "SVD*FIRST*40*HC:1**1", "SVD*FIRST*2*HC:2**1", "CAS*CO*45*1", *LINES[3:]))
    assert [line.paid for line in claim.other_payers[0].lines] == [4000, 200]
    assert claim.lines[0].attributes["other_payer.1.2.decision"] == "HC:2**1"


def test_a_decision_of_a_payer_that_the_claim_does_not_have() -> None:
    data = payers(*LINES[:3], "SVD*THIRD*40*HC:1**1", "CAS*CO*45*1", *LINES[3:])
    claim = one(data)
    assert [payer.lines for payer in claim.other_payers] == [(), ()]
    assert claim.lines[0].attributes == {"segment.SVD": "THIRD*40*HC:1**1", "segment.CAS": "CO*45*1"}
    assert read(data)[1] == ["PAYER_UNKNOWN"]


def test_a_decision_without_any_other_payer() -> None:
    data = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES, "SVD*FIRST*40*HC:1**1")
    assert one(data).lines[1].attributes == {"segment.SVD": "FIRST*40*HC:1**1"}
    assert read(data)[1] == ["PAYER_UNKNOWN"]


def test_a_payer_without_an_identifier() -> None:
    data = file_of(*BILLING, *SUBSCRIBER, *CLAIM, "SBR*P*18", "NM1*PR*2*FIRST", *LINES)
    assert one(data).other_payers[0].payer_id == ""
    assert read(data)[1] == ["PAYER_ID"]


def test_more_payers_than_a_claim_may_have() -> None:
    many = [segment for number in range(11) for segment in ("SBR*P*18", f"NM1*PR*2*P*****PI*P{number}")]
    [found], codes = read(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *many, *LINES))
    assert found.claim is None
    assert codes == ["PAYERS_MANY"]
