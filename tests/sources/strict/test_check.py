"""The strict check: what it finds, and that nothing which pyx12 does can stop a feed."""

import time
from collections.abc import Callable
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from config import limits
from sources.strict import transactions as cutting
from sources.strict.check import NOT_JUDGED, findings_of, strict_findings
from sources.strict.process import Judge
from sources.strict.transactions import transactions
from sources.strict.worker import Error, Unjudged, judge
from sources.x12.catalog import CATALOG
from tests.sources.answers.files import GS, claim, file_of, hear, transaction
from tests.sources.strict.faulty import dies, hangs, never_starts

GOOD = transaction(claim("A-1"))
LONG_COMPOSITE = transaction(claim("A-1", place="11:B:1:4:5:6:7:8:9"))


def test_a_good_transaction_has_no_findings() -> None:
    assert list(strict_findings(BytesIO(file_of(GOOD)))) == []


def test_a_bad_element_is_found_with_segment_element_and_code() -> None:
    data = file_of(GOOD, transaction(claim("A-1", place="11::1"), control="0002"))
    [finding] = strict_findings(BytesIO(data))
    assert (finding.segment, finding.in_transaction, finding.segment_name) == (43, 18, "CLM")
    assert (finding.position, finding.code) == ("CLM05-2", "STRICT_ELEMENT_1")
    row = CATALOG[finding.code]
    assert (row.channel, row.element) == ("999", "1")


CASES: list[tuple[str, list[str], str, str]] = [
    ("a value that is no code", [s.replace("NM1*85*2", "NM1*85*7") for s in GOOD], "NM102", "STRICT_ELEMENT_7"),
    ("a day that is none", transaction(claim("A-1", day="20261399")), "DTP03", "STRICT_ELEMENT_8"),
    ("a number too long", transaction(claim("A" * 60)), "CLM01", "STRICT_ELEMENT_5"),
    ("a segment missing", [s for s in GOOD if not s.startswith("N4*")], "N4", "STRICT_SEGMENT_3"),
    ("a segment of no transaction", [*GOOD[:-1], "QQQ*1", "SE*24*0001"], "QQQ", "STRICT_SEGMENT_1"),
    ("a count that is wrong", transaction(claim("A-1"), se="7"), "ST", "STRICT_TRANSACTION_4"),
]


def test_each_kind_of_error_is_found_under_its_code() -> None:
    with Judge(30) as process:
        for name, segments, position, code in CASES:
            [cut] = transactions(BytesIO(file_of(segments)))
            found = {(one.position, one.code) for one in findings_of(cut, process.judge(cut.text))}
            assert (position, code) in found, (name, found)


UNJUDGED: list[tuple[str, bytes, str]] = [
    ("dental", file_of(GOOD, gs=GS.replace("X222A1", "X224A2")).replace(b"X222A1", b"X224A2"), "no map"),
    ("an erratum that it does not know", file_of(GOOD).replace(b"X222A1", b"X222A2"), "no map"),
    ("the guide without errata", file_of(GOOD).replace(b"X222A1", b"X222"), "no map"),
]


@pytest.mark.parametrize(("data", "why"), [case[1:] for case in UNJUDGED], ids=[case[0] for case in UNJUDGED])
def test_what_it_cannot_judge_is_never_a_silent_pass(data: bytes, why: str) -> None:
    [finding] = strict_findings(BytesIO(data))
    assert (finding.code, finding.segment, finding.position) == (NOT_JUDGED, 3, "ST")
    assert why in finding.text
    assert hear(data, strict=[finding]).segments("999") == hear(data).segments("999"), (
        "nor is it an error of the sender"
    )


def test_a_hang_is_ended_in_time_and_the_next_transaction_is_judged() -> None:
    hung = transaction(claim("HANG"))
    data = file_of(hung, transaction(claim("A-1", place="11::1"), control="0002"))
    before = time.monotonic()
    # The time limit is for one transaction; that to start a process is another.
    found = list(strict_findings(BytesIO(data), timeout_seconds=2, target=hangs))
    assert time.monotonic() - before < 25
    assert [one.code for one in found] == [NOT_JUDGED, "STRICT_ELEMENT_1"]
    assert "took too long" in found[0].text


