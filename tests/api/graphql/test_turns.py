"""Answers with many lines: others have the event loop in between, and there is an end."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from graphql import get_introspection_query, parse

from api.graphql.spreads import pairs_of
from api.graphql.turns import Turns
from config.limits import CLAIM_LINES_MAX, GRAPHQL_PAIRS_MAX
from tests.api.conftest import Client
from tests.api.fakes import CLAIM_ID, FakeStore, stored_claim
from tests.api.graphql.test_graphql import MANY, ONE, ask, codes

LINES = "{ items { lineNumber adjustments { amount } } }"


def claim_of_lines(count: int) -> Any:
    """A claim with so many lines, each with the adjustments of the sample."""
    sample = stored_claim()
    numbers = range(1, count + 1)
    items = [{**sample.items[0], "line_number": number} for number in numbers]
    adjustments = [{**found, "line_number": number} for number in numbers for found in sample.adjustments]
    return replace(sample, items=items, adjustments=adjustments)


async def test_others_have_their_turn_between_the_lines_of_a_long_claim(
    client: Client, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.graphql.turns.TURN_SECONDS", 0.0)
    store.stored[CLAIM_ID] = claim_of_lines(CLAIM_LINES_MAX)
    turns, asking = 0, asyncio.create_task(ask(client, f"query($id: ID!) {{ claim(id: $id) {LINES} }}", id=CLAIM_ID))
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1
    assert len((await asking)["data"]["claim"]["items"]) == CLAIM_LINES_MAX
    assert turns > CLAIM_LINES_MAX


async def test_fields_of_one_request_do_not_each_take_a_turn_in_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.graphql.turns.TURN_SECONDS", 0.0)
    turns, rounds, taken = Turns(), 0, []

    async def field() -> None:
        await turns.rest()
        taken.append(rounds)

    fields = [asyncio.create_task(field()) for _ in range(5)]
    while not all(one.done() for one in fields):
        await asyncio.sleep(0)
        rounds += 1
    assert len(set(taken)) == 5


# How often one claim of 999 lines is asked for its lines; the problem.
TIMES = [(5, []), (6, ["too_costly"])]


@pytest.mark.parametrize(("times", "problems"), TIMES)
async def test_an_answer_has_so_many_lines(client: Client, store: FakeStore, times: int, problems: list[str]) -> None:
    store.stored[CLAIM_ID] = claim_of_lines(CLAIM_LINES_MAX)
    lines = " ".join(f"a{number}: items {{ lineNumber }}" for number in range(times))
    answer = await ask(client, f"query($id: ID!) {{ claim(id: $id) {{ {lines} }} }}", id=CLAIM_ID)
    assert (codes(answer) if "errors" in answer else []) == problems


# Queries, and how many comparisons it takes to find that their fields do not contradict each other.
PAIRS = [
    ("{ claim(id: 1) { id status } }",                                                              0),
    ("{ claim(id: 1) { id id id } }",                                                               3),
    ("{ claim(id: 1) { member { id } member { id } } }",                                            2),
    ("{ claim(id: 1) { id } ... on Query { claim(id: 1) { id } } }",                                2),
    ("{ a: claim(id: 1) { id } b: claim(id: 2) { id } }",                                           0),
    ("{ claim(id: 1) { id ...f ...f } } fragment f on Claim { id }",                                1),
    ("{ claim(id: 1) { ...f ...g } } fragment f on Claim { id } fragment g on Claim { status }",    1),
    ("{ claim(id: 1) { ...f } } fragment f on Claim { member { ...f } }",                           0),
]  # fmt: skip


@pytest.mark.parametrize(("query", "pairs"), PAIRS)
def test_what_is_given_twice_is_counted(query: str, pairs: int) -> None:
    assert pairs_of(parse(query)) == pairs


@pytest.mark.parametrize("query", [ONE, MANY, get_introspection_query()])
def test_what_programs_ask_is_far_from_the_limit(query: str) -> None:
    assert pairs_of(parse(query)) < GRAPHQL_PAIRS_MAX / 10
