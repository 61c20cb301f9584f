"""What the plan pays after other payers, as an examiner would check it: a line of 150.00 whose own fee is 120.00."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.coordination import Earlier, earlier_of
from schemas.claim import OtherPayer, PayerAdjustment
from schemas.reference import Limit, RoomClass
from schemas.vocabulary import Allowable, Coordination
from tests.agents.till import Till, benefits, contract, denied, payer, plan_with, reasons, term
from tests.agents.world import claim, line

OWN: dict[str, Any] = {"coordination_allowable": "own"}
CARVE_OUT: dict[str, Any] = {"coordination": "carve_out"}
MAINTENANCE: dict[str, Any] = {"coordination": "maintenance"}
MEDICARE: dict[str, Any] = {"coordination": "medicare_secondary"}
Expected = tuple[int, dict[str, int]]

# Own fee 120.00 unless given, coinsurance 20 % unless given: the own benefit is 96.00.
ONE_LINE: list[tuple[str, dict[str, Any], dict[str, Any], int, int, Sequence[OtherPayer], Expected]] = [
    # case, plan, benefit, charge, own fee, earlier payers, expected: paid and adjustments
    ("standard: the member's share is taken over", {}, {}, 15000, 12000, [payer(9600, 3000)], (2400, {"OA-23": 12600})),
    ("standard: at most the own benefit", {}, {"coinsurance": "0.90"}, 15000, 12000, [payer(9600, 3000)], (1200, {"OA-23": 12600, "PR-2": 1200})),
    ("standard: the primary took it all as deductible", {}, {}, 15000, 12000, [payer(0, 3000)], (9600, {"OA-23": 3000, "PR-2": 2400})),
    ("standard: the primary did nothing", {}, {}, 15000, 12000, [payer(0)], (9600, {"CO-45": 3000, "PR-2": 2400})),
    ("standard: the primary allowed more", {}, {}, 15000, 12000, [payer(11200, 1000)], (2800, {"OA-23": 12200})),
    ("standard, own: the primary allowed more", OWN, {}, 15000, 12000, [payer(11200, 1000)], (800, {"OA-23": 12200, "CO-45": 2000})),
    # The own fee of 120.00 is allowable, so 20.00 of the primary's reduction of 50.00 do not stand.
    ("standard: the primary allowed less", {}, {}, 15000, 12000, [payer(8000, 5000)], (4000, {"OA-23": 11000})),
    ("standard: allowed as told, not by reductions", {}, {}, 15000, 12000, [payer(11200, allowed=14000)], (2800, {"OA-23": 11200, "CO-45": 1000})),
    ("standard, own: the primary paid more than we allow", OWN, {}, 15000, 5000, [payer(9600, 3000)], (0, {"OA-23": 12600, "CO-45": 2400})),
    ("standard: the primary paid the whole charge", {}, {}, 15000, 12000, [payer(15000)], (0, {"OA-23": 15000})),
    ("standard: the primary paid more than the charge", {}, {}, 15000, 12000, [payer(16000)], (0, {"OA-23": 15000})),
    ("standard: two earlier payers add up", {}, {}, 15000, 12000, [payer(6000, 3000), payer(3000, sequence=2)], (3000, {"OA-23": 12000})),
    ("standard: nothing charged", {}, {}, 0, 12000, [payer(100)], (0, {})),
    ("carve-out: the own benefit less what was paid", CARVE_OUT, {}, 15000, 12000, [payer(6000, 3000)], (3600, {"OA-23": 9000, "PR-2": 2400})),
    ("carve-out: the primary paid as much", CARVE_OUT, {}, 15000, 12000, [payer(9600, 3000)], (0, {"OA-23": 12600, "PR-2": 2400})),
    ("carve-out: the member owes what is left", CARVE_OUT, {}, 15000, 12000, [payer(11000, 3000)], (0, {"OA-23": 14000, "PR-2": 1000})),
    ("maintenance: coinsurance of what the primary left", MAINTENANCE, {}, 15000, 12000, [payer(9600, 3000)], (1920, {"OA-23": 12600, "PR-2": 480})),
    ("maintenance: deductible first", {**MAINTENANCE, "deductible_individual": 1000}, {}, 15000, 12000, [payer(9600, 3000)], (1120, {"OA-23": 12600, "PR-1": 1000, "PR-2": 280})),
    ("maintenance: the primary paid more than we allow", MAINTENANCE, {}, 15000, 8000, [payer(9600, 3000)], (0, {"OA-23": 12600, "CO-45": 2400})),
    # The example of 42 CFR 411.33 (b): charge 175, primary allowed 150 and paid 120, fee 125: the lowest of 55, 100, 30.
    ("medicare: 42 CFR 411.33 (b)", MEDICARE, {}, 17500, 12500, [payer(12000, allowed=15000)], (3000, {"OA-23": 12000, "CO-45": 2500})),
    ("medicare: the same with a contractual reduction", MEDICARE, {}, 17500, 12500, [payer(12000, 2500)], (3000, {"OA-23": 14500})),
    ("medicare: what the provider must accept", MEDICARE, {}, 17500, 12500, [payer(12000, 4000)], (1500, {"OA-23": 16000})),
    ("medicare: what the provider must accept is below what was allowed", MEDICARE, {}, 17500, 12500, [payer(12000, 4000, allowed=15000)], (1500, {"OA-23": 16000})),
    ("a cent paid before", {}, {"coinsurance": "0"}, 15000, 14998, [payer(1)], (14998, {"OA-23": 1, "CO-45": 1})),
    ("a cent reduced before", {}, {"coinsurance": "0"}, 15000, 14998, [payer(0, 1)], (14998, {"OA-23": 1, "CO-45": 1})),
    ("medicare: the own benefit is the lowest", MEDICARE, {"coinsurance": "0.90"}, 17500, 12500, [payer(10000, 2500)], (1250, {"OA-23": 12500, "CO-45": 2500, "PR-2": 1250})),
    ("medicare: the own deductible is not met", {**MEDICARE, "deductible_individual": 12500}, {}, 17500, 12500, [payer(12000, 2500)], (0, {"OA-23": 14500, "CO-45": 2500, "PR-1": 500})),
    ("medicare: the own fee is higher", MEDICARE, {}, 17500, 16000, [payer(12000, allowed=15000)], (4000, {"OA-23": 12000, "CO-45": 1500})),
    ("a contract above the charge", {"lesser_of": False}, {"coinsurance": "0"}, 15000, 20000, [payer(10000)], (10000, {"OA-23": 10000, "OA-94": -5000})),
    ("over a limit: the primary's payment takes it over", {"limits": (Limit("L", "money", "period", "member", 3000),)}, {"coinsurance": "0"}, 15000, 12000, [payer(9600, 3000)], (2400, {"OA-23": 12600})),
    ("over a limit: the member owes what is left", {"limits": (Limit("L", "money", "period", "member", 3000),)}, {"coinsurance": "0"}, 15000, 12000, [payer(6000, 3000)], (3000, {"OA-23": 9000, "PR-119": 3000})),
    ("two limits: the later gives way first", {"limits": (Limit("L", "money", "period", "member", 9000), Limit("M", "money", "lifetime", "member", 3000))}, {"coinsurance": "0"}, 15000, 12000, [payer(4000, 3000)], (3000, {"OA-23": 7000, "PR-119": 3000, "PR-35": 2000})),
    ("whole Rupiah", {"currency": "IDR"}, {}, 150_001, 120_001, [payer(70_000, 30_000)], (50_001, {"OA-23": 100_000})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "benefit", "charge", "own", "payers", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ONE_LINE]
)
def test_one_line(
    plan: dict[str, Any],
    benefit: dict[str, Any],
    charge: int,
    own: int,
    payers: Sequence[OtherPayer],
    expected: Expected,
) -> None:
    till = Till(plan_with({"coinsurance": "0.20", **benefit}, **plan), {"99213": own})
    found = till.lines(claim(line(charge), other_payers=tuple(payers)))[0]
    assert (found.paid, reasons(found)) == expected
    assert found.other_paid == sum(one.paid for one in payers)


def test_the_ledger_posts_what_remains_with_the_member() -> None:
    # Allowed 120, deductible 50, 20 % of 70 is 14: own benefit 56. The primary paid 60 of 120: 4 remain.
    till = Till(plan_with({"coinsurance": "0.20"}, deductible_individual=5000), {"99213": 12000})
    found = till.lines(claim(line(15000), other_payers=(payer(6000, 3000),)))[0]
    assert (found.paid, reasons(found)) == (5600, {"OA-23": 9000, "PR-1": 400})
    assert (till.used("deductible"), till.used("out_of_pocket"), till.used("out_of_pocket", "family")) == (
        400,
        400,
        400,
    )


def test_a_limit_counts_what_is_paid_after_other_payers() -> None:
    till = Till(plan_with(limits=(Limit("L", "money", "period", "member", 10_000),)), {"99213": 12000})
    till.lines(claim(line(15000), other_payers=(payer(9600, 3000),)))
    assert till.used("limit:L") == 2400


def test_out_of_network_the_member_owes_what_nobody_pays() -> None:
    # Half of the fee of 120 is recognised; 20 % of that is 12, own benefit 48. The primary paid 96 of 150: 6 remain.
    till = Till(plan_with({"coinsurance": "0.20"}), {"99213": 12000})
    found = till.lines(claim(line(15000), provider_id="OUT", other_payers=(payer(9600),)))[0]
    assert (found.paid, reasons(found)) == (4800, {"OA-23": 9600, "PR-45": 600})


def test_the_last_cent_out_of_network_is_the_members() -> None:
    till = Till(plan_with(coordination_allowable="own", out_of_network_rate="1"), {"99213": 9999})
    found = till.lines(claim(line(10000), provider_id="OUT", other_payers=(payer(500),)))[0]
    assert (found.paid, reasons(found)) == (9499, {"OA-23": 500, "PR-45": 1})


RANKED = contract(term("fee_schedule"), multiple_procedure_codes=("298*",), multiple_procedure_rates=("1", "0.5"))


def test_the_last_cent_of_a_ranked_reduction_is_the_providers() -> None:
    till = Till(plan_with(coordination_allowable="own"), {"29880": 3000, "29881": 1000}, [RANKED])
    # The second procedure is allowed 5.00 of 10.01; 4.99 were paid before and 5.00 reduced, 0.01 is paid here.
    before = replace(payer(499, lines=(0, 499)), adjustments=(by_line(2, 500),))
    found = till.lines(claim(line(3000, "29880"), line(1001, "29881"), other_payers=(before,)))
    assert [(one.paid, reasons(one)) for one in found] == [(3000, {}), (1, {"OA-23": 999, "CO-59": 1})]


def test_a_ranked_reduction_stays_the_providers() -> None:
    till = Till(plan_with(coordination_allowable="own"), {"29880": 3000, "29881": 1000}, [RANKED])
    given = claim(line(3000, "29880"), line(2000, "29881"), other_payers=(payer(300, lines=(0, 300)),))
    # Second procedure: 5.00 of 10.00 allowed, 3.00 paid before; of its 20.00 nobody pays 15.00.
    assert [(one.paid, reasons(one)) for one in till.lines(given)] == [
        (3000, {}),
        (200, {"OA-23": 300, "CO-59": 500, "CO-45": 1000}),
    ]


def test_what_a_better_room_costs_stays_the_patients() -> None:
    plan = plan_with(
        currency="IDR",
        coordination_allowable="own",
        room_class="II",
        room_classes=(RoomClass("II", 2, 500_000),),
        benefits=benefits(room={"room": True}),
    )
    given = claim(line(2_400_000, units=3), other_payers=(payer(2_000_000),))
    assert [(one.paid, reasons(one)) for one in Till(plan).lines(given)] == [
        (0, {"OA-23": 2_000_000, "PR-78": 400_000})
    ]


def test_a_denied_line_stays_denied() -> None:
    given = claim(line(15000), line(10000), other_payers=(payer(8000, lines=(0, 8000)),))
    found = Till(plan_with()).lines(given, verdicts=denied(1, 15000))
    assert [(one.verdict, one.paid, reasons(one)) for one in found] == [
        ("denied", 0, {"PR-96": 15000}),
        ("passed", 2000, {"OA-23": 8000}),
    ]


def by_line(number: int, amount: int, group: str = "CO") -> PayerAdjustment:
    """An adjustment of a line."""
    return PayerAdjustment(number, group, "45", amount)


PAID_BY_LINE: list[tuple[str, Sequence[int], Sequence[OtherPayer], dict[int, Earlier]]] = [
    # case, charges, payers, by line: paid, reduced, allowed
    ("by line as told", [7000, 3000], [payer(5000, lines=(4000, 1000))], {1: Earlier(4000, 0, 7000), 2: Earlier(1000, 0, 3000)}),
    ("the claim's, by charge less reductions", [7000, 3000], [payer(9000, 1000)], {1: Earlier(6300, 700, 6300), 2: Earlier(2700, 300, 2700)}),
    ("reductions by line weigh", [5000, 5000], [replace(payer(6000), adjustments=(by_line(1, 3000),))], {1: Earlier(1714, 3000, 2000), 2: Earlier(4286, 0, 5000)}),
    ("only contractual reductions count", [5000], [replace(payer(1000), adjustments=(by_line(1, 3000, "PR"), by_line(1, 500, "OA")))], {1: Earlier(1000, 0, 5000)}),
    ("a cent more for the earlier line", [100, 100, 100], [payer(100)], {1: Earlier(34, 0, 100), 2: Earlier(33, 0, 100), 3: Earlier(33, 0, 100)}),
    ("a cent is enough", [5000, 5000], [payer(1, lines=(1, 0)), replace(payer(0, sequence=2), adjustments=(by_line(2, 1),))], {1: Earlier(1, 0, 5000), 2: Earlier(0, 1, 5000)}),
    ("lines that nobody paid are left out", [5000, 5000], [payer(1000, lines=(0, 1000))], {2: Earlier(1000, 0, 5000)}),
    ("the highest allowed of two payers", [5000], [payer(2000, 1000), payer(500, 200, allowed=4500, sequence=2)], {1: Earlier(2500, 1200, 4500)}),
    ("whatever order they are listed in", [5000], [payer(500, 200, sequence=2), payer(2000, 1000)], {1: Earlier(2500, 1200, 4000)}),
    ("allowed of the claim, by line", [6000, 4000], [payer(5000, allowed=8000)], {1: Earlier(3000, 0, 4800), 2: Earlier(2000, 0, 3200)}),
]  # fmt: skip


@pytest.mark.parametrize(("charges", "payers", "expected"), [pytest.param(*row[1:], id=row[0]) for row in PAID_BY_LINE])
def test_what_earlier_payers_did_with_a_line(
    charges: Sequence[int], payers: Sequence[OtherPayer], expected: dict[int, Earlier]
) -> None:
    assert earlier_of(claim(*(line(charge) for charge in charges), other_payers=tuple(payers))) == expected


AMOUNTS = st.one_of(st.sampled_from([0, 1, 99, 5000, 10000]), st.integers(0, 20000))
METHODS: st.SearchStrategy[Coordination] = st.sampled_from(
    ["standard", "maintenance", "carve_out", "medicare_secondary"]
)
ALLOWABLES: st.SearchStrategy[Allowable] = st.sampled_from(["higher", "own"])


@settings(deadline=None)
@given(st.data())
def test_a_line_accounts_for_its_charge_and_nobody_is_paid_twice(data: st.DataObject) -> None:
    plan = plan_with(
        {"coinsurance": data.draw(st.sampled_from(["0", "0.2", "1"])), "copay": data.draw(AMOUNTS)},
        coordination=data.draw(METHODS),
        coordination_allowable=data.draw(ALLOWABLES),
        deductible_individual=data.draw(AMOUNTS),
        lesser_of=data.draw(st.booleans()),
        limits=data.draw(st.sampled_from([(), (Limit("L", "money", "period", "member", 3000),)])),
    )
    charge, before, reduced = data.draw(AMOUNTS), data.draw(AMOUNTS), data.draw(AMOUNTS)
    given_claim = claim(
        line(charge), provider_id=data.draw(st.sampled_from(["P1", "OUT"])), other_payers=(payer(before, reduced),)
    )
    # Building the line checks the balance, and that nothing but OA-94 is negative.
    found = Till(plan, {"99213": data.draw(AMOUNTS)}).lines(given_claim)[0]
    assert 0 <= found.paid <= found.allowed
    assert found.paid + min(before, charge) <= max(charge, found.allowed)
    assert reasons(found).get("OA-23", 0) <= charge
