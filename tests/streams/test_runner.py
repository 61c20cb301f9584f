"""The runner takes batches of its epoch in order, one transaction a time, and ends the process on what must not be."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

import pytest

from config.limits import BATCH_RECORDS_MAX
from schemas.state import Progress
from streams.pacing import Pacing
from streams.records import Batch, Input
from streams.runner import MissedRecordsError, Runner
from streams.session import AbandonedError, Session
from streams.topology import BY_NAME

TOPIC = "claims.validated"


@dataclass
class FakeSession:
    """Remembers what it was asked to process; fails or blocks when told to."""

    stage = BY_NAME["authorize"]
    partition = 0
    progress: Progress = field(default_factory=lambda: Progress({TOPIC: 10}, {TOPIC: 9}))
    processed: list[int] = field(default_factory=list)
    batches: int = 0
    error: Exception | None = None
    go_on: threading.Event = field(default_factory=threading.Event)
    closed: bool = False

    def process(self, inputs: list[Input]) -> int:
        self.go_on.wait(5)
        if self.error is not None:
            raise self.error
        self.batches += 1
        self.processed += [record.offset for record in inputs]
        return len(inputs)

    def stop_soon(self) -> None:
        self.go_on.set()

    def close(self) -> None:
        self.closed = True


@dataclass
class Bench:
    """A runner on a fake session, and what it died of."""

    session: FakeSession
    runner: Runner
    deaths: list[BaseException]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    session = FakeSession()
    session.go_on.set()
    deaths: list[BaseException] = []
    executor = ThreadPoolExecutor(1)
    runner = Runner(cast(Session, session), executor, Pacing(0.0, 0.0), lambda error, where: deaths.append(error))
    runner.resume(1)
    yield Bench(session, runner, deaths)
    await runner.close()
    executor.shutdown()


def batch(runner: Runner, first: int, count: int = 1, previous: int | None = None, epoch: int | None = None) -> Batch:
    inputs = tuple(Input(TOPIC, 0, offset, 0, b"k", b"v", ()) for offset in range(first, first + count))
    before = first - 1 if previous is None else previous
    return Batch(TOPIC, 0, runner.epoch if epoch is None else epoch, before, inputs)


async def settle(bench: Bench) -> None:
    for _ in range(100):
        await asyncio.sleep(0.005)
        if not bench.runner._inputs and bench.runner._idle.is_set():
            return


async def test_batches_are_processed_in_order(bench: Bench) -> None:
    for first in (10, 11, 12):
        bench.runner.offer(batch(bench.runner, first))
    await settle(bench)
    assert bench.session.processed == [10, 11, 12]
    assert bench.deaths == []


async def test_what_waits_is_merged_up_to_the_limit(bench: Bench) -> None:
    bench.session.go_on.clear()
    bench.runner.offer(batch(bench.runner, 10))
    await asyncio.sleep(0.02)
    bench.runner.offer(batch(bench.runner, 11, BATCH_RECORDS_MAX + 1))
    assert not bench.runner.hungry, "back-pressure: no more is fetched"
    bench.session.go_on.set()
    await settle(bench)
    assert (bench.session.batches, len(bench.session.processed)) == (3, BATCH_RECORDS_MAX + 2)
    assert bench.runner.hungry


async def test_a_batch_of_an_earlier_epoch_is_dropped(bench: Bench) -> None:
    bench.runner.offer(batch(bench.runner, 10, epoch=bench.runner.epoch - 1))
    await settle(bench)
    assert bench.session.processed == []


async def test_a_gap_ends_the_process(bench: Bench) -> None:
    bench.runner.offer(batch(bench.runner, 12, previous=11))
    assert isinstance(bench.deaths[0], MissedRecordsError)
    assert "claims.validated follows offset 11, the last one seen is 9" in str(bench.deaths[0])


async def test_a_suspended_runner_drops_what_waits_and_takes_nothing(bench: Bench) -> None:
    bench.session.go_on.clear()
    bench.runner.offer(batch(bench.runner, 10))
    await asyncio.sleep(0.02)
    bench.runner.offer(batch(bench.runner, 11))
    bench.runner.suspend()
    bench.runner.offer(batch(bench.runner, 12))
    bench.session.go_on.set()
    await bench.runner.finished()
    assert bench.session.processed == [10]
    assert bench.runner.positions() == {TOPIC: 10}
    assert bench.runner.last_processed(TOPIC) == 9


async def test_a_failure_ends_the_process(bench: Bench) -> None:
    bench.session.error = ValueError("a bug")
    bench.runner.offer(batch(bench.runner, 10))
    await settle(bench)
    assert [str(death) for death in bench.deaths] == ["a bug"]


async def test_an_abandoned_batch_only_suspends(bench: Bench) -> None:
    bench.session.error = AbandonedError()
    bench.runner.offer(batch(bench.runner, 10))
    await settle(bench)
    assert bench.deaths == []
    assert not bench.runner.hungry


async def test_closing_releases_the_session(bench: Bench) -> None:
    await bench.runner.close()
    assert bench.session.closed
    assert bench.runner.name == "authorize[0]"
