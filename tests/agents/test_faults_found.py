"""Faults that a hunt over random sequences and strange contents found, one case each, so that none comes back."""

from dataclasses import replace

import pytest

from schemas import topics
from schemas.money import MAXIMUM_MINOR
from tests.agents.stories import command, latest, payment, replacement
from tests.agents.till import Till, contract, plan_with, reasons, term
from tests.agents.world import BENEFIT, DAY, PLAN, claim, line, submit, world

GIVEN = claim(line(100))


def test_every_refusal_has_an_event_of_its_own_however_many_there_are() -> None:
    chain = world()
    submit(chain, GIVEN)
    for number in range(60):
        command(chain, GIVEN, "approve", command_id=f"again-{number}")
    told = [event.event_id for event in chain.read(topics.CLAIMS_EVENTS)]
    assert (len(told), len(set(told))) == (62, 62)


@pytest.mark.parametrize("later", ["replacement", "overturn"])
def test_a_copy_of_a_payment_is_not_counted_for_a_later_version(later: str) -> None:
    chain = world(replace(PLAN, benefits=(replace(BENEFIT, codes=("99213",)),)))
    given = claim(line(100), line(100, "99214"))
    submit(chain, given)
    payment(chain, given, 100)
    if later == "replacement":
        submit(chain, replacement(given, line(300)))
    else:
        command(chain, given, "appeal")
        command(chain, given, "overturn")
    payment(chain, given, 100)
    assert latest(chain, given if later == "overturn" else replacement(given, line(300))).paid_out == 100


def test_a_copy_of_an_approval_does_not_approve_the_next_pend() -> None:
    plan = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))
    chain = world(plan)
    first, suspect = claim(line(50), number="C0"), claim(line(100))
    for given in (first, suspect):
        submit(chain, given)
        command(chain, given, "approve", command_id=given.claim_id)
    assert latest(chain, suspect).pend is not None
    command(chain, suspect, "approve", command_id=suspect.claim_id)
    assert latest(chain, suspect).substatus == "pended"


def test_a_rank_that_lowers_a_rate_to_just_the_charge_balances() -> None:
    """Both procedures have a fee of 5000; the second is charged 2500 and reduced to just that."""
    ranked = contract(lesser_of=False, multiple_procedure_codes=("992*",), multiple_procedure_rates=("1", "0.5"))
    first, second = Till(plan_with(), {"99213": 5000}, [ranked]).lines(claim(line(5000), line(2500)))
    assert (first.allowed, reasons(first)) == (5000, {})
    assert (second.allowed, reasons(second)) == (2500, {"CO-59": 2500, "OA-94": -2500})


def test_an_interim_bill_of_a_stay_is_paid_for_its_own_days() -> None:
    """Ten days of a stay of ninety; and an admission long before the services of a claim that is no stay at all."""
    till = Till(plan_with(), {}, [contract(term("per_diem", amount=100), lesser_of=False)])
    bill = claim(line(5000), service_to=DAY + 10, admission_date=DAY - 50, discharge_date=DAY + 40)
    assert [one.allowed for one in till.lines(bill)] == [1000]
    assert [one.allowed for one in till.lines(replace(bill, service_to=DAY, admission_date=0))] == [100]


@pytest.mark.parametrize("lesser_of", [True, False])
def test_a_rate_is_never_more_than_an_amount_can_be(lesser_of: bool) -> None:
    chain = world(replace(PLAN, lesser_of=lesser_of), {"99213": 10**10})
    decided = submit(chain, claim(replace(line(10**9), units_milli=10**12)))
    assert decided is not None
    assert decided.allowed == (10**9 if lesser_of else MAXIMUM_MINOR)


def test_a_claim_over_all_amounts_is_rejected_at_the_front_end() -> None:
    chain = world()
    assert submit(chain, claim(line(MAXIMUM_MINOR), line(1, "99214"))) is None
    (rejected,) = chain.read(topics.CLAIMS_REJECTED)
    assert [one.code for one in rejected.findings] == ["V-TOTAL-CHARGE"]
