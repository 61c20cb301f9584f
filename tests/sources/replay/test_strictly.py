"""The strict check beside our reader: its findings join in place, and count in the answers."""

from io import BytesIO
from pathlib import Path

import pytest

from config.settings import Settings
from sources.replay import strictly
from sources.replay.run import Options, replay
from sources.replay.strictly import read_strictly
from sources.x12.findings import EdiFinding
from sources.x12.reader import ClaimRead, Read, Terms
from sources.x12.stream import Begins, Ends
from tests.sources.fakes import FakeProducer, submitter
from tests.sources.x12.small import WHOLE, file_of

TERMS = Terms("USD", None, lambda: 0, lambda number: "test")
TWICE = WHOLE + WHOLE


def kind_of(item: Read) -> str:
    if isinstance(item, Begins | Ends):
        return f"{'begins' if isinstance(item, Begins) else 'ends'} {item.level}"
    return item.code if isinstance(item, EdiFinding) else "claim"


def test_findings_of_a_transaction_come_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = [item.segment for item in read_strictly(BytesIO(TWICE), TERMS, 30) if isinstance(item, Ends)][0::3]
    found = [EdiFinding(ends[0] - 2, "NM1", "FIRST", ""), EdiFinding(ends[0], "SE", "SECOND", ""),
             EdiFinding(ends[1] - 1, "N3", "THIRD", ""), EdiFinding(9_999, "N3", "LATE", "")]  # fmt: skip
    monkeypatch.setattr(strictly, "strict_findings", lambda file, seconds: (finding for finding in found))
    kinds = [kind_of(item) for item in read_strictly(BytesIO(TWICE), TERMS, 30)]
    whole = ["begins interchange", "begins group", "begins transaction", "claim"]
    ended = ["ends transaction", "ends group", "ends interchange"]
    assert [kind for kind in kinds if not kind.startswith(("NPI", "DUP"))] == [
        *whole, "FIRST", "SECOND", *ended, *whole, "THIRD", *ended, "LATE",
    ]  # fmt: skip


def test_our_reader_gives_the_same_as_without() -> None:
    claims = [item.claim for item in read_strictly(BytesIO(TWICE), TERMS, 30) if isinstance(item, ClaimRead)]
    assert len(claims) == 2


def test_the_check_ends_when_nobody_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    def judged(file: object, seconds: float) -> object:
        try:
            yield EdiFinding(5, "N3", "STRICT_SEGMENT_3", "")
        finally:
            ended.append(seconds)

    monkeypatch.setattr(strictly, "strict_findings", judged)
    items = read_strictly(BytesIO(TWICE), TERMS, 7.5)
    next(items)
    assert ended == []
    items.close()  # type: ignore[attr-defined]
    assert ended == [7.5]


def test_a_strict_replay_says_so_in_its_999(tmp_path: Path) -> None:
    (tmp_path / "a.edi").write_bytes(file_of("HL*1**20*1", "NM1*85*2*RIVERSIDE CLINIC*****XX*1234567893"))
    options = Options(answers=tmp_path / "answers", strict_seconds=30)
    summary = replay([tmp_path / "a.edi"], Settings(), options, submitter=submitter(FakeProducer()))
    assert any(code.startswith("STRICT_") for code in summary.findings)
    [answer] = (tmp_path / "answers").glob("*.999.edi")
    assert "IK3" in answer.read_text()
