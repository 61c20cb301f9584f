"""Looking claims up: `GET /api/v1/claims` and `/{id}`, its items, timeline and events, searches and statistics."""

from aiohttp import web

from api import asking, representation
from api.answers import desk_of, json_or_unchanged, json_response, tag_of, unchanged
from api.body import read_json_bytes
from api.context import PRINCIPAL, parts_of
from api.pages import page_response
from api.queries import StoredClaim
from api.summary import summary_of, totals_of


async def get_claim(request: web.Request) -> web.Response:
    """A claim with its items, outcome and findings, by id or claim number."""
    stored = await visible_claim(request)
    tag = tag_of(stored)
    response = unchanged(request, tag)
    if response is None:
        response = json_response(representation.claim_of(stored))
        response.etag = tag
    return response


async def get_items(request: web.Request) -> web.Response:
    """The items of a claim with their amounts, adjustments and findings."""
    return json_or_unchanged(request, representation.items_of(await visible_claim(request)))


async def get_timeline(request: web.Request) -> web.Response:
    """The steps of a claim's status, oldest first."""
    trail = await desk_of(request).timeline(request[PRINCIPAL], request.match_info["id"])
    return json_or_unchanged(request, representation.timeline_of(trail.stored, trail.entries))


async def get_events(request: web.Request) -> web.Response:
    """The audit trail of a claim, oldest first; what staff wrote in their notes is for staff."""
    trail = await desk_of(request).events(request[PRINCIPAL], request.match_info["id"])
    return json_or_unchanged(request, representation.events_of(trail.stored, trail.entries))


async def list_claims(request: web.Request) -> web.Response:
    """A page of the claims that meet the filter, the last accepted first."""
    where, page = asking.filter_in_url(request.query)
    found = await desk_of(request).list(request[PRINCIPAL], where, page)
    return page_response(request, found, summary_of)


async def search_claims(request: web.Request) -> web.Response:
    """The same by what must not stand in a URL; the conditions are the body."""
    body = await read_json_bytes(request, parts_of(request).body_seconds)
    wanted, page = asking.search_in_body(body)
    found = await desk_of(request).search(request[PRINCIPAL], wanted, page)
    return page_response(request, found, summary_of)


async def get_pending(request: web.Request) -> web.Response:
    """Pended claims, what is due first: of one queue with `queue`, at most `limit`."""
    queue, page = asking.queue_in_url(request.query)
    found = await desk_of(request).queue(request[PRINCIPAL], queue, page)
    return page_response(request, found, representation.pending_of)


async def get_statistics(request: web.Request) -> web.Response:
    """Claims counted and added up by what `groupBy` names."""
    wanted = asking.totals_in_url(request.query)
    rows = await desk_of(request).statistics(request[PRINCIPAL], wanted)
    return json_or_unchanged(request, totals_of(rows))


async def visible_claim(request: web.Request) -> StoredClaim:
    """The claim that the path names, if it is any business of the caller's; raises a 404 or 503 problem."""
    return await desk_of(request).claim(request[PRINCIPAL], request.match_info["id"])
