"""What `demo` and `bench` ask of a running stack: load, quiet, and a row of the database."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from confluent_kafka import Consumer, TopicPartition

from cli.children import Child, ChildFailedError
from cli.stack import Stack
from config.clients import reader_config
from deploy.local.guarded import last_lines
from streams.topology import STAGES

QUIET_SECONDS = 3.0
DRAIN_SECONDS_MAX = 600.0


def run_command(stack: Stack, name: str, arguments: list[str], accepted: tuple[int, ...] = (0,)) -> float:
    """Run a command as a process of its own, tending the others meanwhile; returns its CPU seconds.

    Raises ChildFailedError when its exit code is none of those accepted.
    """
    log = Path(stack.settings.state_dir).absolute() / "logs" / f"{name}.log"
    child = Child(name, arguments, stack.environment, log)
    child.start()
    assert child.guarded is not None
    process = psutil.Process(child.pid)
    used = 0.0
    try:
        while child.guarded.exit_code() is None:
            stack.tend()
            try:
                times = process.cpu_times()
                used = times.user + times.system
            except psutil.NoSuchProcess:
                pass
            time.sleep(0.1)
        if child.guarded.exit_code() not in accepted:
            raise ChildFailedError(f"{name}: {last_lines(log)}")
    finally:
        child.guarded.end()
    return used


def wait_until_quiet(stack: Stack) -> None:
    """Until nothing has moved for a while: no record on any topic of the chain, no row in the database."""
    until = time.monotonic() + DRAIN_SECONDS_MAX
    seen, since = (-1, -1), time.monotonic()
    consumer = Consumer(reader_config(stack.settings.kafka, "claims.quiet"))
    try:
        while time.monotonic() < until:
            stack.tend()
            now = (_records(consumer, stack), int(query(stack, "select count(*) from claims where rank > 0")["count"]))
            if now != seen:
                seen, since = now, time.monotonic()
            elif now[1] and time.monotonic() - since > QUIET_SECONDS:
                return
            time.sleep(0.5)
    finally:
        consumer.close()
    raise TimeoutError(f"claims still arrive after {DRAIN_SECONDS_MAX:.0f} s")


def _records(consumer: Consumer, stack: Stack) -> int:
    """Records on all topics of the chain, markers of transactions included."""
    places = [
        TopicPartition(topic, partition)
        for stage in STAGES
        for topic in (*stage.reads, *stage.writes)
        for partition in range(stack.settings.kafka.partitions)
    ]
    return sum(consumer.get_watermark_offsets(place, timeout=10)[1] for place in places)


def query(stack: Stack, statement: str, *arguments: object) -> Mapping[str, Any]:
    """The one row of a statement."""
    (row,) = query_all(stack, statement, *arguments)
    found: Mapping[str, Any] = row
    return found


def query_all(stack: Stack, statement: str, *arguments: object) -> list[Any]:
    """All rows of a statement."""

    async def run() -> list[Any]:
        assert stack.settings.database.url is not None
        connection = await asyncpg.connect(stack.settings.database.url.get_secret_value())
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    return asyncio.run(run())
