"""What GraphQL does not execute: what is wrong, too deep, too long or too costly; and how it says so."""

from typing import Any

import pytest
from graphql import parse

from api.graphql.cost import cost_of
from config.limits import GRAPHQL_COST_MAX, PAGE_CLAIMS_MAX
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakeLists, app_of, claim_json
from tests.api.graphql.test_graphql import MANY, SUBMIT, ask, codes

# Each fragment spreads the next one twice: 2**60 fields in 800 words.
BOMB = "{ claim(id: 1) { ...f0 } } fragment f60 on Claim { id }" + "".join(
    f" fragment f{n} on Claim {{ ...f{n + 1} ...f{n + 1} }}" for n in range(60)
)
# Fragments that give each field once: they are compared with each other all the same.
SPREAD = (
    "{ claim(id: 1) {"
    + "".join(f" ...f{n}" for n in range(60))
    + "} }"
    + "".join(f" fragment f{n} on Claim {{ ... @include(if: true) {{ ... {{ __typename }} }} }}" for n in range(60))
)
REFUSED = [
    # query                                                              code             words
    ("{",                                                                "invalid_query", "Syntax Error"),
    ("{ claim { id } }",                                                 "invalid_query", "is required"),
    ("{ clam }",                                                         "invalid_query", "Cannot query field"),
    ("{ __schema" + " { types { fields { type" * 3 + " { name }" + " } } }" * 3 + "}", "invalid_query", "depth"),
    ("{" + " __typename" * 3_000 + "}",                                  "invalid_query", "tokens"),
    ("{" + "".join(f" a{n}: __typename" for n in range(20)) + "}",       "invalid_query", "aliases"),
    (MANY.replace("id claimNumber", "id " * 40),                         "too_costly",    "costs"),
    ("{ claim(id: 1) {" + " member { id }" * 60 + "} }",                 "too_costly",    "too often"),
    ("{ claim(id: 1) {" + " items { adjustments { amount } }" * 40 + "} }", "too_costly", "too often"),
    (SPREAD,                                                             "too_costly",    "too often"),
    (BOMB,                                                               "too_costly",    "fragments"),
    ("{ claim(id: 1) { ...f } }",                                        "invalid_query", "does not define"),
    ("{ claim(id: 1) { ...f } } fragment f on Claim { id ...f }",        "invalid_query", "within itself"),
    ("{ claims(first: " + "9" * 5_000 + ") { edges { cursor } } }",      "invalid_query", "Int"),
    ('{ claims(dateFrom: "Budi") { edges { cursor } } }',                "invalid_query", "given"),
    ("",                                                                 "invalid_query", "empty"),
    ("fragment f on Claim { id }",                                       "invalid_query", "operation"),
    ("subscription { claim { id } }",                                    "invalid_query", "operation"),
    ("query A { __typename } query B { __typename }",                    "invalid_query", "operation"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code", "words"), REFUSED)
async def test_what_is_not_executed(client: Client, query: str, code: str, words: str, lists: FakeLists) -> None:
    variables: dict[str, Any] = {"first": 200} if "$first" in query else {}
    answer = await ask(client, query, status=400, **variables)
    assert set(codes(answer)) == {code}, answer
    assert words in answer["errors"][0]["message"]
    assert "data" not in answer
    assert lists.asked == []


async def test_an_operation_that_is_not_there(client: Client) -> None:
    body = {"query": "query A { __typename }", "operationName": "B"}
    response = await client.post("/graphql", json=body, headers=ADMIN)
    assert (response.status, codes(await response.json())) == (400, ["invalid_query"])


async def test_an_id_that_no_store_can_be_asked_for(client: Client, lists: FakeLists) -> None:
    query = "query($m: ID) { claims(memberId: $m) { edges { cursor } } }"
    assert codes(await ask(client, query, m="\x00")) == ["bad_query"]
    assert lists.asked == []


async def test_errors_quote_no_value(client: Client) -> None:
    for query, variables in (
        (SUBMIT, {"input": claim_json(serviceDate="Budi Santoso")}),
        (SUBMIT, {"input": claim_json(nik="3174051708450001")}),
        ('{ claims(dateFrom: "Budi Santoso") { edges { cursor } } }', {}),
        ('{ claims(status: "Budi Santoso") { edges { cursor } } }', {}),
    ):
        text = str(await ask(client, query, status=400, **variables))
        assert "Budi" not in text
        assert "3174051708450001" not in text


async def test_introspection_is_for_development(aiohttp_client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "{ __schema { types { name } } }"
    there = await aiohttp_client(app_of())
    assert (await there.post("/graphql", json={"query": query}, headers=ADMIN)).status == 200
    monkeypatch.setattr("tests.api.fakes.SETTINGS", closed_settings())
    client = await aiohttp_client(app_of())
    for asked, words in ((query, "introspection"), ("{ clai }", "Cannot query field 'clai' on type 'Query'.")):
        answer = await ask(client, asked, status=400)
        assert words in answer["errors"][0]["message"]
        assert "Did you mean" not in str(answer)


def closed_settings() -> Any:
    from tests.api.fakes import SETTINGS

    return SETTINGS.model_copy(update={"environment": "production"})


PAGE = PAGE_CLAIMS_MAX
COSTS = [
    # query                                                                             variables      cost
    ("{ __typename }",                                                                  {},            11),
    ("{ claim(id: 1) { id items { lineNumber } } }",                                    {},            18),
    ("{ claims { edges { cursor } } }",                                                 {},            10 + 1 + 50 * 2),
    ("{ claims(first: 2) { edges { cursor } } }",                                       {},            10 + 1 + 2 * 2),
    ("query($n: Int) { claims(first: $n) { edges { cursor } } }",                       {"n": 3},      10 + 1 + 3 * 2),
    ("query($n: Int) { claims(first: $n) { edges { cursor } } }",                       {},            11 + 2 * PAGE),
    ("{ claims(first: -5) { edges { cursor } } }",                                      {},            10 + 1 + 2),
    ("{ ... on Query { claim(id: 1) { ...f } } } fragment f on Claim { id status }",    {},            13),
    ("mutation { a: approveClaim(id: 1) { id } b: approveClaim(id: 1) { id } }",        {},            1004),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables", "cost"), COSTS)
def test_what_a_query_costs(query: str, variables: dict[str, Any], cost: int) -> None:
    assert cost_of(parse(query), None, variables) == cost


def test_a_page_of_claims_with_all_of_each_can_be_asked_for() -> None:
    assert cost_of(parse(MANY), None, {"first": PAGE_CLAIMS_MAX}) <= GRAPHQL_COST_MAX
