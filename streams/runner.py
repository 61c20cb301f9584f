"""Drives a session from the event loop: collects batches, waits for more, and processes them one transaction a time."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor

from config.limits import BATCH_RECORDS_MAX
from streams.pacing import Pacing
from streams.records import Batch, Input
from streams.session import AbandonedError, Session

Die = Callable[[BaseException, str], None]


class MissedRecordsError(RuntimeError):
    """A batch does not follow the last one: records in between never arrived."""


class Runner:
    """Runs one open session. Batches are taken only in the epoch that asked for them; a new epoch follows each seek."""

    def __init__(self, session: Session, executor: Executor, pacing: Pacing, die: Die) -> None:
        self.session = session
        self.epoch = 0
        self.generation = -1
        self._executor = executor
        self._pacing = pacing
        self._die = die
        self._inputs: list[Input] = []
        self._last_offered: dict[str, int] = {}
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._running = False
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def name(self) -> str:
        """Stage and partition, for messages."""
        return f"{self.session.stage.name}[{self.session.partition}]"

    @property
    def hungry(self) -> bool:
        """True when more records may be fetched for it: the back-pressure of the chain."""
        return self._running and len(self._inputs) < BATCH_RECORDS_MAX

    def resume(self, generation: int) -> None:
        """Take batches again, after a seek to `positions()`."""
        self.generation = generation
        self.epoch += 1
        self._last_offered = dict(self.session.progress.last_offsets)
        self._running = True

    def suspend(self) -> None:
        """Take no more batches and drop those that no transaction has begun for."""
        self._running = False
        self.epoch += 1
        self._inputs.clear()

    async def finished(self) -> None:
        """Wait for the transaction under way."""
        await self._idle.wait()

    def positions(self) -> dict[str, int]:
        """Offset to read next of each input, by topic."""
        offsets = self.session.progress.next_offsets
        return {topic: offsets.get(topic, 0) for topic in self.session.stage.reads}

    def last_processed(self, topic: str) -> int:
        """Offset of the last record processed of an input; -1 for none."""
        return self.session.progress.last_offsets.get(topic, -1)

    def offer(self, batch: Batch) -> None:
        """Queue a batch; one of an earlier epoch is dropped, one that does not follow the last ends the process."""
        if not self._running or batch.epoch != self.epoch:
            return
        last = self._last_offered.get(batch.topic, -1)
        if batch.previous != last:
            text = f"{self.name}: a batch of {batch.topic} follows offset {batch.previous}, the last one seen is {last}"
            self._die(MissedRecordsError(text), self.name)
            return
        self._last_offered[batch.topic] = batch.inputs[-1].offset
        self._inputs.extend(batch.inputs)
        self._arrived.set()

    async def close(self) -> None:
        """Finish the transaction under way and release the session."""
        self.suspend()
        self.session.stop_soon()
        await self.finished()
        self._task.cancel()
        await asyncio.get_running_loop().run_in_executor(self._executor, self.session.close)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            if len(self._inputs) < BATCH_RECORDS_MAX:
                await asyncio.sleep(self._pacing.linger_seconds())
            while self._running and self._inputs:
                inputs = self._inputs[:BATCH_RECORDS_MAX]
                del self._inputs[:BATCH_RECORDS_MAX]
                if not await self._blocking(self.session.process, inputs):
                    return
                self._pacing.processed(len(inputs), time.monotonic())
                if len(self._inputs) < BATCH_RECORDS_MAX:
                    break
            if self._inputs:
                self._arrived.set()

    async def _blocking(self, work: Callable[..., object], *arguments: object) -> bool:
        """Run it on the executor; False when it ended the process."""
        self._idle.clear()
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments)
        except AbandonedError:
            self.suspend()
        except Exception as error:
            # A bug, a fence, a lost broker: nothing of the batch is visible, and the supervisor starts again.
            self._die(error, self.name)
            return False
        finally:
            self._idle.set()
        return True
