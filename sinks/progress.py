"""How far the sink is: the offsets that Postgres holds against the ends of its topics."""

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from config.settings import Settings
from sinks.batch import TOPICS
from sinks.ends import Ends
from sinks.store import Place

if TYPE_CHECKING:
    from asyncpg import Connection

POLL_SECONDS = 0.25
_OFFSETS = "select topic, partition, next_offset from sink_offsets"


def ends(settings: Settings) -> dict[Place, int]:
    """The end of every partition of the sink's topics. Raises MissingTopicError and KafkaException."""
    asked = Ends(settings.kafka)
    return asked.of(asked.places(TOPICS))


async def stored_offsets(connection: "Connection") -> dict[Place, int]:
    """The next offset of every partition that the sink has read."""
    rows = await connection.fetch(_OFFSETS)
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows if row["topic"] in TOPICS}


def behind(offsets: Mapping[Place, int], wanted: Mapping[Place, int]) -> int:
    """Records between the offsets and the ends wanted."""
    return sum(max(end - offsets.get(place, 0), 0) for place, end in wanted.items())


async def caught_up(connection: "Connection", wanted: Mapping[Place, int], seconds: float) -> bool:
    """Wait until the sink has written up to these ends; False when it has not in time."""
    until = time.monotonic() + seconds
    while behind(await stored_offsets(connection), wanted):
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
