"""Pharmacy files as claims: what is read, what is odd about it, and what cannot be a claim."""

import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claim import Identifier
from schemas.dates import parse_day
from sources.ncpdp.reader import ClaimRead, Terms, looks_like, read_file
from tests.sources.ncpdp.small import (
    CLAIM,
    ETX,
    HEADER,
    INSURANCE,
    PATIENT,
    PRICING,
    STX,
    WHOLE,
    batch,
    body,
    codes,
    one,
    read,
)

TERMS = Terms("USD", None, lambda: 0, lambda number: "")


def test_a_prescription_is_a_claim() -> None:
    claim = one(*WHOLE)
    assert (claim.form, claim.currency, claim.frequency_code, claim.payer_id) == ("pharmacy", "USD", "1", "610014")
    assert claim.claim_control_number == "1234567893-700123-01-20260511"
    assert claim.submitter_id == "1234567893"
    assert claim.member.identifiers[0] == Identifier("member_number", "ACM0000001")
    assert (claim.member.name, claim.member.sex, claim.member.relationship) == ("JAMES CARTER", "M", "self")
    assert claim.member.birth_date == parse_day("1980-02-14")
    assert claim.provider.identifiers == (Identifier("npi", "1234567893"),)
    assert [(o.role, o.identifiers[0].value, o.name) for o in claim.other_providers] == [
        ("ordering", "1245319599", "ALAN MOORE")
    ]
    assert (claim.authorization_number, claim.place_of_service) == ("PA77", "01")
    [line] = claim.lines
    assert (line.service_code, line.code_system, line.units_milli, line.charge) == ("00093015001", "NDC", 30_000, 12700)
    assert line.service_from == claim.service_from == parse_day("2026-05-11")
    assert claim.total_charge == 12700
    wanted = {"days_supply": "30", "dispense_as_written": "1", "fill_number": "01", "date_written": "2026-05-10",
              "ingredient_cost": "125.00", "dispensing_fee": "2.00", "usual_and_customary": "185.00",
              "group_number": "GRP7", "person_code": "01", "processor_control_number": "ACMERX"}  # fmt: skip
    assert wanted.items() <= claim.attributes.items()


def test_a_whole_claim_has_no_findings() -> None:
    assert codes(*WHOLE) == []
    assert read(batch(body(WHOLE), body(WHOLE)))[1] == []


@pytest.mark.parametrize(
    ("spoiled", "becomes", "code"),
    [
        pytest.param("DU1270{", "DU12X0{", "AMOUNT", id="amount of letters"),
        pytest.param("DU1270{", "DU127.00", "AMOUNT_POINT", id="amount with a point"),
        pytest.param("DU1270{|", "", "GROSS_AMOUNT_MISSING", id="no gross amount due"),
        pytest.param("E730000", "E7", "UNITS", id="no quantity"),
        pytest.param("E730000", "E730.000", "UNITS_POINT", id="quantity with a point"),
        pytest.param("E730000", "E7-5", "UNITS", id="negative quantity"),
        pytest.param("D700093015001", "D79301500", "NDC_FORMAT", id="NDC too short"),
        pytest.param("D700093015001", "D7", "CODE_MISSING", id="no NDC"),
        pytest.param("C419800214", "C419801314", "DATE", id="no day of birth"),
        pytest.param("C2ACM0000001|", "", "NO_MEMBER_NUMBER", id="no cardholder"),
        pytest.param("1234567893", "1234567890", "NPI_CHECKDIGIT", id="check digit"),
        pytest.param("D61", "D62", "COMPOUND_MISSING", id="compound without ingredients"),
        pytest.param("610014D0B11", "610014D0B12", "", id="control of this table"),
        pytest.param("ACMERX    1", "ACMERX    2", "TRANSACTION_COUNT", id="count of the header"),
        pytest.param("610014D0", "61001451", "VERSION_UNSUPPORTED", id="version 5.1"),
        pytest.param("SOFT000001", "SOFT000001XYZ", "HEADER_LENGTH", id="long header"),
        pytest.param("AM03|EZ01", "PRESCRIBER|EZ01", "SEGMENT_UNKNOWN", id="segment without an id"),
        pytest.param("|DN01", "|D", "FIELD_SHORT", id="field without an id"),
        pytest.param("|DN01", "|DN" + "9" * 2000, "ELEMENT_LONG", id="long field"),
        pytest.param("|CAJAMES", "|CAJA\x07MES", "CONTROL_CHARACTER", id="control character"),
    ],
)
def test_an_imperfect_claim_is_sent_with_its_findings(spoiled: str, becomes: str, code: str) -> None:
    text = body(WHOLE).replace(spoiled.replace("|", "\x1c"), becomes.replace("|", "\x1c"))
    [found], seen = read(text)
    assert found.claim is not None
    assert found.claim.total_charge == sum(line.charge for line in found.claim.lines)
    assert seen == ([code] if code else [])


