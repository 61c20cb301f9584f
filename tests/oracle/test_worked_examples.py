"""The oracle against the worked examples of the rules: who checks must be checked first."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine
from schemas.reference import Limit, Plan
from tests.agents.world import BENEFIT, DAY, PLAN, claim, line, member
from tests.oracle.book import Book
from tests.oracle.figures import Payer, round_half_up, split
from tests.properties.payers import providers
from tests.properties.stories import following

TWENTY = (replace(BENEFIT, coinsurance="0.20"),)
MONEY = Limit("money", "money", "claim", "member", 1_000)


def book(plan: Plan, **more: Any) -> Book:
    """A family of four under a plan."""
    members = {name: member(name) for name in ("M1", "M2", "M3", "M4")}
    return Book(Payer(plan, members, providers(), **more))


ONE_LINE: list[tuple[str, dict[str, Any], ClaimLine, int, dict[str, int]]] = [
    # case, plan, line, paid, adjustments
    ("20 %", {}, line(12_000), 9_600, {"PR-2": 2_400}),
    (
        "deductible and maximum",
        {"deductible_individual": 300_000, "out_of_pocket_individual": 685_000},
        line(1_200_000),
        720_000,
        {"PR-1": 300_000, "PR-2": 180_000},
    ),
    ("half a cent", {"benefits": (replace(BENEFIT, coinsurance="0.15"),)}, line(10), 8, {"PR-2": 2}),
    ("the limit is crossed", {"limits": (MONEY,)}, line(10_000), 1_000, {"PR-2": 2_000, "PR-119": 7_000}),
]


@pytest.mark.parametrize(("plan", "billed", "paid", "adjustments"), [pytest.param(*r[1:], id=r[0]) for r in ONE_LINE])
def test_one_line(plan: dict[str, Any], billed: ClaimLine, paid: int, adjustments: dict[str, int]) -> None:
    found = book(replace(PLAN, **{"fee_schedule_id": None, "benefits": TWENTY, **plan}))
    found.submit(claim(billed))
    row = found.all()[0].rows[0]
    assert (row.paid, row.adjustments) == (paid, adjustments)


def test_embedded_family_deductible() -> None:
    plan = replace(PLAN, fee_schedule_id=None, deductible_individual=100_000, deductible_family=200_000)
    found = book(replace(plan, benefits=TWENTY))
    for number, (who, charge) in enumerate([("M1", 120_000), ("M2", 60_000), ("M3", 70_000), ("M4", 10_000)]):
        found.submit(claim(line(charge), number=str(number), member_id=who))
    shares = [version.rows[0].adjustments for version in found.all()]
    assert [one.get("PR-1", 0) for one in shares] == [100_000, 60_000, 40_000, 0]
    assert [one.get("PR-2", 0) for one in shares] == [4_000, 0, 6_000, 2_000]


def test_a_void_takes_out_what_was_recorded_and_later_claims_keep_their_amounts() -> None:
    found = book(replace(PLAN, fee_schedule_id=None, deductible_individual=10_000, suspect_duplicates="warn"))
    first, second, third = (claim(line(8_000 + n), number=f"{n}") for n in range(3))
    for one in (first, second, following(first, first, "V", "8"), third):
        found.submit(one)
    assert [version.rows[0].adjustments.get("PR-1") for version in found.all()] == [8_000, 2_000, 8_000]
    assert found.balance("deductible", "M1", "2026") == 10_000
    assert found.all()[0].ended == "voided"


def test_a_replacement_is_decided_without_its_own_original_even_when_it_came_first() -> None:
    found = book(replace(PLAN, fee_schedule_id=None, deductible_individual=10_000))
    first = claim(line(8_000), number="1")
    found.submit(following(first, claim(line(12_000)), "R", "7"))
    assert found.all() == []
    found.submit(first)
    assert [(one.number, one.ended, one.rows[0].paid) for one in found.all()] == [(1, "replaced", 0), (2, "", 2_000)]
    found.submit(following(first, first, "V", "8"))
    found.submit(following(first, first, "V2", "8"))
    assert found.balance("deductible", "M1", "2026") == 0
    assert len(found.rejected) == 1


def test_an_exact_duplicate_is_denied_within_a_claim_and_against_history() -> None:
    found = book(replace(PLAN, fee_schedule_id=None))
    found.submit(claim(line(100), line(100)))
    found.submit(claim(line(100), number="again"))
    assert [[row.denials for row in version.rows] for version in found.all()] == [[[], ["OA-18"]], [["OA-18"]]]


def test_money_is_split_and_rounded_as_the_rules_say() -> None:
    assert split(10_000, [1, 1, 1]) == [3_334, 3_333, 3_333]
    assert [round_half_up(one) for one in (0, 1, -1)] == [0, 1, -1]


def test_a_day_without_cover_and_a_late_claim_are_denied() -> None:
    found = book(replace(PLAN, timely_filing_days=5))
    found.submit(claim(replace(line(100), service_from=DAY, service_to=DAY)))
    found.submit(claim(line(100), number="2", service_from=DAY - 1_000))
    assert [version.rows[0].denials[0] for version in found.all()] == ["CO-29", "CO-26"]
