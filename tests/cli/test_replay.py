"""`claims replay`: what a person reads, and how it ends."""

import contextlib
import gzip
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.errors import UserError
from cli.replay import replay
from cli.replay_tables import print_summary
from sources.generate.spec import SAMPLE_REFERENCE
from sources.replay.report import Shown, Summary

app = typer.Typer()
app.command()(replay)
RUNNER = CliRunner()
SAMPLES = SAMPLE_REFERENCE.parent


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a .env file and from running services, on a wide terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)


def test_imperfect_claims_are_sent_and_told() -> None:
    done = RUNNER.invoke(app, ["--dry-run", str(SAMPLES / "claims-837p.edi")])
    assert done.exit_code == 0, done.output
    for words in ("would be sent", "21", "NPI_CHECKDIGIT", "segment 232, CLM02", "the charge is 300.00"):
        assert words in done.output


def test_claims_that_cannot_be_sent_end_it_with_1() -> None:
    done = RUNNER.invoke(app, ["--dry-run", str(SAMPLES / "claims.jsonl"), "--rejects", "rejects.jsonl"])
    assert done.exit_code == 1
    assert "items[0].chargedAmount" in done.output
    assert len(Path("rejects.jsonl").read_text().splitlines()) == 5


def test_a_file_that_breaks_off_between_two_claims_ends_it_with_1() -> None:
    Path("cut.edi").write_bytes((SAMPLES / "claims-837p.edi").read_bytes()[:2000])
    done = RUNNER.invoke(app, ["--dry-run", "--json", "cut.edi"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["complete"], told["perFile"][0]["status"]) == (1, False, "unreadable")
    assert told["claims"] == 4, "those before the cut are sent all the same"
    assert told["findings"] == {"SEGMENT_CUT": 1, "SE_MISSING": 1, "GE_MISSING": 1, "IEA_MISSING": 1}


REFUSED = [
    # arguments                                       the message says
    ([],                                              "name files or folders"),
    (["missing.edi"],                                 "is not there"),
    (["-", "-"],                                      "which can be read once"),
    (["--dry-run", "empty"],                          "empty: no file in it. Hidden ones, and unfinished ones (.tmp,"),
    (["file", "--currency", "XAU", "--dry-run"],      "--currency must be one of"),
    (["file", "--dry-run", "--answers", "answers"],   "a dry run answers nothing"),
    (["file", "--dry-run", "--report", "no/report"],  "--report no/report cannot be written: its folder is not there"),
    (["file", "--dry-run", "--report", "empty"],      "--report empty is a folder; name a file in it"),
    (["file", "--rejects", "no/rejects"],             "is not there; mkdir -p no"),
    (["file", "--answers", "file"],                   "--answers file is no folder, as file is a file; name a folder"),
    (["file", "--answers", "file/answers"],           "--answers file/answers is no folder"),
    (["file"],                                        "no Kafka"),
    (["--watch", "nowhere"],                          "mkdir -p nowhere"),
    (["--watch", ".", "file", "--json"],              "leave out FILE, --json"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "says"), REFUSED)
def test_refused(arguments: list[str], says: str) -> None:
    Path("file").write_text('{"claimNumber": "A"}')
    Path("empty").mkdir()
    Path("empty", "a.edi.part").touch()
    done = RUNNER.invoke(app, arguments)
    assert isinstance(done.exception, UserError)
    assert says in str(done.exception)


def test_the_report_is_json_to_a_file_and_to_the_screen() -> None:
    done = RUNNER.invoke(app, ["--dry-run", "--json", "--report", "report.json", str(SAMPLES / "claims.jsonl")])
    assert done.exit_code == 1
    told = json.loads(Path("report.json").read_text())
    assert json.loads(done.output) == told
    assert (told["claims"], told["notSent"], told["complete"], told["dryRun"]) == (20, 5, False, True)
    [file] = told["perFile"]
    assert (file["name"], file["status"], file["formats"]) == ("claims.jsonl", "incomplete", ["json_lines"])
    assert [quoted["line"] for quoted in file["quoted"]] == [16, 17, 18, 18, 18, 18, 19, 20]


def summary_of(**said: Any) -> str:
    """What a person reads of a run with one file."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print_summary(Summary(files=1, claims=2, **said))
    return out.getvalue()


SHOWN = [Shown("a.edi", f"segment {number}", "AMOUNT", "is no amount") for number in range(20)]
WORDED = [
    # what happened                                          the tables say
    ({"sent_before": 1},                                     "interrupted, and not again: 1 claim; --from-start"),
    ({"sent_before": 2_000},                                 "interrupted, and not again: 2,000 claims; --from-start"),
    ({"failures": Counter(timeout=1)},                       "1 claim not confirmed (timeout); replay the files again"),
    ({"answers_failed": Counter(timeout=3)},                 "3 records for answers not confirmed (timeout)"),
    ({"findings": Counter(A=1), "first": SHOWN[:1]},         "1 finding\n"),
    ({"findings": Counter(A=20), "first": SHOWN},            "20 findings\n"),
    ({"findings": Counter(A=21), "first": SHOWN},            "The first 20 of 21 findings\n"),
    ({"findings": Counter(A=1), "first": SHOWN[:1]},         "┃ what is wrong ┃"),
]  # fmt: skip


@pytest.mark.parametrize(("happened", "says"), WORDED, ids=[case[1] for case in WORDED])
def test_the_tables_count_one_as_one_and_say_of_how_many(happened: dict[str, Any], says: str) -> None:
    assert says in re.sub(r" +\n", "\n", summary_of(**happened))


def test_a_place_is_shown_whole_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    place = "line 18, items[0].chargedAmount"
    first = [Shown("a-partner-20261123.jsonl", place, "PRESCRIPTION_MISSING", "is no amount " * 9)]
    told = summary_of(findings=Counter(number=1), first=first)
    cells = [line.split("│")[2].strip() for line in told.splitlines() if line.count("│") == 5]
    assert "".join(cells).replace(" ", "") == place.replace(" ", "")


def test_standard_input() -> None:
    data = (SAMPLES / "claims-837p.edi").read_bytes()
    done = RUNNER.invoke(app, ["--dry-run", "--json", "-"], input=gzip.compress(data))
    told = json.loads(done.output)
    assert (told["claims"], told["perFile"][0]["name"], done.exit_code) == (21, "standard input", 0)


def test_a_terminal_gets_a_progress_bar(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "cli", "replay", "--dry-run", str(SAMPLES / "claims-837p.edi")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"}
    done = subprocess.run(arguments, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # what reading the end of a terminal raises
        while part := os.read(ours, 65_536):
            shown += part
    os.close(ours)
    assert b"reading" in shown
    assert b"reading" not in done.stdout


def test_a_pipe_gets_no_progress_bar() -> None:
    done = RUNNER.invoke(app, ["--dry-run", str(SAMPLES / "claims-837p.edi")])
    assert done.stderr == ""
