"""277CA: what is said of each claim, to the last element."""

from dataclasses import replace

import pytest

from schemas.edi import EdiParty, EdiReceived
from sources.answers.acknowledgment import Verdict, acknowledge, key_of
from sources.answers.answer import Answer
from sources.answers.statuses import ACCEPTED, statuses_of
from tests.sources.answers.files import claim, file_of, hear, transaction
from tests.sources.answers.test_validity import errors

TWO = file_of(transaction(claim("A-1"), claim("A-2", "50.50", day="")))
HEAD = [
    "HL*1**20*1",
    "NM1*PR*2*ACME HEALTH*****46*ACME01",
    "DTP*050*D8*20260601",
    "DTP*009*D8*20260601",
    "HL*2*1*21*1",
    "NM1*41*2*CLEARING HOUSE*****46*SUB1",
    "TRN*2*B0001",
]
PATIENT = "NM1*QC*1*CARTER*JAMES*Q***MI*ACM0000001"


def body(answer: Answer) -> list[str]:
    """The segments between BHT and SE, without the trace of the answer itself (TRN*1 of the payer)."""
    lines = answer.content.decode("ascii").split("~\n")
    inside = lines[4 : next(place for place, line in enumerate(lines) if line.startswith("SE*"))]
    return [line for place, line in enumerate(inside) if place != 2]


def acknowledged(data: bytes, *verdicts: Verdict, interim: bool = False) -> Answer:
    """The 277CA of a file with one transaction, with verdicts on the claims that the reader took."""
    received = hear(data).received
    taken = [one for part in received for one in part.claims if one.claim_id is not None]
    return acknowledge(received, dict(zip(map(key_of, taken), verdicts, strict=True)), interim)


def test_one_claim_accepted_and_one_refused_by_the_reader() -> None:
    answer = acknowledged(TWO, Verdict(True, (ACCEPTED,), "CLM-2026-X"))
    assert body(answer) == [
        *HEAD,
        "STC*A1:19:PR*20260601*WQ*150.5",
        "QTY*90*1",
        "QTY*AA*1",
        "AMT*YU*100",
        "AMT*YY*50.5",
        "HL*3*2*19*1",
        "NM1*85*2*RIVERSIDE CLINIC*****XX*1234567893",
        "TRN*1*0",
        "STC*A1:19:PR**WQ*150.5",
        "QTY*QA*1",
        "QTY*QC*1",
        "AMT*YU*100",
        "AMT*YY*50.5",
        "HL*4*3*PT",
        PATIENT,
        "TRN*2*A-1",
        "STC*A2:20*20260601*WQ*100",
        "REF*1K*CLM-2026-X",
        "DTP*472*D8*20260511",
        "HL*5*3*PT",
        PATIENT,
        "TRN*2*A-2",
        "STC*A6:187*20260601*U*50.5",
        "DTP*472*D8*19000101",
    ]
    assert (answer.accepted, answer.rejected, answer.kind) == (1, 1, "277CA")


STATUSES: list[tuple[tuple[str, ...], list[str]]] = [
    (("V-MEMBER-UNKNOWN",), ["STC*A3:33*20260601*U*100"]),
    (("V-PROVIDER-UNKNOWN", "V-TOTAL-CHARGE"), ["STC*A3:26:85*20260601*U*100******A8:400"]),
    (
        ("V-POINTER", "V-MODIFIER", "V-REVENUE-CODE", "V-LINE-UNITS"),
        ["STC*A7:477*20260601*U*100******A7:453*A7:455", "STC*A7:476*20260601*U*100"],
    ),
    (("V-DISCHARGE", "V-DISCHARGE"), ["STC*A7:190*20260601*U*100"]),
    (("V-POINTER", "V-COVERAGE-NONE"), ["STC*A7:477*20260601*U*100", "STC*A3:97:PR*20260601*U*100"]),
    (("conflict",), ["STC*A3:478*20260601*U*100"]),
    (("a code that nobody knows",), ["STC*A3:481*20260601*U*100"]),
    ((), ["STC*A3:481*20260601*U*100"]),
]


@pytest.mark.parametrize(("codes", "expected"), STATUSES)
def test_all_findings_are_told_three_a_segment(codes: tuple[str, ...], expected: list[str]) -> None:
    lines = body(acknowledged(file_of(transaction(claim("A-1"))), Verdict(False, statuses_of(codes))))
    start = lines.index("TRN*2*A-1") + 1
    assert lines[start:-1] == expected


def test_numbers_of_clearing_house_and_bill_and_a_period_of_days() -> None:
    data = file_of(transaction(claim("A-1", more="REF*D9*TRACE 9")))
    [received] = hear(data).received
    [one] = received.claims
    inpatient = replace(one, bill_type="111", service_from=20_000, service_to=20_003)
    answer = acknowledge([replace(received, claims=(inpatient,))], {key_of(one): Verdict(True, (ACCEPTED,), "CLM-1")})
    assert body(answer)[-5:] == [
        "STC*A2:20*20260601*WQ*100",
        "REF*1K*CLM-1",
        "REF*D9*TRACE 9",
        "REF*BLT*111",
        "DTP*472*RD8*20241004-20241007",
    ]


