"""GraphQL under the seeds' names: the same claims, permissions and problems as REST, within limits."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import pytest

from api.allowed import NEEDED, OWNERS
from api.graphql.operations import NO_REASON
from api.graphql.schema import schema_of
from api.graphql.types import ClaimStatus
from api.producer import OutcomeUnknown
from api.routes import ROUTES
from schemas.json_text import parse_json
from schemas.vocabulary import Status
from tests.api.conftest import Client
from tests.api.fakes import (
    ADMIN,
    CLAIM_ID,
    FakeDetails,
    FakeLists,
    FakePublisher,
    FakeStore,
    bearer,
    claim_json,
    stored_claim,
)
from tests.api.waiting import until

WHOLE = """
    id claimNumber status substatus serviceDate currency totalCharged member { id } provider { id }
    items { lineNumber serviceCode chargedAmount paidAmount adjustments { group reason amount } }
    adjudication { allowedAmount paidAmount memberResponsibility }
    payment { paymentNumber paymentDate paymentAmount paymentMethod }
"""
ONE = f"query One($id: ID!) {{ claim(id: $id) {{ {WHOLE} }} }}"
MANY = f"""
    query Many($first: Int, $after: String) {{
        claims(memberId: "MBR-1", status: APPROVED, dateFrom: "2026-01-01", first: $first, after: $after) {{
            edges {{ cursor node {{ {WHOLE} }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
        }}
    }}
"""
SUBMIT = "mutation Submit($input: SubmitClaimInput!) { submitClaim(input: $input) { id claimNumber status } }"
APPROVE = "mutation($id: ID!) { approveClaim(id: $id) { id status } }"
DENY = 'mutation($id: ID!) { denyClaim(id: $id, reason: "not covered") { id status } }'
PAID = {
    "at": datetime(2026, 3, 9, tzinfo=UTC),
    "details": '{"payment_number": "P-1", "method": "bank", "amount": "96.00"}',
}


async def ask(client: Client, query: str, headers: dict[str, str] = ADMIN, status: int = 200, **variables: Any) -> Any:
    response = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    assert response.status == status, await response.text()
    return parse_json(await response.read())


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_a_claim(client: Client, store: FakeStore, details: FakeDetails) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    details.paid[CLAIM_ID] = PAID
    claim = (await ask(client, ONE, id=CLAIM_ID))["data"]["claim"]
    assert claim == {
        "id": CLAIM_ID, "claimNumber": "CLM-2026-3Q1S2002", "status": "APPROVED", "substatus": "approved",
        "serviceDate": "2026-01-15", "currency": "USD", "totalCharged": "150.00", "member": {"id": "MBR-1"},
        "provider": {"id": "PRV-1"},
        "items": [{
            "lineNumber": 1, "serviceCode": "99213", "chargedAmount": "150.00", "paidAmount": "96.00",
            "adjustments": [
                {"group": "CO", "reason": "45", "amount": "30.00"}, {"group": "PR", "reason": "2", "amount": "24.00"},
            ],
        }],
        "adjudication": {"allowedAmount": "120.00", "paidAmount": "96.00", "memberResponsibility": "24.00"},
        "payment": {
            "paymentNumber": "P-1", "paymentDate": "2026-03-09T00:00:00+00:00", "paymentAmount": "96.00",
            "paymentMethod": "bank",
        },
    }  # fmt: skip
    assert details.asked == [("lines", [CLAIM_ID]), ("payments", [CLAIM_ID])], (
        "what the lookup brought is not fetched again"
    )


async def test_an_unknown_claim_is_null(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    stranger = bearer("provider", provider_id="PRV-2")
    assert await ask(client, ONE, stranger, id=CLAIM_ID) == await ask(client, ONE, id="CLM-2026-1")
    assert await ask(client, ONE, id="CLM-2026-1") == {"data": {"claim": None}}


async def test_claims_are_fetched_in_as_many_questions_for_one_as_for_many(
    client: Client, store: FakeStore, lists: FakeLists, details: FakeDetails
) -> None:
    for number in range(5):
        claim_id = UUID(int=number + 1)
        store.stored[str(claim_id)] = stored_claim(id=claim_id)
    lists.rows = [stored.claim for stored in store.stored.values()]
    page = (await ask(client, MANY, first=3))["data"]["claims"]
    assert [edge["node"]["id"] for edge in page["edges"]] == list(store.stored)[:3]
    assert sorted(name for name, _ in details.asked) == ["details", "lines", "payments"]
    assert page["pageInfo"] == {
        "hasNextPage": True, "hasPreviousPage": False,
        "startCursor": page["edges"][0]["cursor"], "endCursor": page["edges"][-1]["cursor"],
    }  # fmt: skip
    question = lists.asked[0][0].where
    assert (question.member_id, question.statuses, str(question.service_from)) == ("MBR-1", ("approved",), "2026-01-01")
    rest = (await ask(client, MANY, first=3, after=page["pageInfo"]["endCursor"]))["data"]["claims"]
    assert [edge["node"]["id"] for edge in rest["edges"]] == list(store.stored)[3:]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)


async def test_who_looks_is_recorded(
    client: Client, store: FakeStore, lists: FakeLists, publisher: FakePublisher
) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    lists.rows = [stored_claim().claim]
    await ask(client, ONE, id=CLAIM_ID)
    await ask(client, MANY)
    await ask(client, ONE, bearer("provider", provider_id="PRV-2"), id=CLAIM_ID)
    await until(lambda: len(publisher.reads()) == 4)
    seen = [(read.view, read.ids, read.outcome) for read in publisher.reads()]
    one = (CLAIM_ID,)
    assert seen == [
        ("claim", one, "shown"), ("claim_list", one, "shown"), ("claim", one, "shown"), ("claim", one, "refused"),
    ]  # fmt: skip


async def test_a_submitted_claim_is_the_one_that_rest_submits(
    client: Client, publisher: FakePublisher, store: FakeStore
) -> None:
    await client.post("/api/v1/claims", json=claim_json(), headers=ADMIN)
    made = publisher.claims()[0]
    store.stored[made.claim_id] = stored_claim(id=UUID(made.claim_id), status="submitted", substatus="received")
    given = claim_json(items=[claim_json()["items"][0] | {"chargedAmount": "150.00"}])
    answer = await ask(client, SUBMIT, input=given)
    assert answer["data"]["submitClaim"]["id"] == made.claim_id
    again = publisher.claims()[1]
    assert replace(again, accepted_at=made.accepted_at, correlation_id=made.correlation_id) == made


async def test_an_amount_in_the_query_loses_no_digit(client: Client, publisher: FakePublisher) -> None:
    query = """mutation { submitClaim(input: {
        memberId: "M", providerId: "P", serviceDate: "2026-01-15", currency: "USD",
        items: [{serviceCode: "99213", diagnosisCode: "J06.9", chargedAmount: 90071992547409.93}]
    }) { id } }"""
    answer = await ask(client, query)
    assert publisher.claims()[0].lines[0].charge == 9007199254740993
    assert codes(answer) == ["accepted_not_shown"], "the fake store does not show it"
    assert publisher.claims()[0].claim_id in answer["errors"][0]["message"]


async def test_mistakes_of_a_claim_are_told_as_by_rest(client: Client, publisher: FakePublisher) -> None:
    answer = await ask(client, SUBMIT, input=claim_json(memberId=None, currency="ZZZ"))
    rest = await (
        await client.post("/api/v1/claims", json=claim_json(memberId=None, currency="ZZZ"), headers=ADMIN)
    ).json()
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["code"], extensions["type"], extensions["status"]) == ("invalid_claim", rest["type"], 422)
    assert extensions["errors"] == rest["errors"]
    assert publisher.sent == []


async def test_commands(client: Client, publisher: FakePublisher, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(status="processing", substatus="pended")
    assert (await ask(client, APPROVE, id=CLAIM_ID))["data"]["approveClaim"]["id"] == CLAIM_ID
    assert (await ask(client, DENY, id=CLAIM_ID))["data"]["denyClaim"]["status"] == "PROCESSING"
    assert [(sent.kind, sent.reason) for sent in publisher.commands()] == [
        ("approve", NO_REASON),
        ("deny", "not covered"),
    ]


PERMITTED = [
    # role              submit  read   list   approve deny
    ("super_admin",     True,   True,  True,  True,   True),
    ("admin",           True,   True,  True,  True,   True),
    ("claim_processor", False,  True,  True,  True,   True),
    ("provider",        True,   True,  True,  False,  False),
    ("member",          True,   True,  True,  False,  False),
    ("auditor",         False,  True,  True,  False,  False),
]  # fmt: skip


@pytest.mark.parametrize(("role", "submit", "read", "listed", "approve", "deny"), PERMITTED)
async def test_who_may_do_what(
    client: Client, store: FakeStore, role: str, submit: bool, read: bool, listed: bool, approve: bool, deny: bool
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    own: dict[str, dict[str, Any]] = {"provider": {"provider_id": "PRV-1"}, "member": {"member_id": "MBR-1"}}
    token = bearer(role, **own.get(role, {}))
    given = claim_json(providerId="PRV-1", memberId="MBR-1")
    answers = [
        await ask(client, SUBMIT, token, input=given), await ask(client, ONE, token, id=CLAIM_ID),
        await ask(client, MANY, token), await ask(client, APPROVE, token, id=CLAIM_ID),
        await ask(client, DENY, token, id=CLAIM_ID),
    ]  # fmt: skip
    assert ["forbidden" not in codes(answer | {"errors": answer.get("errors", [])}) for answer in answers] == [
        submit, read, listed, approve, deny,
    ]  # fmt: skip


def test_permissions_are_those_of_rest() -> None:
    rules = {(rule.method, rule.path): rule for rule in ROUTES}
    rest = {
        "submit": ("POST", "/api/v1/claims"),
        "list": ("GET", "/api/v1/claims"), "claim": ("GET", "/api/v1/claims/{id}"),
        "approve": ("POST", "/api/v1/claims/{id}/approve"), "deny": ("POST", "/api/v1/claims/{id}/deny"),
        "member": ("GET", "/api/v1/members/{id}"), "provider": ("GET", "/api/v1/providers/{id}"),
    }  # fmt: skip
    assert {what: rules[route].permission for what, route in rest.items()} == NEEDED
    assert {what for what, route in rest.items() if rules[route].owners} == OWNERS


async def test_without_a_token_nothing_is_answered(client: Client) -> None:
    assert (await client.post("/graphql", json={"query": "{ __typename }"})).status == 401
    assert (await client.get("/graphql", params={"query": "{ __typename }"}, headers=ADMIN)).status == 405


BODIES = [
    # body                                              status  mistakes
    ([{"query": "{ __typename }"}],                     422,    []),
    ({},                                                422,    ["query"]),
    ({"query": 1, "variables": [], "id": "x"},          422,    ["id", "query", "variables"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "places"), BODIES)
async def test_bodies_that_are_no_request(client: Client, body: Any, status: int, places: list[str]) -> None:
    response = await client.post("/graphql", json=body, headers=ADMIN)
    found = await response.json(content_type="application/problem+json")
    assert (response.status, [error["place"] for error in found.get("errors", [])]) == (status, places)


async def test_while_services_are_away(client: Client, publisher: FakePublisher, store: FakeStore) -> None:
    publisher.failing, store.away = OutcomeUnknown("slow"), "no server"
    found = await ask(client, ONE, id=CLAIM_ID)
    assert codes(found) == ["lookup_unavailable"]
    assert found["errors"][0]["extensions"]["retryAfter"] > 0
    assert codes(await ask(client, SUBMIT, input=claim_json())) == ["outcome_unknown"]


async def test_a_bug_is_told_to_nobody_and_logged(
    client: Client, store: FakeStore, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    store.broken = RuntimeError("a member's name")
    with caplog.at_level(logging.DEBUG):
        answer = await ask(client, ONE, id=CLAIM_ID)
    assert codes(answer) == ["internal"]
    assert "name" not in str(answer)
    assert "unexpected error" in caplog.text + capsys.readouterr().out


def test_the_seeds_statuses() -> None:
    assert [status.value for status in ClaimStatus] == list(get_args(Status))


def test_the_schema_has_the_seeds_operations() -> None:
    text = schema_of(True).as_str()
    for line in ("claim(id: ID!): Claim", "submitClaim(", "approveClaim(", "denyClaim(", "type Payment {"):
        assert line in text
