"""Calls and connections that hold on, and bytes that are no message."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from api.answers import DESK
from api.context import PARTS
from api.grpc_door.calls import SERVICE
from api.grpc_door.server import OPTIONS, serving
from api.health import READINESS
from cli.stack import free_port
from config.limits import GRPC_CALL_SECONDS_MAX, GRPC_MESSAGE_SECONDS_MAX
from tests.api.fakes import API, CLAIM_ID, FakeStore, app_of, bearer, stored_claim

CODES = grpc.StatusCode
ADMIN = (("authorization", bearer("admin")["Authorization"]),)
GET, CHECK = f"/{SERVICE}/GetClaim", "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"


async def ends_with(call: Any) -> grpc.StatusCode:
    """The status that a call ends with, all its answers read."""
    async with asyncio.timeout(5):
        try:
            if hasattr(call, "__aiter__"):
                async for _ in call:
                    pass
            else:
                await call
        except grpc.aio.AioRpcError as error:
            return error.code()
    return CODES.OK


async def never() -> AsyncIterator[bytes]:
    """A message that does not come."""
    await asyncio.sleep(60)
    yield b""


# A call that sends no message, or bytes that are none; the status that it ends with.
SENT = [
    pytest.param(GET,   (),      "never", CODES.UNAUTHENTICATED,   id="no token: refused before a message comes"),
    pytest.param(GET,   ADMIN,   "never", CODES.DEADLINE_EXCEEDED, id="a claim that is never asked for"),
    pytest.param(CHECK, (),      "never", CODES.DEADLINE_EXCEEDED, id="health"),
    pytest.param(WATCH, (),      "never", CODES.DEADLINE_EXCEEDED, id="health that is watched"),
    pytest.param(GET,   ADMIN,   "none",  CODES.INVALID_ARGUMENT,  id="an end without a message"),
    pytest.param(GET,   ADMIN,   b"\xff", CODES.INVALID_ARGUMENT,  id="bytes that are no message"),
    pytest.param(GET,   ADMIN,   b"\x0a\x01\xff", CODES.INVALID_ARGUMENT, id="text that is no UTF-8"),
    pytest.param(CHECK, (),      b"\xff", CODES.INVALID_ARGUMENT,  id="health asked with bytes that are no message"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "metadata", "sent", "code"), SENT)
async def test_a_message_comes_whole_in_its_time_or_the_call_ends(
    channel: Any, monkeypatch: pytest.MonkeyPatch, method: str, metadata: Any, sent: Any, code: Any
) -> None:
    monkeypatch.setattr("api.grpc_door.reading.GRPC_MESSAGE_SECONDS_MAX", 0.2)
    messages = never() if sent == "never" else iter([] if sent == "none" else [sent])
    call = (channel.stream_stream if method == WATCH else channel.stream_unary)(method)
    assert await ends_with(call(messages, metadata=metadata)) == code


async def test_whoever_waits_for_a_message_hinders_nobody(channel: Any, stub: Any, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    held = channel.stream_unary(GET)(never(), metadata=ADMIN)
    request = channel.unary_unary(GET)(b"\x0a" + bytes([len(CLAIM_ID)]) + CLAIM_ID.encode(), metadata=ADMIN)
    assert await ends_with(request) == CODES.OK
    held.cancel()


async def test_health_is_not_watched_for_ever(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.grpc_door.open_calls.GRPC_WATCH_SECONDS_MAX", 0.2)
    stub: Any = health_pb2_grpc.HealthStub(channel)
    assert await ends_with(stub.Watch(health_pb2.HealthCheckRequest())) == CODES.UNAVAILABLE


async def test_reflection_is_not_asked_for_ever(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.grpc_door.open_calls.GRPC_CALL_SECONDS_MAX", 0.2)

    async def asked() -> AsyncIterator[reflection_pb2.ServerReflectionRequest]:
        while True:
            yield reflection_pb2.ServerReflectionRequest(list_services="")
            await asyncio.sleep(0.05)

    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    assert await ends_with(stub.ServerReflectionInfo(asked())) == CODES.UNAVAILABLE


async def test_who_watches_takes_nobody_elses_place(channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.grpc_door.open_calls.GRPC_OPEN_CALLS_MAX", 2)
    stub: Any = health_pb2_grpc.HealthStub(channel)
    held = [stub.Watch(health_pb2.HealthCheckRequest()) for _ in range(2)]
    for watching in held:
        await watching.read()
    assert await ends_with(stub.Watch(health_pb2.HealthCheckRequest())) == CODES.RESOURCE_EXHAUSTED
    assert await ends_with(stub.Check(health_pb2.HealthCheckRequest())) == CODES.OK
    for watching in held:
        watching.cancel()
    again = stub.Watch(health_pb2.HealthCheckRequest())
    async with asyncio.timeout(5):
        assert (await again.read()).status == health_pb2.HealthCheckResponse.SERVING
    again.cancel()


async def test_a_process_has_so_many_connections() -> None:
    app = app_of()
    api = API.model_copy(update={"grpc_port": free_port(), "connections_max": 2})
    async with serving(api, replace(app[PARTS]), app[DESK], app[READINESS]) as address:
        host, _, port = address.rpartition(":")
        held = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        async with asyncio.timeout(5):
            assert len(await held[0][0].read(9)) == 9  # its settings: it is taken
            assert await held[2][0].read(9) == b""
        for _, writer in held:
            writer.close()


def test_an_old_connection_ends_once_its_longest_call_may_have() -> None:
    times = dict(OPTIONS)
    assert times["grpc.max_connection_age_ms"] <= 900_000
    assert times["grpc.max_connection_age_grace_ms"] > (GRPC_MESSAGE_SECONDS_MAX + GRPC_CALL_SECONDS_MAX) * 1_000
    assert times["grpc.server_handshake_timeout_ms"] <= 10_000
