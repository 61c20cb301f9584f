"""Default deny: every route with every kind of token, and what has no row in the table."""

from typing import Any

import pytest
from aiohttp import web

from api.permissions import ROLES
from api.routes import ROUTES
from tests.api.conftest import Client
from tests.api.document_fakes import FakeDocuments
from tests.api.fakes import CLAIM_ID, CODEC, FakeStore, app_of, bearer, claim_json, stored_claim
from tests.api.people_fakes import FakePeopleParts
from tests.api.route_requests import DOCUMENT_ID, prepare, request_of
from tests.sinks.records import decision

CLAIM, TIMELINE = f"/api/v1/claims/{CLAIM_ID}", f"/api/v1/claims/{CLAIM_ID}/timeline"
DOCUMENT = f"{CLAIM}/documents/{DOCUMENT_ID}"
MEMBER, PROVIDER = "/api/v1/members/MBR-1", "/api/v1/providers/PRV-1"
# request                             none  super admin  processor provider member auditor no role
TABLE = f"""
POST /api/v1/claims                    401   201   201    403       201      201     403     403
GET  /api/v1/claims                    401   200   200    200       200      200     200     403
POST /api/v1/claims/batch              401   200   200    403       200      200     403     403
POST /api/v1/claims/search             401   200   200    200       200      200     200     403
GET  /api/v1/claims/statistics         401   200   200    200       200      200     200     403
GET  {CLAIM}                           401   200   200    200       200      200     200     403
GET  {CLAIM}/items                     401   200   200    200       200      200     200     403
GET  {TIMELINE}                        401   200   200    200       200      200     200     403
HEAD {CLAIM}/stream                    401   200   200    200       200      200     200     403
GET  {CLAIM}/events                    401   200   200    200       200      200     200     403
GET  {CLAIM}/explanation               401   200   200    200       200      200     200     403
GET  {CLAIM}/eob                       401   200   200    200       200      200     200     403
POST {CLAIM}/documents                 401   201   201    201       201      201     403     403
GET  {CLAIM}/documents                 401   200   200    200       200      200     200     403
GET  {DOCUMENT}                        401   200   200    200       200      200     200     403
DELETE {DOCUMENT}                      401   204   204    204       403      403     403     403
GET  {CLAIM}/audit                     401   200   200    403       403      403     200     403
POST {CLAIM}/approve                   401   202   202    202       403      403     403     403
POST {CLAIM}/deny                      401   202   202    202       403      403     403     403
POST {CLAIM}/release                   401   202   202    202       403      403     403     403
POST {CLAIM}/void                      401   202   403    403       202      202     403     403
POST {CLAIM}/appeal                    401   202   202    202       202      202     403     403
POST {CLAIM}/uphold                    401   202   202    202       403      403     403     403
POST {CLAIM}/overturn                  401   202   202    202       403      403     403     403
GET  /api/v1/workflow/pending          401   200   200    200       403      403     403     403
POST /api/v1/workflow/{CLAIM_ID}/approve  401   202   202    202       403      403     403     403
POST /api/v1/workflow/{CLAIM_ID}/reject   401   202   202    202       403      403     403     403
POST /api/v1/members                   401   201   201    403       403      403     403     403
GET  /api/v1/members                   401   200   200    200       403      403     200     403
POST /api/v1/members/search            401   200   200    200       200      403     200     403
GET  {MEMBER}                          401   200   200    200       403      200     200     403
PUT  {MEMBER}                          401   200   200    403       403      200     403     403
PATCH {MEMBER}                         401   200   200    403       403      200     403     403
DELETE {MEMBER}                        401   200   403    403       403      403     403     403
GET  {MEMBER}/events                   401   200   200    200       403      403     200     403
POST /api/v1/providers                 401   201   201    403       403      403     403     403
GET  /api/v1/providers                 401   200   200    200       403      403     200     403
POST /api/v1/providers/search          401   200   200    200       403      403     200     403
GET  {PROVIDER}                        401   200   200    200       200      404     200     403
PUT  {PROVIDER}                        401   200   200    403       200      404     403     403
PATCH {PROVIDER}                       401   200   200    403       200      404     403     403
DELETE {PROVIDER}                      401   200   403    403       403      403     403     403
GET  {PROVIDER}/events                 401   200   200    200       403      403     200     403
POST /graphql                          401   200   200    200       200      200     200     403
POST /api/v1/auth/refresh              200   200   200    200       200      200     200     200
POST /api/v1/auth/revoke               204   204   204    204       204      204     204     204
GET  /.well-known/jwks.json            200   200   200    200       200      200     200     200
GET  /health/live                      200   200   200    200       200      200     200     200
GET  /health/ready                     200   200   200    200       200      200     200     200
GET  /metrics                          200   200   200    200       200      200     200     200
GET  /openapi.json                     200   200   200    200       200      200     200     200
GET  /docs                             200   200   200    200       200      200     200     200
GET  /docs/                            200   200   200    200       200      200     200     200
GET  /docs/start.js                    200   200   200    200       200      200     200     200
GET  /favicon.ico                      200   200   200    200       200      200     200     200
PUT  /api/v1/claims                    405   405   405    405       405      405     405     405
DELETE {CLAIM}                         405   405   405    405       405      405     405     405
GET  /api/v1/claims/                   404   404   404    404       404      404     404     404
GET  /                                 200   200   200    200       200      200     200     200
GET  /api                              404   404   404    404       404      404     404     404
"""
COLUMNS = ("none", "super_admin", "admin", "claim_processor", "provider", "member", "auditor", "no role")
CELLS = [
    (method, path, who, int(status))
    for method, path, *cells in (line.split() for line in TABLE.strip().splitlines())
    for who, status in zip(COLUMNS, cells, strict=True)
]
OWN: dict[str, dict[str, Any]] = {"provider": {"provider_id": "PRV-1"}, "member": {"member_id": "MBR-1"}}


