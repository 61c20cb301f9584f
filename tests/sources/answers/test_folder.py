"""Answers as files: whole or not at all."""

import os
from pathlib import Path

import pytest

from sources.answers.folder import write_answers
from tests.sources.answers.files import claim, file_of, hear, transaction

ANSWERS = [one for kind in hear(file_of(transaction(claim("A-1")))).answers.values() for one in kind]


def test_answers_are_written_each_to_its_file_for_its_owner_alone(tmp_path: Path) -> None:
    written = write_answers(tmp_path / "new", ANSWERS)
    assert [path.read_bytes() for path in written] == [one.content for one in ANSWERS]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = write_answers(tmp_path, ANSWERS)
    before = {path: path.read_bytes() for path in first}
    assert write_answers(tmp_path, ANSWERS) == first
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_disk_that_is_full_leaves_no_half_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_answers(tmp_path, ANSWERS)
    assert list(tmp_path.iterdir()) == []


def test_names_say_whom_and_what_an_answer_is_for(tmp_path: Path) -> None:
    names = [path.name for path in write_answers(tmp_path, ANSWERS)]
    assert [name.rsplit("-", 1)[0] for name in names] == ["CLEARING-000000007-12", "CLEARING-000000007"]
    assert [name.split(".", 1)[1] for name in names] == ["999.edi", "ta1.edi"]
