"""277CA: what is said of each line at fault (loop 2220D), to the last element, and of no other line."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from config.limits import ANSWER_LINES_MAX, RECEIVED_LINES_MAX
from schemas import topics
from schemas.codec import Codec
from schemas.edi import EdiLine
from sources.answers.acknowledgment import Verdict, acknowledge, key_of
from sources.answers.answer import Answer
from sources.answers.outcomes import OUTCOME_TOPICS, outcome_of, sending_of, verdict_on
from sources.answers.statuses import statuses_of, statuses_of_lines
from sources.answers.waiting import weight_of
from sources.x12.reader import ClaimRead, Terms, read_file
from tests.sources.answers.broker import chain
from tests.sources.answers.files import AT, GS, file_of, hear, transaction
from tests.sources.answers.test_validity import errors

CODEC = Codec()
NO_DAY = ("CLM*A-1*100***11:B:1*Y*A*Y*Y", "HI*ABK:J069")


def professional(*lines: str, charge: str = "100") -> bytes:
    """A professional claim of those lines, each of several segments with a blank between them."""
    head = [f"CLM*A-1*{charge}***11:B:1*Y*A*Y*Y", "HI*ABK:J069"]
    return file_of(transaction([*head, *_numbered(lines)]))


def institutional(*lines: str) -> bytes:
    """The same of an institutional claim."""
    head = ["CLM*A-1*100***13:A:1*Y*A*Y*Y", "DTP*434*RD8*20260511-20260511", "HI*ABK:J069"]
    data = file_of(transaction([*head, *_numbered(lines)]), gs=GS.replace("X222A1", "X223A2"))
    return data.replace(b"005010X222A1", b"005010X223A2")


def dental(*lines: str) -> bytes:
    """The same of a dental claim."""
    data = file_of(transaction(["CLM*A-1*100***11:B:1*Y*A*Y*Y", *_numbered(lines)]))
    return data.replace(b"005010X222A1", b"005010X224A2")


def _numbered(lines: Sequence[str]) -> list[str]:
    return [part for number, line in enumerate(lines, start=1) for part in (f"LX*{number}", *line.split(" "))]


def engine_judges(data: bytes) -> Answer:
    """The 277CA of a file as the engine judges its claims."""
    heard, driver = hear(data), chain()
    for item in read_file(BytesIO(data), Terms("USD", None, lambda: AT, lambda number: f"c-{number}")):
        if isinstance(item, ClaimRead) and item.claim is not None:
            driver.pipe(topics.CLAIMS_SUBMITTED, item.claim.root_id, item.claim)
    told = [outcome_of(CODEC, topic, one.value, AT) for topic in OUTCOME_TOPICS for one in driver.outputs[topic]]
    verdicts = {}
    for one in heard.received[0].claims:
        if one.claim_id is not None:
            verdict = verdict_on(sending_of(one), [found[1] for found in told if found and found[0] == one.claim_id])
            assert verdict is not None
            verdicts[key_of(one)] = verdict
    return acknowledge(heard.received, verdicts)


def of_claim(answer: Answer) -> list[str]:
    """What is said of the first claim, from its number on."""
    lines = answer.content.decode("ascii").split("~\n")
    start = lines.index("TRN*2*A-1") + 1
    return [line for line in lines[start:] if line.split("*")[0] not in ("SE", "GE", "IEA", "")]


GOOD_LINE = "SV1*HC:99213*60*UN*1***1 DTP*472*D8*20260511"
SERVICES: list[tuple[str, bytes, list[str]]] = [
    # what is wrong with a line: the file; what is told of it after the claim
    (
        "a malformed modifier, with a control number of its own",
        professional(GOOD_LINE, "SV1*HC:85025:25:5*40*UN*2.5***1 DTP*472*D8*20260511 REF*6R*LINE/2"),
        ["SVC*HC:85025:25*40*****2.5", "STC*A7:453*20260601*U", "REF*FJ*LINE/2", "DTP*472*D8*20260511"],
    ),
    (
        "a malformed code, by LX where the sender gives no number",
        professional("SV1*HC:9921*60*UN*1***1 DTP*472*RD8*20260511-20260512", GOOD_LINE.replace("60", "40")),
        ["SVC*HC:9921*60*****1", "STC*A7:454*20260601*U", "REF*FJ*1", "DTP*472*RD8*20260511-20260512"],
    ),
    (
        "no code at all",
        professional(GOOD_LINE, "SV1*HC*40*UN*1***1 DTP*472*D8*20260511"),
        ["SVC*HC:UNKNOWN*40*****1", "STC*A7:454*20260601*U", "REF*FJ*2", "DTP*472*D8*20260511"],
    ),
    (
        "three faults in one line are one STC",
        professional(GOOD_LINE, "SV1*HC:9921:5*40*UN*0***1 DTP*472*D8*20260511"),
        ["SVC*HC:9921*40*****0", "STC*A7:476*20260601*U*******A7:454*A7:453", "REF*FJ*2", "DTP*472*D8*20260511"],
    ),
    (
        "a prescription of a drug under a qualifier that the guide does not have",
        professional("SV1*N4:123*100*UN*1***1 DTP*472*D8*20260511 LIN**N4*00002140701 CTP****1*UN REF*XZ*RX-7"),
        ["SVC*ER:123*100*****1", "STC*A7:454*20260601*U", "REF*FJ*1", "REF*XZ*RX-7", "DTP*472*D8*20260511"],
    ),
    (
        "an institutional line with a revenue code alone",
        institutional("SV2*0X50**60*UN*1 DTP*472*D8*20260511", "SV2*0450**40*UN*1 DTP*472*D8*20260511"),
        ["SVC*NU:0X50*60*****1", "STC*A7:454*20260601*U*******A7:455", "REF*FJ*1", "DTP*472*D8*20260511"],
    ),
    (
        "an institutional line with both codes",
        institutional("SV2*0450*HP:A!*100*UN*1 DTP*472*D8*20260511"),
        ["SVC*HP:A!*100**0450***1", "STC*A7:454*20260601*U", "REF*FJ*1", "DTP*472*D8*20260511"],
    ),
    (
        "a dental line",
        dental("SV3*AD:1110*100****1 DTP*472*D8*20260511"),
        ["SVC*AD:1110*100*****1", "STC*A7:454*20260601*U", "REF*FJ*1", "DTP*472*D8*20260511"],
    ),
]


@pytest.mark.parametrize(("data", "expected"), [case[1:] for case in SERVICES], ids=[case[0] for case in SERVICES])
def test_a_line_in_which_validate_finds_a_fault_is_told_with_its_service(data: bytes, expected: list[str]) -> None:
    answer = engine_judges(data)
    told = of_claim(answer)
    assert told[told.index(expected[0]) :] == expected
    assert [line.split("*")[0] for line in told].count("SVC") == 1, "no other line is told"
    assert errors(answer.content) == []


def test_the_statuses_of_lines_are_those_of_their_claim_as_well() -> None:
    told = of_claim(engine_judges(professional("SV1*HC:9921:5*90*UN*1***1 DTP*472*D8*20260511")))
    assert told == [
        "STC*A7:454*20260601*U*100******A7:453*A8:400",
        "DTP*472*D8*20260511",
        "SVC*HC:9921*90*****1",
        "STC*A7:454*20260601*U*******A7:453",
        "REF*FJ*1",
        "DTP*472*D8*20260511",
    ]


CLAIM_ALONE: list[tuple[str, bytes]] = [
    ("accepted", professional(GOOD_LINE, GOOD_LINE.replace("60", "40"))),
    ("a fault of the claim", professional(GOOD_LINE, charge="99")),
    ("refused by the reader for the claim", file_of(transaction([*NO_DAY, "LX*1", "SV1*HC:9921*100*UN*1***1"]))),
]


@pytest.mark.parametrize("data", [case[1] for case in CLAIM_ALONE], ids=[case[0] for case in CLAIM_ALONE])
def test_a_fault_that_is_none_of_a_line_tells_no_line(data: bytes) -> None:
    assert not [line for line in of_claim(engine_judges(data)) if line.startswith("SVC")]


def test_a_line_for_which_the_reader_refused_the_claim_is_told() -> None:
    data = professional(GOOD_LINE, "REF*6R*L2", "")
    answer = engine_judges(data.replace(b"LX*3~\n~\n", b"LX*3~\n"))
    assert of_claim(answer) == [
        "STC*A6:454*20260601*U*100",
        "DTP*472*D8*20260511",
        "SVC*HC:UNKNOWN*0",
        "STC*A6:454*20260601*U",
        "REF*FJ*2",
        "SVC*HC:UNKNOWN*0",
        "STC*A6:454*20260601*U",
        "REF*FJ*3",
    ]
    assert errors(answer.content) == []


def test_what_a_sender_wrote_breaks_no_line() -> None:
    odd = "SV1*HC:9!^21:é5*1_000*UN*1***1 DTP*472*D8*20260511 REF*6R*" + "9" * 60
    answer = engine_judges(professional(odd))
    assert of_claim(answer)[-4:] == [
        "SVC*HC:9! 21:E5*0*****1", "STC*A7:454*20260601*U*******A7:453", f"REF*FJ*{'9' * 50}", "DTP*472*D8*20260511",
    ]  # fmt: skip
    assert errors(answer.content) == []


def test_a_claim_with_very_many_lines_at_fault_tells_the_first_of_them() -> None:
    bad = "SV1*HC:9921*1*UN*1***1 DTP*472*D8*20260511"
    told = of_claim(engine_judges(professional(*[bad] * (ANSWER_LINES_MAX + 5), charge="105")))
    assert [line for line in told if line.startswith("REF*FJ")] == [
        f"REF*FJ*{number}" for number in range(1, ANSWER_LINES_MAX + 1)
    ]


def test_a_claim_that_could_not_be_sent_tells_no_line() -> None:
    [received] = hear(professional(GOOD_LINE), unsent="A-1").received
    assert received.claims[0].lines == ()


def test_an_interim_answer_tells_no_line_of_a_claim_that_was_sent() -> None:
    received = hear(professional(GOOD_LINE)).received
    verdict = Verdict(False, statuses_of(["V-POINTER"]), None, statuses_of_lines({1: ["V-POINTER"]}))
    verdicts = {key_of(received[0].claims[0]): verdict}
    assert [b"SVC" in acknowledge(received, verdicts, interim).content for interim in (True, False)] == [False, True]


def test_a_verdict_on_lines_that_an_earlier_version_did_not_keep_is_told_of_the_claim() -> None:
    verdict = Verdict(False, statuses_of(["V-POINTER"]), None, statuses_of_lines({9: ["V-POINTER"]}))
    received = hear(professional(GOOD_LINE)).received
    answer = acknowledge(received, {key_of(received[0].claims[0]): verdict})
    assert of_claim(answer)[0] == "STC*A7:477*20260601*U*100"
    assert b"SVC" not in answer.content


def test_records_of_claims_with_many_lines_stay_small_enough_for_a_topic() -> None:
    one = hear(professional(*[GOOD_LINE] * 999)).received[0].claims[0]
    assert len(one.lines) == 999
    claims = [["CLM*A-1*1***11:B:1*Y*A*Y*Y", "HI*ABK:J069", *_numbered([GOOD_LINE] * 700)]] * 4
    parts = hear(file_of(transaction(*claims))).received
    assert [len(part.claims) for part in parts] == [2, 2]
    assert all(sum(len(one.lines) for one in part.claims) <= RECEIVED_LINES_MAX for part in parts)


def test_a_line_that_the_service_keeps_counts_toward_what_it_may_keep() -> None:
    few, many = (hear(professional(*[GOOD_LINE] * count)).received[0] for count in (2, 999))
    assert [weight_of(few), weight_of(many)] == [1, 40]


def test_a_line_is_kept_as_its_claim_is_read() -> None:
    kept = hear(professional("SV1*HC:99213:25*60.50*UN*2***1 DTP*472*D8*20260511"))
    day = kept.received[0].claims[0].service_from
    assert kept.received[0].claims[0].lines == (
        EdiLine(1, "HC", "99213", ("25",), None, "60.50", 2_000, "1", None, day, day),
    )
