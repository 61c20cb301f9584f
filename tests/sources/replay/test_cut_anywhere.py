"""A file of X12 that was cut, wherever: told as cut and rejected, and each claim that was whole before the cut sent.

One of pharmacy claims, which nothing answers, is told as cut.
"""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest

from config.settings import Settings
from sources.generate.spec import SAMPLE_REFERENCE
from sources.replay.report import Status
from sources.replay.run import Options, replay
from tests.sources.answers.files import Heard, claim, file_of, hear, transaction
from tests.sources.fakes import FakeProducer, submitter
from tests.sources.ncpdp import small as ncpdp

SAMPLE = (SAMPLE_REFERENCE.parent / "claims-837p.edi").read_bytes()
# Nobody misses the terminator of the last segment, nor a line end after it.
WHOLE_AT = SAMPLE.rindex(b"~")
STEP = 13
CUTS = (*range(130), *range(130, WHOLE_AT - 60, STEP), *range(WHOLE_AT - 60, len(SAMPLE)))
# Wherever a claim is known to be whole: behind the mark after CLM, HL or SE.
STOPS = [(match.end(), match[1]) for match in re.finditer(rb"(?<=~\n)(CLM|HL|SE)\*", SAMPLE)]
CLAIM_ENDS = [end for (_, name), (end, _) in pairwise(STOPS) if name == b"CLM"]


def taken(heard: Heard) -> list[str]:
    """Numbers of the claims that are sent."""
    return [one.control_number for part in heard.received for one in part.claims if one.claim_id is not None]


def status(path: Path, data: bytes) -> tuple[Status, bool]:
    """What a dry run says of a file, and whether the run is complete."""
    path.write_bytes(data)
    summary = replay([path], Settings(), Options(dry_run=True))
    return summary.reports[0].status, summary.complete


def test_no_cut_file_is_complete_and_every_whole_claim_is_sent(tmp_path: Path) -> None:
    numbers = taken(hear(SAMPLE))
    assert len(numbers) == len(CLAIM_ENDS) == 21
    for cut in CUTS:
        data = SAMPLE[:cut]
        assert status(tmp_path / "cut.edi", data) == (("sent", True) if cut >= WHOLE_AT else ("unreadable", False)), cut
        assert taken(hear(data)) == numbers[: sum(end <= cut for end in CLAIM_ENDS)], cut


def ending(segment: bytes) -> int:
    """Where the terminator of a segment of the sample stands; more than one has that name at its beginning only."""
    return SAMPLE.index(b"~", SAMPLE.index(segment))


# The file is cut at this place or behind it   TA1 begins        IK5 begins   AK9 begins
ANSWERED = [
    (0,                                        "",               "",          ""),
    (ending(b"ISA*") + 1,                      "TA1 R 023",      "",          ""),
    (ending(b"\nGS*") + 1,                     "TA1 R 023",      "",          "AK9 R"),
    (ending(b"\nST*") + 1,                     "TA1 R 023",      "IK5 R 2",   "AK9 R"),
    (ending(b"\nSE*"),                         "TA1 R 023",      "IK5 E 5",   "AK9 E"),
    (ending(b"\nIEA*"),                        "TA1 A 000",      "IK5 E 5",   "AK9 E"),
]  # fmt: skip


def answered(heard: Heard) -> tuple[str, str, str]:
    """What TA1, IK5 and AK9 say, without numbers and times."""
    told = {"TA1": "", "IK5": "", "AK9": ""}
    for kind in heard.answers:
        for segment in heard.segments(kind):
            name, *elements = segment.split("*")
            if name in told:
                said = {"TA1": elements[3:], "IK5": elements[:2], "AK9": elements[:1]}[name]
                told[name] = " ".join((name, *said))
    return told["TA1"], told["IK5"], told["AK9"]


def test_every_cut_interchange_is_rejected_and_so_is_a_transaction_that_breaks_off() -> None:
    for cut in CUTS:
        expected = [case[1:] for case in ANSWERED if case[0] <= cut][-1]
        assert answered(hear(SAMPLE[:cut])) == expected, cut


