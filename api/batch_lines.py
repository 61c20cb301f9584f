"""JSON lines from a request, one at a time: bounded in bytes and number, and ended where they trickle."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import hdrs, web

from api.body import invite
from api.pace import Pace
from api.problems import Problem
from config.limits import BATCH_BYTES_MAX, BATCH_LINES_MAX, JSON_LINE_BYTES_MAX

MEDIA_TYPE = "application/x-ndjson"
_CHUNK_BYTES = 65_536
# How long a whole batch may keep us waiting for its lines, and what must come in the time that one line may take:
# about 13 kbit/s, or some thirty small claims. Lines that drip, each of them in time, end with the first such window.
PATIENCE_SECONDS = 120.0
WINDOW_BYTES_MIN = 16 * 1024


def check_type(request: web.Request) -> None:
    """Raise a 415, 413 or 422 problem for a body that is no JSON lines, is packed, or says it is too large or empty."""
    if request.content_type != MEDIA_TYPE or (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem(415, "unsupported_media_type", f"Send one claim a line, as Content-Type: {MEDIA_TYPE}, in UTF-8.")
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Problem(415, "unsupported_encoding", "Send the body as it is, without Content-Encoding.")
    if (request.content_length or 0) > BATCH_BYTES_MAX:
        raise _too_much()
    if not request.can_read_body:
        raise _empty()


class Lines:
    """The lines of a body as they come. `number` is that of the line under way, from 1."""

    def __init__(self, request: web.Request, seconds: float) -> None:
        self.number = 0
        self._request = request
        self._seconds = seconds
        self._rest = bytearray()
        self._bytes = 0
        self._more = True
        self._pace = Pace(seconds, PATIENCE_SECONDS, WINDOW_BYTES_MIN)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Lines without spaces around them, but for the empty ones.

        Raises a 413 problem beyond a limit, 408 when a line has not come whole in time or lines drip, 400 when the
        body is cut off, 422 when there was none.
        What was given out before stands.
        """
        await invite(self._request)
        none = True
        while self._more or self._rest:
            self.number += 1
            line = await self._line()
            # Empty ones count too: a body of nothing but line ends must end as well.
            if self.number > BATCH_LINES_MAX and (line or self._rest):
                raise Problem(413, "too_many_lines", f"A batch has at most {BATCH_LINES_MAX:,} lines; send several.")
            if line:
                none = False
                yield line
        if none:
            raise _empty()

    async def _line(self) -> bytes:
        try:
            async with asyncio.timeout(self._seconds):
                while (end := self._rest.find(b"\n")) < 0 and self._more:
                    await self._read()
        except TimeoutError:
            detail = f"A line did not arrive within {self._seconds:g} seconds; send less at once."
            raise Problem(408, "body_too_slow", detail) from None
        except (web.RequestPayloadError, ConnectionError):
            raise Problem(400, "body_cut_off", "The body ended early; the lines answered so far stand.") from None
        end = len(self._rest) if end < 0 else end
        line = bytes(self._rest[:end]).strip()
        del self._rest[: end + 1]
        if len(line) > JSON_LINE_BYTES_MAX:
            raise _line_too_large()
        return line

    async def _read(self) -> None:
        if len(self._rest) > JSON_LINE_BYTES_MAX:
            raise _line_too_large()
        chunk = await self._pace.keep(self._request.content.read(_CHUNK_BYTES))
        self._pace.count(len(chunk))
        self._more = bool(chunk)
        self._rest += chunk
        self._bytes += len(chunk)
        if self._bytes > BATCH_BYTES_MAX:
            raise _too_much()


def _empty() -> Problem:
    return Problem(422, "empty_batch", "The batch has no claim; send one claim a line.")


def _line_too_large() -> Problem:
    return Problem(
        413, "line_too_large", f"A line has at most {JSON_LINE_BYTES_MAX:,} bytes; shorten the claim's texts."
    )


def _too_much() -> Problem:
    return Problem(413, "batch_too_large", f"A batch has at most {BATCH_BYTES_MAX:,} bytes; send several.")