def headers_of(who: str) -> dict[str, str]:
    if who == "none":
        return {}
    return bearer(*([who] if who in ROLES else []), **OWN.get(who, {}))


@pytest.mark.parametrize(("method", "path", "who", "status"), CELLS)
async def test_cell(
    client: Client,
    store: FakeStore,
    documents: FakeDocuments,
    person_parts: FakePeopleParts,
    method: str,
    path: str,
    who: str,
    status: int,
) -> None:
    # A state in which the command is legal.
    asked = path.rpartition("/")[2]
    substatus = {"appeal": "denied", "uphold": "appealed", "overturn": "appealed"}.get(asked, "pended")
    store.stored[CLAIM_ID] = stored_claim(substatus=substatus)
    store.decisions[CLAIM_ID] = CODEC.encode(decision(1))
    await prepare(documents, person_parts)
    request = request_of(method, path)
    request["headers"] |= headers_of(who)
    response = await client.request(method, path, **request)
    assert response.status == status, await response.text()


def test_every_route_has_one_row_and_the_public_ones_are_these() -> None:
    assert len({(rule.method, rule.path) for rule in ROUTES}) == len(ROUTES)
    probes = {"/health/live", "/health/ready", "/metrics"}
    documents = {"/", "/openapi.json", "/docs", "/docs/", "/docs/{file}", "/favicon.ico"}
    tokens = {"/api/v1/auth/refresh", "/api/v1/auth/revoke", "/.well-known/jwks.json"}
    assert {rule.path for rule in ROUTES if rule.permission is None} == probes | documents | tokens
    asked = {(method.replace("HEAD", "GET"), template_of(path)) for method, path, _, status in CELLS if status < 400}
    assert asked == {(rule.method, rule.path) for rule in ROUTES}


def template_of(path: str) -> str:
    """The path as the table of routes has it."""
    found = path.replace(DOCUMENT_ID, "{documentId}").replace("MBR-1", "{id}").replace("PRV-1", "{id}")
    return found.replace(CLAIM_ID, "{id}").replace("start.js", "{file}")


async def test_a_route_without_a_row_does_not_exist(aiohttp_client: Any) -> None:
    async def leak(_: web.Request) -> web.Response:
        raise AssertionError("must never run")

    app = app_of()
    app.router.add_get("/secret", leak)
    response = await (await aiohttp_client(app)).get("/secret", headers=headers_of("super_admin"))
    assert response.status == 404


async def test_a_missing_permission_is_named(client: Client) -> None:
    response = await client.post("/api/v1/claims", json=claim_json(), headers=headers_of("auditor"))
    assert 'scope="claim:create"' in response.headers["WWW-Authenticate"]
    assert "claim:create" in (await response.json(content_type=None))["detail"]
