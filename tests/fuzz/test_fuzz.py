"""A minute of fuzzing in all: the reader of X12 and the door of claims.submitted, side by side."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.fuzz
ROOT = Path(__file__).parents[2]
SECONDS = 30
RUNS_MIN = 300


def started(target: str, folder: Path, seconds: int) -> subprocess.Popen[str]:
    """A process that fuzzes; atheris never returns, and ends the process it is in."""
    command = [sys.executable, "-m", "tests.fuzz", target, "--seconds", str(seconds), "--folder", str(folder)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def said(process: subprocess.Popen[str], seconds: int) -> str:
    """All that it said; it is ended where it does not end by itself."""
    try:
        return process.communicate(timeout=seconds + 60)[0]
    finally:
        process.kill()
        process.wait()


def runs(words: str) -> int:
    """How many inputs were tried."""
    return int(words.rpartition("stat::number_of_executed_units:")[2].split()[0])


@pytest.mark.timeout(200)
def test_no_bytes_from_strangers_raise(tmp_path: Path) -> None:
    fuzzing = {name: started(name, tmp_path / name, SECONDS) for name in ("x12", "record")}
    for name, process in fuzzing.items():
        words = said(process, SECONDS)
        crashes = {path.name: path.read_bytes() for path in (tmp_path / name / "found").iterdir()}
        assert process.returncode == 0, f"{name}: {crashes}\n{words[-6_000:]}"
        assert crashes == {}
        assert runs(words) >= RUNS_MIN, words[-2_000:]


@pytest.mark.timeout(120)
def test_a_bug_is_found_with_what_brings_it_about(tmp_path: Path) -> None:
    process = started("planted", tmp_path, SECONDS)
    words = said(process, SECONDS)
    assert process.returncode != 0
    assert "IndexError: the first diagnosis" in words
    crash = next((tmp_path / "found").iterdir())
    assert b"CLM*" in crash.read_bytes()
