"""Requests on schedule: every one is counted by its status, and late ones count from when they were due."""

from aiohttp import web
from aiohttp.test_utils import TestServer

from cli.http_load import Outcome, request, send


async def answer(asked: web.Request) -> web.Response:
    """What was asked for, by its path."""
    if asked.path == "/cut":
        assert asked.transport is not None
        asked.transport.abort()
    body = await asked.text()
    return web.Response(status=int(asked.path[1:4]) if asked.path[1:4].isdigit() else 200, text=body)


async def test_statuses_and_rate() -> None:
    application = web.Application()
    application.router.add_route("*", "/{path}", answer)
    async with TestServer(application) as server:
        calls = [request("GET", "/200", "t"), request("POST", "/201", "t", b"{}"), request("GET", "/503", "t")] * 20
        outcome = await send("127.0.0.1", server.port or 0, iter([*calls, request("GET", "/cut", "t")]), 500.0)
    assert outcome.statuses == {200: 20, 201: 20, 503: 20, 0: 1}
    assert (outcome.failed, len(outcome.seconds)) == (21, 61)
    assert 0 < outcome.percentile(0.5) <= outcome.percentile(1.0)
    assert 0 < outcome.rate < 700


def test_nothing_was_asked() -> None:
    assert (Outcome().percentile(0.99), Outcome().rate, Outcome().failed) == (0.0, 0.0, 0)
