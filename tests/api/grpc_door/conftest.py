"""The gRPC service on fakes, asked through a channel."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import grpc
import pytest

from api.answers import DESK
from api.context import PARTS
from api.grpc_door.claims_pb2_grpc import ClaimsServiceStub
from api.grpc_door.server import serving
from api.health import READINESS
from cli.stack import free_port
from tests.api.fakes import API, FakeDetails, FakeLists, FakePublisher, FakeStore, app_of


@pytest.fixture
async def address(
    publisher: FakePublisher, store: FakeStore, lists: FakeLists, details: FakeDetails
) -> AsyncIterator[str]:
    """The address of the service on these fakes."""
    app = app_of(publisher, store, lists=lists, details=details)
    api = API.model_copy(update={"grpc_port": free_port()})
    parts = replace(app[PARTS], now=lambda: 1_772_424_306_789)
    async with serving(api, parts, app[DESK], app[READINESS]) as served:
        yield served


@pytest.fixture
async def channel(address: str) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to it."""
    async with grpc.aio.insecure_channel(address) as opened:
        yield opened


@pytest.fixture
def stub(channel: Any) -> Any:
    """What a client calls."""
    return ClaimsServiceStub(channel)