def test_an_interim_answer_acknowledges_receipt_whatever_is_known_by_then() -> None:
    rejected = Verdict(False, statuses_of(("V-MEMBER-UNKNOWN",)))
    early, late = acknowledged(TWO, rejected, interim=True), acknowledged(TWO, rejected)
    assert "STC*A1:19:PR*20260601*WQ*100" in body(early)
    assert "STC*A6:187*20260601*U*50.5" in body(early)
    assert early.file_name != late.file_name
    assert early.file_name.endswith(".interim.277ca.edi")


@pytest.mark.parametrize(("frequency", "more"), [("1", ""), ("7", "******A1:464"), ("8", "******A1:464")])
def test_what_replaces_or_voids_a_claim_is_received_with_a_word_on_the_number_of_that_one(
    frequency: str, more: str
) -> None:
    data = file_of(transaction(claim("A-2", place=f"11:B:{frequency}", more="REF*F8*A-1")))
    answer = acknowledge(hear(data).received, {}, interim=True)
    lines = body(answer)
    assert lines[lines.index("TRN*2*A-2") + 1] == f"STC*A1:19:PR*20260601*WQ*100{more}"
    assert errors(answer.content) == []


def test_encounters_are_acknowledged_as_claims_are() -> None:
    """Whether they are paid is another question, which no 277CA answers."""
    verdicts = (Verdict(True, (ACCEPTED,), "CLM-2026-X"), Verdict(True, (ACCEPTED,), "CLM-2026-Y"))
    claims = file_of(transaction(claim("A-1"), claim("A-2", "50.50")))
    encounters = claims.replace(b"*0900*CH~", b"*0900*RP~")
    assert encounters != claims
    assert body(acknowledged(encounters, *verdicts)) == body(acknowledged(claims, *verdicts))


def test_a_claim_that_could_not_be_sent_is_rejected() -> None:
    received = hear(file_of(transaction(claim("A-1"), claim("A-2"))), unsent="A-1").received
    lines = body(acknowledge(received, {}))
    assert lines[lines.index("TRN*2*A-1") + 1] == "STC*A3:121*20260601*U*100"


def test_what_the_sender_left_out_has_stand_ins() -> None:
    [received] = hear(TWO).received
    nobody = EdiParty(False, "", "", "", "", "", "")
    bare = replace(received.claims[1], provider=nobody, patient=replace(nobody, person=True), control_number="")
    lines = body(acknowledge([replace(received, submitter=nobody, receiver=nobody, claims=(bare,))], {}))
    assert [line for line in lines if line.startswith("NM1")] == [
        "NM1*PR*2*ACME*****46*ACME",
        "NM1*41*2*CLEARING*****46*CLEARING",
        "NM1*85*2*UNKNOWN*****SV*UNKNOWN",
        "NM1*QC*1*UNKNOWN*****MI*UNKNOWN",
    ]
    assert "TRN*2*0" in lines


def test_amounts_of_an_earlier_version_are_written_as_the_currency_has_digits() -> None:
    [received] = hear(file_of(transaction(claim("A-1")))).received
    one = replace(received.claims[0], charge=None)
    for currency, charged, text in (("USD", 1_050, "10.5"), ("IDR", 1_050, "1050"), ("USD", 0, "0"), ("ZZZ", 0, "0")):
        parts = [replace(received, claims=(replace(one, currency=currency, charged=charged),))]
        assert f"STC*A1:19:PR*20260601*WQ*{text}" in body(acknowledge(parts, {}))


def test_providers_are_told_one_after_the_other() -> None:
    [received] = hear(file_of(transaction(claim("A-1"), claim("A-2"), claim("A-3")))).received
    first, second, third = received.claims
    other = replace(second.provider, name="HILL CLINIC")
    parts = [replace(received, claims=(first, replace(second, provider=other), third))]
    lines = body(acknowledge(parts, {}))
    assert [line.split("*")[2] for line in lines if line.startswith("TRN*2*A")] == ["A-1", "A-3", "A-2"]
    assert [line for line in lines if line.startswith("HL")][2:] == [
        "HL*3*2*19*1",
        "HL*4*3*PT",
        "HL*5*3*PT",
        "HL*6*2*19*1",
        "HL*7*6*PT",
    ]


def test_the_patient_is_named_by_the_number_of_the_subscriber_and_nothing_more() -> None:
    child = ["HL*3*2*23*0", "PAT*19", "NM1*QC*1*CARTER*MIA", "N3*2 OAK ST", "DMG*D8*20150101*F"]
    data = file_of(transaction(child + claim("A-1")))
    answer = acknowledged(data, Verdict(True, (ACCEPTED,), "CLM-1"))
    assert "NM1*QC*1*CARTER*MIA****MI*ACM0000001" in body(answer)
    text = answer.content.decode()
    assert not [word for word in ("OAK", "2015", "J069", "99213", "JAMES") if word in text]


