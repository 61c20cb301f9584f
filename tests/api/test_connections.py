"""Connections that hold on: too many of them, and those that send or take a byte now and then.

On uvloop, which serves: its transports are not those of asyncio.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop
from aiohttp import web

from api.body import BODY_SECONDS
from api.connections import LOOK_SECONDS, STALLED_SECONDS, end_stalled, listening
from api.pace import WINDOW_SECONDS
from api.response_headers import SECURITY
from api.run import IDLE_SECONDS, LINGER_SECONDS, PROTOCOL
from config.limits import HEADER_BYTES_MAX, HEADERS_MAX, TOKEN_CHARACTERS_MAX
from tests.api.fakes import ADMIN, app_of

IDLE = 0.4
GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
POST = (
    f"POST /api/v1/claims HTTP/1.1\r\nHost: x\r\nAuthorization: {ADMIN['Authorization']}\r\n"
    "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
).encode()


def test_the_times_of_a_slow_connection_add_up_to_thirty_seconds_at_most() -> None:
    assert IDLE_SECONDS + max(BODY_SECONDS, WINDOW_SECONDS) + LINGER_SECONDS <= 30
    assert STALLED_SECONDS + 2 * LOOK_SECONDS <= 30


@asynccontextmanager
async def serving(connections_max: int = 100, app: web.Application | None = None) -> AsyncIterator[tuple[str, int]]:
    """The service, with short times."""
    times: dict[str, Any] = PROTOCOL | {"keepalive_timeout": IDLE, "lingering_time": 0.2}
    runner = web.AppRunner(app or app_of(body_seconds=0.3), shutdown_timeout=0.2, **times)
    await runner.setup()
    assert runner.server is not None
    try:
        async with listening(runner.server, "127.0.0.1", 0, connections_max) as listener:
            yield listener.sockets[0].getsockname()
    finally:
        await runner.cleanup()


TRICKLES = [
    # first, at once                   then, a byte at a time                answered with
    pytest.param(b"",                  b"GET /health/live HTTP/1.1",         [],      id="the request line"),
    pytest.param(GET,                  b"X-Header: " + b"x" * 1_000,         [],      id="headers"),
    pytest.param(GET + b"\r\n",        GET + b"X-Header: " + b"x" * 1_000,   [200],   id="headers of the next one"),
    pytest.param(POST,                 b'{"memberId": "' + b"x" * 1_000,     [408],   id="a body"),
    pytest.param(POST.replace(b"Bearer ", b"Bearer x"), b"{" + b" " * 1_000, [401],   id="a body nobody wants"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then", "answers"), TRICKLES)
def test_a_connection_that_trickles_is_ended(first: bytes, then: bytes, answers: list[int]) -> None:
    assert uvloop.run(answers_to(first, then)) == answers


async def answers_to(first: bytes, then: bytes) -> list[int]:
    """The statuses that were answered before the connection was ended."""
    async with serving() as place:
        reader, writer = await asyncio.open_connection(*place)
        writer.write(first)

        async def trickle() -> None:
            for byte in then:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        try:
            async with asyncio.timeout(5):
                answer = await read_to_the_end(reader)
        finally:
            trickling.cancel()
            await asyncio.gather(trickling, return_exceptions=True)
            writer.close()
    return [int(part.split(b" ", 1)[1][:3]) for part in answer.split(b"HTTP/1.1")[1:]]


UNREADABLE = [
    pytest.param(GET + b"X-Name: SECRET" + b"s" * HEADER_BYTES_MAX + b"\r\n\r\n",            id="a long header"),
    pytest.param(GET + b"X-Name: SECRET\r\n" * HEADERS_MAX + b"\r\n",                      id="many headers"),
    pytest.param(b"GET /" + b"SECRET" * 2_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",          id="a long path"),
    pytest.param(b"SECRET\r\n\r\n",                                                      id="no request"),
    pytest.param(b"\x16\x03\x01SECRET\x00\r\n\r\n",                                      id="TLS on a plain port"),
    pytest.param(GET + b"Content-Length: SECRET\r\n\r\n",                                id="a length that is none"),
    pytest.param(GET + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",       id="two lengths"),
]  # fmt: skip


@pytest.mark.parametrize("sent", UNREADABLE)
def test_what_is_no_request_is_refused_and_not_quoted(sent: bytes) -> None:
    answer = uvloop.run(answer_to(sent))
    assert answer.split(b"\r\n")[0].endswith(b"400 Bad Request")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert json.loads(body)["type"] == "urn:claims-engine:problem:unreadable-request"
    assert b"SECRET" not in answer
    assert b"aiohttp" not in answer
    assert all(f"{name}: {value}".encode() in head for name, value in SECURITY.items())


def test_a_token_of_the_greatest_length_and_many_headers_fit() -> None:
    token = b"Authorization: Bearer " + b"x" * TOKEN_CHARACTERS_MAX + b"\r\n"
    answer = uvloop.run(answer_to(GET + token + b"X-Name: y\r\n" * (HEADERS_MAX - 5) + b"Connection: close\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 200")


async def answer_to(sent: bytes) -> bytes:
    async with serving() as place:
        reader, writer = await asyncio.open_connection(*place)
        writer.write(sent)
        async with asyncio.timeout(5):
            answer = await read_to_the_end(reader)
        writer.close()
    return answer


async def read_to_the_end(reader: asyncio.StreamReader) -> bytes:
    """What was answered; a connection that is cut off has ended too."""
    answer = b""
    try:
        while part := await reader.read(65_536):
            answer += part
    except ConnectionError:
        pass
    return answer


def test_one_connection_too_many_is_told_so_and_there_is_room_again_when_one_ends() -> None:
    uvloop.run(crowd())


async def crowd() -> None:
    async with serving(connections_max=2) as place:
        held = [await asyncio.open_connection(*place) for _ in range(2)]
        await asyncio.sleep(0.05)
        reader, writer = await asyncio.open_connection(*place)
        answer = await asyncio.wait_for(reader.read(), 5)
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: 5" in answer
        assert b"too-many-connections" in answer
        writer.close()
        for _, held_writer in held:
            held_writer.close()
        await asyncio.sleep(0.1)
        reader, writer = await asyncio.open_connection(*place)
        writer.write(GET + b"Connection: close\r\n\r\n")
        assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 200")
        writer.close()


def test_a_caller_who_does_not_take_the_answer_is_ended() -> None:
    uvloop.run(stall())


async def stall() -> None:
    async def large(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 30_000_000)

    app = web.Application()
    app.router.add_get("/large", large)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    server = runner.server
    assert server is not None
    watching = asyncio.create_task(end_stalled(server, look_seconds=0.1, stalled_seconds=0.3))
    async with listening(server, "127.0.0.1", 0, 10) as listener:
        with socket.socket() as held:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            held.connect(listener.sockets[0].getsockname())
            held.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            async with asyncio.timeout(5):
                while not server.connections:
                    await asyncio.sleep(0.01)
                while server.connections:
                    await asyncio.sleep(0.05)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await runner.cleanup()
