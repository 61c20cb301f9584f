"""Bodies within limits of type, size and time."""

import asyncio

from aiohttp import hdrs, web

from api import problems
from api.problems import Problem
from config.limits import HTTP_BODY_BYTES_MAX

# With the time for headers and for lingering (api/run.py), a connection that trickles ends within 30 seconds.
BODY_SECONDS = 10.0
# The body, where somebody has read it before the handler did.
BODY = web.RequestKey("body", bytes)
_CLOSE: dict[str, str] = {hdrs.CONNECTION: "close"}


async def read_json_bytes(request: web.Request, seconds: float) -> bytes:
    """The whole JSON body. Raises a problem: 408 too slow, 413 too large, 415 not JSON, 400 cut off."""
    if BODY in request:
        return request[BODY]
    _check_type(request)
    if (request.content_length or 0) > HTTP_BODY_BYTES_MAX:
        raise problems.too_large()
    await invite(request)
    try:
        if request.content.is_eof():  # all of it came with the head: there is nothing to wait for
            return await _read(request)
        async with asyncio.timeout(seconds):
            return await _read(request)
    except TimeoutError:
        raise too_slow(seconds) from None
    except (web.RequestPayloadError, ConnectionError):
        raise Problem(400, "body_cut_off", "The body ended early; send it again.", headers=_CLOSE) from None


def not_json() -> Problem:
    """The body is of another type, or there is none."""
    return Problem(415, "unsupported_media_type", "Send a body in JSON, as Content-Type: application/json, in UTF-8.")


def too_slow(seconds: float) -> Problem:
    """The body takes longer than that."""
    detail = f"The body did not arrive within {seconds:g} seconds; send it again."
    return Problem(408, "body_too_slow", detail, headers=_CLOSE)


def _check_type(request: web.Request) -> None:
    charset = request.charset or "utf-8"
    if request.content_type != "application/json" or charset.lower() not in ("utf-8", "utf8"):
        raise not_json()
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Problem(415, "unsupported_encoding", "Send the body as it is, without Content-Encoding.")


async def invite(request: web.Request) -> None:
    """A caller that asks first is told to send the body only now, when token, type and length have been checked."""
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > HTTP_BODY_BYTES_MAX:
            raise problems.too_large()
    return bytes(body)


async def expect_anything(request: web.Request) -> None:
    """Handler of `Expect`: nothing yet; `read_json_bytes` answers when it wants the body."""
