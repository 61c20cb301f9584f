"""Looking claims up: `GET /api/v1/claims/{id}`, its timeline and events, and the work queue of pended claims."""

from aiohttp import hdrs, web

from api import representation
from api.auth import Principal
from api.context import PRINCIPAL, parts_of
from api.problems import Problem
from api.queries import DatabaseAway, StoredClaim
from schemas.identifiers import claim_id_of
from schemas.json_text import dump_json

RETRY_SECONDS = 5
PENDING_DEFAULT = 50
PENDING_MAX = 500
# Of an event, what the provider or member of a claim may see.
DETAILS_OF_OUTSIDERS = frozenset({
    "command_id", "kind", "reason", "text", "currency", "charged", "allowed", "paid", "payment_number", "method",
    "amount",
})  # fmt: skip


async def get_claim(request: web.Request) -> web.Response:
    """A claim with its items, outcome and findings, by id or claim number."""
    return json_response(representation.claim_of(await visible_claim(request)))


async def get_timeline(request: web.Request) -> web.Response:
    """The steps of a claim's status, oldest first."""
    stored = await visible_claim(request)
    try:
        entries = await parts_of(request).store.timeline(str(stored.claim["id"]))
    except DatabaseAway:
        raise lookup_away() from None
    return json_response(representation.timeline_of(stored, entries))


async def get_events(request: web.Request) -> web.Response:
    """The audit trail of a claim, oldest first; what staff wrote in their notes is for staff."""
    stored = await visible_claim(request)
    try:
        rows = await parts_of(request).store.events(str(stored.claim["id"]))
    except DatabaseAway:
        raise lookup_away() from None
    shown = None if request[PRINCIPAL].sees_all else DETAILS_OF_OUTSIDERS
    return json_response(representation.events_of(stored, rows, shown))


async def get_pending(request: web.Request) -> web.Response:
    """Pended claims, what is due first: of one queue with `queue`, at most `limit`."""
    if not request[PRINCIPAL].sees_all:
        raise Problem(403, "forbidden", "The work queue is for staff; a token that names a provider or member is not.")
    queue = request.query.get("queue") or None
    limit = request.query.get("limit", str(PENDING_DEFAULT))
    if not limit.isascii() or not limit.isdecimal() or not 1 <= int(limit[:6]) <= PENDING_MAX or len(limit) > 6:
        raise Problem(400, "bad_limit", f"limit must be a number from 1 to {PENDING_MAX}.")
    try:
        rows = await parts_of(request).store.pending(queue, int(limit))
    except DatabaseAway:
        raise lookup_away() from None
    return json_response(representation.pending_of(rows))


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


async def visible_claim(request: web.Request) -> StoredClaim:
    """The claim that the path names, if it is any business of the caller's; raises a 404 or 503 problem."""
    return await _seen(request, claim_id_of(request.match_info["id"]))


async def claim_in_force(request: web.Request) -> StoredClaim:
    """The same, or what replaced it: a claim number names the original and all that came after."""
    stored = await visible_claim(request)
    later = stored.claim["replaced_by"]
    return stored if later is None else await _seen(request, str(later))


async def _seen(request: web.Request, claim_id: str | None) -> StoredClaim:
    try:
        stored = None if claim_id is None else await parts_of(request).store.claim(claim_id)
    except DatabaseAway:
        raise lookup_away() from None
    # A claim of somebody else answers as one that does not exist: whether it exists is not the caller's to know.
    if stored is None or not may_see(request[PRINCIPAL], stored.claim["provider_id"], stored.claim["member_id"]):
        raise Problem(404, "claim_not_found", "No claim has this id or claim number. A new claim may take a moment.")
    return stored