@pytest.mark.parametrize(
    ("spoiled", "becomes", "code"),
    [
        pytest.param("D2000000700123|", "", "PRESCRIPTION_MISSING", id="no prescription number"),
        pytest.param("20260511", "20261311", "NO_SERVICE_DATE", id="no day of service"),
        pytest.param("\x1e\x1cAM07", "\x1e\x1cAM12", "CLAIM_SEGMENT_MISSING", id="no claim segment"),
    ],
)
def test_a_claim_without_name_or_day_is_not_sent(spoiled: str, becomes: str, code: str) -> None:
    [found], seen = read(body(WHOLE).replace(spoiled.replace("|", "\x1c"), becomes))
    assert found.claim is None
    assert code in seen
    assert any(finding.fatal for finding in found.findings)


def test_four_prescriptions_in_one_transmission_share_patient_and_insurance() -> None:
    numbers = ("700123", "700124", "700125", "700126")
    transactions = [(CLAIM.replace("700123", number), PRICING) for number in numbers]
    found, seen = read(body(*transactions, header=HEADER.replace("ACMERX    1", "ACMERX    4")))
    assert seen == []
    assert [item.claim.claim_control_number for item in found if item.claim] == [
        f"1234567893-{number}-01-20260511" for number in numbers
    ]
    assert {item.claim.member.name for item in found if item.claim} == {"JAMES CARTER"}


def test_claim_segments_without_group_separators_are_transactions_of_their_own() -> None:
    text = body((CLAIM, PRICING, CLAIM.replace("700123", "700124"), PRICING))
    found, seen = read(text)
    assert [item.claim is not None for item in found] == [True, True]
    assert seen == ["GROUP_MISSING", "TRANSACTION_COUNT"]


@pytest.mark.parametrize("text", [
    pytest.param(body(WHOLE).replace(HEADER + "\x1e\x1c", HEADER), id="no separator after the header"),
    pytest.param(body(WHOLE).replace("\x1e\x1c", "\x1e"), id="no field separator before a segment"),
    pytest.param(body(WHOLE).replace("\x1d", ""), id="no group separator"),
    pytest.param("\ufeff" + body(WHOLE), id="byte order mark"),
    pytest.param(body(WHOLE) + "\r\n", id="line end"),
    pytest.param(STX + body(WHOLE) + ETX, id="framed without a batch"),
])  # fmt: skip
def test_separators_that_senders_leave_out_change_nothing(text: str) -> None:
    [found], seen = read(text)
    assert found.claim is not None
    assert found.claim == one(*WHOLE)
    assert seen == []


def test_bare_transmissions_stand_on_lines() -> None:
    found, seen = read("\n".join(body((CLAIM.replace("700123", str(n)), PRICING)) for n in range(1, 4)))
    assert len([item for item in found if item.claim]) == 3
    assert seen == []


