"""`POST /api/v1/claims/batch`: claims as JSON lines, each answered by a line of its own, in their order.

A line that fails fails alone: its answer is the problem that the claim would have got by itself. What breaks the body
as a whole (a line too large, one line too many, a body that trickles) is told in a last line, and what was answered
before stands. Claims are idempotent by their ids, so the whole batch may be sent again.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from aiohttp import hdrs, web

from api import problems
from api.answers import desk_of
from api.batch_lines import MEDIA_TYPE, Lines, check_type
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.problems import Problem
from api.refusals import RETRY_SECONDS
from api.submit import submitted_of
from config.limits import BATCHES_PER_SUBJECT_MAX, BATCHES_TOGETHER_MAX
from schemas.json_text import dump_json

# Lines of one batch that are carried out at a time: beyond them the body is left with the sender.
_TOGETHER = 64
log = structlog.get_logger(__name__)


class Batching:
    """The batches that this process carries out just now, by subject."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()

    @property
    def running(self) -> int:
        """How many there are."""
        return self._running.total()

    @contextmanager
    def one_more(self, subject: str) -> Iterator[None]:
        """Count one while inside. Raises a 429 problem for a subject with too many, 503 when there is no room."""
        retry: dict[str, str] = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)}
        if self._running[subject] >= BATCHES_PER_SUBJECT_MAX:
            detail = f"You have {BATCHES_PER_SUBJECT_MAX} batches under way; send this one when one of them is done."
            raise Problem(429, "too_many_batches", detail, headers=retry)
        if self.running >= BATCHES_TOGETHER_MAX:
            detail = f"{self.running} batches are under way; send this one in a moment."
            raise Problem(503, "too_many_batches", detail, headers=retry)
        self._running[subject] += 1
        try:
            yield
        finally:
            self._running[subject] -= 1
            self._running += Counter()  # forgets who sends none any more


BATCHING = web.AppKey("batching", Batching)


async def submit_batch(request: web.Request) -> web.StreamResponse:
    """200 with a line for each line: its number, status, and the claim or the problem. 429, 503 when too many run."""
    check_type(request)
    with request.app[BATCHING].one_more(request[PRINCIPAL].subject):
        return await _Batch(request).carry_out()


class _Batch:
    """One batch. Reading and answering go on side by side: who sends everything before reading anything may."""

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._room = asyncio.Semaphore(_TOGETHER)
        # Answers in the order of their lines, done or under way. A batch is bounded, and so are they.
        self._answers: deque[asyncio.Task[bytes]] = deque()
        self._news = asyncio.Event()
        self._read_all = False

    async def carry_out(self) -> web.StreamResponse:
        """Answer every line."""
        response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: MEDIA_TYPE})
        await response.prepare(self._request)
        reading = asyncio.create_task(self._read())
        try:
            await self._write(response)
            await reading
            await response.write_eof()
        except ConnectionError:
            log.info("the sender of a batch went away; its claims under way are accepted")
        finally:
            reading.cancel()
            await asyncio.gather(reading, *self._answers, return_exceptions=True)
        return response

    async def _read(self) -> None:
        lines = Lines(self._request, parts_of(self._request).body_seconds)
        try:
            async for line in lines:
                await self._room.acquire()
                self._add(asyncio.create_task(self._answer(lines.number, line)))
        except Problem as problem:
            self._add(asyncio.create_task(self._told(lines.number, problem)))
        finally:
            self._read_all = True
            self._news.set()

    def _add(self, answer: asyncio.Task[bytes]) -> None:
        self._answers.append(answer)
        self._news.set()

    async def _write(self, response: web.StreamResponse) -> None:
        while self._answers or not self._read_all:
            if not self._answers:
                self._news.clear()
                await self._news.wait()
                continue
            line = await self._answers[0]
            self._answers.popleft()
            await response.write(line)

    async def _answer(self, number: int, line: bytes) -> bytes:
        request = self._request
        try:
            submitted = await desk_of(request).submit(request[PRINCIPAL], line, None, request[CORRELATION])
        except Problem as problem:
            return await self._told(number, problem)
        except Exception:
            log.exception("unexpected error in a line of a batch")
            return await self._told(number, problems.internal())
        finally:
            self._room.release()
        status = 200 if submitted.repeated else 201
        return _line({"line": number, "status": status, "claim": submitted_of(submitted)})

    async def _told(self, number: int, problem: Problem) -> bytes:
        found = problems.body_of(problem, self._request[CORRELATION])
        return _line({"line": number, "status": problem.status, "problem": found})


def _line(answer: dict[str, object]) -> bytes:
    return f"{dump_json(answer)}\n".encode()
