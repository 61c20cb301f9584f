"""The chain decides as the oracle does, over random payers and stories; and the comparison can go red."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tables import BALANCES
from schemas import topics
from schemas.decision import DecidedLine, Decision
from schemas.envelope import Adjustment
from schemas.reference import Limit
from schemas.state import Balances
from streams.driver import Driver
from tests.agents.world import BENEFIT, PLAN, claim, line, member
from tests.oracle.comparison import differences
from tests.oracle.figures import Payer
from tests.properties.chain import CODEC, booked, told
from tests.properties.payers import providers, worlds
from tests.properties.stories import Event, following, stories


@given(st.data())
def test_the_chain_decides_as_the_oracle(data: st.DataObject) -> None:
    world = data.draw(worlds(), "payer")
    story = data.draw(stories(world), "story")
    assert differences(booked(world.payer, story), told(world.payer, story)) == []


MEMBERS = {name: member(name) for name in ("M1", "M2")}
FAMILY_PLAN = replace(
    PLAN,
    fee_schedule_id=None,
    suspect_duplicates="warn",
    deductible_individual=10_000,
    deductible_family=15_000,
    out_of_pocket_individual=20_000,
    limits=(Limit("money", "money", "period", "family", 30_000),),
    benefits=(replace(BENEFIT, coinsurance="0.20", copay=500),),
)
FIRST, SECOND, THIRD = (
    claim(line((12_000, 5_200, 13_000)[n]), number=f"{n}", member_id=f"M{1 + n % 2}") for n in range(3)
)
STORY: list[Event] = [FIRST, SECOND, following(FIRST, FIRST, "V", "8"), THIRD, claim(line(50_000, "80053"), number="4")]


def payer(**changes: Any) -> Payer:
    """The family's payer, with a change in the plan."""
    return Payer(replace(FAMILY_PLAN, **changes), MEMBERS, providers())


def test_one_story_is_green() -> None:
    assert differences(booked(payer(), STORY), told(payer(), STORY)) == []


# A cent more of a deductible, another order, one more thing that counts: each must be seen.
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("deductible", {"deductible_individual": 10_001}),
    ("family deductible", {"deductible_family": 14_999}),
    ("order", {"share_order": "copay_first"}),
    ("maximum", {"out_of_pocket_individual": 10_300}),
    ("what counts", {"out_of_pocket_individual": 10_300, "out_of_pocket_counts": ("deductible", "copay")}),
    ("aggregate", {"deductible_family_limit": "aggregate"}),
    ("coinsurance", {"benefits": (replace(BENEFIT, coinsurance="0.201", copay=500),)}),
    ("copay", {"benefits": (replace(BENEFIT, coinsurance="0.20", copay=501),)}),
    ("limit", {"limits": (Limit("money", "money", "period", "family", 29_999),)}),
    ("whose limit", {"limits": (Limit("money", "money", "period", "member", 30_000),)}),
    ("benefit year", {"benefit_year_starts": "02-01"}),
]


@pytest.mark.parametrize("changes", [pytest.param(row[1], id=row[0]) for row in CHANGES])
def test_a_change_of_the_plan_on_one_side_is_seen(changes: dict[str, Any]) -> None:
    assert differences(booked(payer(**changes), STORY), told(payer(), STORY))


@pytest.mark.parametrize("left_out", range(len(STORY)))
def test_a_submission_that_one_side_did_not_hear_is_seen(left_out: int) -> None:
    heard = [one for n, one in enumerate(STORY) if n != left_out]
    assert differences(booked(payer(), STORY), told(payer(), heard))


def swap_a_cent(one: DecidedLine) -> DecidedLine:
    """A cent of the payment becomes coinsurance: the line still balances."""
    cent = Adjustment("PR", "2", 1, "P-COINSURANCE", None)
    return replace(one, paid=one.paid - 1, adjustments=(*one.adjustments, cent))


def rename_a_code(one: DecidedLine) -> DecidedLine:
    """The amounts are right, a code is not."""
    first, *rest = one.adjustments
    return replace(one, adjustments=(replace(first, reason="66"), *rest))


def allow_a_cent_less(one: DecidedLine) -> DecidedLine:
    """Only the allowed amount differs."""
    return replace(one, allowed=one.allowed - 1)


@pytest.mark.parametrize("change", [swap_a_cent, rename_a_code, allow_a_cent_less])
def test_an_amount_that_changed_in_a_decision_is_seen(change: Callable[[DecidedLine], DecidedLine]) -> None:
    chain = told(payer(), STORY)
    outputs = chain.outputs[topics.CLAIMS_DECIDED]
    decided: Decision = CODEC.decode(Decision, outputs[-1].value)
    lines = tuple(change(one) for one in decided.lines)
    changed = replace(
        decided, lines=lines, paid=sum(one.paid for one in lines), allowed=sum(one.allowed for one in lines)
    )
    outputs[-1] = outputs[-1]._replace(value=CODEC.encode(changed))
    assert differences(booked(payer(), STORY), chain)


def test_a_balance_that_changed_is_seen() -> None:
    chain: Driver = told(payer(), STORY)
    data = chain.stores["price"].data
    key = next(key for key in data if key.startswith(BALANCES.prefix))
    amounts = dict(CODEC.decode(Balances, data[key]).amounts)
    amounts["deductible:family"] += 1
    data[key] = CODEC.encode(Balances(amounts))
    assert differences(booked(payer(), STORY), chain)