def test_a_batch_names_its_sender_and_its_transactions() -> None:
    [found], _ = read(batch(body(WHOLE)))
    assert found.claim is not None
    assert found.claim.attributes["batch_sender"] == "CLEARING"
    assert found.claim.attributes["batch_number"] == "0000001"
    assert found.claim.attributes["batch_reference"] == "0000000001"
    # The same prescription sent alone is the same claim.
    assert found.claim.claim_id == one(*WHOLE).claim_id


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(batch(body(WHOLE), count=9), "RECORD_COUNT", id="count of records"),
        pytest.param(batch(body(WHOLE), count=1), None, id="details counted alone"),
        pytest.param(batch(body(WHOLE), number="0000009"), "BATCH_NUMBER", id="number of the batch"),
        pytest.param(batch(body(WHOLE), trailer=False), "TRAILER_MISSING", id="no trailer"),
        pytest.param(
            batch(body(WHOLE), trailer=False) + b"\n" + batch(body(WHOLE)), "TRAILER_MISSING", id="next batch"
        ),
        pytest.param(batch(body(WHOLE)).replace(b"\x0200T", b"\x0200R"), "BATCH_TYPE", id="a response"),
        pytest.param(batch(body(WHOLE))[76:], "BATCH_MISSING", id="no header"),
        pytest.param(batch(body((), header=HEADER.replace("D0B1", "D0E1"))), "TRANSACTION_UNREAD", id="eligibility"),
        pytest.param(batch("610014D0B1"), "HEADER_SHORT", id="header cut off"),
        pytest.param(b"", "EMPTY", id="empty"),
        pytest.param(STX.encode() + b"x" * 200_000, "RECORD_LONG", id="a record without an end"),
    ],
)
def test_frames_that_do_not_hold_together_are_findings(data: bytes, code: str | None) -> None:
    assert read(data)[1] == ([code] if code else [])


def test_a_claim_that_is_cut_off_is_not_sent_and_the_next_one_is() -> None:
    whole = batch(body(WHOLE), body((CLAIM.replace("700123", "700124"), PRICING)))
    found, seen = read(whole.replace(b"DN01\x03", b"DN01", 1))
    assert [item.claim is not None for item in found] == [False, True]
    assert "TRUNCATED" in seen
    found, seen = read(whole[: whole.index(b"DN01", whole.index(b"DN01") + 1)])
    assert [item.claim is not None for item in found] == [True, False]
    assert seen == ["TRUNCATED", "TRAILER_MISSING"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (body(WHOLE).encode()[:60], True),
        (batch(body(WHOLE))[:60], True),
        (b"\xef\xbb\xbf\r\n" + body(WHOLE).encode()[:60], True),
        (b"610014D0B1ACMERX    1", True),
        (b"ISA*00*          *00*", False),
        (b'{"claimNumber": "1"}', False),
        (b"\x02", False),
        (b"", False),
    ],
)
def test_the_start_of_a_file_tells_the_format(start: bytes, expected: bool) -> None:
    assert looks_like(start) is expected


SEGMENTS = st.sampled_from(["AM01", "AM04", "AM07", "AM11", "AM05", "AM10", "AM13", "AM03", "AM08", "AM99", ""])
NAMES = "D2 D3 D7 E7 DU EE ED TE RE 5C 7C DV HC NQ NP DO WE C4 C5 C2 C6 CY MT EV EU DE HE E8 ER 2H ZZ 8C"
FIELDS = st.sampled_from(NAMES.split(" "))
FIELD = st.builds(lambda name, value: f"\x1c{name}{value}", FIELDS, st.text(max_size=12))
SEGMENT = st.builds(lambda name, fields: f"\x1e\x1c{name}{''.join(fields)}", SEGMENTS, st.lists(FIELD, max_size=12))
PART = st.one_of(
    SEGMENT, st.sampled_from(["\x1d", "\x02", "\x03", "\n", HEADER, "\x02G10000000001"]), st.text(max_size=5)
)


