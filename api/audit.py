"""A record of every read: queued at once, sent beside the answer, and no read without room for its record.

The queue is bounded twice: by its length, and by how long its oldest record waits for the broker. Beyond either bound
reads are refused with 503: a look that nobody could answer for later is not given. What is queued when a process is
killed is lost, at most what the broker had not confirmed: some milliseconds of reads while it is there.
"""

import asyncio
import contextlib
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

import structlog
from aiohttp import hdrs

from api.auth import Principal
from api.problems import Problem
from api.producer import Publisher
from config.limits import AUDIT_IDS_MAX, AUDIT_QUEUE_RECORDS_MAX
from config.metrics import AUDIT_READS as COUNTED
from config.metrics import AUDIT_WAITING
from schemas.audit import AuditRead, Outcome, View
from schemas.codec import Codec
from schemas.topics import AUDIT_READS as TOPIC
from schemas.topics import CORRELATION_HEADER

# A broker that changes its leader is away for some seconds; one that is away for longer stops reads.
LATE_SECONDS = 10.0
CLOSE_SECONDS = 5.0
_RETRY_SECONDS = 1.0
_BATCH_RECORDS = 500
# After several at once, until the next: a broker spends as much on a request of one record as on one of a hundred.
_REST_SECONDS = 0.03
log = structlog.get_logger(__name__)


class _Waiting(NamedTuple):
    since: float
    key: bytes
    value: bytes
    correlation: bytes


class Auditor:
    """The reads of a process, on their way to the topic. `now` is milliseconds since 1970-01-01 UTC."""

    def __init__(
        self,
        publisher: Publisher,
        codec: Codec,
        now: Callable[[], int],
        *,
        records_max: int = AUDIT_QUEUE_RECORDS_MAX,
        late_seconds: float = LATE_SECONDS,
    ) -> None:
        self._publisher = publisher
        self._codec = codec
        self._now = now
        self._records_max = records_max
        self._late_seconds = late_seconds
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None
        self._failing = False

    def read(
        self,
        principal: Principal,
        view: View,
        ids: Sequence[str],
        correlation: str | None = None,
        *,
        claim_id: str | None = None,
        outcome: Outcome = "shown",
    ) -> None:
        """Record that `principal` is about to be shown these things; call it before the answer is given.

        `ids` are of the thing that the view shows (schemas/audit.py), `claim_id` is the claim of a document.
        Without `correlation` the one of the request under way is taken. Raises a 503 problem when there is no room.
        """
        self._refuse_without_room(view)
        correlation = correlation or _correlation()
        record = AuditRead(
            event_id=str(uuid.uuid4()),
            at=self._now(),
            subject=principal.subject,
            roles=tuple(sorted(principal.roles)),
            provider_id=principal.provider_id,
            member_id=principal.member_id,
            view=view,
            ids=tuple(ids[:AUDIT_IDS_MAX]),
            left_out=max(len(ids) - AUDIT_IDS_MAX, 0),
            claim_id=claim_id,
            outcome=outcome,
            correlation_id=correlation,
        )
        key = (claim_id or (ids[0] if ids else principal.subject)).encode()
        self._waiting.append(_Waiting(time.monotonic(), key, self._codec.encode(record), correlation.encode()))
        COUNTED.labels(view, outcome).inc()
        AUDIT_WAITING.set(len(self._waiting))
        self._wake.set()
        self._idle.clear()
        if self._sender is None:
            self._sender = asyncio.get_running_loop().create_task(self._send(), name="audit of reads")

    async def close(self) -> None:
        """Send what waits, for a few seconds; what is left is lost, and counted in the log."""
        if self._sender is None:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), CLOSE_SECONDS)
        self._sender.cancel()
        await asyncio.gather(self._sender, return_exceptions=True)
        self._sender = None
        if self._waiting:
            log.error("records of reads were lost: no broker took them", records=len(self._waiting))

    def _refuse_without_room(self, view: View) -> None:
        waiting = self._waiting
        if not waiting:
            return
        if len(waiting) < self._records_max and time.monotonic() - waiting[0].since < self._late_seconds:
            return
        COUNTED.labels(view, "no_room").inc()
        detail = "Reads are recorded, and cannot be just now. Nothing is shown without a record; ask again in a moment."
        raise Problem(503, "audit_unavailable", detail, headers={hdrs.RETRY_AFTER: "5"})

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                several = len(self._waiting) > 1
                if not await self._send_some():
                    await asyncio.sleep(_RETRY_SECONDS)
                elif several:
                    await asyncio.sleep(_REST_SECONDS)
            self._idle.set()

    async def _send_some(self) -> bool:
        """Send the oldest; those that the broker did not confirm stay in front, in their order."""
        some = list(islice(self._waiting, _BATCH_RECORDS))
        records = [(w.key, w.value, {CORRELATION_HEADER: w.correlation}) for w in some]
        confirmed = await self._publisher.publish_all(TOPIC, records)
        for _ in some:
            self._waiting.popleft()
        kept = [w for w, one in zip(some, confirmed, strict=True) if not one]
        self._waiting.extendleft(reversed(kept))
        AUDIT_WAITING.set(len(self._waiting))
        if kept and not self._failing:
            log.warning("reads cannot be recorded just now; they are refused soon", waiting=len(self._waiting))
        self._failing = bool(kept)
        return not kept


def _correlation() -> str:
    return str(structlog.contextvars.get_contextvars().get("correlation_id", ""))