TWO = file_of(transaction(claim("A-1")), transaction(claim("B-1"), claim("B-2"), control="0002"))
IN_B_2 = TWO.rindex(b"SV1")
NEXT = TWO.replace(b"000000007", b"000000008").replace(b"*A-1*", b"*C-1*").replace(b"*B-", b"*D-")
CUT, OLD = TWO[:IN_B_2], TWO[:IN_B_2].replace(b"*00501*", b"*00401*")
ENDLESS, NO_SE = CUT + b"X" * 200_000, TWO.replace(b"SE*28*0002~\n", b"")
WHOLE = ["IK5*A", "IK5*A", "AK9*A*2*2*2"]
SECOND_CUT, SECOND_BROKEN = ["IK5*A", "IK5*R*2", "AK9*P*2*2*1*3"], ["IK5*A", "IK5*R*2", "AK9*P*2*2*1"]
BROKEN = [
    # what happens                                 the file                TA1      999
    ("nothing",                                    TWO,                    "A*000", WHOLE),
    ("the last segment has no terminator",         TWO[:-2],               "A*000", WHOLE),
    ("words without a terminator follow",          TWO + b"EOF",           "A*000", WHOLE),
    ("the second transaction breaks off",          CUT,                    "R*023", SECOND_CUT),
    ("it does, and another interchange follows",   CUT + b"\n" + NEXT,     "R*023", SECOND_CUT),
    ("it does, and the version is an older one",   OLD,                    "R*023", SECOND_CUT),
    ("it does, in a segment without an end",       ENDLESS,                "R*004", SECOND_CUT),
    ("the second transaction has no SE",           NO_SE,                  "A*000", SECOND_BROKEN),
]  # fmt: skip


@pytest.mark.parametrize(("data", "ta1", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_was_whole_is_accepted_and_what_breaks_off_rejected(data: bytes, ta1: str, told: list[str]) -> None:
    heard = hear(data)
    assert heard.segments("TA1") == [f"TA1*000000007*260601*0900*{ta1}"]
    assert [one for one in heard.segments("999") if one[:3] in ("IK5", "AK9")] == told


def test_the_second_interchange_is_cut_where_its_first_letters_alone_are_there(tmp_path: Path) -> None:
    assert [status(tmp_path / "a.edi", TWO + NEXT[:cut]) for cut in range(5)] == [
        ("sent", True), *[("unreadable", False)] * 4,
    ]  # fmt: skip


def test_a_damaged_packing_rejects_what_it_cut(tmp_path: Path) -> None:
    """The reader of X12 sees no end there, and cannot say itself what breaks off."""
    data = file_of(transaction(*(claim(f"A-{number}") for number in range(3_000))))
    (tmp_path / "a.gz").write_bytes(gzip.compress(data)[:-300])
    options = Options(answers=tmp_path / "answers")
    summary = replay([tmp_path / "a.gz"], Settings(), options, submitter=submitter(FakeProducer()))
    assert (summary.sent > 0, summary.complete, dict(summary.findings)["PACKED_TRUNCATED"]) == (True, False, 1)
    told = "".join(path.read_text() for path in sorted((tmp_path / "answers").iterdir()))
    assert [words for words in ("*R*023~", "\nIK5*R*2~", "\nAK9*R*1*1*0*3~") if words not in told] == []


PHARMACY = ncpdp.batch(ncpdp.body(ncpdp.WHOLE), ncpdp.body(ncpdp.WHOLE))
FRAMED = f"{ncpdp.STX}{ncpdp.body(ncpdp.WHOLE)}{ncpdp.ETX}".encode()
# Blanks fill the trailer of a batch behind the number of records in it.
COUNTED = len(PHARMACY.rstrip(b"\x03 "))


@pytest.mark.parametrize(
    ("data", "whole_at"), [(PHARMACY, COUNTED), (FRAMED, len(FRAMED))], ids=["a batch", "one transmission in a frame"]
)
def test_no_cut_file_of_pharmacy_claims_is_complete(tmp_path: Path, data: bytes, whole_at: int) -> None:
    complete = [cut for cut in (*range(0, len(data), 3), len(data)) if status(tmp_path / "cut.ncpdp", data[:cut])[1]]
    assert complete
    assert complete[0] >= whole_at
