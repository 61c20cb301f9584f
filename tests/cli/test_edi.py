"""`claims edi show` and `claims edi read`: what a person and a program get of a file."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from cli.edi import app
from cli.errors import UserError
from schemas.claim import SubmittedClaim
from schemas.intake import ClaimIntake, dump_json, parse_json, problems, to_json, to_submitted, told_apart
from sources.generate.spec import SAMPLE_REFERENCE
from sources.replay.items import Source
from sources.replay.reading import read_files
from tests.sources.x12.small import BILLING, CLAIM, LINES, SUBSCRIBER, WHOLE, file_of

RUNNER = CliRunner()
SAMPLES = SAMPLE_REFERENCE.parent
SAMPLE = SAMPLES / "claims-837p.edi"
SOURCE = Source("USD", None, lambda: 0, lambda: "test")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, given: bytes | None = None) -> Result:
    return RUNNER.invoke(app, list(arguments), input=given)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def read_back(claim: SubmittedClaim) -> SubmittedClaim:
    """A claim through the JSON that `read` writes."""
    intake = ClaimIntake.model_validate(parse_json(dump_json(to_json(claim)).encode()))
    return told_apart(to_submitted(
        intake, submitter_id=claim.submitter_id, channel=claim.channel, correlation_id=claim.correlation_id,
        accepted_at=claim.accepted_at, idempotency_key=claim.idempotency_key,
    ))  # fmt: skip


def claims_of(path: Path) -> list[SubmittedClaim]:
    return [found.item.claim for found in read_files([path], SOURCE) if found.item.claim is not None]


def test_claims_as_json_lines_are_those_of_the_file() -> None:
    done = run("read", str(SAMPLE))
    assert done.exit_code == 0, done.output
    Path("claims.jsonl").write_text(done.stdout)
    ours = [(claim.claim_control_number, claim.lines, claim.member) for claim in claims_of(SAMPLE)]
    assert [
        (claim.claim_control_number, claim.lines, claim.member) for claim in claims_of(Path("claims.jsonl"))
    ] == ours
    assert len(ours) == 21


def test_a_claim_read_back_is_the_same_claim() -> None:
    for claim in claims_of(SAMPLE):
        assert read_back(claim) == claim


# Faults that an EDI claim may have, each reported by its reader, and JSON may not.
REFUSED_AS_JSON = {"code_missing", "payer_paid_contradicts", "string_too_short"}


def test_public_claims_read_back_are_the_same(shared_data: Path) -> None:
    folders = [shared_data / "x12" / name for name in ("837p", "837i", "837d")]
    claims = [claim for folder in folders for claim in claims_of(folder)]
    refused: Counter[str] = Counter()
    for claim in claims:
        try:
            assert read_back(claim) == claim
        except ValidationError as error:
            refused.update({finding.code for finding in problems(error)})
    assert set(refused) <= REFUSED_AS_JSON
    assert len(claims) > 200
    assert refused.total() < 10


def test_findings_as_json_lines_name_channel_place_and_code() -> None:
    done = run("read", str(SAMPLE), "--findings", "findings.jsonl")
    found = lines(Path("findings.jsonl").read_text())
    assert found[1] | {"text": ""} == {
        "file": "claims-837p.edi", "channel": "277CA", "severity": "error", "segment": 232, "position": "CLM02",
        "code": "BALANCE", "text": "", "claimNumber": "ACME-0014-02",
    }  # fmt: skip
    assert {one["code"] for one in found} == {"DUP_CLM01", "BALANCE", "CLM05_2", "DX_DOT", "NPI_CHECKDIGIT"}
    assert Path("findings.jsonl").stat().st_mode & 0o077 == 0, "they name claims"
    assert len(done.stdout.splitlines()) == 21


def test_findings_to_the_screen_stand_there_alone() -> None:
    done = run("read", str(SAMPLE), "--findings", "-")
    assert [one["channel"] for one in lines(done.stdout)] == ["277CA", "277CA", "999", "277CA", "277CA"]


def test_several_files_packed_ones_and_a_pipe() -> None:
    Path("a.edi.gz").write_bytes(gzip.compress(WHOLE))
    done = run("read", "a.edi.gz", str(SAMPLE), "-", given=WHOLE)
    assert [one["claimNumber"] for one in lines(done.stdout)][0::22] == ["A-1", "A-1"]


def test_show_puts_findings_where_they_stand() -> None:
    bad_line = (*LINES[:3], "LX*2", "SV1*HC:85025*fifty*UN*1***1", "DTP*472*D8*20260512")
    Path("a.edi").write_bytes(
        file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES, "CLM*A-2*150***11:B:1", *CLAIM[1:], *bad_line)
    )
    shown = run("show", "a.edi", str(SAMPLE)).stdout.splitlines()
    balance = next(place for place, line in enumerate(shown) if "BALANCE" in line and "CLM02" in line)
    assert shown[balance + 1].startswith("  line 1:"), "that of a claim stands before its lines"
    amount = next(place for place, line in enumerate(shown) if "AMOUNT" in line)
    assert shown[amount - 1].startswith("  line 2: HC 85025"), "that of a line stands under it"
    assert shown[-1].startswith("23 claims, ")


COUNTED = [
    # a file                                               how the last line of show counts
    (WHOLE,                                                "1 claim, 0 findings"),
    (WHOLE.replace(b"*150*", b"*151*"),                    "1 claim, 1 finding"),
    (b"",                                                  "0 claims, 1 finding"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "says"), COUNTED, ids=[case[1] for case in COUNTED])
def test_show_counts_one_as_one(data: bytes, says: str) -> None:
    Path("a.edi").write_bytes(data)
    assert run("show", "a.edi").stdout.splitlines()[-1] == says


def test_show_prints_people_and_money() -> None:
    done = run("show", str(SAMPLE))
    assert done.exit_code == 0, done.output
    for words in (
        "claim ACME-0006-01  (claims-837p.edi, segment 19)",
        "patient      DANIEL REYES  member_number ACM0000006  birthDate 1976-12-09",
        "charge       475.00 USD",
        "line 1: HC 99285  x 1  420.00 USD  2026-09-16",
        "! warning 277CA NPI_CHECKDIGIT segment 303 NM109",
    ):
        assert words in done.stdout
    assert "\x1b" not in done.stdout, "no colours in a pipe"


def test_what_a_sender_wrote_cannot_play_tricks_on_a_terminal() -> None:
    Path("a.edi").write_bytes(WHOLE.replace(b"CARTER", b"[red]\x1b[2J"))
    shown = run("show", "a.edi").stdout
    assert "[red]" in shown
    assert "\x1b" not in shown


def test_what_cannot_be_read_ends_it_with_1() -> None:
    Path("cut.edi").write_bytes(WHOLE[: WHOLE.index(b"\nSE*")])
    Path("letter.txt").write_text("Dear Sirs")
    done = run("show", "cut.edi", "letter.txt")
    assert done.exit_code == 1
    assert "not sent" in done.stdout
    assert "UNKNOWN_FORMAT letter.txt" in done.stdout
    Path("between.edi").write_bytes(SAMPLE.read_bytes()[:2000])
    assert run("show", "between.edi").exit_code == 1
    assert run("read", "between.edi").exit_code == 1
    assert run("read", "letter.txt").exit_code == 1
    assert run("read", "cut.edi").exit_code == 1


ONE_CLAIM = dump_json(to_json(claims_of(SAMPLE)[0]))
UNREAD = [
    # file           its bytes                                 what the error stream says of it
    ("empty.edi",    b"",                                      "the file is empty (1 finding"),
    ("letter.txt",   b"Dear Sirs",                             "neither X12 (begins with ISA) nor NCPDP D.0"),
    ("short.edi",    WHOLE[:60],                               "segment 1: the file ends within ISA, in element 8"),
    ("cut.edi",      SAMPLE.read_bytes()[:2000],               "the data breaks off within this segment"),
    ("cut.gz",       gzip.compress(WHOLE)[:-20],               "the gzip data breaks off; send the file again"),
    ("bad.jsonl",    b'{"a": 1}\n' + ONE_CLAIM.encode(),       "1 of 2 claims could not be read ("),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "says"), UNREAD, ids=[case[0] for case in UNREAD])
def test_read_says_of_each_file_that_it_could_not_be_read(name: str, data: bytes, says: str) -> None:
    Path(name).write_bytes(data)
    Path("whole.edi").write_bytes(WHOLE)
    done = run("read", name, "whole.edi")
    [line] = done.stderr.splitlines()
    assert (done.exit_code, line[: len(name) + 2]) == (1, f"{name}: ")
    assert says in line
    assert lines(done.stdout)[-1]["claimNumber"] == "A-1", "the next file is read"


HINTS = [
    # arguments                        how the line ends
    ([],                               "(1 finding; --findings - shows them)"),
    (["--findings", "found.jsonl"],    "(1 finding, in found.jsonl)"),
    (["--findings", "-"],              "(1 finding)"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "ends"), HINTS)
def test_read_says_where_findings_are(arguments: list[str], ends: str) -> None:
    Path("empty.edi").touch()
    assert run("read", "empty.edi", *arguments).stderr.endswith(f"{ends}\n")


def test_read_says_nothing_where_all_is_read() -> None:
    assert run("read", str(SAMPLE)).stderr == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "missing.edi"], "is not there"),
        (["show", "empty"], "empty: no file in it"),
        (["read", "empty"], "empty: no file in it"),
        (["read", str(SAMPLE), "--currency", "XAU"], "--currency must be one of"),
        (["read", str(SAMPLE), "--findings", "no/findings"], "cannot be written"),
    ],
)
def test_refused(arguments: list[str], says: str) -> None:
    Path("empty").mkdir()
    done = run(*arguments)
    assert isinstance(done.exception, UserError)
    assert says in str(done.exception)


def test_strict_findings_join_the_others() -> None:
    Path("a.edi").write_bytes(WHOLE)
    codes = {one["code"] for one in lines(run("read", "--strict", "--findings", "-", "a.edi").stdout)}
    assert any(code.startswith("STRICT_") for code in codes)


@pytest.mark.parametrize("command", ["show", "read"])
def test_a_reader_that_has_enough_is_no_error(command: str, tmp_path: Path) -> None:
    """As `| head -1` is."""
    many = [segment for n in range(3_000) for segment in (f"CLM*A-{n}*150***11:B:1", *CLAIM[1:], *LINES)]
    Path("a.edi").write_bytes(file_of(*BILLING, *SUBSCRIBER, *many))
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "edi", command, "a.edi"], env=environment, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
