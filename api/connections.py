"""Connections of a process: not more than so many, and none that does not take its answer.

Who sends slowly is ended by the times of api/run.py and api/body.py. Who takes slowly holds an answer in memory: a
connection whose waiting bytes do not move for fifteen seconds is ended too.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

import structlog
from aiohttp import hdrs, web

from api import problems
from api.problems import Problem, response_of
from api.response_headers import SECURITY

LOOK_SECONDS = 5.0
STALLED_SECONDS = 15.0
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\n"
    b"Content-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n%s"
)
_BODY = (
    b'{"type":"urn:claims-engine:problem:too-many-connections","title":"Service Unavailable","status":503,'
    b'"detail":"This process has as many connections as it takes; try again in a moment."}'
)
log = structlog.get_logger(__name__)


class _Busy(asyncio.Protocol):
    """One connection too many: told so, and ended."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        writing = cast("asyncio.WriteTransport", transport)
        writing.write(_BUSY % (len(_BODY), _BODY))
        writing.close()


class Connection(web.RequestHandler):
    """aiohttp's, but for what it says of bytes that are no request: it quotes them, and says what software answers."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A problem without a word of what was sent; the connection is closed after it."""
        # aiohttp logs, and raises where an answer has begun.
        super().handle_error(request, status, exc, None)
        unreadable = Problem(status, "unreadable_request", "The bytes sent are no request of HTTP within our limits.")
        response = response_of(problems.internal() if status >= 500 else unreadable, str(uuid.uuid4()))
        response.headers.update(SECURITY | {hdrs.SERVER: "claims"})
        response.force_close()
        return response


def at_most(server: web.Server, connections_max: int) -> Callable[[], asyncio.BaseProtocol]:
    """What makes the protocol of a new connection, while there is room."""
    loop = asyncio.get_running_loop()

    def accept() -> asyncio.BaseProtocol:
        if len(server.connections) >= connections_max:
            return _Busy()
        return Connection(server, loop=loop, **server._kwargs)

    return accept


@asynccontextmanager
async def listening(server: web.Server, host: str, port: int, connections_max: int) -> AsyncIterator[asyncio.Server]:
    """A listener whose connections are bounded in number and watched. Raises OSError."""
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(at_most(server, connections_max), host, port, backlog=1_024)
    watching = loop.create_task(end_stalled(server), name="stalled connections")
    try:
        yield listener
    finally:
        listener.close()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def end_stalled(
    server: web.Server, look_seconds: float = LOOK_SECONDS, stalled_seconds: float = STALLED_SECONDS
) -> None:
    """Now and then end connections whose answer does not move, until cancelled."""
    clock = asyncio.get_running_loop()
    # Of a connection: bytes that wait, and since when it has been exactly so many.
    waiting: dict[asyncio.BaseProtocol, tuple[int, float]] = {}
    while True:
        await asyncio.sleep(look_seconds)
        now, before, waiting = clock.time(), waiting, {}
        for connection in server.connections:
            transport = cast("asyncio.WriteTransport | None", connection.transport)
            if transport is None or (size := transport.get_write_buffer_size()) == 0:
                continue
            known, since = before.get(connection, (size, now))
            waiting[connection] = size, since if size == known else now
            if now - waiting[connection][1] >= stalled_seconds:
                log.info("a connection was ended: it did not take its answer", bytes=size)
                transport.abort()
