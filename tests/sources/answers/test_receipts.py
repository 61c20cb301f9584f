"""TA1 and 999: which file gets which answer, to the last element."""

import pytest

from sources.x12.findings import EdiFinding
from tests.sources.answers.files import BILLING, GS, ISA, SENDER, SUBSCRIBER, claim, file_of, hear, transaction

GOOD = transaction(claim("A-1"))
AK1 = "AK1*HC*12*005010X222A1"
AK2 = "AK2*837*0001*005010X222A1"
NO_QUALIFIER = transaction(claim("A-1"), claim("A-2", place="11"))
NOT_A_CLAIM = ["ST*835*0009*005010X221A1", "BPR*I*1", "SE*3*0009"]
UNDATED = transaction(claim("A-1", day=""))
PARENTLESS = [segment.replace("HL*2*1*", "HL*2*9*") for segment in transaction(claim("A-1"))]

TA1S: list[tuple[str, bytes, str]] = [
    ("good", file_of(GOOD), "TA1*000000007*260601*0900*A*000"),
    ("wrong number of groups", file_of(GOOD, iea="IEA*2*000000007"), "TA1*000000007*260601*0900*E*021"),
    ("IEA02 is not ISA13", file_of(GOOD, iea="IEA*1*000000008"), "TA1*000000007*260601*0900*E*001"),
    ("the file ends without IEA", file_of(GOOD, iea=""), "TA1*000000007*260601*0900*R*023"),
    ("an older version", file_of(GOOD).replace(b"*00501*", b"*00401*"), "TA1*000000007*260601*0900*E*003"),
]


@pytest.mark.parametrize(("data", "expected"), [case[1:] for case in TA1S], ids=[case[0] for case in TA1S])
def test_an_interchange_is_answered_by_a_ta1(data: bytes, expected: str) -> None:
    assert hear(data).segments("TA1") == [expected]


def test_an_interchange_sent_twice_in_one_file_is_told_so() -> None:
    heard = hear(file_of(GOOD) * 2)
    assert [heard.segments("TA1", place)[0][-5:] for place in (0, 1)] == ["A*000", "E*025"]


CASES: list[tuple[str, bytes, list[str]]] = [
    ("accepted", file_of(GOOD), [AK1, AK2, "IK5*A", "AK9*A*1*1*1"]),
    (
        "an element is missing: its segment, position, component, number and code, and whose claim it is",
        file_of(NO_QUALIFIER),
        [AK1, AK2, "IK3*CLM*23*2300*8", "CTX*CLM01:A-2", "IK4*5:2*1332*1", "IK5*E*5", "AK9*E*1*1*1"],
    ),
    (
        "a level names a parent that is not there",
        file_of(PARENTLESS),
        [AK1, AK2, "IK3*HL*11*2000*8", "IK4*2*734*7", "IK5*E*5", "AK9*E*1*1*1"],
    ),
    ("SE01 is wrong", file_of(transaction(claim("A-1"), se="99")), [AK1, AK2, "IK5*E*4", "AK9*E*1*1*1"]),
    ("SE02 is wrong", file_of(transaction(claim("A-1"), end="0002")), [AK1, AK2, "IK5*E*3", "AK9*E*1*1*1"]),
    ("GE01 is wrong", file_of(GOOD, ge="GE*3*12"), [AK1, AK2, "IK5*A", "AK9*E*3*1*1*5"]),
    ("GE02 is wrong", file_of(GOOD, ge="GE*1*13"), [AK1, AK2, "IK5*A", "AK9*E*1*1*1*4"]),
    ("GE is missing", file_of(GOOD, ge=""), [AK1, AK2, "IK5*A", "AK9*E*1*1*1*3"]),
    (
        "no claim in it could be read: rejected",
        file_of(UNDATED),
        [AK1, AK2, "IK3*DTP*18*2400*3", "CTX*CLM01:A-1", "IK5*R*5", "AK9*R*1*1*0"],
    ),
    (
        "one transaction of two is no claim: partly accepted",
        file_of(GOOD, NOT_A_CLAIM),
        [AK1, AK2, "IK5*A", "AK2*835*0009*005010X221A1", "IK5*R*1", "AK9*P*2*2*1"],
    ),
    (
        "a control number twice",
        file_of(GOOD, GOOD),
        [AK1, AK2, "IK5*A", AK2, "IK5*E*23", "AK9*E*2*2*2"],
    ),
    ("a group without transactions", file_of(), [AK1, "AK9*R*0*0*0"]),
]


