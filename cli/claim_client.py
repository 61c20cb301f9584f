"""Asking the API for a claim, once or until it is decided."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp

from cli.errors import UserError
from schemas.json_text import JsonTextError, parse_json

ASK_SECONDS = 10
PAUSE_SECONDS = 0.5
UNDECIDED = frozenset({"received", "accepted", "in_process", "pended"})
Claim = Mapping[str, Any]


async def follow(
    url: str,
    token: str,
    claim: str,
    show: Callable[[Claim], None],
    *,
    watch: bool,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Show a claim; with `watch`, each change of it until it is decided. Raises UserError when it cannot be had."""
    timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, headers={"Authorization": f"Bearer {token}"}) as session:
        shown: tuple[Any, ...] | None = None
        while True:
            found = await _ask(session, url, claim, patient=watch)
            state = None if found is None else (found["version"], found["revision"], found["substatus"])
            if found is not None and state != shown:
                show(found)
                shown = state
            if not watch or (found is not None and found["substatus"] not in UNDECIDED):
                return
            await asyncio.sleep(pause_seconds)


async def _ask(session: aiohttp.ClientSession, url: str, claim: str, *, patient: bool) -> Claim | None:
    """The claim; None, where `patient`, when it is not known yet or the service is away for a moment."""
    try:
        async with session.get(f"{url}/api/v1/claims/{quote(claim, safe='')}") as response:
            body = await response.read()
            if response.status == 200:
                found = parse_json(body)
                assert isinstance(found, dict)
                return found
            if patient and response.status in (404, 503):
                return None
            raise UserError(f"claim {claim} at {url}: {_detail(body, response.status)}")
    except (aiohttp.ClientError, TimeoutError) as error:
        if isinstance(error, aiohttp.InvalidURL):
            raise UserError(f"{url} is no URL; pass --url http://host:port") from None
        why = type(error).__name__
        text = f"the API at {url} does not answer ({why}); start it with `claims api` or `claims up`, or pass --url"
        raise UserError(text) from None
    except JsonTextError:
        raise UserError(f"what answers at {url} is not this API; pass --url") from None


def _detail(body: bytes, status: int) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}"
