"""A faust app as its documentation shows it, to be run as a process: `stock_app.py lose|count BROKER FILE [die]`.

`lose` appends each value to FILE and raises on "bad"; `count` counts values in a table and appends the count.
With `die` it ends like a kill -9 once ten values are counted and their changelog records are sent.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import faust

mode, broker, path = sys.argv[1:4]
seen = Path(path)
app = faust.App(
    f"hazard.{mode}",
    broker=f"kafka://{broker}",
    store="memory://",
    web_enabled=False,
    topic_partitions=1,
    broker_session_timeout=6.0,
    broker_heartbeat_interval=1.0,
    # The kill comes between two commits, whatever the machine is busy with.
    broker_commit_interval=3600.0 if mode == "count" else 1.0,
)
topic = app.topic(f"hazard.{mode}", value_serializer="raw")
counts: Any = app.Table("counts", default=int, partitions=1) if mode == "count" else None


@app.agent(topic)
async def work(stream: Any) -> None:
    """Do what the mode says with each value."""
    async for value in stream:
        if mode == "lose":
            if value == b"bad":
                raise RuntimeError("a bug in the business rule")
            note(value.decode())
        else:
            counts["n"] += 1
            note(str(counts["n"]))
            if "die" in sys.argv and counts["n"] == 10:
                await asyncio.sleep(1.0)
                os._exit(9)


def note(text: str) -> None:
    """Append a line to the file that the test reads."""
    with seen.open("a") as file:
        file.write(text + "\n")


if __name__ == "__main__":
    worker = faust.Worker(app, loglevel="ERROR", quiet=True)
    worker.spinner = None
    worker.execute_from_commandline()
