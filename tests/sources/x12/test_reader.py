"""Claims of X12 files: what becomes of each part, and which finding tells what is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.dates import parse_day
from sources.x12.findings import EdiFinding
from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, WHOLE, everything, file_of, one, read

CODEC = Codec()
PATIENT = ("HL*3*2*23*0", "PAT*19", "NM1*QC*1*CARTER*EMMA", "DMG*D8*20101019*F")


def test_a_whole_claim() -> None:
    claim = one(WHOLE)
    assert (claim.submitter_id, claim.claim_control_number, claim.channel) == ("SUB1", "A-1", "edi")
    assert (claim.form, claim.settlement, claim.service_type) == ("professional", "cashless", "outpatient")
    assert (claim.currency, claim.total_charge, claim.payer_id) == ("USD", 15000, "ACME")
    assert [(i.system, i.value) for i in claim.member.identifiers] == [("member_number", "ACM0000001")]
    assert (claim.member.name, claim.member.sex, claim.member.relationship) == ("JAMES CARTER", "M", "self")
    assert [i.value for i in claim.provider.identifiers] == ["1234567893", "123456789"]
    assert [(d.code, d.system, d.role) for d in claim.diagnoses] == [
        ("J069", "icd10cm", "principal"),
        ("I10", "icd10cm", "other"),
    ]
    assert (claim.place_of_service, claim.frequency_code, claim.authorization_number) == ("11", "1", "PA-1")
    assert read(WHOLE)[1] == []


def test_its_lines() -> None:
    first, second = one(WHOLE).lines
    assert (first.service_code, first.modifiers, first.charge, first.units_milli) == ("99213", ("25",), 10000, 1000)
    assert (second.units_milli, second.diagnosis_pointers) == (2500, (1,))
    days = (parse_day("2026-05-12"), parse_day("2026-05-13"))
    assert (second.service_from, second.service_to) == days
    assert one(WHOLE).service_from == first.service_from == parse_day("2026-05-11")


def test_a_patient_who_is_not_the_subscriber_is_nobody_else() -> None:
    claim = one(file_of(*BILLING, *SUBSCRIBER, *PATIENT, *CLAIM, *LINES))
    assert (claim.member.name, claim.member.relationship) == ("EMMA CARTER", "child")
    # The subscriber's number must not find the subscriber as the patient.
    assert [(i.system, i.value) for i in claim.member.identifiers] == [("subscriber_number", "ACM0000001")]


def test_a_patient_with_a_number_of_their_own() -> None:
    patient = (*PATIENT[:2], "NM1*QC*1*CARTER*EMMA****MI*ACM0000003", PATIENT[3])
    claim = one(file_of(*BILLING, *SUBSCRIBER, *patient, *CLAIM, *LINES))
    assert [(i.system, i.value) for i in claim.member.identifiers] == [("member_number", "ACM0000003")]


def test_a_missing_provider_is_not_taken_from_the_one_before() -> None:
    second = ("HL*3**20*1", "HL*4*3*22*0", *SUBSCRIBER[1:], "CLM*A-2*150***11:B:1", *CLAIM[2:], *LINES)
    [_, found], codes = read(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES, *second))
    assert found.claim is not None
    assert found.claim.provider.identifiers == ()
    assert "NO_BILLING_NPI" in codes


def test_a_missing_subscriber_is_not_taken_from_the_one_before() -> None:
    second = ("HL*3*1*22*0", "SBR*P*18*******CI", "CLM*A-2*150***11:B:1", *CLAIM[2:], *LINES)
    [_, found], codes = read(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES, *second))
    assert found.claim is not None
    assert (found.claim.member.identifiers, found.claim.member.name) == ((), None)
    assert "NO_SUBSCRIBER" in codes


def test_another_payer_and_what_it_paid() -> None:
    other = (
        "SBR*P*18*******CI", "CAS*PR*1*20*1*2*30", "AMT*D*60.50", "NM1*IL*1*CARTER*JAMES****MI*X1",
        "NM1*PR*2*FIRST*****PI*FIRST",
    )  # fmt: skip
    lines = (*LINES[:3], "SVD*FIRST*40*HC:99213**1", "CAS*CO*45*10", *LINES[3:])
    [payer] = one(file_of(*BILLING, *SUBSCRIBER, *CLAIM, *other, *lines)).other_payers
    assert (payer.payer_id, payer.sequence, payer.paid) == ("FIRST", 1, 6050)
    assert [(a.line_number, a.group, a.reason, a.amount) for a in payer.adjustments] == [
        (None, "PR", "1", 2000),
        (None, "PR", "2", 3000),
        (1, "CO", "45", 1000),
    ]


def test_attachments() -> None:
    claim = one(file_of(*BILLING, *SUBSCRIBER, CLAIM[0], "PWK*OZ*EL***AC*DOC-7", *CLAIM[1:], *LINES))
    assert [(a.attachment_id, a.kind) for a in claim.attachments] == [("DOC-7", "OZ")]


SPOILED = [
    ("SV1*HC:99213:25*100*", "SV1*HC:99213:25*1e9999*", "AMOUNT"),
    ("SV1*HC:99213:25*100*", "SV1*HC:99213:25*100.001*", "AMOUNT"),
    ("SV1*HC:85025*50*UN*2.5*", "SV1*HC:85025*50*UN*some*", "UNITS"),
    ("DTP*472*D8*20260511", "DTP*472*D8*20260230", "DATE"),
    ("CLM*A-1*150*", "CLM*A-1*151*", "BALANCE"),
    ("11:B:1", "11::1", "CLM05_2"),
    ("11:B:1", ":B:1", "CLM05_MISSING"),
    ("HI*ABK:J069*ABF:I10", "HI*ABK:J06.9*ABF:I10", "DX_DOT"),
    ("HI*ABK:J069*ABF:I10", "HI*ABK*ABF:I10", "DX_EMPTY"),
    ("HI*ABK:J069*ABF:I10", "HI*BK:4659*BF:4019", "ICD9_AFTER_2015"),
    ("HI*ABK:J069*ABF:I10", "HI*ABK:J069*ABK:I10", "MULTI_PRINCIPAL"),
    ("HI*ABK:J069*ABF:I10~\n", "", "NO_DX"),
    ("UN*1***1:2", "UN*1***1:9", "DX_POINTER"),
    ("XX*1234567893", "XX*1234567890", "NPI_CHECKDIGIT"),
    ("XX*1234567893", "24*123456789", "NPI_QUAL"),
    ("LX*1~\n", "", "LX_MISSING"),
    ("LX*2~", "LX*1~", "LX_TWICE"),
    ("*CI~", "~", "SBR09"),
    ("HL*2*1*22*0", "HL*2*7*22*0", "HL_PARENT"),
    ("HL*2*1*22*0", "HL*1*1*22*0", "HL_DUP"),
    ("SE*22*", "SE*20*", "SE_COUNT"),
    ("GE*1*1", "GE*3*1", "GE_COUNT"),
    ("IEA*1*000000001", "IEA*1*000000002", "IEA_CONTROL"),
    ("*00501*", "*00401*", "ISA_VERSION"),
    ("ST*837*0001*005010X222A1", "ST*837*0001*004010X098A1", "VERSION_UNSUPPORTED"),
]


@pytest.mark.parametrize(("before", "after", "code"), SPOILED)
def test_an_imperfect_claim_is_still_a_claim(before: str, after: str, code: str) -> None:
    spoiled = WHOLE.decode().replace(before, after)
    assert spoiled != WHOLE.decode()
    [found], codes = read(spoiled.encode())
    assert found.claim is not None
    assert code in codes


NOT_SENT = [
    pytest.param(WHOLE.replace(b"*472*", b"*304*"), "NO_SERVICE_DATE", id="no date of service"),
    pytest.param(WHOLE.replace(b"CLM*A-1*", b"CLM**"), "CLM01_MISSING", id="no control number"),
    pytest.param(WHOLE[: WHOLE.index(b"LX*2")], "TRUNCATED", id="cut off"),
    pytest.param(
        WHOLE.replace(b"SV1*HC:99213:25*100", b"SV2*0450*HC:99213*100"), "LINES_MIXED", id="lines of two kinds"
    ),
]


@pytest.mark.parametrize(("data", "code"), NOT_SENT)
def test_a_claim_that_cannot_be_one_is_told_and_not_sent(data: bytes, code: str) -> None:
    [found], codes = read(data)
    assert found.claim is None
    assert code in codes


def test_a_claim_that_came_before_in_the_file() -> None:
    again = (*SUBSCRIBER, *CLAIM, *LINES)
    claims, codes = read(file_of(*BILLING, *again, *again, *again))
    assert len({found.claim.claim_id for found in claims if found.claim}) == 1
    assert codes.count("DUP_CLM01") == 1


def test_other_transactions_are_named_and_not_read() -> None:
    data = WHOLE.replace(b"ST*837*", b"ST*835*")
    claims, codes = read(data)
    assert (claims, codes) == ([], ["TRANSACTION_UNREAD"])


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "EMPTY"), (b"hello", "NO_ISA"), (HEAD[0].encode() + b"GS*HC", "ISA_DELIMITERS")]
)
def test_a_mangled_file_ends_with_a_finding(data: bytes, code: str) -> None:
    assert read(data)[1] == [code]


def test_claims_before_a_fault_are_kept() -> None:
    claims, codes = read(WHOLE + b"ISA*broken")
    assert [found.control_number for found in claims] == ["A-1"]
    assert codes == ["ISA_SHORT"]


PIECES = st.sampled_from(
    [b"*", b"~", b":", b"HL", b"CLM", b"LX*1", b"SV1*", b"99999999", b"-", b"\xff", b"", b"ISA*", b"\n"]
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 30), PIECES), min_size=1, max_size=4))
def test_no_spoiled_file_breaks_the_reader(cuts: list[tuple[int, int, bytes]]) -> None:
    data = WHOLE
    for start, length, piece in cuts:
        data = data[:start] + piece + data[start + length :]
    for found in read(data)[0]:
        assert found.claim is None or CODEC.decode(SubmittedClaim, CODEC.encode(found.claim)) == found.claim
        assert found.claim is not None or any(finding.fatal for finding in found.findings)


WORDED = [
    # a file                                             what its finding says
    (WHOLE.replace(b"GE*1*1", b"GE*3*1"),                "GE01 is 3, the group has 1 transaction"),
    (WHOLE.replace(b"IEA*1*", b"IEA*2*"),                "IEA01 is 2, the interchange has 1 group"),
    (WHOLE.replace(b"SE*22*", b"SE*9*"),                 "SE01 is 9, the transaction has 22 segments"),
    (WHOLE[:4],                                          "the file ends within ISA, in element 1 of 16; send it again"),
    (WHOLE + b"X" * 200_000,                             "no segment terminator '~' within 100,000 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "says"), WORDED, ids=[case[1] for case in WORDED])
def test_what_is_counted_is_counted_in_words(data: bytes, says: str) -> None:
    texts = [item.text for item in everything(data) if isinstance(item, EdiFinding)]
    assert [text for text in texts if text.startswith(says) and not text.startswith(f"{says}s")]
