"""Appeals and payments of a decided claim. Minor units of dollars."""

from dataclasses import replace
from typing import Any

import pytest

from streams.driver import Driver
from tests.agents import stories
from tests.agents.stories import balance_of_everything, command, latest, payment, refusals, requests, state, void
from tests.agents.world import BENEFIT, PLAN, YEAR, by_reason, claim, line, submit, world

SHARED_COST = replace(PLAN, deductible_individual=10000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
DENIES = replace(PLAN, missing_authorization="deny", benefits=(replace(BENEFIT, needs_authorization=True),))
GIVEN = claim(line(15000))

# --- appeals ---------------------------------------------------------------------------------------------------------


def appealed(plan: Any) -> Driver:
    """A denied claim under appeal."""
    chain = world(plan)
    decision = submit(chain, GIVEN)
    assert decision is not None
    assert decision.substatus == "denied"
    command(chain, GIVEN, "appeal", actor="P1", role="provider")
    assert state(latest(chain, GIVEN)) == ("appealed", "appealed", 0)
    return chain


def test_an_appeal_is_upheld() -> None:
    chain = appealed(DENIES)
    command(chain, GIVEN, "uphold")
    decision = latest(chain, GIVEN)
    assert (*state(decision), by_reason(decision)) == ("rejected", "upheld", 0, {"CO-193": 15000})
    assert balance_of_everything(chain) == {"charged": 15000, "CO-193": 15000}


def test_an_appeal_is_overturned_into_a_new_version() -> None:
    chain = appealed(replace(DENIES, deductible_individual=1000))
    command(chain, GIVEN, "overturn")
    decision = latest(chain, GIVEN)
    assert (decision.version, *state(decision)) == (2, "approved", "approved", 14000)
    assert by_reason(decision) == {"PR-1": 1000}
    assert requests(chain) == [14000]
    assert balance_of_everything(chain) == {"charged": 15000, "paid": 14000, "PR-1": 1000}


def test_without_a_plan_nothing_can_be_overturned() -> None:
    chain = appealed(replace(PLAN, effective_from=YEAR[1]))
    command(chain, GIVEN, "overturn")
    assert refusals(chain, GIVEN) == ["L-NO-PLAN"]


def test_an_appeal_about_nothing_denied_can_only_be_upheld() -> None:
    chain = world()
    submit(chain, GIVEN)
    command(chain, GIVEN, "appeal")
    command(chain, GIVEN, "overturn")
    assert refusals(chain, GIVEN) == ["L-NOTHING-DENIED"]
    command(chain, GIVEN, "uphold", command_id="u2")
    assert state(latest(chain, GIVEN)) == ("approved", "upheld", 15000)


def test_a_void_ends_an_appeal() -> None:
    chain = appealed(DENIES)
    submit(chain, void(GIVEN))
    assert latest(chain, GIVEN).substatus == "voided"
    assert balance_of_everything(chain) == {}


# --- payments --------------------------------------------------------------------------------------------------------

PAID: list[tuple[str, list[dict[str, Any]], str, int, list[str]]] = [
    # case, payments, substatus, paid out, refusals
    ("all at once", [{"amount": 15000}], "paid", 15000, []),
    ("in two parts", [{"amount": 5000}, {"amount": 10000}], "paid", 15000, []),
    ("a part", [{"amount": 5000}], "approved", 5000, []),
    ("twice", [{"amount": 15000}, {"amount": 15000}], "paid", 15000, ["L-PAID-TWICE"]),
    ("the same event twice", [{"amount": 5000, "event_id": "e"}, {"amount": 5000, "event_id": "e"}], "approved", 5000, []),
    ("too much", [{"amount": 15001}], "approved", 0, ["L-PAYMENT-AMOUNT"]),
    ("another currency", [{"amount": 15000, "currency": "IDR"}], "approved", 0, ["L-PAYMENT-CURRENCY"]),
    ("failed, then made", [{"amount": 15000, "state": "failed"}, {"amount": 15000}], "paid", 15000, []),
]  # fmt: skip


@pytest.mark.parametrize(("payments", "substatus", "out", "refused"), [pytest.param(*r[1:], id=r[0]) for r in PAID])
def test_payments(payments: list[dict[str, Any]], substatus: str, out: int, refused: list[str]) -> None:
    chain = world()
    submit(chain, GIVEN)
    for number, given in enumerate(payments):
        payment(chain, GIVEN, **({"event_id": f"pay-{number}"} | given))
    decision = latest(chain, GIVEN)
    assert (decision.substatus, decision.paid_out, refusals(chain, GIVEN)) == (substatus, out, refused)
    assert decision.paid == 15000


def test_a_denied_claim_cannot_be_paid() -> None:
    chain = world(DENIES)
    submit(chain, GIVEN)
    payment(chain, GIVEN, 15000)
    assert refusals(chain, GIVEN) == ["L-NOT-PAYABLE"]


def test_money_comes_back_after_a_paid_claim_is_voided() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    payment(chain, GIVEN, 4000)
    assert latest(chain, GIVEN).substatus == "paid"
    submit(chain, void(GIVEN))
    assert requests(chain) == [4000, -4000]
    assert stories.balances(chain) == {}, "the payment's revision did not hide what the first one posted"
    payment(chain, GIVEN, -4000, event_id="back")
    assert (latest(chain, GIVEN).paid_out, refusals(chain, GIVEN)) == (0, [])


def test_an_appeal_does_not_hide_what_was_posted() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    command(chain, GIVEN, "appeal")
    command(chain, GIVEN, "uphold")
    submit(chain, void(GIVEN))
    assert stories.balances(chain) == {}
    assert balance_of_everything(chain) == {}
