"""Answers with many lines: others have the event loop in between, and there is an end."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from graphql import get_introspection_query, parse

from api.graphql.spreads import pairs_of
from api.graphql.turns import Turns
from config.limits import CLAIM_LINES_MAX, GRAPHQL_PAIRS_MAX
from tests.api.conftest import Client
from tests.api.fakes import CLAIM_ID, FakeDetails, FakeLists, FakeStore, bearer, stored_claim
from tests.api.graphql.test_graphql import MANY, ONE, ask, codes

LINES = "{ items { lineNumber adjustments { amount } } }"


def claim_of_lines(count: int) -> Any:
    """A claim with so many lines, each with the adjustments of the sample."""
    sample = stored_claim()
    numbers = range(1, count + 1)
    items = [{**sample.items[0], "line_number": number} for number in numbers]
    adjustments = [{**found, "line_number": number} for number in numbers for found in sample.adjustments]
    return replace(sample, items=items, adjustments=adjustments)


def claims_of_lines(claims: int, lines: int) -> dict[str, Any]:
    """So many claims with so many lines each, by id."""
    sample = claim_of_lines(lines)
    ids = [UUID(int=number + 1) for number in range(claims)]
    return {str(claim_id): replace(sample, claim={**sample.claim, "id": claim_id}) for claim_id in ids}


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


READS = [
    # claims, lines of each, what is asked of a claim, problems
    (5, 999, "items { lineNumber }", []),
    (6, 999, "items { lineNumber }", ["too_costly"]),
    (6, 999, "adjudication { paidAmount }", ["too_costly"]),
    (6, 999, "payment { paymentNumber }", []),
    (6, 999, "id status", []),
    (200, 25, "items { lineNumber } adjudication { paidAmount }", []),
    (200, 26, "items { lineNumber } adjudication { paidAmount }", ["too_costly"]),
]


@pytest.mark.parametrize(("claims", "lines", "fields", "problems"), READS)
async def test_no_more_lines_are_read_than_an_answer_may_have(
    client: Client, store: FakeStore, lists: FakeLists, details: FakeDetails, claims: int, lines: int, fields: str,
    problems: list[str],
) -> None:  # fmt: skip
    store.stored |= claims_of_lines(claims, lines)
    lists.rows = [stored.claim for stored in store.stored.values()]
    answer = await ask(client, f"{{ claims(first: {claims}) {{ edges {{ node {{ {fields} }} }} }} }}")
    assert sorted(set(codes(answer) if "errors" in answer else [])) == problems
    assert [name for name, _ in details.asked].count("details") == (not problems and "lineNumber" in fields)


# How many claims are looked up one by one, of 999 lines each; lookups that are made, problems.
LOOKUPS = [(5, 5, []), (6, 0, ["too_costly"])]


@pytest.mark.parametrize(("claims", "made", "problems"), LOOKUPS)
async def test_nor_by_lookups(client: Client, store: FakeStore, claims: int, made: int, problems: list[str]) -> None:
    store.stored |= claims_of_lines(claims, CLAIM_LINES_MAX)
    lookups = " ".join(f'a{number}: claim(id: "{name}") {{ id }}' for number, name in enumerate(store.stored))
    answer = await ask(client, f"{{ {lookups} }}")
    assert sorted(set(codes(answer) if "errors" in answer else [])) == problems
    assert len([found for found in answer["data"].values() if found]) == made


async def test_the_lines_of_others_are_not_told_by_the_bound(client: Client, store: FakeStore) -> None:
    store.stored |= claims_of_lines(6, CLAIM_LINES_MAX)
    lookups = " ".join(f'a{number}: claim(id: "{name}") {{ id }}' for number, name in enumerate(store.stored))
    answer = await ask(client, f"{{ {lookups} }}", bearer("provider", provider_id="PRV-2"))
    assert answer == {"data": {f"a{number}": None for number in range(6)}}


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