@pytest.mark.parametrize(("data", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_group_is_answered_by_a_999(data: bytes, expected: list[str]) -> None:
    assert hear(data).segments("999") == expected


def test_a_transaction_that_breaks_off_is_answered() -> None:
    cut = file_of(transaction(claim("A-1"), claim("A-2"))[:-3], ge="", iea="")
    heard = hear(cut)
    assert heard.segments("999")[2:] == ["IK5*R*2", "AK9*R*1*1*0*3"]
    assert heard.segments("TA1") == ["TA1*000000007*260601*0900*R*023"]
    assert [one.refused_for for one in heard.received[0].claims] == [(), ("TRUNCATED",)]


def test_what_cannot_be_read_on_is_answered_up_to_there() -> None:
    data = file_of(GOOD)
    endless = data[: data.index(b"SE*")] + b"X" * 200_000
    heard = hear(endless)
    assert heard.segments("TA1") == ["TA1*000000007*260601*0900*R*004"]
    assert heard.segments("999")[-1].startswith("AK9*")


def test_nothing_is_answered_where_nobody_can_be_named() -> None:
    assert hear(b"no interchange at all").answers == {}


def test_answers_go_back_where_the_file_came_from() -> None:
    lines = hear(file_of(GOOD)).answers["999"][0].content.decode().split("~\n")
    assert lines[0] == (
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*CLEARING       *260601*1000*^*00501*"
        f"{lines[-2].split('*')[2]}*0*T*:"
    )
    number = str(int(lines[-2].split("*")[2]))
    assert lines[1] == f"GS*FA*ACMEAPP*CLRAPP*20260601*1000*{number}*X*005010X231A1"
    assert lines[2] == "ST*999*0001*005010X231A1"
    assert lines[-4:-1] == ["SE*6*0001", f"GE*1*{number}", f"IEA*1*{number:0>9}"]


def test_the_same_file_is_answered_by_the_same_bytes_under_the_same_names() -> None:
    first, second = hear(file_of(NO_QUALIFIER)), hear(file_of(NO_QUALIFIER))
    assert first.answers == second.answers
    assert first.received == second.received
    assert len({one.file_name for kind in first.answers.values() for one in kind}) == 2


def test_the_same_file_at_another_time_is_another_one() -> None:
    first, later = hear(file_of(GOOD)), hear(file_of(GOOD), at=1_790_000_000_000)
    assert first.answers["999"][0].file_name != later.answers["999"][0].file_name
    assert first.received[0].transaction_id != later.received[0].transaction_id


def test_findings_in_one_segment_stand_under_one_ik3_and_the_strict_check_is_heard() -> None:
    strict = [
        EdiFinding(20, "CLM02", "STRICT_ELEMENT_6", "", False, "CLM", 18),
        EdiFinding(20, "CLM01", "STRICT_ELEMENT_5", "", False, "CLM", 18),
        EdiFinding(3, "ST", "NOT_JUDGED_STRICTLY", "", False, "ST", 1),
    ]
    body = hear(file_of(GOOD), strict=strict).segments("999")
    assert body == [AK1, AK2, "IK3*CLM*18**8", "IK4*2*782*6", "IK4*1*1028*5", "IK5*E*5", "AK9*E*1*1*1"]


def test_names_of_partners_that_would_break_an_answer_do_not() -> None:
    odd = file_of(GOOD).replace(b"CLRAPP", b"CL:R^P").replace(b"CLEARING HOUSE", "CLÉARING".encode())
    heard = hear(odd)
    assert heard.answers["999"][0].content.decode("ascii").split("~\n")[1].split("*")[3] == "CL R P"


def test_the_parts_of_a_file_are_as_they_should_be() -> None:
    assert len(ISA) == 105
    assert GS.startswith("GS*HC*")
    assert len(SENDER) + len(BILLING) + len(SUBSCRIBER) == 14


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("GE*1*12", "GE*\u00b2*12"),
        ("*260601*0900*^", "*\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2*\u00b9\u00b9\u00b9\u00b9*^"),
    ],
    ids=["GE01", "ISA09 and ISA10"],
)
def test_a_digit_that_is_none_of_ours_breaks_no_answer(before: str, after: str) -> None:
    data = file_of(transaction(claim("A-1"))).decode().replace(before, after).encode("latin-1")
    heard = hear(data)
    assert heard.segments("TA1")[0].split("*")[1] == "000000007"
    assert heard.segments("999")[-1].startswith("AK9*")
