"""Answers are what the guides want, by the maps of pyx12; TA1 by hand, as no map is about it alone."""

import io
import json
import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pyx12.map_if
from pyx12.params import params
from pyx12.x12n_document import x12n_document

from schemas.edi import EdiClaim
from sources.answers.acknowledgment import Verdict, acknowledge, key_of
from sources.answers.statuses import ACCEPTED, OF_VALIDATE, statuses_of, statuses_of_lines
from tests.sources.answers.files import claim, file_of, hear, transaction
from tests.sources.answers.test_receipts import CASES, GOOD, TA1S

SAMPLE = Path(__file__).parents[3] / "sources" / "samples" / "claims-837p.edi"
CODES = sorted(OF_VALIDATE)
LOADED = cache(pyx12.map_if.load_map_file)
PARAMETERS = params()


@pytest.fixture(autouse=True)
def maps_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document would read its map again."""
    monkeypatch.setattr(pyx12.map_if, "load_map_file", LOADED)


def errors(content: bytes) -> list[str]:
    """What pyx12 finds in an interchange; nothing in a valid one."""
    report = io.StringIO()
    logging.disable(logging.CRITICAL)
    try:
        x12n_document(PARAMETERS, io.StringIO(content.decode("ascii")), None, None, None, report)
    finally:
        logging.disable(logging.NOTSET)
    return list(_errors(json.loads(report.getvalue())))


def _errors(node: Any, where: str = "") -> Any:
    if isinstance(node, list):
        for one in node:
            yield from _errors(one, where)
    elif isinstance(node, dict):
        where = f"{where} {node.get('seg_id', node.get('ele_pos', ''))}"
        for key, value in node.items():
            if key == "errors":
                yield from (f"{where}: {error}" for error in value)
            else:
                yield from _errors(value, where)


def rejected(one: EdiClaim, codes: Sequence[str]) -> Verdict:
    """A claim with codes against it and against each of its lines."""
    lines = statuses_of_lines({line.number: codes for line in one.lines})
    return Verdict(False, statuses_of(codes), one.claim_number, lines)


def all_answers(data: bytes, interim: bool = True) -> list[bytes]:
    """999s of a file, and 277CAs with every second claim and its lines rejected, one rule after the other; interim
    ones too.
    """
    heard = hear(data)
    found = [answer.content for answer in heard.answers.get("999", ())]
    by_transaction: dict[str, list[Any]] = {}
    for part in heard.received:
        by_transaction.setdefault(part.transaction_id, []).append(part)
    for parts in by_transaction.values():
        taken = [one for part in parts for one in part.claims if one.claim_id is not None]
        verdicts = {
            key_of(one): Verdict(True, (ACCEPTED,), one.claim_number)
            if place % 2
            else rejected(one, CODES[place % len(CODES) :][: 1 + place % 7])
            for place, one in enumerate(taken)
        }
        found.append(acknowledge(parts, verdicts).content)
        if interim:
            found.append(acknowledge(parts, verdicts, interim=True).content)
    return found


# A group for which there is nothing to say has no place in the map, which wants a transaction.
@pytest.mark.parametrize("data", [case[1] for case in CASES if "without" not in case[0]], ids=lambda data: "")
def test_answers_to_files_of_our_own_are_valid(data: bytes) -> None:
    for content in all_answers(data):
        assert errors(content) == []


def test_answers_to_the_sample_that_ships_are_valid() -> None:
    answers = all_answers(SAMPLE.read_bytes())
    assert len(answers) == 3
    for content in answers:
        assert errors(content) == []


@pytest.mark.parametrize("code", CODES)
def test_the_status_of_every_rule_is_valid(code: str) -> None:
    [received] = hear(file_of(GOOD)).received
    [one] = received.claims
    answer = acknowledge([received], {key_of(one): rejected(one, [code])})
    assert b"SVC*HC:99213*100*****1~" in answer.content
    assert errors(answer.content) == []


def test_the_check_can_fail() -> None:
    [received] = hear(file_of(transaction(claim("A-1")))).received
    content = acknowledge([received], {}).content
    assert errors(content.replace(b"*A1:19:PR*20260601", b"*Q9:19:PR*2026")) != []


@pytest.mark.parametrize("data", [case[1] for case in TA1S], ids=lambda data: "")
def test_a_ta1_stands_alone_in_its_interchange(data: bytes) -> None:
    isa, ta1, iea, end = hear(data).answers["TA1"][0].content.decode("ascii").split("~\n")
    assert (len(isa), end) == (105, "")
    assert [len(element) for element in ta1.split("*")] == [3, 9, 6, 4, 1, 3]
    assert iea == f"IEA*0*{isa.split('*')[13]}"


def _files(shared: Path) -> list[Path]:
    return sorted(
        path for kind in ("837p", "837i", "837d") for path in (shared / "x12" / kind).rglob("*") if path.is_file()
    )


@pytest.mark.shared_data
def test_answers_to_files_that_nobody_here_wrote_are_valid(shared_data: Path) -> None:
    wrong = {}
    files = _files(shared_data)
    for path in files:
        if path.stat().st_size > 10_000:
            continue
        for content in all_answers(path.read_bytes(), interim=False):
            if found := errors(content):
                wrong[path.name] = found[:3]
    assert (wrong, len(files) > 30) == ({}, True)


def _shape(text: str, only: str) -> list[str]:
    """Names of the segments with the code that follows, where that says what the segment is for."""
    told = []
    for segment in text.replace("\n", "").split("~"):
        name, *elements = segment.split("*")
        if name in only.split():
            told.append(name if name == "STC" else f"{name} {elements[0]}" if elements else name)
    return told


@pytest.mark.shared_data
def test_a_999_of_others_says_the_same_in_the_same_segments(shared_data: Path) -> None:
    theirs = (shared_data / "x12" / "ack" / "imsweb" / "x12_999_accepted.txt").read_text()
    ours = hear(file_of(GOOD)).answers["999"][0].content.decode()
    segments = "ST AK1 AK2 IK5 AK9 SE GE"
    assert _shape(ours, segments) == _shape(theirs, segments)


@pytest.mark.shared_data
def test_a_277ca_of_others_says_the_same_in_the_same_segments(shared_data: Path) -> None:
    theirs = (shared_data / "x12" / "ack" / "imsweb" / "x12_277CA_accepted.txt").read_text()
    [received] = hear(file_of(GOOD)).received
    [one] = received.claims
    ours = acknowledge([received], {key_of(one): Verdict(True, (ACCEPTED,), "CLM-1")}).content.decode()
    segments = "BHT HL NM1 TRN REF DTP AMT"
    found = [shape for shape in _shape(ours, segments) if shape != "AMT YU"]
    assert found == [shape for shape in _shape(theirs, segments) if shape != "AMT YU"]
