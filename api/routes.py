"""Every route in one table: what has no row does not exist, a row without a permission is public."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from api import (
    batch,
    claim_audit,
    claims,
    commands,
    documents,
    explain,
    health,
    metrics,
    people,
    people_lists,
    refresh,
    stream,
    submit,
)
from api.body import expect_anything
from api.gate import Kind
from api.graphql import handler as graphql
from api.openapi import page
from api.people_requests import MEMBER, PROVIDER


@dataclass(frozen=True, slots=True)
class Rule:
    """A route. `permission` is what a token must carry; None: anyone may ask.

    `owners`: the provider or member whose claim it is may ask too; the handler shows them no other claim.
    `rate`: what it counts as (api/gate.py); None: what is got counts as a read, everything else as a write.
    """

    method: str
    path: str
    handler: Handler
    permission: str | None
    owners: bool = False
    rate: Kind | None = None

    @property
    def kind(self) -> Kind:
        """What a request counts as."""
        return self.rate or ("read" if self.method == "GET" else "write")


PUBLIC = None
ROUTES = (
    Rule("POST", "/api/v1/claims", submit.submit_claim, "claim:create"),
    Rule("GET", "/api/v1/claims", claims.list_claims, "claim:read"),
    Rule("POST", "/api/v1/claims/batch", batch.submit_batch, "claim:create"),
    Rule("POST", "/api/v1/claims/search", claims.search_claims, "claim:read", rate="read"),
    Rule("GET", "/api/v1/claims/statistics", claims.get_statistics, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}", claims.get_claim, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/items", claims.get_items, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/timeline", claims.get_timeline, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/stream", stream.stream_claim, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/events", claims.get_events, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/explanation", explain.get_explanation, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/eob", explain.get_eob, "claim:read"),
    Rule("POST", "/api/v1/claims/{id}/documents", documents.upload, "claim:update", owners=True),
    Rule("GET", "/api/v1/claims/{id}/documents", documents.list_documents, "claim:read"),
    Rule("GET", "/api/v1/claims/{id}/documents/{documentId}", documents.download, "claim:read"),
    Rule("DELETE", "/api/v1/claims/{id}/documents/{documentId}", documents.remove, "claim:update", owners=True),
    Rule("GET", "/api/v1/claims/{id}/audit", claim_audit.get_audit, "admin:reports"),
    Rule("POST", "/api/v1/claims/{id}/approve", commands.approve, "claim:approve"),
    Rule("POST", "/api/v1/claims/{id}/deny", commands.deny, "claim:reject"),
    Rule("POST", "/api/v1/claims/{id}/release", commands.release, "claim:approve"),
    Rule("POST", "/api/v1/claims/{id}/void", commands.void, "claim:delete", owners=True),
    Rule("POST", "/api/v1/claims/{id}/appeal", commands.appeal, "claim:update", owners=True),
    Rule("POST", "/api/v1/claims/{id}/uphold", commands.uphold, "claim:approve"),
    Rule("POST", "/api/v1/claims/{id}/overturn", commands.overturn, "claim:approve"),
    Rule("POST", "/api/v1/members", people.create(MEMBER), "member:create"),
    Rule("GET", "/api/v1/members", people_lists.list_all(MEMBER), "member:read"),
    Rule("POST", "/api/v1/members/search", people_lists.search(MEMBER), "member:read", rate="read"),
    Rule("GET", "/api/v1/members/{id}", people.read(MEMBER), "member:read"),
    Rule("PUT", "/api/v1/members/{id}", people.put(MEMBER), "member:update"),
    Rule("PATCH", "/api/v1/members/{id}", people.patch(MEMBER), "member:update"),
    Rule("DELETE", "/api/v1/members/{id}", people.end(MEMBER), "member:delete"),
    Rule("GET", "/api/v1/members/{id}/events", people_lists.events(MEMBER), "member:read"),
    Rule("POST", "/api/v1/providers", people.create(PROVIDER), "provider:create"),
    Rule("GET", "/api/v1/providers", people_lists.list_all(PROVIDER), "provider:read"),
    Rule("POST", "/api/v1/providers/search", people_lists.search(PROVIDER), "provider:read", rate="read"),
    Rule("GET", "/api/v1/providers/{id}", people.read(PROVIDER), "provider:read", owners=True),
    Rule("PUT", "/api/v1/providers/{id}", people.put(PROVIDER), "provider:update", owners=True),
    Rule("PATCH", "/api/v1/providers/{id}", people.patch(PROVIDER), "provider:update", owners=True),
    Rule("DELETE", "/api/v1/providers/{id}", people.end(PROVIDER), "provider:delete"),
    Rule("GET", "/api/v1/providers/{id}/events", people_lists.events(PROVIDER), "provider:read"),
    Rule("GET", "/api/v1/workflow/pending", claims.get_pending, "claim:approve"),
    Rule("POST", "/api/v1/workflow/{id}/approve", commands.approve, "claim:approve"),
    Rule("POST", "/api/v1/workflow/{id}/reject", commands.deny, "claim:reject"),
    Rule("POST", "/graphql", graphql.post_graphql, "claim:read"),
    Rule("POST", "/api/v1/auth/refresh", refresh.post_refresh, PUBLIC, rate="auth"),
    Rule("POST", "/api/v1/auth/revoke", refresh.post_revoke, PUBLIC, rate="auth"),
    Rule("GET", "/.well-known/jwks.json", refresh.get_jwks, PUBLIC, rate="public"),
    Rule("GET", "/health/live", health.live, PUBLIC, rate="probe"),
    Rule("GET", "/health/ready", health.ready, PUBLIC, rate="probe"),
    Rule("GET", "/metrics", metrics.expose, PUBLIC, rate="probe"),
    Rule("GET", "/", page.go_to_page, PUBLIC, rate="public"),
    Rule("GET", "/openapi.json", page.get_document, PUBLIC, rate="public"),
    Rule("GET", "/docs", page.get_page, PUBLIC, rate="public"),
    Rule("GET", "/docs/", page.go_to_page, PUBLIC, rate="public"),
    Rule("GET", "/docs/{file}", page.get_file, PUBLIC, rate="public"),
    Rule("GET", "/favicon.ico", page.get_icon, PUBLIC, rate="public"),
)
RULES = web.AppKey("rules", Mapping[web.AbstractRoute, Rule])


def mount(app: web.Application) -> None:
    """Add the routes, and the table that the permission check reads. What may be got may be asked for by HEAD too."""
    app[RULES] = {
        app.router.add_route(method, rule.path, rule.handler, expect_handler=expect_anything): rule
        for rule in ROUTES
        for method in ((rule.method, "HEAD") if rule.method == "GET" else (rule.method,))
    }
