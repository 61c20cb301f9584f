"""Benefit limits as an examiner would check them: the line that crosses one is split, never cut silently."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine
from schemas.reference import Limit, Tranche
from tests.agents.till import Till, benefits, on, plan_with, reasons
from tests.agents.world import claim, line

Expected = tuple[str, int, dict[str, int], int]
TWENTY = {"coinsurance": "0.20"}


def limit(measure: Any, amount: int | None, per: Any = "period", who: Any = "member", **more: Any) -> Limit:
    """A limit with the id L."""
    return Limit(more.pop("limit_id", "L"), measure, per, who, amount, **more)


ONE_CLAIM: list[tuple[str, tuple[Limit, ...], dict[str, Any], Sequence[ClaimLine], list[Expected]]] = [
    # case, limits, benefit, lines, expected: verdict, paid, adjustments, thousandths of units denied
    ("money below the limit", (limit("money", 10000),), {}, [line(9000)], [("passed", 9000, {}, 0)]),
    ("money exactly at the limit", (limit("money", 9000),), {}, [line(9000)], [("passed", 9000, {}, 0)]),
    # It counts what the plan pays: 80 % of 100.
    ("money that crosses it", (limit("money", 5000),), TWENTY, [line(10000)], [("passed", 5000, {"PR-2": 2000, "PR-119": 3000}, 0)]),
    ("a cent over it", (limit("money", 9999),), {}, [line(10000)], [("passed", 9999, {"PR-119": 1}, 0)]),
    ("a thousandth of a unit over it", (limit("units", 999),), {}, [line(1000)], [("passed", 999, {"PR-119": 1}, 1)]),
    ("the second line crosses it", (limit("money", 15000),), {}, [line(10000), line(10000)], [("passed", 10000, {}, 0), ("passed", 5000, {"PR-119": 5000}, 0)]),
    ("a limit of 0", (limit("money", 0),), {}, [line(10000)], [("passed", 0, {"PR-119": 10000}, 0)]),
    ("money of a lifetime", (limit("money", 4000, "lifetime"),), {}, [line(10000)], [("passed", 4000, {"PR-35": 6000}, 0)]),
    ("money a day", (limit("money", 4000, "day"),), {}, [line(3000), line(3000), on(line(3000), 1)], [("passed", 3000, {}, 0), ("passed", 1000, {"PR-119": 2000}, 0), ("passed", 3000, {}, 0)]),
    ("money a claim", (limit("money", 4000, "claim"),), {}, [line(3000), on(line(3000), 1)], [("passed", 3000, {}, 0), ("passed", 1000, {"PR-119": 2000}, 0)]),
    ("two limits: the tighter bites, then the other", (limit("money", 5000), limit("money", 8000, "lifetime", limit_id="LIFE")), {}, [line(6000), line(6000)], [("passed", 5000, {"PR-119": 1000}, 0), ("passed", 0, {"PR-119": 6000}, 0)]),
    ("another benefit does not count", (limit("money", 1000, benefits=("lab",)),), {}, [line(3000)], [("passed", 3000, {}, 0)]),
    ("another code does not count", (limit("money", 1000, codes=("8*",)),), {}, [line(3000)], [("passed", 3000, {}, 0)]),
    ("a code that counts", (limit("money", 1000, codes=("99200-99299",)),), {}, [line(3000)], [("passed", 1000, {"PR-119": 2000}, 0)]),
    # 5 units for 100.00, 3 allowed: 60.00 stay.
    ("units that cross it", (limit("units", 3000),), {}, [line(10000, units=5)], [("passed", 6000, {"PR-119": 4000}, 2000)]),
    ("the excess share by largest remainder", (limit("units", 2000),), {}, [line(10000, units=3)], [("passed", 6667, {"PR-119": 3333}, 1000)]),
    ("units over two lines", (limit("units", 3000),), {}, [line(4000, units=2), line(4000, units=2)], [("passed", 4000, {}, 0), ("passed", 2000, {"PR-119": 2000}, 1000)]),
    ("no units left: the line is denied", (limit("units", 2000),), {}, [line(4000, units=2), line(4000, units=2)], [("passed", 4000, {}, 0), ("denied", 0, {"PR-119": 4000}, 0)]),
    ("units of a lifetime", (limit("units", 1000, "lifetime"),), {}, [line(4000, units=2)], [("passed", 2000, {"PR-35": 2000}, 1000)]),
    ("units come off before the member's share", (limit("units", 1000),), TWENTY, [line(4000, units=2)], [("passed", 1600, {"PR-119": 2000, "PR-2": 400}, 1000)]),
    ("the lines of a day are one visit", (limit("visits", 1),), {}, [line(3000), line(2000), on(line(3000), 1)], [("passed", 3000, {}, 0), ("passed", 2000, {}, 0), ("denied", 0, {"PR-119": 3000}, 0)]),
    ("no visits at all", (limit("visits", 0),), {}, [line(3000), line(2000)], [("denied", 0, {"PR-119": 3000}, 0), ("denied", 0, {"PR-119": 2000}, 0)]),
    # Four days for 400.00, three allowed.
    ("days that cross it", (limit("days", 3),), {}, [on(line(40000, units=4), 0, 4)], [("passed", 30000, {"PR-119": 10000}, 1000)]),
    ("two lines of one day use it once", (limit("days", 1),), {}, [line(5000), line(4000)], [("passed", 5000, {}, 0), ("passed", 4000, {}, 0)]),
    ("one of three days: a third of charge and units", (limit("days", 2),), {}, [on(line(30000), 0, 3)], [("passed", 20000, {"PR-119": 10000}, 333)]),
    ("units and days: each takes its own", (limit("units", 3000), limit("days", 2, limit_id="D")), {}, [on(line(40000, units=4), 0, 4)], [("passed", 15000, {"PR-119": 25000}, 2500)]),
    ("nothing charged", (limit("money", 0), limit("units", 1000, limit_id="U")), {}, [line(0, units=2)], [("passed", 0, {}, 1000)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "benefit", "lines", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ONE_CLAIM]
)
def test_one_claim(
    limits: tuple[Limit, ...], benefit: dict[str, Any], lines: Sequence[ClaimLine], expected: list[Expected]
) -> None:
    found = Till(plan_with(benefit, limits=limits)).lines(claim(*lines))
    assert [(one.verdict, one.paid, reasons(one), one.units_denied_milli) for one in found] == expected


# Claims of one line one after the other: who, days after DAY, charge; and what the plan pays.
STORIES: list[tuple[str, Limit, list[tuple[str, int, int]], list[int]]] = [
    ("of the member", limit("money", 10000), [("M1", 0, 6000), ("M1", 1, 6000), ("M1", 2, 6000), ("M2", 0, 6000)], [6000, 4000, 0, 6000]),
    ("of the family", limit("money", 10000, who="family"), [("M1", 0, 6000), ("M2", 0, 6000), ("M3", 0, 6000)], [6000, 4000, 0]),
    ("of a claim", limit("money", 5000, "claim"), [("M1", 0, 6000), ("M1", 0, 6000)], [5000, 5000]),
    ("of a day, over claims", limit("money", 5000, "day"), [("M1", 0, 3000), ("M1", 0, 3000), ("M1", 1, 3000)], [3000, 2000, 3000]),
    ("of a lifetime, over years", limit("money", 10000, "lifetime"), [("M1", 0, 6000), ("M1", 365, 6000)], [6000, 4000]),
    ("of a period, anew the next year", limit("money", 10000), [("M1", 0, 6000), ("M1", 365, 6000)], [6000, 6000]),
    ("visits over claims", limit("visits", 2), [("M1", 0, 6000), ("M1", 0, 6000), ("M1", 1, 6000), ("M2", 1, 6000)], [6000, 6000, 0, 6000]),
    ("units over claims", limit("units", 2000), [("M1", 0, 6000), ("M1", 0, 6000), ("M1", 1, 6000)], [6000, 6000, 0]),
    ("days of the family", limit("days", 1, who="family"), [("M1", 0, 6000), ("M2", 0, 6000)], [6000, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("one_limit", "story", "paid"), [pytest.param(*row[1:], id=row[0]) for row in STORIES])
def test_claims_in_order(one_limit: Limit, story: list[tuple[str, int, int]], paid: list[int]) -> None:
    till = Till(plan_with(limits=(one_limit,)))
    found = []
    for number, (who, day, charge) in enumerate(story):
        lines = till.lines(claim(on(line(charge), day), number=str(number), member_id=who))
        found.append(sum(one.paid for one in lines))
    assert found == paid


def tranches(measure: Any, *steps: tuple[int, str], amount: int | None = None) -> Limit:
    """A limit with tranches."""
    return limit(measure, amount, tranches=tuple(Tranche(*one) for one in steps))


FREE_THEN_HALF = tranches("money", (100_00, "0"), (300_00, "0.5"))

TRANCHES: list[tuple[str, Limit, dict[str, Any], list[tuple[int, int]], list[int]]] = [
    # case, limit, plan, charge and units of claims one after the other (20 % past the tranches), coinsurance of each
    ("within the first", FREE_THEN_HALF, {}, [(80_00, 1)], [0]),
    # 100 free, 50 at one half.
    ("a line that crosses is split", FREE_THEN_HALF, {}, [(150_00, 1)], [25_00]),
    # 100 free, 200 at one half, 100 at 20 %.
    ("past the last the benefit's own counts", FREE_THEN_HALF, {}, [(400_00, 1)], [120_00]),
    # Tranches count what is allowed, so two claims make the same as one.
    ("over claims", FREE_THEN_HALF, {}, [(150_00, 1), (250_00, 1)], [25_00, 95_00]),
    # A deductible of 60 lies at the bottom: 40 free, then 50 at one half.
    ("the deductible fills them from below", FREE_THEN_HALF, {"deductible_individual": 60_00}, [(150_00, 1)], [25_00]),
    ("one rounding over all tranches", tranches("money", (1, "0.5"), (2, "0.5")), {}, [(2, 1)], [1]),
    ("of units: three free of five", tranches("units", (3_000, "0")), {}, [(50_00, 5)], [4_00]),
    ("of visits: the first is free", tranches("visits", (1, "0"), (2, "0.5")), {}, [(50_00, 1), (50_00, 1), (50_00, 1)], [0, 25_00, 10_00]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one_limit", "plan", "charges", "coinsurance"), [pytest.param(*row[1:], id=row[0]) for row in TRANCHES]
)
def test_tranches(
    one_limit: Limit, plan: dict[str, Any], charges: list[tuple[int, int]], coinsurance: list[int]
) -> None:
    till = Till(plan_with(TWENTY, limits=(one_limit,), **plan))
    lines = [line(charge, units=units) for charge, units in charges]
    taken = [reasons(*till.lines(claim(on(one, n), number=str(n)))).get("PR-2", 0) for n, one in enumerate(lines)]
    assert taken == coinsurance


def test_the_second_line_of_a_visit_lies_in_the_tranche_of_the_first() -> None:
    till = Till(plan_with(TWENTY, limits=(tranches("visits", (1, "0")),)))
    assert reasons(*till.lines(claim(line(1000), line(1000), on(line(1000), 1)))) == {"PR-2": 200}


def test_of_two_limits_with_tranches_the_first_counts() -> None:
    limits = (tranches("units", (9_000, "0.5")), replace(tranches("units", (9_000, "0")), limit_id="M"))
    assert reasons(*Till(plan_with(TWENTY, limits=limits)).lines(claim(line(1000)))) == {"PR-2": 500}


def test_a_limit_of_money_with_tranches_counts_both() -> None:
    # Coinsurance one half up to 100.00 allowed; the plan pays at most 60.00.
    till = Till(plan_with(TWENTY, limits=(tranches("money", (10000, "0.5"), amount=6000),)))
    assert reasons(*till.lines(claim(line(10000)))) == {"PR-2": 5000}
    assert reasons(*till.lines(claim(line(10000), number="2"))) == {"PR-2": 2000, "PR-119": 7000}
    assert (till.used("limit:L"), till.used("limit:L:allowed")) == (6000, 20000)


def test_money_over_a_limit_does_not_count_toward_out_of_pocket() -> None:
    till = Till(plan_with(TWENTY, limits=(limit("money", 5000),), out_of_pocket_individual=2500))
    found = till.lines(claim(line(10000)))
    assert (reasons(*found), found[0].member_share) == ({"PR-2": 2000, "PR-119": 3000}, 5000)
    assert till.used("out_of_pocket") == 2000


def test_the_excess_of_a_limit_names_it_and_its_units() -> None:
    found = Till(plan_with(limits=(limit("units", 3000, limit_id="PHYSIO"),))).lines(claim(line(10000, units=5)))[0]
    assert [(one.rule, one.quantity_milli) for one in found.adjustments] == [("P-LIMIT:PHYSIO", 2000)]
    assert [(one.code, one.place) for one in found.findings] == [("P-LIMIT:PHYSIO", "lines[1]")]
    assert found.findings[0].text == "limit PHYSIO: 3 units a period, 0 were used"


BALANCES: list[tuple[str, Limit, str, str, str, int]] = [
    # case, limit, account, whose, period, balance after a line of 60.00 and 2 units
    ("money of the period", limit("money", 5000), "limit:L", "M1", "2026", 5000),
    ("money of the family", limit("money", 9000, who="family"), "limit:L", "family", "2026", 6000),
    ("units of the lifetime", limit("units", 9000, "lifetime"), "limit:L", "M1", "lifetime", 2000),
    ("visits", limit("visits", 9), "limit:L", "M1", "2026", 1),
    ("days", limit("days", 9), "limit:L", "M1", "2026", 1),
    ("a day", limit("money", 9000, "day"), "limit:L:2026-03-02", "M1", "2026", 6000),
    ("a claim needs no balance", limit("money", 9000, "claim"), "limit:L", "M1", "2026", 0),
]


@pytest.mark.parametrize(
    ("one_limit", "account", "who", "period", "balance"), [pytest.param(*row[1:], id=row[0]) for row in BALANCES]
)
def test_balances(one_limit: Limit, account: str, who: str, period: str, balance: int) -> None:
    till = Till(plan_with(limits=(one_limit,)))
    till.lines(claim(line(6000, units=2)))
    assert till.used(account, who, period) == balance


def test_a_line_over_a_limit_is_told_down_to_nothing() -> None:
    found = Till(plan_with(limits=(limit("visits", 0),))).lines(claim(line(1000)))[0]
    told = "limit L: 0 visits a period, 0 were used"
    assert [(one.rule, one.before, one.after, one.detail) for one in found.steps] == [("P-LIMIT:L", 1000, 0, told)]
    assert (found.allowed, found.units_denied_milli, found.adjustments[0].quantity_milli) == (0, 0, 1000)


def test_a_limit_adds_up_the_benefits_that_it_names() -> None:
    plan = plan_with(
        benefits=benefits(lab={"codes": ("80053",)}, scan={"codes": ("70450",)}, visit={}),
        limits=(limit("money", 5000, benefits=("lab", "scan")),),
    )
    found = Till(plan).lines(claim(line(3000, "80053"), line(3000), line(3000, "70450")))
    assert [one.paid for one in found] == [3000, 3000, 2000]


def test_a_denied_line_uses_nothing_of_another_limit() -> None:
    limits = (limit("visits", 1, limit_id="V"), limit("units", 1000, limit_id="U"))
    till = Till(plan_with(limits=limits))
    found = till.lines(claim(line(1000, units=1), on(replace(line(1000), units_milli=1000), 1)))
    assert [one.verdict for one in found] == ["passed", "denied"]
    assert (till.used("limit:V"), till.used("limit:U")) == (1, 1000)
