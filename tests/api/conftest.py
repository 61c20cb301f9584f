"""The service on fakes, asked through HTTP."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from api.run import PROTOCOL
from tests.api.document_fakes import FakeDocuments
from tests.api.fakes import FakeDetails, FakeLists, FakePeople, FakePublisher, FakeReplies, FakeSteps, FakeStore, app_of
from tests.api.people_fakes import FakePeopleParts

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
def replies() -> FakeReplies:
    """The answers that `client` keeps."""
    return FakeReplies()


@pytest.fixture
def steps() -> FakeSteps:
    """The steps that `client` streams."""
    return FakeSteps()


@pytest.fixture
def documents(tmp_path: Path) -> FakeDocuments:
    """The documents of `client`."""
    folder = tmp_path / "documents"
    folder.mkdir()
    return FakeDocuments(folder)


@pytest.fixture
def person_parts() -> FakePeopleParts:
    """The members and providers of `client`."""
    return FakePeopleParts()


@pytest.fixture
async def client(
    aiohttp_client: Any,
    aiohttp_server: Any,
    publisher: FakePublisher,
    store: FakeStore,
    lists: FakeLists,
    details: FakeDetails,
    people: FakePeople,
    replies: FakeReplies,
    steps: FakeSteps,
    documents: FakeDocuments,
    person_parts: FakePeopleParts,
) -> Client:
    """A client of the service on these fakes."""
    app = app_of(
        publisher, store, lists=lists, details=details, people=people, replies=replies, steps=steps,
        documents=documents.parts,
        person_store=person_parts.store, changes=person_parts.changes,
    )  # fmt: skip
    made: Client = await aiohttp_client(await aiohttp_server(app, **PROTOCOL))
    return made
