"""Keys of an issuer elsewhere: its key set by URL or file, kept fresh, used on while the issuer is away.

A key set is read at the start, again every few minutes, and at once when a token names a key that is not known, but
then not more than once in ten seconds, however many such tokens come. A key that left the set verifies nothing more.
While no set can be had the last one counts, for as long as `jwks_keep_hours` says.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from api.token_keys import parse_key_set
from config.limits import JWKS_BYTES_MAX
from config.settings import ApiSettings

FETCH_SECONDS = 5.0
# Between two looks that unknown keys cause.
LOOK_SECONDS_MIN = 10.0
_HOUR = 3_600.0
log = structlog.get_logger(__name__)
Fetch = Callable[[], Awaitable[bytes]]


class IssuerKeys:
    """The keys of a JWK set. `fetch` gives its text; tests hand in their own, and a clock."""

    def __init__(
        self, api: ApiSettings, fetch: Fetch | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.version = 0
        self._fetch = fetch or _fetcher(api)
        self._clock = clock
        self._refresh_seconds = api.jwks_refresh_seconds
        self._keep_seconds = api.jwks_keep_hours * _HOUR
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._read_at = float("-inf")
        self._looked_at = float("-inf")
        self._looking: asyncio.Lock | None = None
        self._failing = False

    def key(self, kid: str | None) -> Any:
        """The key of that id; None for one that is not in the set, for no id, and when the set is too old to count."""
        if kid is None or self._clock() - self._read_at > self._keep_seconds:
            return None
        return self._keys.get(kid)

    async def look_again(self) -> None:
        """Read the set, unless somebody did within the last ten seconds; whoever waits shares the look."""
        self._looking = self._looking or asyncio.Lock()
        async with self._looking:
            if self._clock() - self._looked_at >= LOOK_SECONDS_MIN:
                await self._look()

    async def keep_fresh(self) -> None:
        """Read the set now and then, until cancelled; sooner while that fails."""
        while True:
            await self._look()
            await asyncio.sleep(
                self._refresh_seconds if not self._failing else min(LOOK_SECONDS_MIN, self._refresh_seconds)
            )

    async def _look(self) -> None:
        self._looked_at = self._clock()
        try:
            keys = parse_key_set(await self._fetch())
        except (OSError, ValueError, KeyError, TypeError, TimeoutError, aiohttp.ClientError) as error:
            if not self._failing:
                log.warning("the key set of the issuer cannot be had; the keys known count on", error=_why(error))
            self._failing = True
            return
        if self._failing:
            log.info("the key set of the issuer is there again")
        self._failing = False
        self._read_at = self._clock()
        if _numbers(keys) != _numbers(self._keys):
            self.version += 1
            log.info("the keys of tokens changed", keys=len(keys))
        self._keys = keys


def _numbers(keys: Mapping[str, RSAPublicKey]) -> dict[str, int]:
    return {kid: key.public_numbers().n for kid, key in keys.items()}


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else type(error).__name__


def _fetcher(api: ApiSettings) -> Fetch:
    assert api.jwks is not None
    place = api.jwks
    if not place.startswith(("https://", "http://")):
        return lambda: asyncio.to_thread(_read_file, Path(place.removeprefix("file://")))

    async def fetch() -> bytes:
        timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(place, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise ValueError(f"the issuer answers {answer.status}")
            text = await answer.content.read(JWKS_BYTES_MAX + 1)
            while len(text) <= JWKS_BYTES_MAX and (more := await answer.content.readany()):
                text += more
        return _bounded(text)

    return fetch


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file.read(JWKS_BYTES_MAX + 1))


def _bounded(text: bytes) -> bytes:
    if len(text) > JWKS_BYTES_MAX:
        raise ValueError(f"the key set has more than {JWKS_BYTES_MAX} bytes")
    return text