@pytest.mark.parametrize(
    ("target", "codes"), [(dies, [NOT_JUDGED, "STRICT_ELEMENT_1"]), (never_starts, [NOT_JUDGED, NOT_JUDGED])]
)
def test_a_process_that_dies_is_survived(target: Callable[[Connection], None], codes: list[str]) -> None:
    data = file_of(transaction(claim("DIE")), transaction(claim("A-1", place="11::1"), control="0002"))
    found = list(strict_findings(BytesIO(data), target=target))
    assert [one.code for one in found] == codes
    assert "crashed" in found[0].text


def test_a_composite_with_too_many_parts_on_which_pyx12_crashes_is_told() -> None:
    [finding] = strict_findings(BytesIO(file_of(LONG_COMPOSITE)))
    assert (finding.code, "IndexError" in finding.text) == (NOT_JUDGED, True)


def test_one_process_judges_all_and_is_gone_at_the_end() -> None:
    texts = [cut.text for cut in transactions(BytesIO(file_of(GOOD, GOOD, GOOD)))]
    with Judge(30) as one:
        assert [one.judge(text) for text in texts] == [[], [], []]
        assert one.started == 1
        process = one._process
    with pytest.raises(ValueError, match="closed"):
        process.is_alive()


def test_what_was_judged_before_changes_no_judgement() -> None:
    texts = [cut.text for case in CASES for cut in transactions(BytesIO(file_of(case[1])))]
    with Judge(30) as process:
        first = [process.judge(text) for text in texts]
        assert [process.judge(text) for text in reversed(texts)] == first[::-1]


def test_a_transaction_too_long_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.STRICT_TRANSACTION_BYTES_MAX > 1_000_000
    monkeypatch.setattr(cutting, "STRICT_TRANSACTION_BYTES_MAX", 500)
    [finding] = strict_findings(BytesIO(file_of(GOOD)))
    assert (finding.code, "too long" in finding.text) == (NOT_JUDGED, True)


def test_findings_quote_nothing_of_the_file() -> None:
    data = file_of(transaction([s.replace("*M", "*SECRETVALUE") for s in claim("SECRETVALUE" * 9)]))
    assert "SECRETVALUE" not in "".join(one.text for one in strict_findings(BytesIO(data)))


SEPARATORS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("line ends for terminators", lambda data: data.replace(b"~\n", b"\n")),
    ("other separators", lambda data: data.replace(b"*", b"|").replace(b":", b">").replace(b"~", b"!")),
    ("one line", lambda data: data.replace(b"\n", b"")),
    ("an ISA of another width", lambda data: data.replace(b"*CLEARING       *", b"*CLEARING*")),
    ("UTF-16", lambda data: data.decode().encode("utf-16")),
]


@pytest.mark.parametrize("change", [case[1] for case in SEPARATORS], ids=[case[0] for case in SEPARATORS])
def test_files_are_judged_however_they_are_written(change: Callable[[bytes], bytes]) -> None:
    [cut] = transactions(BytesIO(change(file_of(transaction(claim("A-1", place="11::1"))))))
    assert judge(cut.text) == [Error("element", "1", "CLM", 18, 5, 2)]


def test_segments_are_counted_over_transactions_groups_and_interchanges() -> None:
    data = file_of(GOOD, transaction(claim("A-2"), control="0002")) + file_of(GOOD)
    assert [(cut.segment, cut.control) for cut in transactions(BytesIO(data))] == [
        (3, "0001"),
        (26, "0002"),
        (53, "0001"),
    ]


@pytest.mark.shared_data
def test_files_that_nobody_here_wrote_are_judged_or_said_not_to_be(shared_data: Path) -> None:
    judged = 0
    for path in sorted((shared_data / "x12" / "837p" / "lfh").iterdir())[:4]:
        for cut in transactions(BytesIO(path.read_bytes())):
            judged += 1
            assert isinstance(judge(cut.text), list | Unjudged)
    assert judged >= 4
