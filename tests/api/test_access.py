"""The table of routes and roles of docs/security.md, cell by cell on the running service: own things and others'."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.permissions import OUTSIDE_ROLES, ROLES
from api.routes import ROUTES
from tests.api.conftest import Client
from tests.api.document_fakes import FakeDocuments
from tests.api.fakes import CLAIM_ID, CODEC, FakeLists, FakeStore, bearer, claim_json, stored_claim
from tests.api.people_fakes import FakePeopleParts
from tests.api.route_requests import DOCUMENT_ID, prepare, request_of
from tests.sinks.records import decision

PAGE = (Path(__file__).parents[2] / "docs/security.md").read_text(encoding="utf-8")
HEAD, *LINES = re.findall(r"^\| (.+) \|$", PAGE.partition("<!-- access -->")[2].partition("\n\n")[0], re.MULTILINE)
COLUMNS = [name.strip() for name in HEAD.split("|")][1:]
TABLE = {route.strip().strip("`"): [cell.strip() for cell in cells] for route, *cells in (x.split("|") for x in LINES)}
CELLS = [(route, role, cell) for route, cells in TABLE.items() for role, cell in zip(COLUMNS, cells, strict=True)]
OWN: dict[str, dict[str, Any]] = {"provider": {"provider_id": "PRV-1"}, "member": {"member_id": "MBR-1"}}
OTHERS: dict[str, dict[str, Any]] = {"provider": {"provider_id": "PRV-9"}, "member": {"member_id": "MBR-9"}}
# What cannot be told by the status: lists show less, a batch answers line by line. Their scope is looked at instead.
LISTS = {"GET /api/v1/claims", "POST /api/v1/claims/search", "GET /api/v1/claims/statistics"}
REFUSED = {403, 404}


def test_the_table_has_every_route_and_role_once_and_nothing_else() -> None:
    assert list(ROLES) == COLUMNS
    routes = {f"{rule.method} {rule.path}" for rule in ROUTES}
    assert set(TABLE) == routes, "a route without a row in docs/security.md, or a row without a route"
    assert len(TABLE) == len(LINES), "a route has two rows"
    assert {cell for _, _, cell in CELLS} == {"yes", "own", "sent", "-", "open"}


def test_a_cell_agrees_with_the_permissions_of_the_role() -> None:
    rules = {f"{rule.method} {rule.path}": rule for rule in ROUTES}
    for route, role, cell in CELLS:
        rule = rules[route]
        assert (cell == "open") is (rule.permission is None), route
        if cell in ("yes", "own") and rule.permission is not None:
            granted = rule.permission in ROLES[role]
            assert granted or (rule.owners and role in OUTSIDE_ROLES), f"{route} {role}"


@pytest.mark.parametrize(("route", "role", "cell"), CELLS)
async def test_cell(
    client: Client, store: FakeStore, lists: FakeLists, documents: FakeDocuments, person_parts: FakePeopleParts,
    route: str, role: str, cell: str,
) -> None:  # fmt: skip
    await arrange(store, documents, person_parts, route)
    own = await ask(client, route, bearer(role, **OWN.get(role, {})))
    if role in OUTSIDE_ROLES and route in LISTS:
        assert not scope_asked(lists).everything
        assert (scope_asked(lists).provider_id, scope_asked(lists).member_id) == (
            OWN[role].get("provider_id"), OWN[role].get("member_id"),
        )  # fmt: skip
    # A document that somebody else sent is none that the caller may take away.
    assert (own in REFUSED) is (cell in ("-", "sent")), own
    assert own < 500
    if role in OUTSIDE_ROLES and route not in LISTS:
        await arrange(store, documents, person_parts, route)
        others = await ask(client, route, bearer(role, sub="x", **OTHERS[role]))
        assert (others in REFUSED) is (cell in ("-", "own", "sent")), others


@pytest.mark.parametrize("route", TABLE)
async def test_nobody_comes_in_without_a_token_or_a_role(
    client: Client, store: FakeStore, documents: FakeDocuments, person_parts: FakePeopleParts, route: str
) -> None:
    await arrange(store, documents, person_parts, route)
    is_open = TABLE[route][0] == "open"
    assert (await ask(client, route, {}) == 401) is not is_open
    await arrange(store, documents, person_parts, route)
    assert (await ask(client, route, bearer()) == 403) is not is_open


async def test_an_administrator_with_the_permission_to_void_may(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    path = f"/api/v1/claims/{CLAIM_ID}/void"
    granted = bearer("admin", permissions=["claim:delete"])
    assert (await client.post(path, json={"reason": "twice"}, headers=bearer("admin"))).status == 403
    assert (await client.post(path, json={"reason": "twice"}, headers=granted)).status == 202


async def arrange(store: FakeStore, documents: FakeDocuments, people: FakePeopleParts, route: str) -> None:
    """A claim in a state in which what is asked for is legal, of PRV-1 and MBR-1; both; a document of somebody's."""
    asked = route.rpartition("/")[2]
    substatus = {"appeal": "denied", "uphold": "appealed", "overturn": "appealed"}.get(asked, "pended")
    store.stored[CLAIM_ID] = stored_claim(substatus=substatus)
    store.decisions[CLAIM_ID] = CODEC.encode(decision(1))
    await prepare(documents, people)


async def ask(client: Client, route: str, headers: dict[str, str]) -> int:
    """The status of a request that is good in itself; of a batch, that of its line."""
    method, _, template = route.partition(" ")
    if template.endswith("/stream"):
        method = "HEAD"
    path = path_of(template)
    request = request_of(method, path)
    if template.endswith("/batch"):
        request = {"json": claim_json(providerId="PRV-1", memberId="MBR-1"), "headers": request["headers"]}
    request["headers"] = request["headers"] | headers
    response = await client.request(method, path, **request)
    if template.endswith("/batch") and response.status == 200:
        return int((await response.json(content_type=None))["status"])
    return response.status


def path_of(template: str) -> str:
    """The path of a thing of PRV-1 and MBR-1."""
    things = {"/api/v1/members/": "MBR-1", "/api/v1/providers/": "PRV-1"}
    thing = next((thing for prefix, thing in things.items() if template.startswith(prefix)), CLAIM_ID)
    return template.replace("{id}", thing).replace("{documentId}", DOCUMENT_ID).replace("{file}", "start.js")


def scope_asked(lists: FakeLists) -> Any:
    """Whose claims the store was asked for last."""
    question = lists.asked[-1][0]
    return question[0] if isinstance(question, tuple) else question.scope
