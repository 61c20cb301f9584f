"""The OpenAPI document: every route is in it, it is valid, the copy is current, and answers are what it says."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import asking
from api.models.problem import ProblemFound
from api.openapi.document import COPY, ROWS, UndescribedRouteError, copied, document
from api.openapi.page import FILES, POLICY
from api.problems import TYPE_PREFIX
from api.producer import OutcomeUnknown
from api.routes import ROUTES
from tests.api.conftest import Client
from tests.api.documents.answers import described, faults
from tests.api.fakes import ADMIN, CLAIM_ID, FakeLists, FakePublisher, FakeStore, bearer, claim_json, stored_claim

ROOT = Path(__file__).parents[3]


def test_every_route_is_described_and_nothing_else() -> None:
    described_routes = {(method.upper(), path) for path, item in described()["paths"].items() for method in item}
    assert described_routes == {(rule.method, rule.path) for rule in ROUTES}


def test_a_route_without_a_row_is_found() -> None:
    with pytest.raises(UndescribedRouteError, match="GET /api/v1/new"):
        document([*ROUTES, replace(ROUTES[0], method="GET", path="/api/v1/new")])
    with pytest.raises(UndescribedRouteError, match=re.escape(ROWS[0].path)):
        document(ROUTES[1:])


def test_the_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(described()).iter_errors()] == []


def test_the_copy_is_current() -> None:
    assert (ROOT / COPY).read_text(encoding="utf-8") == copied(), "run: python -m api.openapi"


def test_operations_have_different_names() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", ROUTES, ids=lambda rule: f"{rule.method} {rule.path}")
def test_a_token_is_needed_where_the_table_says_so(rule: Any) -> None:
    said = described()["paths"][rule.path][rule.method.lower()]
    assert said.get("security") == (None if rule.permission is None else [{"bearer": [rule.permission]}])
    assert ({"401", "403"} <= said["responses"].keys()) == (rule.permission is not None)


QUERIES = [
    # path                          what the service reads
    ("/api/v1/claims",              {*asking._FILTER, *asking._PAGE}),
    ("/api/v1/claims/statistics",   {*asking._TOTALS}),
    ("/api/v1/workflow/pending",    {*asking._QUEUE, *asking._PAGE}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "names"), QUERIES)
def test_parameters_are_those_that_the_service_reads(path: str, names: set[str]) -> None:
    said = described()["paths"][path]["get"]["parameters"]
    assert {parameter["name"] for parameter in said if parameter["in"] == "query"} == names


def test_fields_of_a_search_are_those_that_the_service_reads() -> None:
    said = described()["components"]["schemas"]["ClaimSearch"]["properties"]
    assert said.keys() == {*asking._FILTER, *asking._PAGE, *asking._SEARCH}


GRAPHQL = "{ claim(id: 1) { id } claims(first: 0) { edges { cursor } } }"
CLAIM = "/api/v1/claims/{id}"
ASKED = [
    # method  path                          headers  body                      answer
    ("POST", "/api/v1/claims",              ADMIN,   claim_json(),             201),
    ("POST", "/api/v1/claims",              ADMIN,   claim_json(items=[]),     422),
    ("POST", "/api/v1/claims",              {},      claim_json(),             401),
    ("POST", "/api/v1/claims",              bearer("auditor"), claim_json(),   403),
    ("GET",  CLAIM,                         ADMIN,   None,                     200),
    ("GET",  CLAIM,                         bearer("provider", provider_id="x"), None, 404),
    ("GET",  f"{CLAIM}/timeline",           ADMIN,   None,                     200),
    ("GET",  f"{CLAIM}/events",             ADMIN,   None,                     200),
    ("GET",  f"{CLAIM}/explanation",        ADMIN,   None,                     200),
    ("POST", f"{CLAIM}/void",               ADMIN,   {"reason": "a mistake"},  403),
    ("POST", f"{CLAIM}/void",               bearer("super_admin"), {"reason": "a mistake"}, 202),
    ("POST", f"{CLAIM}/approve",            ADMIN,   {"reason": "looks good"}, 409),
    ("POST", f"{CLAIM}/appeal",             ADMIN,   {"reason": "too little"}, 202),
    ("POST", f"{CLAIM}/appeal",             ADMIN,   {"reasons": "too little"}, 422),
    ("GET",  f"{CLAIM}/items",              ADMIN,   None,                     200),
    ("GET",  "/api/v1/claims",              ADMIN,   None,                     200),
    ("POST", "/api/v1/claims/search",       ADMIN,   {"text": "fee"},          200),
    ("POST", "/api/v1/claims/search",       ADMIN,   {"text": 1},              422),
    ("GET",  "/api/v1/claims/statistics",   ADMIN,   None,                     200),
    ("GET",  "/api/v1/workflow/pending",    ADMIN,   None,                     200),
    ("POST", "/api/v1/workflow/{id}/reject", ADMIN,  {"reason": "no"},         409),
    ("POST", "/graphql",                    ADMIN,   {"query": GRAPHQL},       200),
    ("POST", "/graphql",                    ADMIN,   {"query": "{"},           400),
    ("GET",  "/health/live",                {},      None,                     200),
    ("GET",  "/health/ready",               {},      None,                     200),
    ("GET",  "/metrics",                    {},      None,                     200),
    ("GET",  "/openapi.json",               {},      None,                     200),
    ("GET",  "/docs",                       {},      None,                     200),
]  # fmt: skip


async def ask(client: Client, method: str, path: str, headers: dict[str, str], body: object = None) -> list[str]:
    """What the document does not say of the answer, and the answer's status at the end."""
    response = await client.request(method, path.replace("{id}", CLAIM_ID), headers=headers, json=body)
    text = await response.text()
    content = json.loads(text) if "json" in response.content_type else text
    return [*faults(method, path, response.status, response.headers, content), str(response.status)]


