"""Many callers, one statement: what is asked while a batch is under way, or just after it, makes the next batch.

An idle service asks at once; a busy one asks for as many at a time as have come.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from api.database import DatabaseAway, DatabaseSlow

K = TypeVar("K")
V = TypeVar("V")
# Callers that may wait. At a thousand requests a second this is ten seconds' worth: more than anybody waits for.
_WAITING_MAX = 10_000
# Nobody who submits waits longer for the store; whoever cannot do without it sets a longer wait.
WAIT_SECONDS = 2.0
# After a batch, this long until the next: a statement for ten callers costs little more than one for a single caller.
_REST_SECONDS = 0.008


class Batches(Generic[K, V]):
    """Answers questions in batches of at most `size`, at most `together` batches at a time.

    `answer` gives an answer to each question, in their order. Where it fails, each question of the batch is asked by
    itself, so that one that cannot be answered fails alone; while the store is away all fail at once.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[K]], Awaitable[Sequence[V]]],
        *,
        size: int = 100,
        together: int = 1,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._answer = answer
        self._size = size
        self._together = together
        self._wait_seconds = wait_seconds
        self._waiting: list[tuple[K, asyncio.Future[V]]] = []
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, question: K) -> V:
        """The answer. Raises what `answer` raises, DatabaseAway when too many wait already, DatabaseSlow in the end."""
        if len(self._waiting) >= _WAITING_MAX:
            raise DatabaseAway("too many wait for it")
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[V] = loop.create_future()
        self._waiting.append((question, answered))
        if self._running < self._together:
            self._running += 1
            task = asyncio.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        # A quarter of what asyncio.timeout costs, and this is waited for some times a request.
        late = loop.call_later(self._wait_seconds, _fail, answered, DatabaseSlow("TimeoutError"))
        try:
            return await answered
        finally:
            late.cancel()

    async def _run(self) -> None:
        try:
            while self._waiting:
                # Whoever has gone away meanwhile, its time being up, is not asked for.
                batch = [one for one in self._waiting[: self._size] if not one[1].done()]
                del self._waiting[: self._size]
                if batch:
                    await self._settle(batch)
                    await asyncio.sleep(_REST_SECONDS)
        finally:
            # Here and not when the task is seen to be done: whoever asks in between would be left waiting.
            self._running -= 1

    async def _settle(self, batch: Sequence[tuple[K, asyncio.Future[V]]]) -> None:
        try:
            answers = await self._answer([question for question, _ in batch])
        except DatabaseAway as error:
            for _, answered in batch:
                _fail(answered, error)
        except Exception as error:
            if len(batch) == 1:
                _fail(batch[0][1], error)
                return
            for one in batch:
                await self._settle([one])
        else:
            for (_, answered), answer in zip(batch, answers, strict=True):
                if not answered.done():
                    answered.set_result(answer)


def _fail(answered: asyncio.Future[Any], error: Exception) -> None:
    if not answered.done():
        answered.set_exception(error)
