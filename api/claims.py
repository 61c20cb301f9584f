"""Looking claims up: `GET /api/v1/claims/{id}` and its timeline."""

from aiohttp import hdrs, web

from api import representation
from api.auth import Principal
from api.context import PRINCIPAL, parts_of
from api.problems import Problem
from api.queries import DatabaseAway, StoredClaim
from schemas.identifiers import claim_id_of
from schemas.json_text import dump_json

RETRY_SECONDS = 5


async def get_claim(request: web.Request) -> web.Response:
    """A claim with its items, outcome and findings, by id or claim number."""
    return json_response(representation.claim_of(await _visible_claim(request)))


async def get_timeline(request: web.Request) -> web.Response:
    """The steps of a claim's status, oldest first."""
    stored = await _visible_claim(request)
    try:
        entries = await parts_of(request).store.timeline(str(stored.claim["id"]))
    except DatabaseAway:
        raise lookup_away() from None
    return json_response(representation.timeline_of(stored, entries))


def json_response(body: object, status: int = 200) -> web.Response:
    """A JSON response with exact decimals."""
    return web.Response(status=status, text=dump_json(body), content_type="application/json")


def may_see(principal: Principal, provider_id: str | None, member_id: str | None) -> bool:
    """Whether a claim of that provider and member is any business of the caller's."""
    if principal.sees_all:
        return True
    own_as_provider = principal.provider_id is not None and principal.provider_id == provider_id
    own_as_member = principal.member_id is not None and principal.member_id == member_id
    return own_as_provider or own_as_member


def lookup_away() -> Problem:
    """The store cannot be asked."""
    detail = "Claims cannot be looked up just now. Claims already accepted are safe; ask again in a moment."
    return Problem(503, "lookup_unavailable", detail, headers={hdrs.RETRY_AFTER: str(RETRY_SECONDS)})


async def _visible_claim(request: web.Request) -> StoredClaim:
    claim_id = claim_id_of(request.match_info["id"])
    try:
        stored = None if claim_id is None else await parts_of(request).store.claim(claim_id)
    except DatabaseAway:
        raise lookup_away() from None
    # A claim of somebody else answers as one that does not exist: whether it exists is not the caller's to know.
    if stored is None or not may_see(request[PRINCIPAL], stored.claim["provider_id"], stored.claim["member_id"]):
        raise Problem(404, "claim_not_found", "No claim has this id or claim number. A new claim may take a moment.")
    return stored
