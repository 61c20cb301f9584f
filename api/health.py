"""Probes: alive while the process answers, ready while it can take claims and look them up."""

import asyncio

from aiohttp import web

from api.answers import json_response
from api.context import Parts, parts_of
from schemas.topics import CLAIMS_SUBMITTED

# Anybody may probe: what a probe costs the broker and the database is shared for this long.
_SHARED_SECONDS = 1.0


class Readiness:
    """The last answer, so that many probes at once ask the services once."""

    def __init__(self) -> None:
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._faults: dict[str, str] = {}

    async def faults(self, parts: Parts) -> dict[str, str]:
        """What is missing, by service; empty when the service is ready."""
        clock = asyncio.get_running_loop()
        async with self._asking:
            if clock.time() - self._asked_at > _SHARED_SECONDS:
                kafka, postgres = await asyncio.gather(parts.publisher.fault(CLAIMS_SUBMITTED), parts.store.fault())
                self._faults = {name: why for name, why in (("kafka", kafka), ("postgres", postgres)) if why}
                self._asked_at = clock.time()
            return self._faults


READINESS = web.AppKey("readiness", Readiness)


async def live(_: web.Request) -> web.Response:
    """200 while the process answers."""
    return json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """200 when claims can be taken and looked up; 503 with what is missing."""
    faults = await request.app[READINESS].faults(parts_of(request))
    if not faults:
        return json_response({"status": "ready"})
    reasons = [{"service": service, "reason": why} for service, why in faults.items()]
    return json_response({"status": "not_ready", "reasons": reasons}, status=503)
