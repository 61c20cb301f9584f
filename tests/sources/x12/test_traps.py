"""The traps that public files set, each on a small file of our own: what is found, and what is emitted all the same."""

import codecs

import pytest

from sources.x12.reader import Begins, EdiFinding, Ends
from sources.x12.stream import Level
from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, WHOLE, everything, file_of, one, read, tail

BODY = (*BILLING, *SUBSCRIBER, *CLAIM, *LINES)
PLAIN = one(WHOLE)
SECOND = WHOLE.replace(b"000000001", b"000000002").replace(b"CLM*A-1", b"CLM*A-2")
ISA, GS, ST = HEAD[0], HEAD[1], HEAD[2:]


def joined(*segments: str) -> bytes:
    return "".join(f"{segment}~\n" for segment in segments).encode()


def translated(marks: str) -> bytes:
    return WHOLE.decode().translate(str.maketrans("*:^~", marks)).encode()


SAME_CLAIM = [
    pytest.param(file_of(*BODY, end="\r"), id="terminator CR"),
    pytest.param(file_of(*BODY, end="\n"), id="terminator LF"),
    pytest.param(file_of(*BODY, end="\r\n"), id="terminator CRLF"),
    pytest.param(file_of(*BODY, end="~"), id="no line ends"),
    pytest.param(translated("*>^~"), id="component separator >"),
    pytest.param(translated("*<^~"), id="component separator <"),
    pytest.param(translated("*|^~"), id="component separator |"),
    pytest.param(translated("*!^~"), id="component separator !"),
    pytest.param(translated("|>!\n"), id="every separator another"),
    pytest.param(translated("\x1d\x1f\x1e\x1c"), id="separators that nobody sees"),
    pytest.param(codecs.BOM_UTF8 + WHOLE, id="UTF-8 byte order mark"),
    pytest.param(WHOLE.decode().encode("utf-16"), id="UTF-16"),
    pytest.param(codecs.BOM_UTF16_BE + WHOLE.decode().encode("utf-16-be"), id="UTF-16, big end first"),
    pytest.param(
        b"\n".join(file_of(*BODY, end="~")[at : at + 72] for at in range(0, len(WHOLE), 72)), id="wrapped lines"
    ),
    pytest.param(
        file_of(*BODY, start=("*".join(part.strip() for part in ISA.split("*")), *HEAD[1:])), id="a short ISA"
    ),
    pytest.param(file_of(*BODY, start=(ISA.replace("CLEARING ", "CLEARING  "), *HEAD[1:])), id="a long ISA"),
    pytest.param(b"\n\n" + WHOLE, id="blank lines before"),
    pytest.param(WHOLE + b"\x1a", id="an end of file mark"),
]


@pytest.mark.parametrize("data", SAME_CLAIM)
def test_one_claim_in_many_forms(data: bytes) -> None:
    assert one(data) == PLAIN
    assert read(data)[1] == []


def numbers(data: bytes) -> list[str]:
    return [found.control_number for found in read(data)[0] if found.claim is not None]


def transaction(control: str, claim: str) -> tuple[str, ...]:
    body = (ST[0].replace("0001", control), *ST[1:], *BODY)
    named = tuple(segment.replace("CLM*A-1", f"CLM*{claim}") for segment in body)
    return (*named, f"SE*{len(named) + 1}*{control}")


def test_several_transactions_in_a_group() -> None:
    data = joined(ISA, GS, *transaction("0001", "A-1"), *transaction("0002", "A-2"), "GE*2*1", "IEA*1*000000001")
    assert numbers(data) == ["A-1", "A-2"]
    assert read(data)[1] == []


def test_several_groups_in_an_interchange() -> None:
    second = GS.replace("*1*X*", "*2*X*")
    data = joined(
        *(ISA, GS, *transaction("0001", "A-1"), "GE*1*1"),
        *(second, *transaction("0001", "A-2"), "GE*1*2", "IEA*2*000000001"),
    )
    assert numbers(data) == ["A-1", "A-2"]
    assert read(data)[1] == []


def test_several_interchanges_in_a_file() -> None:
    assert numbers(WHOLE + SECOND) == ["A-1", "A-2"]
    assert read(WHOLE + SECOND)[1] == []


def test_the_same_st02_twice() -> None:
    data = joined(ISA, GS, *transaction("0001", "A-1"), *transaction("0001", "A-2"), "GE*2*1", "IEA*1*000000001")
    assert (numbers(data), read(data)[1]) == (["A-1", "A-2"], ["DUP_ST02"])


