"""Coding edits: pairs, units a day and charges over an amount, by severity, order, plan and day; one case a line."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine
from schemas.reference import Edit
from tests.agents.desk import Desk, balances, edit, lines_of, told
from tests.agents.world import BENEFIT, DAY, PLAN, claim, line

PAIR = edit("ptp", bypass_modifiers=("59", "XU"))
UNITS = edit("mue", kind="units_per_day", code="97110", other_code=None, units_milli=4000, reason="222")
CHARGE = edit(
    "dear",
    kind="charge_over",
    code="80053",
    other_code=None,
    amount=20000,
    currency="USD",
    reason="45",
    severity="warn",
)
PANEL, BASIC = line(9000, "80053"), line(5000, "80048")
NEXT_DAY = replace(PANEL, service_from=DAY + 1, service_to=DAY + 1)

PAIRS: list[tuple[str, Edit, tuple[ClaimLine, ...], list[str]]] = [
    # case, edit, lines, answers
    ("both", PAIR, (PANEL, BASIC), ["passed", "denied CO-236 5000 D-EDIT"]),
    ("in either order", PAIR, (BASIC, PANEL), ["denied CO-236 5000 D-EDIT", "passed"]),
    ("alone", PAIR, (BASIC,), ["passed"]),
    ("another day", PAIR, (NEXT_DAY, BASIC), ["passed", "passed"]),
    ("bypassed", PAIR, (PANEL, line(5000, "80048", modifiers=("59",))), ["passed", "passed"]),
    ("bypassed otherwise", PAIR, (PANEL, line(5000, "80048", modifiers=("25", "XU"))), ["passed", "passed"]),
    ("no bypass", PAIR, (PANEL, line(5000, "80048", modifiers=("25",))), ["passed", "denied CO-236 5000 D-EDIT"]),
    ("bypass on the other line", PAIR, (line(9000, "80053", modifiers=("59",)), BASIC), ["passed", "denied CO-236 5000 D-EDIT"]),
    ("another code system", PAIR, (replace(PANEL, code_system="LOCAL"), BASIC), ["passed", "passed"]),
    ("bundled", replace(PAIR, reason="97"), (PANEL, BASIC), ["passed", "denied CO-97 5000 D-EDIT"]),
    ("pends", replace(PAIR, severity="pend"), (PANEL, BASIC), ["passed", "pended D-EDIT"]),
    ("warns", replace(PAIR, severity="warn"), (PANEL, BASIC), ["passed", "passed D-EDIT"]),
    ("of this plan", replace(PAIR, plan_ids=("PLAN",)), (PANEL, BASIC), ["passed", "denied CO-236 5000 D-EDIT"]),
    ("of another plan", replace(PAIR, plan_ids=("ELSE",)), (PANEL, BASIC), ["passed", "passed"]),
    ("not yet in force", replace(PAIR, effective_from=DAY + 1), (PANEL, BASIC), ["passed", "passed"]),
    ("no more in force", replace(PAIR, effective_to=DAY - 1), (PANEL, BASIC), ["passed", "passed"]),
    ("in force on its last day", replace(PAIR, effective_to=DAY), (PANEL, BASIC), ["passed", "denied CO-236 5000 D-EDIT"]),
    ("any code beside it", replace(PAIR, code="*"), (PANEL, BASIC), ["passed", "denied CO-236 5000 D-EDIT"]),
    ("a prefix is not looked for", replace(PAIR, code="8004*"), (PANEL, BASIC), ["passed", "passed"]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "lines", "answers"), [pytest.param(*row[1:], id=row[0]) for row in PAIRS])
def test_pairs(given: Edit, lines: tuple[ClaimLine, ...], answers: list[str]) -> None:
    billed = claim(*lines)
    judged = Desk(edits=(given,)).judge(billed)
    assert told(judged) == answers
    assert balances(billed, judged)


def test_a_denied_line_does_not_stand_beside_another() -> None:
    excluded = replace(BENEFIT, benefit_id="no", codes=("80053",), covered=False)
    desk = Desk(replace(PLAN, benefits=(excluded, BENEFIT)), edits=(PAIR,))
    assert told(desk.judge(claim(PANEL, BASIC))) == ["denied PR-96 9000 D-EXCLUDED", "passed"]
    assert told(desk.judge(claim(replace(BASIC, charge=5001), number="C2"))) == ["pended D-DUPLICATE-SUSPECT"]


ACROSS: list[tuple[str, dict[str, Any], str]] = [
    # case, changes of the later claim, answer
    ("the same provider", {}, "denied CO-236 5000 D-EDIT"),
    ("another provider", {"provider_id": "P2"}, "passed"),
    ("another member", {"member_id": "M2"}, "passed"),
]


@pytest.mark.parametrize(("changes", "answer"), [pytest.param(*row[1:], id=row[0]) for row in ACROSS])
def test_pairs_across_claims(changes: dict[str, Any], answer: str) -> None:
    desk = Desk(edits=(PAIR,))
    desk.judge(claim(PANEL))
    assert told(desk.judge(claim(BASIC, number="C2", **changes))) == [answer]


def test_a_pair_forgets_what_was_voided() -> None:
    desk = Desk(edits=(PAIR,))
    first = claim(PANEL)
    desk.judge(first)
    desk.void(first)
    assert told(desk.judge(claim(BASIC, number="C2"))) == ["passed"]


QUANTITIES: list[tuple[str, Edit, tuple[ClaimLine, ...], list[str], list[int]]] = [
    # case, edit, lines, answers, thousandths of units denied of lines that stand
    ("under", UNITS, (line(9000, "97110", units=3),), ["passed"], [0]),
    ("at the most", UNITS, (line(9000, "97110", units=4),), ["passed"], [0]),
    ("over", UNITS, (line(10000, "97110", units=6),), ["passed CO-222 3333 D-EDIT"], [2000]),
    ("a cent that does not divide", UNITS, (line(100, "97110", units=7),), ["passed CO-222 43 D-EDIT"], [3000]),
    ("two lines", UNITS, (line(9000, "97110", units=3), line(6000, "97110", units=2)), ["passed", "passed CO-222 3000 D-EDIT"], [0, 1000]),
    ("nothing left", UNITS, (line(9000, "97110", units=4), line(6000, "97110", units=2)), ["passed", "denied CO-222 6000 D-EDIT"], [0, 0]),
    ("pends", replace(UNITS, severity="pend"), (line(9000, "97110", units=6),), ["pended D-EDIT"], [0]),
    ("warns", replace(UNITS, severity="warn"), (line(9000, "97110", units=6),), ["passed D-EDIT"], [0]),
    ("none allowed", replace(UNITS, units_milli=0), (line(9000, "97110"),), ["denied CO-222 9000 D-EDIT"], [0]),
    ("parts of a unit", replace(UNITS, units_milli=500), (line(9000, "97110"),), ["passed CO-222 4500 D-EDIT"], [500]),
    ("for every code", replace(UNITS, code="*"), (line(9000, "97110", units=6), line(100, "97112", units=4)), ["passed CO-222 3000 D-EDIT", "passed"], [2000, 0]),
    ("without a charge", UNITS, (line(0, "97110", units=6),), ["passed D-EDIT"], [2000]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "lines", "answers", "units"), [pytest.param(*row[1:], id=row[0]) for row in QUANTITIES]
)
def test_units_a_day(given: Edit, lines: tuple[ClaimLine, ...], answers: list[str], units: list[int]) -> None:
    billed = claim(*lines)
    judged = Desk(edits=(given,)).judge(billed)
    assert told(judged) == answers
    assert [one.units_denied_milli for one in lines_of(judged)] == units
    assert balances(billed, judged)


def test_an_adjustment_tells_the_units_and_the_edit() -> None:
    (one,) = lines_of(Desk(edits=(UNITS,)).judge(claim(line(10000, "97110", units=6))))
    (adjustment,) = one.adjustments
    assert (adjustment.amount, adjustment.quantity_milli, adjustment.rule) == (3333, 2000, "D-EDIT:mue")
    assert [(s.rule, s.before, s.after) for s in one.steps] == [
        ("D-EDIT:mue", 10000, 6667),
    ]
    assert one.findings[0].text == (
        "edit mue: at most 4 units of 97110 on 2026-03-02, 0 were there before; 2 of 6 are over"
    )
    assert one.findings[0].remedy == "at most 4 units on 2026-03-02"


def test_units_of_other_claims_of_the_provider_count() -> None:
    desk = Desk(replace(PLAN, suspect_duplicates="warn"), edits=(UNITS,))
    first = claim(line(9000, "97110", units=3))
    desk.judge(first)
    second = line(6000, "97110", units=2)
    assert told(desk.judge(claim(second, number="C2"))) == ["passed CO-222 3000 D-EDIT D-DUPLICATE-SUSPECT"]
    assert told(desk.judge(claim(second, number="C3", provider_id="P2"))) == ["passed D-DUPLICATE-SUSPECT"]
    assert told(desk.judge(claim(second, number="C4", member_id="M2"))) == ["passed"]


def test_units_come_back_with_a_void() -> None:
    desk = Desk(edits=(UNITS,))
    first = claim(line(9000, "97110", units=4))
    desk.judge(first)
    desk.void(first)
    assert told(desk.judge(claim(line(6000, "97110", units=4), number="C2"))) == ["passed"]


def test_denied_lines_use_no_units() -> None:
    copy = line(9000, "97110", units=2)
    judged = Desk(edits=(UNITS,)).judge(claim(copy, copy, line(9100, "97110", units=2)))
    assert told(judged) == ["passed", "denied OA-18 9000 D-DUPLICATE", "passed"]


def test_an_exact_copy_of_a_split_line_is_found() -> None:
    desk = Desk(edits=(UNITS,))
    desk.judge(claim(line(10000, "97110", units=6)))
    again = desk.judge(claim(line(10000, "97110", units=6), number="C2"))
    assert told(again) == ["denied OA-18 10000 D-DUPLICATE D-EDIT"]


def test_two_edits_of_units_split_twice() -> None:
    narrow = replace(UNITS, edit_id="narrow", units_milli=1000, priority=20, reason="151")
    billed = claim(line(10000, "97110", units=6))
    judged = Desk(edits=(UNITS, narrow)).judge(billed)
    assert told(judged) == ["passed CO-222 3333 CO-151 5000 D-EDIT D-EDIT"]
    assert lines_of(judged)[0].units_denied_milli == 5000


CHARGES: list[tuple[str, Edit, int, dict[str, Any], str]] = [
    # case, edit, charge, changes of the claim, answer
    ("at the amount", CHARGE, 20000, {}, "passed"),
    ("over it, warns", CHARGE, 20001, {}, "passed D-EDIT"),
    ("over it, pends", replace(CHARGE, severity="pend"), 20001, {}, "pended D-EDIT"),
    ("over it, denies", replace(CHARGE, severity="deny"), 20001, {}, "denied CO-45 20001 D-EDIT"),
    ("another currency", replace(CHARGE, currency="IDR"), 20001, {}, "passed"),
    ("for every code", replace(CHARGE, code="*"), 20001, {}, "passed D-EDIT"),
]


@pytest.mark.parametrize(
    ("given", "charge", "changes", "answer"), [pytest.param(*row[1:], id=row[0]) for row in CHARGES]
)
def test_charges_over_an_amount(given: Edit, charge: int, changes: dict[str, Any], answer: str) -> None:
    assert told(Desk(edits=(given,)).judge(claim(line(charge, "80053"), **changes))) == [answer]


ORDERS: list[tuple[str, tuple[Edit, ...], str]] = [
    # case, edits of a line of 80048 beside 80053, answer
    ("deny before pend", (replace(PAIR, priority=1, severity="pend"), edit("b", reason="97")), "denied CO-97 5000 D-EDIT D-EDIT"),
    ("the lower priority first", (edit("a", priority=2), edit("b", priority=1, reason="97")), "denied CO-97 5000 D-EDIT D-EDIT"),
    ("the id at last", (edit("b", reason="97"), edit("a")), "denied CO-236 5000 D-EDIT D-EDIT"),
    ("every code and its own", (edit("b", code="*", priority=1, reason="97"), edit("a")), "denied CO-97 5000 D-EDIT D-EDIT"),
    ("pend before warn", (replace(PAIR, severity="warn"), edit("b", severity="pend")), "pended D-EDIT D-EDIT"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "answer"), [pytest.param(*row[1:], id=row[0]) for row in ORDERS])
def test_order_of_edits(edits: tuple[Edit, ...], answer: str) -> None:
    judged = Desk(edits=edits).judge(claim(PANEL, BASIC))
    assert told(judged)[1] == answer


def test_duplicates_and_coverage_come_before_coding() -> None:
    plan = replace(PLAN, benefits=(replace(BENEFIT, sex="M"),))
    judged = Desk(plan, edits=(PAIR, replace(CHARGE, severity="deny", amount=1))).judge(claim(PANEL, PANEL))
    assert told(judged) == ["denied CO-7 9000 D-SEX D-EDIT", "denied CO-7 9000 D-SEX D-EDIT"]


def test_a_denial_of_the_line_comes_before_units_of_it() -> None:
    judged = Desk(edits=(replace(UNITS, priority=1), edit("pair", code="97110"))).judge(
        claim(PANEL, line(10000, "97110", units=6))
    )
    assert told(judged) == ["passed", "denied CO-236 10000 D-EDIT D-EDIT"]


def test_a_pair_says_what_would_change_it() -> None:
    finding = lines_of(Desk(edits=(PAIR,)).judge(claim(PANEL, BASIC)))[1].findings[0]
    assert finding.text == "edit ptp: 80048 is not paid beside 80053, which is on line 1 of this claim"
    assert finding.remedy == "modifier 59 or XU on the line, where the services were separate"