@pytest.mark.parametrize(("method", "path", "headers", "body", "status"), ASKED)
async def test_answers_are_as_described(
    client: Client,
    store: FakeStore,
    lists: FakeLists,
    method: str,
    path: str,
    headers: dict[str, str],
    body: object,
    status: int,
) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    store.trail, lists.rows = [event()], [listed()]
    store.steps = [event() | {"reason": None, "status": "approved"}]
    assert await ask(client, method, path, headers, body) == [str(status)]


async def test_a_claim_that_nothing_is_known_of_yet_is_as_described(client: Client, store: FakeStore) -> None:
    unknown = dict.fromkeys(("frequency_code", "paid_out", "total_allowed", "total_paid", "total_member_share",
                             "decided_at", "member_id", "provider_id", "plan_id", "plan_from"))  # fmt: skip
    store.stored[CLAIM_ID] = stored_claim(status="submitted", substatus="received", **unknown)
    assert await ask(client, "GET", CLAIM, ADMIN) == ["200"]


async def test_answers_while_services_are_away_are_as_described(
    client: Client, publisher: FakePublisher, store: FakeStore
) -> None:
    publisher.failing, publisher.away, store.away = OutcomeUnknown("slow"), "no broker", "no server"
    assert await ask(client, "POST", "/api/v1/claims", ADMIN, claim_json()) == ["503"]
    assert await ask(client, "GET", CLAIM, ADMIN) == ["503"]
    assert await ask(client, "GET", "/health/ready", {}) == ["503"]


async def test_an_answer_that_is_not_as_described_is_found(client: Client) -> None:
    answer = {"id": "x", "claimNumber": "CLM-1", "status": "done", "more": 1}
    found = faults("POST", "/api/v1/claims", 201, {"Content-Type": "application/json"}, answer)
    assert len(found) == 8, found
    assert faults("GET", "/docs", 418, {}, None) == ["418 is not in the document"]


async def test_the_page_works_without_the_internet(client: Client) -> None:
    page = await client.get("/docs")
    text = await page.text()
    assert page.headers["Content-Security-Policy"] == POLICY
    assert "//" not in text, "everything on the page comes from here"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', text)
    files = {f"docs/{name}": kind for name, kind in FILES.items()} | {"favicon.ico": "image/svg+xml"}
    assert sorted(loaded) == sorted(files)
    for name in loaded:
        file = await client.get(f"/{name}")
        assert (file.status, file.content_type) == (200, files[name])
        assert await file.read()
    assert '<meta name="viewport"' in text, "or a telephone shows it as wide as a desk"


@pytest.mark.parametrize("path", ["/", "/docs/"])
async def test_the_page_is_found_where_people_look(client: Client, path: str) -> None:
    found = await client.get(path)
    assert (found.status, found.url.path) == (200, "/docs")


async def test_a_path_that_is_none_says_where_the_paths_are(client: Client) -> None:
    assert "/docs" in (await (await client.get("/api/v1")).json(content_type=None))["detail"]


