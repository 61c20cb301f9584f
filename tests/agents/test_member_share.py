"""The member's share as an examiner would check it: in minor units, no fees, so the charge is allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine
from schemas.reference import CoinsuranceCap, Plan
from tests.agents.till import Till, benefits, on, plan_with, reasons
from tests.agents.world import DAY, claim, line

TWENTY = {"coinsurance": "0.20"}
COPAY_FIRST = {"share_order": "copay_first"}
CAPS = (CoinsuranceCap(("outpatient",), 300_000), CoinsuranceCap(("inpatient",), 3_000_000))

# One claim, nothing used before; expected is what each line pays and its adjustments.
ONE_CLAIM: list[tuple[str, dict[str, Any], dict[str, Any], Sequence[ClaimLine], list[tuple[int, dict[str, int]]]]] = [
    # case, benefit, plan, lines, expected
    ("20 %", TWENTY, {}, [line(12000)], [(9600, {"PR-2": 2400})]),
    ("12,000, deductible 3,000, 20 %, maximum 6,850", TWENTY, {"deductible_individual": 300_000, "out_of_pocket_individual": 685_000}, [line(1_200_000)], [(720_000, {"PR-1": 300_000, "PR-2": 180_000})]),
    ("half a cent up", {"coinsurance": "0.15"}, {}, [line(10)], [(8, {"PR-2": 2})]),
    ("a rate of many digits is exact", {"coinsurance": "0.333333333333333333333333333333"}, {}, [line(300)], [(200, {"PR-2": 100})]),
    ("all of it", {"coinsurance": "1"}, {}, [line(300)], [(0, {"PR-2": 300})]),
    ("nothing charged", {"copay": 2500, **TWENTY}, {"deductible_individual": 500}, [line(0)], [(0, {})]),
    ("deductible first", {"copay": 2500, **TWENTY}, {"deductible_individual": 5000}, [line(15000)], [(6000, {"PR-1": 5000, "PR-3": 2500, "PR-2": 1500})]),
    # Copay 25, then 50 of the other 125, then 20 % of 75.
    ("copay first", {"copay": 2500, **TWENTY}, {"deductible_individual": 5000, **COPAY_FIRST}, [line(15000)], [(6000, {"PR-1": 5000, "PR-3": 2500, "PR-2": 1500})]),
    # The order shows where the amount does not last: 60 is 50 + 10, or 25 + 35.
    ("deductible first takes most", {"copay": 2500}, {"deductible_individual": 5000}, [line(6000)], [(0, {"PR-1": 5000, "PR-3": 1000})]),
    ("copay first takes its own", {"copay": 2500}, {"deductible_individual": 5000, **COPAY_FIRST}, [line(6000)], [(0, {"PR-1": 3500, "PR-3": 2500})]),
    ("a benefit without deductible", {"deductible_applies": False}, {"deductible_individual": 5000}, [line(15000)], [(15000, {})]),
    ("a deductible of a cent", {}, {"deductible_individual": 1}, [line(5)], [(4, {"PR-1": 1})]),
    ("a copay of a cent", {"copay": 1}, {}, [line(5)], [(4, {"PR-3": 1})]),
    ("a cent over the maximum", TWENTY, {"out_of_pocket_individual": 1999}, [line(10000)], [(8001, {"PR-2": 1999})]),
    ("two lines on one deductible", TWENTY, {"deductible_individual": 12000}, [line(10000), line(10000)], [(0, {"PR-1": 10000}), (6400, {"PR-1": 2000, "PR-2": 1600})]),
    ("a deductible of the family alone", {}, {"deductible_family": 12000}, [line(10000), line(10000)], [(0, {"PR-1": 10000}), (8000, {"PR-1": 2000})]),
    ("embedded: the individual limit is met first", {}, {"deductible_individual": 3000, "deductible_family": 12000}, [line(10000)], [(7000, {"PR-1": 3000})]),
    ("embedded: the family's limit is met first", {}, {"deductible_individual": 12000, "deductible_family": 3000}, [line(10000)], [(7000, {"PR-1": 3000})]),
    ("aggregate: the family's alone", {}, {"deductible_individual": 3000, "deductible_family": 12000, "deductible_family_limit": "aggregate"}, [line(10000), line(5000)], [(0, {"PR-1": 10000}), (3000, {"PR-1": 2000})]),
    ("aggregate without a family amount is the individual's", {}, {"deductible_individual": 3000, "deductible_family_limit": "aggregate"}, [line(10000)], [(7000, {"PR-1": 3000})]),
    ("copay of each line", {"copay": 2500}, {}, [line(10000), line(10000)], [(7500, {"PR-3": 2500}), (7500, {"PR-3": 2500})]),
    ("copay of the visit: once a day of the claim", {"copay": 2500, "copay_scope": "visit"}, {}, [line(10000), line(10000), on(line(10000), 1)], [(7500, {"PR-3": 2500}), (10000, {}), (7500, {"PR-3": 2500})]),
    ("copay of the admission: once a claim", {"copay": 2500, "copay_scope": "admission"}, {}, [line(10000), on(line(10000), 1)], [(7500, {"PR-3": 2500}), (10000, {})]),
    ("what one line cannot bear is left for the next", {"copay": 2500, "copay_scope": "visit"}, {}, [line(1000), line(10000)], [(0, {"PR-3": 1000}), (8500, {"PR-3": 1500})]),
    ("the maximum is crossed within a line", TWENTY, {"out_of_pocket_individual": 1000}, [line(10000)], [(9000, {"PR-2": 1000})]),
    ("the maximum is crossed on the second line", TWENTY, {"out_of_pocket_individual": 3000}, [line(10000), line(10000)], [(8000, {"PR-2": 2000}), (9000, {"PR-2": 1000})]),
    # 20 + 25 + 20 % of 105 = 66; 36 too much: 21 of coinsurance, then 15 of copay.
    ("given back: coinsurance, then copay", {"copay": 2500, **TWENTY}, {"deductible_individual": 2000, "out_of_pocket_individual": 3000}, [line(15000)], [(12000, {"PR-1": 2000, "PR-3": 1000})]),
    ("given back: the deductible last", {"copay": 2500, **TWENTY}, {"deductible_individual": 2000, "out_of_pocket_individual": 500}, [line(15000)], [(14500, {"PR-1": 500})]),
    ("a maximum of 0", {"copay": 2500, **TWENTY}, {"deductible_individual": 2000, "out_of_pocket_individual": 0}, [line(15000)], [(15000, {})]),
    ("the family's maximum", TWENTY, {"out_of_pocket_individual": 5000, "out_of_pocket_family": 1500}, [line(10000)], [(8500, {"PR-2": 1500})]),
    ("aggregate: the family's maximum alone", TWENTY, {"out_of_pocket_individual": 100, "out_of_pocket_family": 1500, "out_of_pocket_family_limit": "aggregate"}, [line(10000)], [(8500, {"PR-2": 1500})]),
    ("aggregate without a family maximum is the individual's", TWENTY, {"out_of_pocket_individual": 100, "out_of_pocket_family_limit": "aggregate"}, [line(10000)], [(9900, {"PR-2": 100})]),
    # The copay of 25 does not count: only 20 % of 125 = 25 does, of which 15 are over.
    ("a copay that does not count is not given back", {"copay": 2500, **TWENTY}, {"out_of_pocket_individual": 1000, "out_of_pocket_counts": ("deductible", "coinsurance")}, [line(15000)], [(11500, {"PR-3": 2500, "PR-2": 1000})]),
    ("nothing counts: no maximum bites", TWENTY, {"out_of_pocket_individual": 1000, "out_of_pocket_counts": ()}, [line(10000)], [(8000, {"PR-2": 2000})]),
    ("a cap of coinsurance over the lines of a claim", {"coinsurance": "0.05"}, {"coinsurance_caps": CAPS, "currency": "IDR"}, [line(5_000_000), line(5_000_000)], [(4_750_000, {"PR-2": 250_000}), (4_950_000, {"PR-2": 50_000})]),
    ("a cap that is used up", {"coinsurance": "0.05"}, {"coinsurance_caps": CAPS, "currency": "IDR"}, [line(7_000_000), line(5_000_000)], [(6_700_000, {"PR-2": 300_000}), (5_000_000, {})]),
    ("the first cap that fits the claim", TWENTY, {"coinsurance_caps": (CoinsuranceCap(("dental",), 0), CoinsuranceCap((), 500), CoinsuranceCap((), 9))}, [line(10000)], [(9500, {"PR-2": 500})]),
    ("no cap fits", TWENTY, {"coinsurance_caps": (CoinsuranceCap(("dental",), 0),)}, [line(10000)], [(8000, {"PR-2": 2000})]),
]  # fmt: skip


@pytest.mark.parametrize(("benefit", "plan", "lines", "expected"), [pytest.param(*r[1:], id=r[0]) for r in ONE_CLAIM])
def test_one_claim(
    benefit: Mapping[str, Any],
    plan: Mapping[str, Any],
    lines: Sequence[ClaimLine],
    expected: list[tuple[int, dict[str, int]]],
) -> None:
    found = Till(plan_with({"coinsurance": "0", **benefit}, **plan)).lines(claim(*lines))
    assert [(one.paid, reasons(one)) for one in found] == expected
    assert all(one.allowed == one.charge == one.paid + one.member_share for one in found)


def test_the_fee_comes_before_the_share() -> None:
    # Allowed 120 of a charge of 150, 20 %: paid 96, member 24, CO-45 30.
    found = Till(plan_with(TWENTY), {"99213": 12000}).lines(claim(line(15000)))[0]
    assert (found.allowed, found.paid, found.member_share) == (12000, 9600, 2400)
    assert reasons(found) == {"CO-45": 3000, "PR-2": 2400}


FAMILY = plan_with(TWENTY, deductible_individual=100_000, deductible_family=200_000)
MAXIMUM = plan_with(TWENTY, out_of_pocket_individual=2500, out_of_pocket_family=4000)
DAILY = plan_with({"copay": 2500, "copay_scope": "day"})
VISIT = plan_with({"copay": 2500, "copay_scope": "visit"})
YEARLY = plan_with(deductible_individual=10_000, benefit_year_starts="03-03")

# Claims one after the other: who, days after DAY, charge; and what each takes as (PR-1, PR-3, PR-2).
STORIES: list[tuple[str, Plan, list[tuple[str, int, int]], list[tuple[int, int, int]]]] = [
    ("embedded, 1,000 each and 2,000 together", FAMILY, [("M1", 0, 120_000), ("M2", 0, 60_000), ("M3", 0, 70_000), ("M4", 0, 10_000)], [(100_000, 0, 4_000), (60_000, 0, 0), (40_000, 0, 6_000), (0, 0, 2_000)]),
    ("aggregate: one member may fill it", replace(FAMILY, deductible_family_limit="aggregate"), [("M1", 0, 180_000), ("M2", 0, 60_000)], [(180_000, 0, 0), (20_000, 0, 8_000)]),
    ("own and family maximum", MAXIMUM, [("M1", 0, 10_000), ("M1", 1, 10_000), ("M2", 1, 10_000), ("M3", 1, 10_000)], [(0, 0, 2_000), (0, 0, 500), (0, 0, 1_500), (0, 0, 0)]),
    ("the copay of a day is taken once, on whichever claims", DAILY, [("M1", 0, 1_000), ("M1", 0, 9_000), ("M1", 1, 9_000), ("M2", 0, 9_000)], [(0, 1_000, 0), (0, 1_500, 0), (0, 2_500, 0), (0, 2_500, 0)]),
    ("the copay of a visit is the claim's own", VISIT, [("M1", 0, 9_000), ("M1", 0, 9_000)], [(0, 2_500, 0), (0, 2_500, 0)]),
    # DAY is 2026-03-02: a year that begins on 03-03 begins the day after.
    ("a benefit year of its own", YEARLY, [("M1", 0, 7_000), ("M1", 0, 7_000), ("M1", 1, 7_000)], [(7_000, 0, 0), (3_000, 0, 0), (7_000, 0, 0)]),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "story", "expected"), [pytest.param(*row[1:], id=row[0]) for row in STORIES])
def test_claims_in_order(plan: Plan, story: list[tuple[str, int, int]], expected: list[tuple[int, int, int]]) -> None:
    till, found = Till(plan), []
    for number, (who, day, charge) in enumerate(story):
        given = claim(on(line(charge), day), number=str(number), member_id=who, service_from=DAY + day)
        taken = reasons(*till.lines(given))
        found.append(tuple(taken.get(reason, 0) for reason in ("PR-1", "PR-3", "PR-2")))
    assert found == expected


TIERS: list[tuple[str, dict[str, Any], str, int]] = [
    # case, benefit, provider, coinsurance of 100.00 (out of network all of it is recognised)
    ("the first network", {"tier_coinsurances": ("0.3", "0.4")}, "P1", 2000),
    ("the second network", {"tier_coinsurances": ("0.3", "0.4")}, "P2", 3000),
    ("a network without a rate of its own", {}, "P2", 2000),
    ("out of network", {"out_of_network_coinsurance": "0.5"}, "OUT", 5000),
    ("out of network without a rate of its own", {"tier_coinsurances": ("0.3",)}, "OUT", 2000),
]


@pytest.mark.parametrize(("benefit", "provider", "coinsurance"), [pytest.param(*r[1:], id=r[0]) for r in TIERS])
def test_coinsurance_of_a_tier(benefit: dict[str, Any], provider: str, coinsurance: int) -> None:
    plan = plan_with({**TWENTY, **benefit}, further_network_ids=("NET2",), out_of_network_rate="1")
    found = Till(plan).lines(claim(line(10000), provider_id=provider))
    assert reasons(*found) == {"PR-2": coinsurance}


def test_lines_of_two_benefit_years_use_two_deductibles() -> None:
    till = Till(YEARLY)
    found = till.lines(claim(line(9_000), on(line(9_000), 1)))
    assert [reasons(one) for one in found] == [{"PR-1": 9_000}, {"PR-1": 9_000}]
    assert (till.used("deductible", period="2025-03"), till.used("deductible", period="2026-03")) == (9_000, 9_000)


GIVEN_BACK: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a cap of the claim", TWENTY, {"coinsurance_caps": (CoinsuranceCap((), 2000),)}),
    ("a copay of the admission", {"copay": 2000, "copay_scope": "admission"}, {}),
]


@pytest.mark.parametrize(("benefit", "plan"), [pytest.param(*row[1:], id=row[0]) for row in GIVEN_BACK])
def test_what_a_maximum_gives_back_was_not_taken(benefit: dict[str, Any], plan: dict[str, Any]) -> None:
    # The second line is in the next benefit year, whose maximum of 5.00 is whole: 15.00 of the 20.00 are still open.
    till = Till(plan_with(benefit, out_of_pocket_individual=500, benefit_year_starts="03-03", **plan))
    found = till.lines(claim(line(10000), on(line(10000), 1)))
    assert [one.member_share for one in found] == [500, 500]


def test_what_a_maximum_gives_back_is_posted_net() -> None:
    till = Till(plan_with({"copay": 2500, **TWENTY}, deductible_individual=2000, out_of_pocket_individual=1500))
    till.lines(claim(line(15000)))
    assert [(e.account, e.who, e.amount) for e in till.entries] == [
        ("deductible", "M1", 1500),
        ("deductible", "family", 1500),
        ("out_of_pocket", "M1", 1500),
        ("out_of_pocket", "family", 1500),
    ]


def test_only_what_counts_is_posted_toward_the_maximum() -> None:
    till = Till(plan_with({"copay": 2500, **TWENTY}, out_of_pocket_counts=("coinsurance",)))
    till.lines(claim(line(15000)))
    assert (till.used("out_of_pocket"), till.used("out_of_pocket", "family"), till.used("deductible")) == (
        2500,
        2500,
        0,
    )


def test_two_benefits_have_copays_of_their_own() -> None:
    plan = plan_with(benefits=benefits(
        visit={"copay": 1000, "copay_scope": "visit", "codes": ("99213",)},
        lab={"copay": 300, "copay_scope": "visit", "codes": ("80053",)},
    ))  # fmt: skip
    found = Till(plan).lines(claim(line(5000), line(5000, "80053"), line(5000)))
    assert [reasons(one) for one in found] == [{"PR-3": 1000}, {"PR-3": 300}, {}]
