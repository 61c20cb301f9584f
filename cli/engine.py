"""What `demo` and `bench` ask of a running stack: load, quiet, and a row of the database."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from cli.children import Child, ChildFailedError
from cli.stack import Stack
from deploy.local.guarded import last_lines

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
            stack.children.tend()
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
    """Until no row has been added for a while, and none is on its way."""
    until = time.monotonic() + DRAIN_SECONDS_MAX
    seen, since = -1, time.monotonic()
    while time.monotonic() < until:
        stack.children.tend()
        rows = int(query(stack, "select count(*), 0 from claims where rank > 0")["count"])
        if rows != seen:
            seen, since = rows, time.monotonic()
        elif rows and time.monotonic() - since > QUIET_SECONDS:
            return
        time.sleep(0.25)
    raise TimeoutError(f"claims still arrive after {DRAIN_SECONDS_MAX:.0f} s")


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
