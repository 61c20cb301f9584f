"""`Idempotency-Key`: a request that is sent again gets the answer of the first time, and is not carried out again.

For the same subject and key: the same method, path and body, asked for the same provider or member, get the same
answer (status, body, Location) for 24 hours, with the header `Idempotent-Replay: true`; other content gets 409
`idempotency_conflict`; a request that is under way elsewhere gets 409 `idempotency_under_way`, with Retry-After.
Answers that may differ next time (5xx, 401, 403, 404, 408, 412, 429) are not kept. While Postgres is away nothing is
kept and requests are answered as ever: a claim has its id from its number, key or content, and a command its id from
the key, so that both are carried out once all the same.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable
from uuid import uuid4

import structlog
from aiohttp import hdrs, web

from api import problems
from api.body import BODY, read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.database import DatabaseAway
from api.problems import Problem
from api.queries_replies import Reply, ReplyStore, Try
from config.limits import IDEMPOTENCY_KEY_CHARACTERS_MAX, REPLY_BYTES_MAX

REPLAYED = "Idempotent-Replay"
# The store may be away, and a request must not wait longer for it.
_STORE_SECONDS = 2.0
_PURGE_PAUSE_SECONDS = 0.1
_KEPT_PROBLEMS = frozenset({400, 409, 422})
_KEPT_HEADERS = (hdrs.CONTENT_TYPE, hdrs.LOCATION, hdrs.ETAG)
Handler = Callable[[web.Request], Awaitable[web.Response]]
log = structlog.get_logger(__name__)


def idempotency_key(request: web.Request) -> str | None:
    """The caller's key for this very request; raises a 400 problem where it is none."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 0 < len(key) <= IDEMPOTENCY_KEY_CHARACTERS_MAX or not all("!" <= character <= "~" for character in key):
        text = f"must be 1 to {IDEMPOTENCY_KEY_CHARACTERS_MAX} printable ASCII characters without spaces"
        raise Problem(400, "bad_idempotency_key", f"The header Idempotency-Key {text}.")
    return key


def answered_once(handler: Handler) -> Handler:
    """The handler, which answers a request that came with a key once."""

    async def handle(request: web.Request) -> web.Response:
        key = idempotency_key(request)
        if key is None:
            return await handler(request)
        body = request[BODY] = await read_json_bytes(request, parts_of(request).body_seconds)
        principal = request[PRINCIPAL]
        # For whom it is asked is a part of what is asked: one subject may send for several providers. If-Match is none:
        # who has looked again, not knowing that the first try was carried out, must get its answer.
        words = request.method, request.path, principal.provider_id or "", principal.member_id or ""
        asked = b"\n".join((*(word.encode() for word in words), body))
        attempt = Try(principal.subject, key, hashlib.blake2b(asked, digest_size=16).digest(), uuid4())
        reply, replayed = await request.app[REPLIES].answer(attempt, lambda: _reply(handler, request))
        response = web.Response(status=reply.status, headers=reply.headers, body=reply.body)
        if replayed:
            response.headers[REPLAYED] = "true"
        return response

    handle.__doc__ = handler.__doc__
    return handle


async def _reply(handler: Handler, request: web.Request) -> Reply:
    try:
        response = await handler(request)
    except Problem as problem:
        response = problems.response_of(problem, request[CORRELATION])
    assert isinstance(response.body, bytes)
    return Reply(response.status, dict(response.headers), response.body)


class Replies:
    """Keeps answers in a store; requests of this process under way are known without asking it."""

    def __init__(self, store: ReplyStore) -> None:
        self._store = store
        self._under_way: dict[tuple[str, str], tuple[bytes, asyncio.Future[Reply]]] = {}

    async def answer(self, attempt: Try, carry_out: Callable[[], Awaitable[Reply]]) -> tuple[Reply, bool]:
        """The answer, and whether it is that of an earlier try. Raises the 409 problems of this module."""
        place = attempt.subject, attempt.key
        if place in self._under_way:
            digest, coming = self._under_way[place]
            if digest != attempt.digest:
                raise _conflict()
            return await asyncio.shield(coming), True
        coming = asyncio.get_running_loop().create_future()
        self._under_way[place] = attempt.digest, coming
        try:
            reply, replayed = await self._answer(attempt, carry_out)
            coming.set_result(reply)
        except BaseException:
            # Whoever waits for this try is told to ask again: it may have been cut off in the middle.
            coming.set_exception(_under_way())
            coming.exception()
            raise
        finally:
            del self._under_way[place]
        return reply, replayed

    async def _answer(self, attempt: Try, carry_out: Callable[[], Awaitable[Reply]]) -> tuple[Reply, bool]:
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                standing = await self._store.begin(attempt)
        except (DatabaseAway, TimeoutError) as error:
            log.warning("an answer cannot be kept", error=str(error))
            return await carry_out(), False
        if standing.mine:
            return await self._carry_out(attempt, carry_out), False
        if standing.digest is not None and standing.digest != attempt.digest:
            raise _conflict()
        if standing.reply is None:
            raise _under_way()
        return standing.reply, True

    async def _carry_out(self, attempt: Try, carry_out: Callable[[], Awaitable[Reply]]) -> Reply:
        kept: Reply | None = None
        try:
            reply = await carry_out()
            if (reply.status < 300 or reply.status in _KEPT_PROBLEMS) and len(reply.body) <= REPLY_BYTES_MAX:
                headers: dict[str, str] = {name: reply.headers[name] for name in _KEPT_HEADERS if name in reply.headers}
                kept = Reply(reply.status, headers, reply.body)
            return reply
        finally:
            await self._put_down(attempt, kept)

    async def _put_down(self, attempt: Try, kept: Reply | None) -> None:
        """Keep the answer, or let go of the key: whatever fails here, the caller has the answer."""
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                if kept is None:
                    await self._store.release(attempt)
                else:
                    await self._store.finish(attempt, kept)
        except (DatabaseAway, TimeoutError) as error:
            log.warning("an answer could not be kept", error=str(error))

    async def purge(self, every_seconds: float) -> None:
        """Throw away old answers, now and then, for ever."""
        while True:
            more = False
            with contextlib.suppress(DatabaseAway):  # the next round finds them too
                more = await self._store.purge()
            await asyncio.sleep(_PURGE_PAUSE_SECONDS if more else every_seconds)


REPLIES = web.AppKey("replies", Replies)


def _conflict() -> Problem:
    detail = "This Idempotency-Key came with another request before; use a new key for a new request."
    return Problem(409, "idempotency_conflict", detail)


def _under_way() -> Problem:
    detail = "A request with this Idempotency-Key is under way; ask again in a moment for its answer."
    return Problem(409, "idempotency_under_way", detail, headers={hdrs.RETRY_AFTER: "1"})
