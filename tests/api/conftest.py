"""The service on fakes, asked through HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from api.run import PROTOCOL
from tests.api.fakes import FakePublisher, FakeStore, app_of

Client = TestClient[web.Request, web.Application]
ClientOf = Callable[..., Awaitable[Client]]


@pytest.fixture
def publisher() -> FakePublisher:
    """The broker of `client`."""
    return FakePublisher()


@pytest.fixture
def store() -> FakeStore:
    """The database of `client`."""
    return FakeStore()


@pytest.fixture
async def client(aiohttp_client: Any, aiohttp_server: Any, publisher: FakePublisher, store: FakeStore) -> Client:
    """A client of the service on `publisher` and `store`."""
    made: Client = await aiohttp_client(await aiohttp_server(app_of(publisher, store), **PROTOCOL))
    return made