def test_an_answer_too_long_for_a_record_travels_in_parts() -> None:
    [received] = hear(TWO).received
    many = [replace(received, claims=received.claims * 3_000)]
    answer = acknowledge(many, {})
    records = list(answer.records())
    assert [(one.part, one.parts) for one in records] == [(1, 2), (2, 2)]
    assert b"".join(one.content for one in records) == answer.content
    assert {one.answer_id for one in records} == {answer.answer_id}


def test_parts_of_a_long_transaction_are_acknowledged_as_one() -> None:
    claims = [claim(f"A-{number}") for number in range(1, 1_203)]
    received: list[EdiReceived] = hear(file_of(transaction(*claims))).received
    assert [(one.part, one.last, len(one.claims)) for one in received] == [
        (1, False, 500),
        (2, False, 500),
        (3, True, 202),
    ]
    assert len({one.transaction_id for one in received}) == len({one.submitter_id for one in received}) == 1
    answer = acknowledge(received, {})
    assert (answer.accepted, answer.rejected) == (1_202, 0)
    assert answer.content.decode().count("TRN*2*A-") == 1_202
    assert body(answer)[1] == "NM1*PR*2*ACME HEALTH*****46*ACME01", "who sent it stands in the last part"


def test_amounts_are_in_the_currency_that_the_claims_name() -> None:
    data = file_of(transaction(claim("A-1", "1500000"), claim("A-2", "2500000", more="REF*G3*1"))).replace(
        b"NM1*85*", b"CUR*85*IDR~\nNM1*85*"
    )
    [received] = hear(data).received
    assert [(one.charged, one.currency) for one in received.claims] == [(1_500_000, "IDR"), (2_500_000, "IDR")]
    lines = body(acknowledged(data, *[Verdict(True, (ACCEPTED,), None)] * 2))
    assert [line.split("*")[4] for line in lines if line.startswith("STC")] == ["4000000"] * 2 + ["1500000", "2500000"]
    assert [line for line in lines if line.startswith("AMT")] == ["AMT*YU*4000000"] * 2


# CUR02 and charge of a claim that cannot be sent, in Rupiah where nothing is named; what is told of it.
UNSENT = [
    # CUR02  charge     charged  currency
    ("USD",  "1500.25", 150_025, "USD"),
    ("JPY",  "1500",    1_500,   "JPY"),
    ("GBP",  "1500.00", 1_500,   "GBP"),
    ("",     "1500",    1_500,   "IDR"),
    ("USD",  "plenty",  0,       "USD"),
]  # fmt: skip


@pytest.mark.parametrize(("named", "charge", "charged", "currency"), UNSENT)
def test_the_charge_of_a_claim_that_is_no_record_is_in_the_currency_that_its_levels_name(
    named: str, charge: str, charged: int, currency: str
) -> None:
    data = file_of(transaction(claim("A-1", charge, day="")))
    if named:
        data = data.replace(b"NM1*85*", f"CUR*85*{named}~\nNM1*85*".encode())
    [one] = hear(data, currency="IDR").received[0].claims
    assert (one.claim_id, one.charged, one.currency) == (None, charged, currency)


# CLM02 of a claim that cannot be sent, and of one whose amount the currency cannot hold; how it is told, in Rupiah.
STATED = [
    # CLM02               told
    ("1500.25",           "1500.25"),
    ("1500.00",           "1500"),
    (".5",                "0.5"),
    ("007",               "7"),
    ("-12.50",            "-12.5"),
    ("1E3",               "1000"),
    ("1E-20",             "0"),
    ("plenty",            "0"),
    ("1_000",             "0"),
    ("NaN",               "0"),
    ("\u0663",            "0"),
    ("",                  "0"),
    ("9" * 40,            "0"),
]  # fmt: skip


@pytest.mark.parametrize("day", ["", "20260511"], ids=["refused", "sent"])
@pytest.mark.parametrize(("charge", "told"), STATED)
def test_the_charge_is_told_as_it_stood_in_the_file_whatever_the_currency(charge: str, told: str, day: str) -> None:
    received = hear(file_of(transaction(claim("A-1", charge, day=day))), currency="IDR").received
    assert (received[0].claims[0].claim_id is None) == (day == "")
    verdicts = {key_of(one): Verdict(False, statuses_of(["V-TOTAL-CHARGE"])) for one in received[0].claims if day}
    answer = acknowledge(received, verdicts)
    lines = body(answer)
    assert [line.split("*")[4] for line in lines if line.startswith("STC")] == [told] * 3
    assert [line for line in lines if line.startswith("AMT")] == [f"AMT*YY*{told}"] * 2
    assert errors(answer.content) == []


def test_claims_in_two_currencies_are_summed_up_as_they_are_written() -> None:
    data = file_of(transaction(claim("A-1", "1500.50")))
    [received] = hear(data).received
    [one] = received.claims
    both = replace(received, claims=(one, replace(one, claim_id=None, charge="7", currency="IDR")))
    lines = body(acknowledge([both], {key_of(one): Verdict(True, (ACCEPTED,), None)}))
    assert lines[len(HEAD)] == "STC*A1:19:PR*20260601*WQ*1507.5"
