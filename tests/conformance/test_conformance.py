"""The pack of worked claims against this engine, and the runner against wrong expectations."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.conformance import conformance
from cli.conformance_cases import Case, CaseError, cases_in
from cli.conformance_run import run
from cli.errors import UserError
from schemas.codec import Codec
from streams.driver import Driver

HERE = Path(__file__).parent
CODEC = Codec()
CASES = cases_in(HERE)
BY_ID = {case.case_id: case for case in CASES}
CASES_MIN, SOURCED_MIN = 60, 30
# Every feature has a case; the words are those of `features` in the files.
FEATURES = {
    word
    for line in (
        "deductible-within-claim deductible-between-claims two-lines-one-deductible zero-payment-is-approved",
        "coinsurance coinsurance-cap out-of-pocket-maximum out-of-pocket-give-back out-of-pocket-counts rounding",
        "benefit-year opening-balances family-embedded family-aggregate",
        "copay copay-first deductible-first copay-per-line copay-per-visit copay-per-day copay-per-admission",
        "fee-schedule lesser-of percent-of-charge per-diem per-visit case-rate carve-out-lines negative-oa-94",
        "ranked-reductions largest-remainder effective-dates out-of-network network-only tiers",
        "room-class room-pro-rata inner-limit whole-rupiah reimbursement",
        "limit-money limit-visits limit-units limit-days limit-per-claim limit-per-day limit-period limit-lifetime",
        "limit-family tranches dental",
        "duplicate-exact duplicate-suspect history pair-edit units-per-day units-split charge-edit",
        "age sex diagnosis exclusion no-benefit coverage-before coverage-ended coverage-gap two-plans waiting-period",
        "timely-filing referral other-payer-first encounter",
        "authorization-missing authorization-pend authorization-release authorization-exceeded",
        "coordination-standard coordination-maintenance coordination-carve-out medicare-secondary coordination-ledger",
        "prior-payer-oa-23",
        "front-end-rejection resubmission repeat pend approve deny second-approval outside-adjudicator illegal-move",
        "appeal-upheld appeal-overturned payment payment-twice",
        "void void-before-original void-out-of-order replacement",
    )
    for word in line.split()
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.case_id) for case in CASES])
def test_case(case: Case) -> None:
    assert list(run(case, CODEC).differences) == []


def test_there_are_enough_cases_and_enough_with_a_public_source() -> None:
    assert len(CASES) >= CASES_MIN
    assert sum(case.source is not None for case in CASES) >= SOURCED_MIN


def test_every_feature_has_a_case() -> None:
    found = {feature for case in CASES for feature in case.features}
    assert sorted(FEATURES) == sorted(found)


def other(expected: Any) -> Any:
    """Something else to expect: another number, another word, another code."""
    if isinstance(expected, list):
        return [other(part) for part in expected]
    if isinstance(expected, dict):
        kept = ("claim", "repeated", "undecided")
        return {name: part if name in kept else other(part) for name, part in expected.items()} or {"CO-45": "1"}
    return str(int(Decimal(expected)) + 1) if re.fullmatch(r"-?[0-9.]+", expected) else f"X{expected}"


def test_no_case_passes_when_it_expects_something_else() -> None:
    """A case whose every expectation may be changed and still passes proves nothing."""
    changed = [
        replace(
            case, steps=[{**step, "expect": other(step["expect"])} if "expect" in step else step for step in case.steps]
        )
        for case in CASES
    ]
    assert [case.case_id for case in changed if run(case, CODEC).passed] == []


def first(case_id: str, **expect: Any) -> Case:
    """A case with its first step alone, and something else expected of it."""
    case = BY_ID[case_id]
    return replace(case, steps=[{**case.steps[0], "expect": expect}], ledger=None)


def of_line(**expect: Any) -> dict[str, Any]:
    return {"lines": {"1": expect}}


WRONG: list[tuple[str, Case, str]] = [
    # what is wrong, the case, what is said
    ("money", first("fee-and-coinsurance", paid="97.00"), "paid is 96.00 USD, expected 97.00 USD (-1.00 USD off)"),
    ("a cent", first("fee-and-coinsurance", allowed="120.01"), "allowed is 120.00 USD, expected 120.01 USD"),
    ("state", first("fee-and-coinsurance", substatus="denied"), "substatus is approved, expected denied"),
    ("line", first("fee-and-coinsurance", **of_line(paid="95.00")), "line 1: paid is 96.00 USD, expected 95.00 USD"),
    ("no such line", first("fee-and-coinsurance", lines={"2": {"paid": "1"}}), "line 2 is not there"),
    ("other code", first("fee-and-coinsurance", **of_line(adjustments={"CO-45": "30.00", "PR-3": "24.00"})),
     "line 1: PR-3 is 0.00 USD, expected 24.00 USD"),
    ("code too many", first("fee-and-coinsurance", **of_line(adjustments={"CO-45": "30.00"})),
     "line 1: PR-2 is 24.00 USD, expected 0.00 USD"),
    ("units", first("five-units-where-three-are-likely", **of_line(units_denied="1")), "units_denied is 2, expected 1"),
    ("quantity", first("five-units-where-three-are-likely", **of_line(quantities={"CO-222": "3"})),
     "quantity of CO-222 is 2, expected 3"),
    ("finding", first("fee-and-coinsurance", findings=["D-AGE"]), "no finding D-AGE; there are none"),
    ("pend", first("fee-and-coinsurance", pend={"queue": "review"}), "it does not wait"),
    ("queue", first("high-charge-waits", pend={"queue": "authorization"}), "pend queue is review"),
    ("rejection", first("fee-and-coinsurance", rejected=["V-TOTAL-CHARGE"]), "it is not rejected at the front end"),
    ("other finding", first("total-that-is-not-the-sum", rejected=["V-LINE-UNITS"]), "rejected with V-TOTAL-CHARGE"),
    ("decision", first("total-that-is-not-the-sum", paid="1.00"), "rejected at the front end (V-TOTAL-CHARGE)"),
    ("refusal", first("fee-and-coinsurance", refused="L-ROLE"), "refused for nothing, expected L-ROLE"),
    ("waiting", first("fee-and-coinsurance", undecided="true"), "is decided (approved), expected to wait"),
    ("repeat", first("fee-and-coinsurance", repeated="true"), "the decision before is not repeated"),
    ("request", first("fee-and-coinsurance", requested="90.00"), "payments asked for are 96.00 USD"),
    ("payee", first("fee-and-coinsurance", payee="member"), "asked for provider, expected member"),
    ("dead letter", first("fee-and-coinsurance", dead="conflict"), "set aside as nothing, expected conflict"),
    ("ledger", replace(BY_ID["half-a-cent-goes-up"], ledger=()), "ledger: balances in 2026, expected none"),
    ("balance",
     replace(BY_ID["half-a-cent-goes-up"],
             ledger=[{"account": "out_of_pocket", "who": "M1", "period": "2026", "amount": "0.03"}]),
     "ledger: out_of_pocket of M1 in 2026 is 0.02 USD, expected 0.03 USD"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "said"), [pytest.param(*row[1:], id=row[0]) for row in WRONG])
def test_a_wrong_expectation_goes_red(case: Case, said: str) -> None:
    found = run(case, CODEC).differences
    assert found
    assert any(said in text for text in found), found


def test_what_is_set_aside_is_a_difference_unless_it_is_expected() -> None:
    case = BY_ID["command-on-a-rejected-claim"]
    unexpected = replace(case, steps=[case.steps[0], {**case.steps[1], "expect": {}}])
    (found,) = run(unexpected, CODEC).differences
    assert "step 2, claim A: set aside: rejected_claim" in found


def test_an_engine_that_fails_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("line 1: 100 is not 90 paid + 9 adjusted")

    monkeypatch.setattr(Driver, "pipe", fail)
    (found,) = run(BY_ID["fee-and-coinsurance"], CODEC).differences
    assert "the engine failed: AssertionError: line 1: 100 is not 90 paid + 9 adjusted" in found


STEP: dict[str, Any] = {
    "claim": {"items": [{"serviceCode": "99213", "chargedAmount": "100.00"}]},
    "expect": {"paid": "100.00"},
}
CASE: dict[str, Any] = {
    "id": "one",
    "title": "A visit",
    "features": ["copay"],
    "derived": True,
    "rule": "A rule",
    "working": "100",
    "steps": [STEP],
}


def written(folder: Path, **changes: Any) -> Path:
    """A folder with one file of one case; None takes a key away."""
    case = {name: value for name, value in {**CASE, **changes}.items() if value is not None}
    (folder / "visits.yaml").write_text(yaml.safe_dump({"topic": "Visits", "cases": [case]}), encoding="utf-8")
    return folder


MALFORMED: list[tuple[str, dict[str, Any], str]] = [
    # what is wrong, what is written, what is said
    ("unknown key", {"surprise": 1}, "visits.yaml, case one: knows no 'surprise'"),
    ("no working", {"working": None}, "visits.yaml, case one: lacks working"),
    ("no origin", {"derived": None, "rule": None}, "visits.yaml, case one: names either a `source` or `derived: true`"),
    ("no rule", {"rule": None}, "visits.yaml, case one: is derived and must name the `rule`"),
    (
        "half a source",
        {"derived": None, "source": {"title": "T"}},
        "case one, source: lacks publisher, reference, note",
    ),
    ("unknown file", {"reference": {"tariffs": []}}, "visits.yaml, case one, reference: knows no 'tariffs'"),
    ("unknown column", {"reference": {"plans": [{"deductable": 5}]}}, "names 'deductable'"),
    ("no step", {"steps": [{"clam": {}}]}, "visits.yaml, case one: a step is one of claim"),
    ("unknown expectation", {"steps": [{**STEP, "expect": {"payed": 1}}]}, "expect: knows no 'payed'"),
    ("unknown field", {"steps": [{"claim": {"itemz": []}}]}, "itemz"),
    ("unknown claim", {"steps": [{"command": {"kind": "void", "claim": "Z"}}]}, "claim Z was not sent before"),
    ("fine money", {"steps": [{**STEP, "expect": {"paid": "1.001"}}]}, "'1.001'"),
]


@pytest.mark.parametrize(("changes", "said"), [pytest.param(*row[1:], id=row[0]) for row in MALFORMED])
def test_a_malformed_case_is_an_error_that_names_it(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(CaseError) as raised:
        run(cases_in(written(tmp_path, **changes))[0], CODEC)
    assert said in str(raised.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "again.yaml").write_text((tmp_path / "visits.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"visits.yaml, case one: again.yaml has a case of that id"):
        cases_in(tmp_path)


def answered(command: Callable[[], None]) -> int:
    """How the command ends: 0, or the code that it exits with."""
    try:
        command()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_command_says_what_passes_and_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path)
    assert answered(lambda: conformance(tmp_path)) == 0
    assert "1 case, 0 with a public source; 1 pass, 0 differ" in capsys.readouterr().out
    written(tmp_path, steps=[{**STEP, "expect": {"paid": "101.00"}}])
    assert answered(lambda: conformance(tmp_path)) == 1
    assert "paid is 100.00 USD, expected 101.00 USD (-1.00 USD off)" in capsys.readouterr().out
    assert answered(lambda: conformance(tmp_path, as_json=True)) == 1
    assert '"differing":1' in capsys.readouterr().out.replace(" ", "")


def test_the_command_finds_one_case_or_says_that_there_is_none(tmp_path: Path) -> None:
    written(tmp_path)
    assert answered(lambda: conformance(tmp_path, only="one")) == 0
    with pytest.raises(UserError, match="no case two in"):
        conformance(tmp_path, only="two")
    with pytest.raises(UserError, match="no cases"):
        conformance(tmp_path / "nowhere")
    written(tmp_path, surprise=1)
    with pytest.raises(UserError, match="knows no 'surprise'"):
        conformance(tmp_path)
