"""What changes nothing: repeats, duplicates, unrelated families in another order, a second run, a codec between."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.decision import Decision
from schemas.events import AuthorizationEvent, Command
from streams.driver import Driver
from tests.properties.chain import CODEC, chain_of, decisions, tell, told
from tests.properties.stories import CLAIMS_MAX, Event, claims, following, renamed
from tests.properties.test_every_decision import draw_story


def states(chain: Driver) -> dict[str, dict[bytes, bytes]]:
    """The state of every stage, byte for byte."""
    return {name: dict(store.data) for name, store in chain.stores.items()}


def values(chain: Driver, topic: str) -> list[bytes]:
    """Everything a topic carried."""
    return [output.value for output in chain.outputs[topic]]


@given(st.data())
def test_a_repeat_is_answered_with_the_same_bytes_and_changes_nothing(data: st.DataObject) -> None:
    world, story = draw_story(data)
    chain = told(world.payer, story)
    before, answered = states(chain), values(chain, topics.CLAIMS_DECIDED)
    events = values(chain, topics.CLAIMS_EVENTS)
    refused = {one.claim_id for one in chain.read(topics.CLAIMS_REJECTED)}
    for again in story:
        # What was refused may be right by now: once the claim in force names that provider.
        if isinstance(again, SubmittedClaim) and again.claim_id not in refused:
            tell(chain, [replace(again, channel="file", correlation_id="again", accepted_at=again.accepted_at + 1)])
    assert set(values(chain, topics.CLAIMS_DECIDED)) == set(answered)
    assert values(chain, topics.CLAIMS_EVENTS) == events
    assert states(chain) == before


@given(st.data())
def test_a_second_run_gives_the_same_bytes(data: st.DataObject) -> None:
    world, story = draw_story(data)
    one, two = told(world.payer, story), told(world.payer, story)
    assert one.outputs == two.outputs
    assert states(one) == states(two)


@given(st.data())
def test_every_record_between_stages_survives_the_codec(data: st.DataObject) -> None:
    world, story = draw_story(data)
    chain = told(world.payer, story)
    for topic, outputs in chain.outputs.items():
        for output, record in zip(outputs, chain.read(topic), strict=True):
            assert CODEC.encode(record) == output.value


@given(st.data())
def test_unrelated_families_do_not_see_each_other(data: st.DataObject) -> None:
    world, story = draw_story(data)
    families: dict[str, list[Event]] = {"F": [], "G": []}
    whose = {event.root_id: whom(event) for event in story if isinstance(event, SubmittedClaim)}
    for event in story:
        who = whose[event.claim_id] if isinstance(event, Command) else whom(event)
        families[who[0]].append(event)
    order = data.draw(st.permutations(["F"] * len(families["F"]) + ["G"] * len(families["G"])), "order")
    queues = {name: iter(events) for name, events in families.items()}
    mixed = [next(queues[name]) for name in order]
    assert by_claim(told(world.payer, story)) == by_claim(told(world.payer, mixed))


def whom(event: SubmittedClaim | AuthorizationEvent) -> str:
    """The member that it is about."""
    return (event.member.member_id or "") if isinstance(event, SubmittedClaim) else event.member_id


def by_claim(chain: Driver) -> dict[str, list[bytes]]:
    """The decisions of each claim in order."""
    found: dict[str, list[bytes]] = {}
    for one, value in zip(decisions(chain), values(chain, topics.CLAIMS_DECIDED), strict=True):
        found.setdefault(one.claim_id, []).append(value)
    return found


@given(st.data())
def test_void_and_replay_gives_the_identical_decision(data: st.DataObject) -> None:
    world, story = draw_story(data)
    chain = told(world.payer, story)
    given_claim = data.draw(claims(world, CLAIMS_MAX + 1), "claim")
    numbers = ("FIRST", "SECOND")
    first, second = (renamed(given_claim, number) for number in numbers)
    decided = [last(chain, first), last(chain, following(first, first, "UNDO", "8")), last(chain, second)]
    assert content(decided[0]) == content(decided[2])


def last(chain: Driver, given_claim: SubmittedClaim) -> Decision:
    """Send a claim and read its decision."""
    chain.pipe(topics.CLAIMS_SUBMITTED, given_claim.root_id, given_claim)
    return decisions(chain)[-1]


def content(decision: Decision) -> Sequence[Any]:
    """What is decided, without the names of the claim."""
    lines = [replace(one, findings=(), steps=()) for one in decision.lines]
    return decision.substatus, decision.charged, decision.allowed, decision.paid, lines, decision.ledger


@given(st.data())
def test_an_exact_duplicate_is_denied_and_touches_no_balance(data: st.DataObject) -> None:
    world, story = draw_story(data)
    chain = chain_of(world.payer)
    tell(chain, story)
    given_claim = data.draw(claims(world, CLAIMS_MAX + 1), "claim")
    first = last(chain, renamed(given_claim, "FIRST"))
    before = {key: value for key, value in chain.stores["price"].data.items() if key.startswith(b"b")}
    second = last(chain, renamed(given_claim, "SECOND"))
    passed = {one.line_number for one in first.lines if one.verdict == "passed"}
    if first.substatus != "pended":
        assert not [one for one in second.lines if one.line_number in passed and one.verdict != "denied"]
        assert {key: value for key, value in chain.stores["price"].data.items() if key.startswith(b"b")} == before