def test_every_section_of_the_page_says_what_it_is() -> None:
    said = {tag["name"]: tag["description"] for tag in described()["tags"]}
    used = {name for item in described()["paths"].values() for one in item.values() for name in one["tags"]}
    assert used == said.keys()
    assert len(used) == 7
    assert all(said.values())
    assert "claims token" in described()["components"]["securitySchemes"]["bearer"]["description"]


def test_each_status_has_examples_of_its_own() -> None:
    for status, response in described()["components"]["responses"].items():
        examples = response["content"]["application/problem+json"]["examples"]
        assert examples, status
        for code, example in examples.items():
            found = ProblemFound.model_validate(example["value"])
            assert (str(found.status), found.type) == (status, TYPE_PREFIX + code.replace("_", "-"))


EXAMPLES = [
    # method  path              headers           body              the example
    ("POST", "/api/v1/claims",  ADMIN,            b"{claim}",       "not_json"),
    ("POST", "/api/v1/claims",  {},               b"",              "missing_token"),
    ("POST", "/api/v1/claims",  bearer("auditor"), b"",             "forbidden"),
    ("GET",  f"{CLAIM}x",       ADMIN,            None,             "claim_not_found"),
    ("POST", f"{CLAIM}/approve", ADMIN,           b'{"reason":"seen"}', "illegal_move"),
    ("POST", f"{CLAIM}/appeal", ADMIN | {"If-Match": '"0.0.0.0"'}, b'{"reason":"seen"}', "claim_moved_on"),
    ("POST", "/api/v1/claims",  ADMIN,            b" " * 1_000_001, "body_too_large"),
    ("GET",  "/api/v1/claims?" + "x" * 5_000, ADMIN, None,          "query_too_long"),
    ("DELETE", "/api/v1/members/M-1", bearer("super_admin"), None,  "if_match_needed"),
    ("POST", "/api/v1/claims",  ADMIN, b'{"memberId":"NUSA-0001","items":[{"serviceCode":"KONSUL-UMUM"}]}',
     "invalid_claim"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "body", "code"), EXAMPLES)
async def test_examples_are_what_the_service_answers(
    client: Client, store: FakeStore, method: str, path: str, headers: dict[str, str], body: bytes | None, code: str
) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    sent = headers | ({} if body is None else {"Content-Type": "application/json"})
    response = await client.request(method, path.replace("{id}", CLAIM_ID), headers=sent, data=body)
    answer = await response.json(content_type=None)
    said = described()["components"]["responses"][str(response.status)]
    example = said["content"]["application/problem+json"]["examples"][code]["value"]
    assert answer | {"correlationId": ""} == example | {"correlationId": ""}


async def test_the_example_of_a_claim_is_one_of_the_sample_data(client: Client) -> None:
    content = described()["paths"]["/api/v1/claims"]["post"]["requestBody"]["content"]["application/json"]
    (example,) = (one["value"] for one in content["examples"].values())
    assert (await client.post("/api/v1/claims", json=example, headers=ADMIN)).status == 201
    samples = ROOT / "sources" / "samples" / "reference"
    for name, file in (("memberId", "members.csv"), ("providerId", "providers.csv")):
        assert f"\n{example[name]}," in (samples / file).read_text(encoding="utf-8")
    fees = (samples / "fees.csv").read_text(encoding="utf-8")
    assert all(f",{item['serviceCode']}," in fees for item in example["items"])


@pytest.mark.parametrize("name", ["index.html", "..%2f__init__.py", "swagger-ui-bundle.js.map"])
async def test_no_other_file_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status == 404


def listed() -> dict[str, Any]:
    """A row that lists, the work queue and statistics take what they need from."""
    row = dict(stored_claim(pend_code="P", pend_queue="desk", pend_due=date(2026, 3, 20)).claim)
    sums = {"charged": "150.00", "allowed": "120.00", "paid": "96.00", "member_share": "24.00"}
    return row | {"claims": 1} | {name: Decimal(amount) for name, amount in sums.items()}


def event() -> dict[str, Any]:
    """An entry of the audit trail."""
    claim = stored_claim().claim
    return {
        "event_id": "e-1", "event_type": "claim.approved", "at": claim["accepted_at"], "substatus": "approved",
        "version": 1, "revision": 1, "actor": None, "details": '{"kind": "approve"}',
    }  # fmt: skip
