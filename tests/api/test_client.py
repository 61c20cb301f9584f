"""The client against the running service: it submits once, waits when told to, and reads everything page by page."""

import ast
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web

from api import client as module
from api.client import Client, RefusedError
from tests.api.fakes import ADMIN, CLAIM_ID, FakeLists, FakePublisher, FakeStore, app_of, claim_json, stored_claim

TOKEN = ADMIN["Authorization"].removeprefix("Bearer ")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Stumbling:
    """A proxy in front of the service that answers some requests itself: a status, or None for a broken connection."""

    def __init__(self) -> None:
        self.answers: list[int | None] = []
        self.seen: list[web.Request] = []

    @property
    def middleware(self) -> Any:
        """The proxy as a middleware."""

        @web.middleware
        async def stumble(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.seen.append(request)
            if not self.answers:
                return await handler(request)
            status = self.answers.pop(0)
            if status is None:
                assert request.transport is not None
                request.transport.abort()
                raise ConnectionError
            return web.Response(status=status, text="<html>", headers={"Retry-After": "0"})

        return stumble


@pytest.fixture
def proxy() -> Stumbling:
    """What stands between `caller` and the service."""
    return Stumbling()


@pytest.fixture
async def caller(
    aiohttp_server: Any, proxy: Stumbling, publisher: FakePublisher, store: FakeStore, lists: FakeLists
) -> AsyncIterator[Client]:
    """The client of the service on fakes."""
    app = app_of(publisher, store, lists=lists)
    app.middlewares.insert(0, proxy.middleware)
    server = await aiohttp_server(app)
    async with Client(str(server.make_url("/")), TOKEN, attempts=4) as made:
        yield made


STUMBLES: list[list[int | None]] = [[], [503], [429, 503], [None], [503, None, 429]]


@pytest.mark.parametrize("answers", STUMBLES)
async def test_a_claim_is_submitted_once_however_the_way_is(
    caller: Client, proxy: Stumbling, publisher: FakePublisher, answers: list[int | None]
) -> None:
    proxy.answers = list(answers)
    submitted = await caller.submit(claim_json(memberId="MBR-1", totalCharge=Decimal("150.00")))
    assert submitted["id"] == publisher.claims()[0].claim_id
    assert len({request.headers["Idempotency-Key"] for request in proxy.seen}) == 1
    assert len(proxy.seen) == len(answers) + 1


async def test_it_gives_up_after_a_while(caller: Client, proxy: Stumbling) -> None:
    proxy.answers = [503] * 10
    with pytest.raises(RefusedError) as caught:
        await caller.submit(claim_json())
    assert (caught.value.status, len(proxy.seen)) == (503, 4)


async def test_what_is_refused_is_not_sent_again(caller: Client, proxy: Stumbling) -> None:
    with pytest.raises(RefusedError) as caught:
        await caller.submit(claim_json(items=[]))
    refused = caught.value
    assert (refused.status, refused.type) == (422, "urn:claims-engine:problem:invalid-claim")
    assert ([error["place"] for error in refused.errors], len(proxy.seen)) == (["items"], 1)
    assert refused.correlation_id


async def test_amounts_are_exact(caller: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(total_charged=Decimal("9007199254740993.01"))
    assert (await caller.get(CLAIM_ID))["totalCharged"] == Decimal("9007199254740993.01")


async def test_claims_come_page_by_page(caller: Client, lists: FakeLists, proxy: Stumbling) -> None:
    lists.rows = [stored_claim(id=UUID(int=number)).claim for number in range(1, 6)]
    found = [claim["id"] async for claim in caller.list(status="approved", limit="2")]
    assert found == [str(UUID(int=number)) for number in range(1, 6)]
    assert len(proxy.seen) == 3
    assert {question.where.statuses for question, _, _ in lists.asked} == {("approved",)}


async def test_waiting_for_a_decision(caller: Client, store: FakeStore, proxy: Stumbling) -> None:
    states = iter([None, "received", "in_process", "pended", "approved"])

    async def claim(claim_id: str) -> Any:
        state = next(states)
        return None if state is None else stored_claim(substatus=state)

    store.claim = claim  # type: ignore[method-assign]
    assert (await caller.wait_until_decided(CLAIM_ID))["substatus"] == "approved"
    assert len(proxy.seen) == 5


async def test_waiting_ends(caller: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    with pytest.raises(TimeoutError):
        await caller.wait_until_decided(CLAIM_ID, seconds=0.3)


async def test_a_command_has_one_id(
    caller: Client, store: FakeStore, publisher: FakePublisher, proxy: Stumbling
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    proxy.answers = [503, None]
    accepted = await caller.command(CLAIM_ID, "deny", "not covered")
    assert [(sent.command_id, sent.kind) for sent in publisher.commands()] == [(accepted["commandId"], "deny")]


def test_it_stands_alone() -> None:
    """Somebody else's program can take the file as it is."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    ours = ("api", "schemas", "config", "agents")
    assert not [name for name in imported if name and name.split(".")[0] in ours]
