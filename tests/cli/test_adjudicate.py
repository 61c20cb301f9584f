"""`claims adjudicate` as a person uses it: files in, JSON lines out, amounts as worked out by hand."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.errors import UserError
from cli.main import app
from cli.reference import sample_folder
from schemas.decision_json import schema_text
from tests.schemas.json_schema import Validator
from tests.sources.ncpdp import small as ncpdp
from tests.sources.offline.payer import claim, told, write_payer
from tests.sources.x12.small import WHOLE as X12

RUNNER = CliRunner()
SCHEMA = Validator(json.loads(schema_text()))
STAFF = {"actor": "dina", "role": "claim_processor", "reason": "looked at"}


def run(folder: Path, *lines: str, exit_code: int = 0, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What is written for these lines; every record fits the schema."""
    given = "".join(line + "\n" for line in lines)
    result = RUNNER.invoke(app, ["adjudicate", "--reference", str(folder), *options, "-"], input=given.encode())
    assert result.exit_code == exit_code, result.output
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [fault for record in records for fault in SCHEMA.faults(record)] == []
    return records


def decided(records: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Substatus, paid, member share and adjustments of each decision, in order."""
    return [
        (
            one["substatus"], one["paid"], one["memberShare"],
            " ".join(f"{a['group']}-{a['reason']}:{a['amount']}" for line in one["lines"] for a in line["adjustments"]),
        )
        for one in records if one["type"] == "decision"
    ]  # fmt: skip


def test_a_year_of_a_family(tmp_path: Path) -> None:
    """Fee 95 of 100: CO-45 5; deductible 95, then the 5 that are left of it and 20 % of 90, which is 18."""
    records = run(write_payer(tmp_path), claim("C-1", ("99213", 100)), claim("C-2", ("99213", 95), day="2026-03-03"))
    assert decided(records) == [
        ("approved", "0.00", "95.00", "CO-45:5.00 PR-1:95.00"),
        ("approved", "72.00", "23.00", "PR-1:5.00 PR-2:18.00"),
    ]
    second = [one for one in records if one["type"] == "decision"][1]
    assert second["reference"] == {"release": 1, "planId": "BASIC", "planFrom": "2026-01-01", "contractId": None}
    assert [(e["account"], e["who"], e["period"], e["amount"], e["unit"]) for e in second["ledger"]] == [
        ("deductible", "M-1", "2026", "5.00", "money"),
        ("deductible", "family", "2026", "5.00", "money"),
        ("out_of_pocket", "M-1", "2026", "23.00", "money"),
        ("out_of_pocket", "family", "2026", "23.00", "money"),
        ("limit:year", "family", "2026", "72.00", "money"),
    ]


def test_a_contract_counts_from_its_first_day(tmp_path: Path) -> None:
    """80 % of 200 are 160, of which 100 deductible, and 20 % of 60."""
    (one,) = decided(run(write_payer(tmp_path), claim("C-1", ("99213", 200), day="2026-07-01")))
    assert one == ("approved", "48.00", "112.00", "CO-45:40.00 PR-1:100.00 PR-2:12.00")


def test_a_contract_that_names_the_plan_comes_before_one_for_all(tmp_path: Path) -> None:
    """50 % of 200 are 100, all of it deductible; whatever the ids of the contracts."""
    folder = write_payer(tmp_path)
    text = (folder / "contracts.yaml").read_text(encoding="utf-8")
    special = text.replace("CT-1", "CT-2\n  plan_ids: [BASIC]").replace("0.80", "0.50")
    (folder / "contracts.yaml").write_text(text + special, encoding="utf-8")
    (one,) = decided(run(folder, claim("C-1", ("99213", 200), day="2026-07-01")))
    assert one == ("approved", "0.00", "100.00", "CO-45:100.00 PR-1:100.00")


def test_opening_balances_stand_before_the_first_claim(tmp_path: Path) -> None:
    """60 of the deductible were used: 40 are left, and 20 % of 55."""
    opening = "coverage_id,account,who,period,amount\nF-1,deductible,M-1,2026,60\nF-1,deductible,family,2026,60\n"
    folder = write_payer(tmp_path / "payer", opening=opening)
    expected = ("approved", "44.00", "51.00", "PR-1:40.00 PR-2:11.00")
    assert decided(run(folder, claim("C-1", ("99213", 95)))) == [expected]
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(opening.replace("60", "100"), encoding="utf-8")
    # A file that is named stands in for that of the folder.
    (met,) = decided(run(folder, claim("C-1", ("99213", 95)), options=("--opening", str(ledger))))
    assert met == ("approved", "76.00", "19.00", "PR-2:19.00")


def test_a_limit_goes_on_from_its_opening_balance(tmp_path: Path) -> None:
    """One of two visits was used: the second is paid, the third is the member's."""
    opening = (
        "coverage_id,account,who,date,amount\nF-1,limit:therapy,M-1,2026-02-01,1\nF-1,deductible,M-1,2026-02-01,100\n"
    )
    folder = write_payer(tmp_path, opening=opening)
    days = ("2026-03-02", "2026-03-09")
    records = run(folder, *(claim(f"C-{day}", ("97110", 40), day=day) for day in days))
    assert decided(records) == [
        ("approved", "32.00", "8.00", "PR-2:8.00"),
        ("denied", "0.00", "40.00", "PR-119:40.00"),
    ]


def test_history_makes_a_duplicate(tmp_path: Path) -> None:
    """The same service of the same day stands in an earlier claim."""
    header = "claim_id,member_id,provider_id,code_system,service_code,service_date,charge\n"
    history = header + "OLD,M-1,P-1,HC,99213,2026-03-02,95\n"
    folder = write_payer(tmp_path, history=history)
    records = run(folder, claim("C-1", ("99213", 95)), claim("C-2", ("99213", 95), day="2026-03-03"))
    assert [one[0] for one in decided(records)] == ["denied", "approved"]
    assert decided(records)[0][3] == "OA-18:95.00"


def test_another_payer_came_first(tmp_path: Path) -> None:
    """Without that payer's answer the claim is denied; with it, what it paid stands on the line."""
    paid = {"otherPayers": [{"payerId": "X", "paid": "60", "allowed": "90", "lines": [{"lineNumber": 1, "paid": 60}]}]}
    records = run(
        write_payer(tmp_path),
        claim("C-1", ("99213", 95), member="M-2"),
        claim("C-2", ("99213", 95), member="M-2", day="2026-03-03", **paid),
    )
    first, second = (one for one in records if one["type"] == "decision")
    assert (first["substatus"], first["lines"][0]["adjustments"][0]["reason"]) == ("denied", "22")
    assert second["lines"][0]["otherPaid"] == "60.00"


def test_the_life_of_a_claim(tmp_path: Path) -> None:
    """Pended, released by an authorization that arrives, paid, replaced, voided: every amount comes back."""
    grant = {"authorizationNumber": "PA-2", "memberId": "M-2", "validFrom": "2026-01-01", "validTo": "2026-12-31"}
    folder = write_payer(tmp_path)
    text = (folder / "coverages.csv").read_text(encoding="utf-8")
    (folder / "coverages.csv").write_text(text.replace("true", ""), encoding="utf-8")
    records = run(
        folder,
        claim("C-1", ("70551", 245), member="M-2"),
        told("authorization", **grant),
        told("payment", claimId="C-1", paymentNumber="T-1", amount="116.00", currency="USD", paidOn="2026-04-01"),
        claim("C-1b", ("99213", 95), member="M-2", frequencyCode="7", originalReference="C-1"),
        claim("C-1c", ("99213", 95), member="M-2", frequencyCode="8", originalReference="C-1"),
    )
    last = {one["line"]: one["substatus"] for one in records if one["type"] == "decision"}
    assert {1: "pended", 2: "approved", 3: "paid"}.items() <= last.items()
    asked = [(one["line"], one["amount"]) for one in records if one["type"] == "payment_request"]
    assert asked[0] == (2, "116.00")
    balances: dict[tuple[str, str, str], float] = {}
    for one in records:
        for entry in one.get("ledger", ()):
            key = (entry["account"], entry["who"], entry["period"])
            balances[key] = balances.get(key, 0) + float(entry["amount"])
    assert set(balances.values()) == {0.0}


def test_a_person_decides_a_pended_claim(tmp_path: Path) -> None:
    """By the submitter's own number; once, and not twice."""
    records = run(
        write_payer(tmp_path),
        claim("C-1", ("70551", 245), member="M-1", day="2025-12-31"),
        claim("C-2", ("70551", 245), member="M-2", otherPayers=[{"payerId": "X", "paid": "0"}]),
        told("command", kind="deny", claimId="C-2", **STAFF),
        told("command", kind="approve", claimId="C-2", **STAFF),
        told("command", kind="void", claimId="C-99", **STAFF),
    )
    assert [(one["line"], one["substatus"]) for one in records if one["type"] == "decision"] == [
        (1, "denied"), (2, "pended"), (3, "denied"),
    ]  # fmt: skip
    assert [one["line"] for one in records if one["type"] == "waiting"] == [5], "C-99 may still come"


BAD = [
    ("", None),
    ("{", "not_json"),
    ("[]", "not_an_object"),
    ('{"claim": 1}', "model_type"),
    ('{"command": {"kind": "approve"}}', "missing"),
    ('{"command": {"kind": "raise", "claimId": "C", "actor": "a", "role": "admin"}}', "literal_error"),
    ('{"payment": {}, "x": 1}', "unknown_field"),
    (told("authorization", authorizationNumber="A", memberId="M", validFrom="2026-02-02", validTo="2026-02-01"),
     "period"),
    (claim("C", ("99213", "1.005")), "amount_too_fine"),
    (claim("C", ("99213", "1"), acceptedAt="2026-03-02"), "moment"),
    (claim("C", ("99213", "1"), colour="red"), "unknown_field"),
    (claim("C", ("99213", "1"), otherPayers=[{"payerId": "X", "paid": 5, "lines": [{"lineNumber": 1, "paid": 4}]}]),
     "payer_paid_contradicts"),
    (claim("C", ("99213", "1"), otherPayers=[{"payerId": "X", "paid": 5, "lines": [{"lineNumber": 2, "paid": 5}]}]),
     "payer_line_contradicts"),
]  # fmt: skip


def test_bad_lines_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    """With their number, in the output and on standard error; the run ends with 1."""
    given = "".join(line + "\n" for line, _ in BAD) + claim("GOOD", ("99213", 95))
    result = RUNNER.invoke(app, ["adjudicate", "--reference", str(write_payer(tmp_path)), "-"], input=given.encode())
    assert result.exit_code == 1
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [fault for record in records for fault in SCHEMA.faults(record)] == []
    told_of = {one["line"]: one["findings"][0]["code"] for one in records if one["type"] == "input_error"}
    assert told_of == {number: code for number, (_, code) in enumerate(BAD, start=1) if code}
    assert [one["line"] for one in records if one["type"] == "decision"] == [len(BAD) + 1]
    assert "line 2: not JSON at column 2" in result.stderr
    assert "no input: 12 of 13 lines" in result.stderr


OTHERS = [
    # a file of another format                       the one message
    (X12,                                            "claims is X12, not JSON lines: `claims replay` sends it"),
    (ncpdp.batch(ncpdp.body(ncpdp.WHOLE)),           "claims is NCPDP D.0, not JSON lines: `claims replay` sends it"),
    (gzip.compress(X12),                             "claims: the file is packed with gzip; unpack it first"),
    (b"[\n" + claim("A").encode() + b"\n]\n",        "claims: the file holds a JSON list; write one claim a line"),
    (json.dumps({"memberId": "M"}, indent=2).encode(), "claims: the file holds JSON that is spread over several lines"),
]  # fmt: skip


@pytest.mark.parametrize("piped", [False, True], ids=["a file", "a pipe"])
@pytest.mark.parametrize(("data", "says"), OTHERS, ids=[case[1] for case in OTHERS])
def test_a_file_of_another_format_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, says: str, piped: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("claims").write_bytes(data)
    folder = str(write_payer(tmp_path / "payer"))
    result = RUNNER.invoke(app, ["adjudicate", "--reference", folder, "-" if piped else "claims"], input=data)
    assert isinstance(result.exception, UserError)
    assert str(result.exception).startswith(says.replace("claims", "standard input", 1) if piped else says)
    assert (result.stdout, result.stderr) == ("", "")


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    """Into a file that only its owner may read."""
    written = []
    for name in ("first.jsonl", "second.jsonl"):
        claims = sample_folder().parent / "claims.jsonl"
        command = ["adjudicate", "--reference", str(sample_folder()), str(claims), "--out", str(tmp_path / name)]
        assert RUNNER.invoke(app, command).exit_code == 1
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    records = [json.loads(line) for line in written[0].splitlines()]
    assert [fault for record in records for fault in SCHEMA.faults(record)] == []
    assert sum(one["type"] == "decision" for one in records) == 13


def test_the_schema_is_printed() -> None:
    """As it ships."""
    result = RUNNER.invoke(app, ["adjudicate", "--schema"])
    assert (result.exit_code, result.stdout) == (0, schema_text())


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "name a folder and a file"),
        (["--reference", "{folder}"], "name a folder and a file"),
        (["--reference", "{folder}", "nowhere.jsonl"], "nowhere.jsonl is no file"),
        (["--reference", "nowhere", "-"], "is no folder; name one that holds"),
        (["--reference", "{folder}", "--opening", "nowhere.csv", "-"], "nowhere.csv: is not there"),
        (["--reference", "{folder}", "-", "--out", "{folder}"], "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_told_to_the_person(tmp_path: Path, arguments: list[str], text: str) -> None:
    """Before anything is decided; the command line ends with 2."""
    folder = str(write_payer(tmp_path))
    result = RUNNER.invoke(app, ["adjudicate", *(one.format(folder=folder) for one in arguments)])
    assert text in str(result.exception)
