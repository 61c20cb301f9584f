"""Asking the API about a claim: once, until it is decided, or for something to be done with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aiohttp

from cli.errors import UserError
from schemas.json_text import JsonTextError, dump_json, parse_json

ASK_SECONDS = 10
PAUSE_SECONDS = 0.5
# Of these the lines are in the explanation only.
ENDED = frozenset({"voided", "replaced"})
UNDECIDED = frozenset({"received", "accepted", "in_process", "pended"})
Claim = Mapping[str, Any]


class ClaimClient:
    """The API about one claim. Everything raises UserError with what to do when it cannot be had."""

    def __init__(self, session: aiohttp.ClientSession, url: str, claim: str) -> None:
        self._session = session
        self._url = url
        self._claim = claim

    async def get(self, suffix: str = "", *, patient: bool = False) -> Claim | None:
        """What is found there; None, where `patient`, while it is not known yet or the service is away for a moment."""
        body = await self.read(suffix, patient=patient)
        return None if body is None else self._parsed(body)

    async def read(
        self, suffix: str = "", query: Mapping[str, str] | None = None, *, patient: bool = False
    ) -> bytes | None:
        """The same as bytes, whatever they are."""
        try:
            async with self._session.get(self._address(suffix), params=query) as response:
                body = await response.read()
                if response.status == 200:
                    return body
                if patient and response.status in (404, 503):
                    return None
                raise self._refused(body, response.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._away(error) from None

    async def post(self, suffix: str, fields: Mapping[str, str]) -> Claim:
        """The answer of a request that was accepted."""
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session.post(self._address(suffix), data=dump_json(fields), headers=headers) as response:
                body = await response.read()
                if response.status != 202:
                    raise self._refused(body, response.status)
                return self._parsed(body)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._away(error) from None

    def _address(self, suffix: str) -> str:
        return f"{self._url}/api/v1/claims/{quote(self._claim, safe='')}{suffix}"

    def _parsed(self, body: bytes) -> Claim:
        try:
            found = parse_json(body, bytes_max=max(len(body), 1))
        except JsonTextError:
            raise UserError(f"what answers at {self._url} is not this API; pass --url") from None
        assert isinstance(found, dict)
        return found

    def _refused(self, body: bytes, status: int) -> UserError:
        return UserError(f"claim {self._claim} at {self._url}: {_detail(body, status)}")

    def _away(self, error: Exception) -> UserError:
        if isinstance(error, aiohttp.InvalidURL):
            return UserError(f"{self._url} is no URL; pass --url http://host:port")
        why = type(error).__name__
        start = "start it with `claims api` or `claims up`, or pass --url"
        return UserError(f"the API at {self._url} does not answer ({why}); {start}")


@asynccontextmanager
async def asking(url: str, token: str, claim: str) -> AsyncIterator[ClaimClient]:
    """A client for one claim, closed afterwards."""
    timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers={"Authorization": f"Bearer {token}"}) as session:
        yield ClaimClient(session, url, claim)


async def follow(
    url: str,
    token: str,
    claim: str,
    show: Callable[[Claim], None],
    *,
    watch: bool,
    show_reversed: Callable[[Claim], None] | None = None,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Show a claim; with `watch`, each change of it until it is decided. Raises UserError when it cannot be had.

    `show_reversed` is given the explanation of a claim that was voided or replaced.
    """
    async with asking(url, token, claim) as client:
        shown: tuple[Any, ...] | None = None
        while True:
            found = await client.get(patient=watch)
            state = None if found is None else (found["version"], found["revision"], found["substatus"])
            if found is not None and state != shown:
                show(found)
                shown = state
                if show_reversed is not None and found["substatus"] in ENDED:
                    explanation = await client.get("/explanation")
                    assert explanation is not None
                    show_reversed(explanation)
            if not watch or (found is not None and found["substatus"] not in UNDECIDED):
                return
            await asyncio.sleep(pause_seconds)


def _detail(body: bytes, status: int) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}"
