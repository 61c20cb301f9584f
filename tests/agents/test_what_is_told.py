"""What other systems are told of a claim: events in their order with ids for ever, due days, and what stays said."""

from dataclasses import replace

import pytest

from schemas import topics
from schemas.identifiers import event_id
from schemas.reference import Limit
from schemas.vocabulary import CommandKind
from tests.agents import stories
from tests.agents.stories import command, events, latest, payment, replacement, void
from tests.agents.world import BENEFIT, PLAN, claim, line, submit, world

GIVEN = claim(line(15000))
DENIES = replace(PLAN, benefits=(replace(BENEFIT, needs_authorization=True),))


def test_steps_of_a_revision_are_numbered_from_one() -> None:
    chain = world()
    submit(chain, GIVEN)
    told = events(chain, GIVEN)
    assert [(one.revision, one.sequence, one.event_type) for one in told] == [
        (1, 1, "claim.accepted"),
        (1, 2, "claim.approved"),
    ]
    assert [one.event_id for one in told] == [event_id(GIVEN.claim_id, 1, 1, n) for n in (1, 2)]


SAID: list[tuple[list[CommandKind], str, str]] = [
    # commands, event, its reason
    (["appeal"], "claim.appealed", "L-APPEALED"),
    (["appeal", "uphold"], "claim.upheld", "L-UPHELD"),
]


@pytest.mark.parametrize(("commands", "event", "reason"), SAID)
def test_an_appeal_and_its_answer(commands: list[CommandKind], event: str, reason: str) -> None:
    chain = world(DENIES)
    submit(chain, GIVEN)
    for kind in commands:
        command(chain, GIVEN, kind)
    last = events(chain, GIVEN)[-1]
    assert (last.event_type, last.details["reason"]) == (event, reason)
    appeal = latest(chain, GIVEN).appeal
    assert appeal is not None
    # 29 CFR 2560.503-1(i): 60 days to decide a post-service claim.
    assert appeal.due_on == stories.LATER // 86_400_000 + 60


def test_a_part_of_the_money_is_counted_and_the_rest_pays() -> None:
    chain = world()
    submit(chain, GIVEN)
    payment(chain, GIVEN, 5000, "first")
    payment(chain, GIVEN, 10000, "second")
    told = [(one.event_type, one.details.get("amount")) for one in events(chain, GIVEN)[2:]]
    assert told == [("payment.counted", "50.00"), ("claim.paid", "100.00")]


def test_a_failed_payment_is_told_once() -> None:
    chain = world()
    submit(chain, GIVEN)
    for _ in range(2):
        payment(chain, GIVEN, 15000, "failed-1", state="failed")
    assert [one.event_type for one in events(chain, GIVEN)[2:]] == ["payment.failed"]
    payment(chain, GIVEN, 15000, "then-paid")
    assert latest(chain, GIVEN).substatus == "paid"


def test_a_void_says_that_it_is_done() -> None:
    chain = world()
    submit(chain, GIVEN)
    given = void(GIVEN)
    submit(chain, given)
    assert [(one.code, one.place) for one in latest(chain, given).findings] == [("L-VOID-DONE", "original_reference")]
    assert [one.code for one in latest(chain, GIVEN).findings] == ["L-VOIDED"]


def test_what_a_claim_replaces_is_said_for_ever() -> None:
    chain = world()
    corrected = replacement(GIVEN, line(12000))
    submit(chain, GIVEN)
    submit(chain, corrected)
    payment(chain, corrected, 12000)
    decision = latest(chain, corrected)
    assert (decision.substatus, decision.revision, decision.replaces) == ("paid", 2, GIVEN.claim_id)


def test_a_limit_of_money_says_what_was_used() -> None:
    plan = replace(PLAN, limits=(Limit("YEAR", "money", "period", "member", 10000),))
    chain = world(plan)
    decision = submit(chain, GIVEN)
    assert decision is not None
    assert [(one.code, one.text) for one in decision.lines[0].findings] == [
        ("P-LIMIT:YEAR", "limit YEAR: 100.00 a period, 0.00 was used")
    ]
    assert chain.read(topics.CLAIMS_DECIDED)[-1].lines[0].paid == 10000