def test_the_same_isa13_twice() -> None:
    again = SECOND.replace(b"000000002", b"000000001")
    assert (numbers(WHOLE + again), read(WHOLE + again)[1]) == (["A-1", "A-2"], ["DUP_ISA13"])


def test_the_same_clm01_twice() -> None:
    data = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES, *CLAIM, *LINES)
    assert (numbers(data), read(data)[1]) == (["A-1", "A-1"], ["DUP_CLM01"])


LEVELS = ("HL*3**20*1", "HL*4*3*22*0", *SUBSCRIBER[1:], "CLM*A-2*150***11:B:1", *CLAIM[2:], *LINES)


def test_a_missing_billing_provider_is_nobody() -> None:
    [first, second], codes = read(file_of(*BODY, *LEVELS))
    assert first.claim is not None
    assert second.claim is not None
    assert second.claim.provider.identifiers == ()
    assert codes == ["NO_BILLING_NPI"]


def test_a_missing_subscriber_is_nobody() -> None:
    level = ("HL*3*1*22*0", SUBSCRIBER[1], SUBSCRIBER[4], "CLM*A-2*150***11:B:1", *CLAIM[2:], *LINES)
    [_, second], codes = read(file_of(*BODY, *level))
    assert second.claim is not None
    assert (second.claim.member.identifiers, second.claim.member.name) == ((), None)
    assert codes == ["NO_SUBSCRIBER"]


def test_claims_under_a_patient_do_not_get_the_patient_before() -> None:
    one_patient = ("HL*3*2*23*0", "PAT*19", "NM1*QC*1*CARTER*EMMA", *CLAIM, *LINES)
    other = ("HL*4*2*23*0", "PAT*19", "CLM*A-2*150***11:B:1", *CLAIM[2:], *LINES)
    [first, second], codes = read(file_of(*BILLING, *SUBSCRIBER, *one_patient, *other))
    assert first.claim is not None
    assert second.claim is not None
    assert (first.claim.member.name, second.claim.member.name) == ("EMMA CARTER", None)
    assert codes == ["NO_PATIENT"]


@pytest.mark.parametrize(
    ("level", "code"),
    [
        pytest.param("HL*2*9*22*0", "HL_PARENT", id="a parent that is not there"),
        pytest.param("HL*2**22*0", "HL_PARENT", id="no parent"),
        pytest.param("HL*1*1*22*0", "HL_DUP", id="a number twice"),
        pytest.param("HL*2*1*24*0", "HL_LEVEL", id="no level of a claim"),
    ],
)
def test_an_odd_level(level: str, code: str) -> None:
    data = file_of(*BILLING, level, *SUBSCRIBER[1:], *CLAIM, *LINES)
    [found], codes = read(data)
    assert found.claim is not None
    assert code in codes
    if code != "HL_LEVEL":
        assert found.claim.provider.name == "RIVERSIDE CLINIC"
        assert found.claim.member.name == "JAMES CARTER"


def test_sv1_without_lx() -> None:
    data = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES[1:3], *LINES[4:])
    assert [line.line_number for line in one(data).lines] == [1, 2]
    assert read(data)[1] == ["LX_MISSING", "LX_MISSING"]


TRUNCATED = [
    pytest.param(
        WHOLE[: WHOLE.index(b"\nSE*")], ["TRUNCATED", "SE_MISSING", "GE_MISSING", "IEA_MISSING"], id="before SE"
    ),
    pytest.param(
        WHOLE[: WHOLE.index(b"85025")],
        ["SEGMENT_CUT", "TRUNCATED", "SE_MISSING", "GE_MISSING", "IEA_MISSING"],
        id="in SV1",
    ),
    pytest.param(
        WHOLE[: WHOLE.index(b"*19800214")], ["SEGMENT_CUT", "SE_MISSING", "GE_MISSING", "IEA_MISSING"], id="in DMG"
    ),
    pytest.param(
        WHOLE[: WHOLE.index(b"*0001~\nGE")], ["SEGMENT_CUT", "SE_MISSING", "GE_MISSING", "IEA_MISSING"], id="in SE"
    ),
    pytest.param(WHOLE[: WHOLE.index(b"GE*")], ["GE_MISSING", "IEA_MISSING"], id="before GE"),
    pytest.param(WHOLE[: WHOLE.index(b"IEA*")], ["IEA_MISSING"], id="before IEA"),
    pytest.param(WHOLE[: WHOLE.index(b"HL*1")], ["SE_MISSING", "GE_MISSING", "IEA_MISSING"], id="before any claim"),
]