@given(st.lists(PART, max_size=30), st.booleans())
def test_no_bytes_whatever_raise(parts: list[str], framed: bool) -> None:
    text = (STX if framed else "") + HEADER + "".join(parts) + (ETX if framed else "")
    for item in read_file(BytesIO(text.encode("utf-8", "replace")), TERMS):
        if isinstance(item, ClaimRead) and item.claim is not None:
            assert item.claim.total_charge == sum(line.charge for line in item.claim.lines)
            assert len(item.claim.claim_control_number or "") in range(1, 51)


@given(st.binary(max_size=300))
def test_random_bytes_end_in_findings(data: bytes) -> None:
    list(read_file(BytesIO(data), TERMS))
    looks_like(data)


class Endless(BytesIO):
    """A batch of many megabytes that is never whole in memory."""

    def __init__(self, records: int) -> None:
        super().__init__()
        self._one = f"{STX}G10000000001{body(WHOLE)}{ETX}\r\n".encode()
        self._left = records

    def read(self, size: int | None = -1) -> bytes:
        taken = min(self._left, 100)
        self._left -= taken
        return self._one * taken


def test_memory_is_flat_whatever_the_file() -> None:
    tracemalloc.start()
    claims = sum(isinstance(item, ClaimRead) for item in read_file(Endless(3000), TERMS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert claims == 3000
    assert peak < 2_000_000


def test_dependents_are_not_taken_for_the_cardholder() -> None:
    child = one(*WHOLE, shared=(INSURANCE.replace("C301|C61", "C303|C63"),))
    assert child.member.relationship == "child"
    assert child.member.identifiers == (
        Identifier("person_number", "ACM0000001-03"), Identifier("subscriber_number", "ACM0000001"),
    )  # fmt: skip
    unknown = one(*WHOLE, shared=(INSURANCE.replace("C301|C61", "C303"),))
    assert unknown.member.relationship is None
    assert "member_number" not in {identifier.system for identifier in unknown.member.identifiers}


def test_a_segment_that_stands_twice_loses_no_ingredient_and_no_payer() -> None:
    compound = CLAIM.replace("D61", "D62")
    first = "AM10|EF10|EG1|EC01|RE03|TE00093015001|ED10000|EE500{"
    second = "AM10|RE03|TE00093015002|ED10000|EE600{"
    claim = one(compound, first, second, PRICING)
    assert [line.service_code for line in claim.lines] == ["00093015001", "00093015002"]
    assert claim.total_charge == 12700
    payers = ("AM05|4C1|5C01|6C03|7C111111|HB1|HC07|DV300{", "AM05|5C02|6C03|7C222222|HB1|HC07|DV400{")
    assert [(payer.payer_id, payer.paid) for payer in one(CLAIM, *payers, PRICING).other_payers] == [
        ("111111", 3000), ("222222", 4000)
    ]  # fmt: skip
    assert codes(CLAIM, *payers, PRICING) == ["SEGMENT_TWICE"]


def test_two_gross_amounts_due_are_told() -> None:
    assert codes(CLAIM, PRICING, PRICING.replace("DU1270{", "DU9990{")) == ["SEGMENT_TWICE", "GROSS_AMOUNT_TWICE"]
    assert codes(CLAIM, f"{PRICING}|DU9990{{") == ["GROSS_AMOUNT_TWICE"]


def test_without_group_separators_each_claim_has_the_patient_before_it() -> None:
    other = PATIENT.replace("JAMES", "MARY")
    found, seen = read(body((CLAIM, PRICING, other, CLAIM.replace("700123", "700124"), PRICING)).replace("\x1d", ""))
    assert [item.claim.member.name for item in found if item.claim] == ["JAMES CARTER", "MARY CARTER"]
    assert seen == ["GROUP_MISSING", "TRANSACTION_COUNT"]
