"""The file around the claims: envelopes and counts, levels, separators, and what no guide can say."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from schemas.claim import Identifier, Payee, SubmittedClaim
from sources.generate.blank import blank_claim
from sources.generate.claims import claims
from sources.generate.dressed import dressed
from sources.generate.spec import Spec
from sources.x12_writer import write as writing
from sources.x12_writer.segment import Separators, amount, finished, segment, units
from sources.x12_writer.write import NotInX12Error, unwritten, write
from tests.sources.x12_writer.test_round_trip import ENVELOPE, read, written

SPEC = Spec(members=300, count=6, form="professional", currency="USD", repeated=0)
CLAIMS = [dressed(claim) for claim in claims(SPEC)]
CLAIM = CLAIMS[0]


def lines_of(data: bytes, *names: str) -> list[str]:
    """The segments of those names, in their order."""
    return [line for line in data.decode().splitlines() if line.split("*")[0] in names]


def numbered(claim: SubmittedClaim, number: int) -> SubmittedClaim:
    return replace(claim, claim_control_number=f"C-{number}")


def dependent(claim: SubmittedClaim, name: str) -> SubmittedClaim:
    """A child of the subscriber of the claim."""
    number = claim.member.identifiers[0].value
    member = replace(
        claim.member, identifiers=(Identifier("subscriber_number", number),), relationship="child", name=name
    )
    said = {key: value for key, value in claim.attributes.items() if not key.startswith("patient.")}
    known = {"subscriber.number": number, "relationship_code": "19", "subscriber.last_name": "DOE"}
    return replace(claim, member=member, attributes={**said, **known})


def test_the_isa_has_106_characters_and_everything_is_counted() -> None:
    data = written([CLAIM])
    assert data.index(b"~") == 105
    [(_, _, count)] = [line.partition("SE*") for line in lines_of(data, "SE")]
    between = data.decode().split("ST*")[1].count("~")
    assert count == f"{between - 2}*0001~"
    assert lines_of(data, "GE", "IEA") == ["GE*1*1~", "IEA*1*000000001~"]


def test_a_transaction_holds_so_many_claims_and_the_next_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CLAIMS_OF_TRANSACTION_MAX", 2)
    data = written([numbered(CLAIM, number) for number in range(5)])
    assert [line.split("*")[2] for line in lines_of(data, "ST")] == ["0001", "0002", "0003"]
    assert lines_of(data, "GE") == ["GE*3*1~"]
    found, codes = read(data)
    assert (len(found), codes) == (5, [])


def test_another_submitter_begins_a_transaction_and_another_form_a_group() -> None:
    other = replace(numbered(CLAIM, 2), submitter_id="OTHER")
    [dental] = [dressed(claim) for claim in claims(replace(SPEC, form="dental", count=1))]
    data = written([CLAIM, other, numbered(dental, 3)])
    assert len(lines_of(data, "ST")) == 3
    assert [line.split("*")[8] for line in lines_of(data, "GS")] == ["005010X222A1~", "005010X224A2~"]
    assert read(data)[1] == []


def test_claims_of_one_family_stand_under_one_subscriber() -> None:
    own, again = CLAIM, numbered(CLAIM, 2)
    child, sibling = numbered(dependent(CLAIM, "JO"), 3), numbered(dependent(CLAIM, "ANN"), 4)
    data = written([own, again, child, numbered(child, 5), sibling])
    assert lines_of(data, "HL") == [
        "HL*1**20*1~", "HL*2*1*22*0~", "HL*3*1*22*1~", "HL*4*3*23*0~", "HL*5*3*23*0~",
    ]  # fmt: skip
    assert lines_of(data, "PAT") == ["PAT*19~", "PAT*19~"]
    assert read(data)[1] == []


def test_another_provider_begins_the_hierarchy_again() -> None:
    other = replace(CLAIM, provider=replace(CLAIM.provider, name="ANOTHER CLINIC"))
    data = written([CLAIM, numbered(other, 2), numbered(CLAIM, 3)])
    assert [line.split("*")[3] for line in lines_of(data, "HL")] == ["20", "22"] * 3


def test_the_currency_is_named_where_it_is_another() -> None:
    assert lines_of(written([CLAIM]), "CUR") == []
    rupiah = replace(CLAIM, currency="IDR")
    assert lines_of(written([rupiah]), "CUR") == ["CUR*85*IDR~"]
    [back], _ = read(written([rupiah]))
    assert back is not None
    assert (back.currency, back.total_charge) == ("IDR", CLAIM.total_charge)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("PLAIN", "PLAIN"),
        ("A*B:C^D~E", "A B C D E"),
        ("  PADDED ", "PADDED"),
        ("LINE\r\nEND\x1d", "LINE  END"),
        ("DÉJÀ", "DÉJÀ"),
    ],
)
def test_values_never_cut_a_segment(value: str, expected: str) -> None:
    claim = replace(CLAIM, referral_number=value)
    assert f"REF*9F*{expected}~".encode() in written([claim])


def test_other_separators_are_those_of_the_file() -> None:
    data = written([CLAIM], replace(ENVELOPE, separators=Separators("|", ">", "!", "'")))
    assert data.startswith(b"ISA|00|")
    assert b"|>'\n" in data
    assert b"*" not in data
    assert read(data)[0] == read(written([CLAIM]))[0]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (blank_claim("pharmacy", "outpatient"), "a pharmacy claim has no guide of X12"),
        (replace(CLAIM, claim_control_number=None), "without a control number"),
    ],
)
def test_what_no_guide_is_for_is_refused(claim: SubmittedClaim, message: str) -> None:
    with pytest.raises(NotInX12Error, match=message):
        list(write([claim], ENVELOPE))


def test_what_x12_has_no_place_for_is_named() -> None:
    claim = replace(
        CLAIM,
        room_class="vip",
        payee=Payee("JO", "014", "123"),
        settlement="reimbursement",
        member=replace(CLAIM.member, member_id="M-1"),
        provider=replace(CLAIM.provider, identifiers=(*CLAIM.provider.identifiers, Identifier("npi", "1"))),
        attributes={**CLAIM.attributes, "our own": "1"},
    )
    assert sorted(unwritten(claim)) == ["identifier npi", "member_id", "our own", "payee", "room_class"]
    assert unwritten(CLAIM) == []


@pytest.mark.parametrize(
    ("said", "encounter", "bht06", "left"),
    [
        ({}, False, "CH", []),
        ({}, True, "RP", []),
        ({"transaction_type": "31"}, False, "31", []),
        ({"transaction_type": "31"}, True, "RP", ["transaction_type"]),
    ],
)
def test_an_encounter_is_reported_as_one(said: dict[str, str], encounter: bool, bht06: str, left: list[str]) -> None:
    """Whatever its attributes say: a reader of the file must not take it for a claim to pay."""
    claim = replace(CLAIM, attributes={**CLAIM.attributes, **said}, encounter=encounter)
    data = written([claim])
    assert [line.split("*")[6] for line in lines_of(data, "BHT")] == [f"{bht06}~"]
    assert unwritten(claim) == left
    [back], _ = read(data)
    assert back is not None
    assert back.encounter is encounter


def test_encounters_and_claims_are_in_transactions_of_their_own() -> None:
    made = [replace(numbered(CLAIM, number), encounter=number in (1, 2)) for number in range(4)]
    data = written(made)
    assert [line.split("*")[6] for line in lines_of(data, "BHT")] == ["CH~", "RP~", "CH~"]
    assert [back and back.encounter for back in read(data)[0]] == [False, True, True, False]


def test_a_reimbursement_says_that_benefits_are_not_assigned_to_the_provider() -> None:
    said = {key: value for key, value in CLAIM.attributes.items() if key != "benefits_assigned"}
    claim = replace(CLAIM, settlement="reimbursement", payee=Payee("JO", None, None), attributes=said)
    [clm] = lines_of(written([claim]), "CLM")
    assert clm.split("*")[8] == "N"
    [back], _ = read(written([claim]))
    assert back is not None
    assert (back.settlement, back.payee) == ("reimbursement", Payee(CLAIM.member.name or "", None, None))


def test_a_claim_is_written_before_the_next_one_is_made() -> None:
    taken: list[int] = []

    def made() -> Iterator[SubmittedClaim]:
        for number in range(3):
            taken.append(number)
            yield numbered(CLAIM, number)

    pieces = write(made(), ENVELOPE)
    assert (next(pieces), taken)[1] == []
    assert b"C-0" in next(pieces)
    assert taken == [0]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (amount(12700, "USD"), "127"),
        (amount(12750, "USD"), "127.5"),
        (amount(-5, "USD"), "-0.05"),
        (amount(0, "USD"), "0"),
        (amount(150_000, "IDR"), "150000"),
        (units(1000), "1"),
        (units(2500), "2.5"),
        (units(-250), "-0.25"),
        (finished(segment("REF", "G1", "", "X", "", ""), Separators()), "REF*G1**X~\n"),
    ],
)
def test_numbers_and_segments_end_where_they_say_nothing_more(made: str, expected: str) -> None:
    assert made == expected