@pytest.mark.parametrize(("data", "codes"), TRUNCATED)
def test_a_truncated_file(data: bytes, codes: list[str]) -> None:
    claims, found = read(data)
    assert found == codes
    # A claim that may lack lines is not sent; one that ended before is.
    assert [claim.claim is None for claim in claims] == (["TRUNCATED" in codes] if b"CLM*" in data else [])


@pytest.mark.parametrize(("data", "codes"), TRUNCATED)
def test_the_interchange_after_a_truncated_one_is_read(data: bytes, codes: list[str]) -> None:
    claims, found = read(data + b"\n" + SECOND)
    assert claims[-1].claim is not None
    assert claims[-1].control_number == "A-2"
    assert found == codes


def test_hundreds_of_claims_in_one_transaction() -> None:
    body: list[str] = [*BILLING]
    for number in range(2, 702):
        claim = (CLAIM[0].replace("A-1", f"A-{number}"), *CLAIM[1:])
        body += [f"HL*{number}*1*22*0", *SUBSCRIBER[1:], *claim, *LINES]
    data = file_of(*body)
    assert numbers(data) == [f"A-{number}" for number in range(2, 702)]
    assert read(data)[1] == []


def test_several_claims_of_one_subscriber() -> None:
    claims = [(CLAIM[0].replace("A-1", f"A-{number}"), *CLAIM[1:], *LINES) for number in range(3)]
    data = file_of(*BILLING, *SUBSCRIBER, *(segment for claim in claims for segment in claim))
    assert numbers(data) == ["A-0", "A-1", "A-2"]
    assert len({found.claim.member for found in read(data)[0] if found.claim}) == 1


def test_a_separator_that_isa16_does_not_name() -> None:
    """Composites cannot be told apart: the claim is emitted, and everything that this costs is found."""
    data = WHOLE.replace(b"11:B:1", b"11>B>1").replace(b"ABK:J069*ABF:I10", b"ABK>J069*ABF>I10")
    [found], codes = read(data.replace(b"HC:", b"HC>"))
    assert found.claim is not None
    assert {"CLM05_1_BAD", "CLM05_2", "NO_DX", "CODE_MISSING", "DX_POINTER"} <= set(codes)


def test_a_transaction_that_is_no_claim_is_named_and_the_next_one_read() -> None:
    other = ("ST*276*0001*005010X212", "BHT*0010*13*1", "HL*1**20*1", "CLM*X*1", "SE*5*0001")
    data = joined(ISA, GS, *other, *transaction("0002", "A-2"), "GE*2*1", "IEA*1*000000001")
    assert (numbers(data), read(data)[1]) == (["A-2"], ["TRANSACTION_UNREAD"])


ENVELOPES: list[tuple[Level, type]] = [
    ("interchange", Begins), ("group", Begins), ("transaction", Begins),
    ("transaction", Ends), ("group", Ends), ("interchange", Ends),
]  # fmt: skip


@pytest.mark.parametrize("data", [param.values[0] for param in TRUNCATED] + [WHOLE])
def test_every_envelope_that_begins_ends(data: object) -> None:
    assert isinstance(data, bytes)
    found = [(item.level, type(item)) for item in everything(data) if isinstance(item, Begins | Ends)]
    assert found == ENVELOPES


def test_what_an_envelope_says() -> None:
    begun = [item for item in everything(WHOLE) if isinstance(item, Begins)]
    ended = [item for item in everything(WHOLE) if isinstance(item, Ends)]
    assert begun[0].separators == ("*", ":", "^", "~")
    assert begun[0].header[6] == "CLEARING       "
    assert [item.header[0] for item in begun] == ["ISA", "GS", "ST"]
    assert ended[0].trailer == tuple(tail(*HEAD[2:], *BODY)[0].split("*"))
    assert ended[0].segments == len(BODY) + 5
    assert (ended[0].purpose[0], ended[0].submitter[9], ended[0].receiver[9]) == ("BHT", "SUB1", "ACME")


def test_a_finding_says_where_it_stands() -> None:
    """Number in the file, position from ST, loop and segment: what a 999 names."""
    data = WHOLE + SECOND.replace(b"HC:99213:25*100*UN*1*", b"HC:99213:25*100*UN*x*")
    [found] = [finding for claim in read(data)[0] for finding in claim.findings]
    at = [*HEAD[2:], *BODY].index(LINES[1]) + 1
    expected = EdiFinding(len(HEAD) + len(BODY) + 3 + 2 + at, "SV104", "UNITS", "is no number of units; 1 is taken")
    assert (found.segment, found.position, found.code, found.text) == (
        expected.segment, expected.position, expected.code, expected.text,
    )  # fmt: skip
    assert (found.segment_name, found.in_transaction, found.loop, found.fatal) == ("SV1", at, "2400", False)
