"""The service on fakes, asked through HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from api.run import PROTOCOL
from tests.api.fakes import FakeDetails, FakeLists, FakePeople, FakePublisher, FakeStore, app_of

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
def lists() -> FakeLists:
    """The lists of `client`."""
    return FakeLists()


@pytest.fixture
def details(store: FakeStore) -> FakeDetails:
    """Details of the claims of `store`."""
    return FakeDetails(store)


@pytest.fixture
def people() -> FakePeople:
    """The members that a search of `client` finds."""
    return FakePeople()


@pytest.fixture
async def client(
    aiohttp_client: Any,
    aiohttp_server: Any,
    publisher: FakePublisher,
    store: FakeStore,
    lists: FakeLists,
    details: FakeDetails,
    people: FakePeople,
) -> Client:
    """A client of the service on these fakes."""
    app = app_of(publisher, store, lists=lists, details=details, people=people)
    made: Client = await aiohttp_client(await aiohttp_server(app, **PROTOCOL))
    return made
