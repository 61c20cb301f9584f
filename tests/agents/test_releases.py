"""Reference data that changes under way: what was decided stands, what comes later is judged by what is known then."""

from dataclasses import replace

from schemas import topics
from streams.driver import Driver
from tests.agents.stories import balances, command, latest, void
from tests.agents.world import (
    BENEFIT,
    CODEC,
    DAY,
    PLAN,
    add_release,
    authorization,
    by_reason,
    claim,
    line,
    member,
    payer,
    submit,
)

COINSURED = replace(PLAN, benefits=(replace(BENEFIT, coinsurance="0.20"),))
NEEDS = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))
GIVEN = claim(line(15000))


def test_a_cover_that_is_ended_in_retrospect_ends_later_claims_only() -> None:
    store = payer(COINSURED)
    chain = Driver(store, CODEC)
    first = submit(chain, GIVEN)
    ended = replace(member("M1", end=DAY - 1), release=2)
    add_release(store, 2, [(topics.REFERENCE_MEMBERS, [ended])])
    second = submit(chain, claim(line(15000, "99214"), number="C2"))
    assert first is not None
    assert second is not None
    assert (by_reason(first), first.release) == ({"PR-2": 3000}, 1)
    assert (by_reason(second), second.release) == ({"CO-27": 15000}, 2)
    submit(chain, void(GIVEN))
    assert latest(chain, GIVEN).reversal[0].paid == -12000
    assert balances(chain) == {}


def test_a_claim_that_waits_keeps_its_release() -> None:
    store = payer(NEEDS)
    chain = Driver(store, CODEC)
    submit(chain, GIVEN)
    add_release(store, 2, [(topics.REFERENCE_PLANS, [replace(COINSURED, release=2)])])
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization())
    decision = latest(chain, GIVEN)
    assert (decision.substatus, decision.paid, decision.release) == ("approved", 15000, 1)


def test_an_appeal_is_overturned_under_the_release_of_the_claim() -> None:
    store = payer(replace(NEEDS, missing_authorization="deny"))
    chain = Driver(store, CODEC)
    submit(chain, GIVEN)
    command(chain, GIVEN, "appeal")
    add_release(store, 2, [(topics.REFERENCE_PLANS, [replace(COINSURED, release=2)])])
    command(chain, GIVEN, "overturn")
    assert (latest(chain, GIVEN).substatus, latest(chain, GIVEN).paid) == ("approved", 15000)
