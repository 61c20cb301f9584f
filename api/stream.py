"""`GET /api/v1/claims/{id}/stream`: each step of a claim's status, as it comes, as server-sent events.

The id of an event is `version.revision.sequence`; Last-Event-ID goes on after it, and without one the steps so far come
first. A stream ends after a quarter of an hour, when the token that opened it counts no more, or when the process
stops; browsers open it again by themselves, and are then asked for a token that counts.
"""

import asyncio
import contextlib
import re

from aiohttp import hdrs, web

from api.answers import desk_of
from api.context import PRINCIPAL, parts_of
from api.problems import Problem
from api.queries import StoredClaim
from api.representation import step_of
from api.watch import START, WATCH, Place, Row, Watcher
from schemas.json_text import dump_json

STREAM_SECONDS = 900.0
HEARTBEAT_SECONDS = 15.0
_RETRY_MILLISECONDS = 2_000
_EVENT_ID = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,18})")
_HEADERS: dict[str, str] = {
    hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8",
    # A proxy that keeps events together would keep them from the caller.
    "X-Accel-Buffering": "no",
}


async def stream_claim(request: web.Request) -> web.StreamResponse:
    """The steps of a claim's status as they come."""
    stored = await desk_of(request).claim(request[PRINCIPAL], request.match_info["id"])
    place = _last_seen(request)
    if request.method == hdrs.METH_HEAD:
        return web.Response(headers=_HEADERS)
    subject = request[PRINCIPAL].subject
    async with request.app[WATCH].watching(subject, stored.claim["id"], place) as watcher:
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # the caller went away
            await _send(request, response, watcher, stored)
    return response


def _last_seen(request: web.Request) -> Place:
    given = request.headers.get("Last-Event-ID", "").strip()
    if not given:
        return START
    found = _EVENT_ID.fullmatch(given)
    if found is None:
        raise Problem(400, "bad_event_id", "Last-Event-ID must be the id of an event of this stream, such as 1.2.0.")
    return int(found[1]), int(found[2]), int(found[3])


async def _send(request: web.Request, response: web.StreamResponse, watcher: Watcher, stored: StoredClaim) -> None:
    clock = asyncio.get_running_loop()
    token_seconds = request[PRINCIPAL].counts_until - parts_of(request).now() / 1000
    ends_at = clock.time() + min(STREAM_SECONDS, token_seconds)
    await response.write(f"retry: {_RETRY_MILLISECONDS}\n\n".encode())
    while (left := ends_at - clock.time()) > 0:
        said = await _next(watcher, stored, min(HEARTBEAT_SECONDS, left))
        if said is None or not _counts(request):
            return
        await response.write(said)


async def _next(watcher: Watcher, stored: StoredClaim, seconds: float) -> bytes | None:
    """The next event, or a heartbeat where none comes in this time; None when it is over."""
    try:
        async with asyncio.timeout(seconds):
            row = await watcher.steps.get()
    except TimeoutError:
        return b": still here\n\n"
    return None if row is None else _event(row, stored)


def _counts(request: web.Request) -> bool:
    """Whether the token counts still: its key may have been taken out of the set meanwhile."""
    try:
        parts_of(request).gate.verifier.principal(request.headers.get(hdrs.AUTHORIZATION))
    except Problem:
        return False
    return True


def _event(row: Row, stored: StoredClaim) -> bytes:
    name = f"{row['version']}.{row['revision']}.{row['sequence']}"
    data = {"id": str(stored.claim["id"]), "claimNumber": stored.claim["claim_number"]} | step_of(row)
    # JSON has no line ends of its own, so that the data is one line.
    return f"id: {name}\nevent: status\ndata: {dump_json(data)}\n\n".encode()
