"""Amounts, as an examiner would check them. Minor units of dollars: 12000 is 120.00."""

from dataclasses import replace
from typing import Any

import pytest

from schemas import topics
from schemas.claim import ClaimLine
from tests.agents.world import BENEFIT, PLAN, by_reason, claim, line, submit, world

# One claim of member M1, nothing used before. The worked examples of docs/glossary's sources come first.
ONE_CLAIM: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, int], tuple[ClaimLine, ...], int, int, dict[str, int]]] = [
    # case, plan, benefit, fees, lines, allowed, paid, adjustments
    ("20 % of 120 of 150", {}, {"coinsurance": "0.20"}, {"99213": 12000}, (line(15000),), 12000, 9600, {"CO-45": 3000, "PR-2": 2400}),
    (
        "deductible, coinsurance and out-of-pocket maximum",
        {"deductible_individual": 300000, "out_of_pocket_individual": 685000},
        {"coinsurance": "0.20"}, {}, (line(1200000),), 1200000, 720000, {"PR-1": 300000, "PR-2": 180000},
    ),
    ("no fee: the charge is allowed", {}, {}, {}, (line(15000),), 15000, 15000, {}),
    ("the fee is for one unit", {}, {}, {"99213": 4000}, (line(15000, units=3),), 12000, 12000, {"CO-45": 3000}),
    ("lesser of charge and fee", {}, {}, {"99213": 20000}, (line(15000),), 15000, 15000, {}),
    ("a contract that pays above the charge", {"lesser_of": False}, {}, {"99213": 20000}, (line(15000),), 20000, 20000, {"OA-94": -5000}),
    ("copay", {}, {"copay": 2500}, {}, (line(15000),), 15000, 12500, {"PR-3": 2500}),
    ("copay above the allowed amount", {}, {"copay": 2500}, {}, (line(1500),), 1500, 0, {"PR-3": 1500}),
    ("deductible comes first, then copay", {"deductible_individual": 14000}, {"copay": 2500}, {}, (line(15000),), 15000, 0, {"PR-1": 14000, "PR-3": 1000}),
    ("a benefit without deductible", {"deductible_individual": 14000}, {"deductible_applies": False}, {}, (line(15000),), 15000, 15000, {}),
    ("two lines on one deductible", {"deductible_individual": 12000}, {}, {}, (line(10000), line(10000, "99214")), 20000, 8000, {"PR-1": 12000}),
    ("half a cent is rounded up", {}, {"coinsurance": "0.15"}, {}, (line(10),), 10, 8, {"PR-2": 2}),
    ("the maximum is crossed within a line", {"out_of_pocket_individual": 1000}, {"coinsurance": "0.20"}, {}, (line(10000),), 10000, 9000, {"PR-2": 1000}),
    (
        "coinsurance is given back first, then copay",
        {"out_of_pocket_individual": 3000, "deductible_individual": 2000},
        {"coinsurance": "0.20", "copay": 2500}, {}, (line(15000),), 15000, 12000, {"PR-1": 2000, "PR-3": 1000},
    ),
    ("nothing charged", {}, {"copay": 2500}, {}, (line(0),), 0, 0, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "benefit", "fees", "lines", "allowed", "paid", "adjustments"),
    [pytest.param(*row[1:], id=row[0]) for row in ONE_CLAIM],
)
def test_amounts_of_one_claim(
    plan: dict[str, Any],
    benefit: dict[str, Any],
    fees: dict[str, int],
    lines: tuple[ClaimLine, ...],
    allowed: int,
    paid: int,
    adjustments: dict[str, int],
) -> None:
    chain = world(replace(PLAN, benefits=(replace(BENEFIT, **benefit),), **plan), fees)
    decision = submit(chain, claim(*lines))
    assert decision is not None
    assert (decision.allowed, decision.paid, by_reason(decision)) == (allowed, paid, adjustments)
    assert decision.substatus == "approved"


def test_embedded_family_deductible() -> None:
    # 1,000 each and 2,000 together, 20 %: claims A 1,200, B 600, C 700, D 100 of four members.
    plan = replace(
        PLAN, deductible_individual=100000, deductible_family=200000, benefits=(replace(BENEFIT, coinsurance="0.20"),)
    )
    chain = world(plan)
    found = []
    for number, (who, charge) in enumerate([("M1", 120000), ("M2", 60000), ("M3", 70000), ("M4", 10000)]):
        decision = submit(chain, claim(line(charge), number=str(number), member_id=who))
        assert decision is not None
        reasons = by_reason(decision)
        found.append((reasons.get("PR-1", 0), reasons.get("PR-2", 0)))
    assert found == [(100000, 4000), (60000, 0), (40000, 6000), (0, 2000)]


def test_family_out_of_pocket_maximum() -> None:
    plan = replace(PLAN, out_of_pocket_family=3000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
    chain = world(plan)
    shares = []
    for number, who in enumerate(["M1", "M2", "M3"]):
        decision = submit(chain, claim(line(10000), number=str(number), member_id=who))
        assert decision is not None
        shares.append(decision.member_share)
    assert shares == [2000, 1000, 0]


def test_out_of_network_excess_is_the_members() -> None:
    chain = world(fees={"99213": 12000})
    decision = submit(chain, claim(line(15000), provider_id="OUT"))
    assert decision is not None
    assert (decision.allowed, decision.paid, by_reason(decision)) == (6000, 6000, {"PR-45": 9000})


def test_a_fee_of_a_modifier_goes_before_the_fee_of_the_code() -> None:
    chain = world(fees={"99213": 12000}, modifiers={("99213", "26"): 5000})
    decision = submit(chain, claim(line(15000, modifiers=("25", "26"))))
    assert decision is not None
    assert decision.allowed == 5000


def test_the_ledger_names_member_and_family() -> None:
    plan = replace(PLAN, deductible_individual=10000)
    decision = submit(world(plan), claim(line(15000)))
    assert decision is not None
    assert [(e.account, e.who, e.period, e.amount) for e in decision.ledger] == [
        ("deductible", "M1", "2026", 10000),
        ("deductible", "family", "2026", 10000),
        ("out_of_pocket", "M1", "2026", 10000),
        ("out_of_pocket", "family", "2026", 10000),
    ]


def test_a_repeat_gets_the_same_bytes_again() -> None:
    chain = world(replace(PLAN, deductible_individual=10000))
    given = claim(line(15000))
    submit(chain, given)
    submit(chain, replace(given, channel="file", correlation_id="other", accepted_at=given.accepted_at + 1))
    first, second = chain.outputs[topics.CLAIMS_DECIDED]
    assert first.value == second.value
    assert len(chain.read(topics.CLAIMS_EVENTS)) == 2, "a repeat is no event"


def test_events_tell_of_acceptance_and_decision() -> None:
    chain = world(fees={"99213": 12000})
    submit(chain, claim(line(15000)))
    accepted, approved = chain.read(topics.CLAIMS_EVENTS)
    assert (accepted.event_type, approved.event_type) == ("claim.accepted", "claim.approved")
    assert approved.details == {"currency": "USD", "charged": "150.00", "allowed": "120.00", "paid": "120.00"}
