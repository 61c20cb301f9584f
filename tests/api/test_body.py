"""Bodies that come slowly, in pieces, cut off, or are asked for first."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from config.limits import HTTP_BODY_BYTES_MAX
from tests.api.fakes import ADMIN, app_of, claim_json

BODY = json.dumps(claim_json()).encode()
HEAD = (
    "POST /api/v1/claims HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    f"Authorization: {ADMIN['Authorization']}\r\n"
)


async def raw(aiohttp_server: Any, *parts: bytes, **options: Any) -> bytes:
    """What the service answers to these bytes until it closes; the connection is left open."""
    server: TestServer = await aiohttp_server(app_of(body_seconds=0.2), lingering_time=0.1, **options)
    reader, writer = await asyncio.open_connection(server.host, server.port)
    for part in parts:
        writer.write(part)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


async def test_a_trickling_body_is_ended(aiohttp_server: Any) -> None:
    answer = await raw(aiohttp_server, f"{HEAD}Content-Length: {len(BODY)}\r\n\r\n".encode(), BODY[:10])
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body-too-slow" in answer


async def test_trickling_headers_are_ended(aiohttp_server: Any) -> None:
    assert await raw(aiohttp_server, b"POST /api/v1/claims HTT", keepalive_timeout=0.2) == b""


async def test_a_length_beyond_the_limit_is_refused_unread(aiohttp_server: Any) -> None:
    answer = await raw(aiohttp_server, f"{HEAD}Content-Length: {HTTP_BODY_BYTES_MAX + 1}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 413")


async def test_chunks_beyond_the_limit_are_refused(aiohttp_server: Any) -> None:
    chunk = b"%x\r\n" % 100_000 + b"x" * 100_000 + b"\r\n"
    answer = await raw(aiohttp_server, f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode(), chunk * 11)
    assert answer.startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("token", [ADMIN["Authorization"], "Bearer x"])
async def test_whoever_asks_first_is_told_after_the_checks(aiohttp_server: Any, token: str) -> None:
    head = HEAD.replace(ADMIN["Authorization"], token)
    asked = f"{head}Connection: close\r\nExpect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
    answer = await raw(aiohttp_server, asked, BODY)
    good = token != "Bearer x"
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201" if good else b"HTTP/1.1 401")
