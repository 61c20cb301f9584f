"""A client of the API, about a page: copy it into your program, it needs aiohttp and nothing of the service.

    async with Client("https://claims.example", token) as client:
        submitted = await client.submit({"memberId": "M-1", "providerId": "P-1", "items": [...], ...})
        claim = await client.wait_until_decided(submitted["id"])

Amounts are Decimal, both ways. Everything may be sent again: a request that got no answer, or "not now" (429, 503), is
repeated under the same key, so that a claim is submitted once and a command carried out once.
"""

import asyncio
import json
import random
import uuid
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, cast

import aiohttp

ATTEMPTS = 6
WAIT_SECONDS_MAX = 30.0
UNDECIDED = ("received", "accepted", "in_process", "pended")
_NOT_NOW = (429, 503)
CommandKind = Literal["approve", "deny", "release", "void", "appeal", "uphold", "overturn"]


class Submitted(TypedDict):
    """An accepted claim."""

    id: str
    claimNumber: str
    status: str
    createdAt: str


class Claim(TypedDict, total=False):
    """A claim; the API reference has the rest of it."""

    id: str
    claimNumber: str
    status: str
    substatus: str
    memberId: str | None
    providerId: str | None
    serviceDate: str
    currency: str
    totalCharged: Decimal
    items: list[dict[str, Any]]
    adjudication: dict[str, Any] | None
    findings: list[dict[str, Any]]


class Accepted(TypedDict):
    """A command that will be carried out, or refused by an event with this id."""

    commandId: str
    claimId: str
    claimNumber: str


class RefusedError(Exception):
    """The API said no. `type` is stable; `errors` says what to mend; quote `correlation_id` when asking for help."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail', 'no reason given')}")
        self.status = status
        self.type = str(problem.get("type", "about:blank"))
        self.errors: list[dict[str, str]] = problem.get("errors", [])
        self.correlation_id = str(problem.get("correlationId", ""))


class Client:
    """The API at `url`, asked with a token."""

    def __init__(self, url: str, token: str, *, seconds: float = 30, attempts: int = ATTEMPTS) -> None:
        self._url, self._attempts = url.rstrip("/"), attempts
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def submit(self, claim: Mapping[str, Any], *, key: str | None = None) -> Submitted:
        """Submit a claim; its id stays the same under the same `key`. Raises RefusedError."""
        named = {"Idempotency-Key": key or str(uuid.uuid4())}
        return cast(Submitted, await self._ask("POST", "/api/v1/claims", body=claim, headers=named))

    async def get(self, name: str) -> Claim:
        """A claim by id or claim number."""
        return cast(Claim, await self._ask("GET", f"/api/v1/claims/{name}"))

    async def list(self, **conditions: str) -> AsyncIterator[Claim]:
        """Claims that meet the conditions (status, memberId, dateFrom, ...), the last accepted first, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            asked = conditions | ({"cursor": cursor} if cursor else {})
            page = await self._ask("GET", "/api/v1/claims", query=asked)
            for claim in page["claims"]:
                yield claim
            cursor = page["next"]

    async def command(
        self, name: str, kind: CommandKind, reason: str | None = None, *, command_id: str | None = None
    ) -> Accepted:
        """Ask for something to be done with a claim. It is carried out once under its id."""
        body = {"reason": reason, "commandId": command_id or str(uuid.uuid4())}
        return cast(Accepted, await self._ask("POST", f"/api/v1/claims/{name}/{kind}", body=body))

    async def wait_until_decided(self, name: str, *, seconds: float = 60) -> Claim:
        """The claim once it is decided. A new claim may not be there yet. Raises TimeoutError, RefusedError."""
        pause = 0.1
        async with asyncio.timeout(seconds):
            while True:
                try:
                    claim = await self.get(name)
                    if claim["substatus"] not in UNDECIDED:
                        return claim
                except RefusedError as refused:
                    if refused.status != 404:
                        raise
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 2.0)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        data = None if body is None else json.dumps(body, default=str)
        sent = self._headers | dict(headers or {})
        for attempt in range(1, self._attempts + 1):
            wait = random.uniform(0.5, 1) * min(2.0**attempt / 10, WAIT_SECONDS_MAX)
            try:
                url = f"{self._url}{path}"
                async with self._session.request(method, url, params=query, data=data, headers=sent) as response:
                    found = _read(await response.read())
                    if response.ok:
                        return found
                    refused = RefusedError(response.status, found)
                    asked_to_wait = response.headers.get("Retry-After", "")
            except (aiohttp.ClientConnectionError, TimeoutError):
                if attempt == self._attempts:
                    raise
            else:
                if refused.status not in _NOT_NOW or attempt == self._attempts:
                    raise refused
                wait = min(float(asked_to_wait), WAIT_SECONDS_MAX) if asked_to_wait.isdecimal() else wait
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


def _read(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return {}  # not from the API: a proxy in between
