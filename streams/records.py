"""Records as they come from Kafka and as they go back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Input(NamedTuple):
    """A record of an input topic, undecoded. `timestamp` is in milliseconds since 1970-01-01 UTC."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Output(NamedTuple):
    """A record to be produced; the partition follows from the key."""

    topic: str
    key: bytes | None
    value: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one partition from one fetch, in order.

    `previous` is the offset of the last record fetched before them (-1 for none): a session that has not seen that
    record last has missed some. `epoch` names the run of the session that asked for them.
    """

    topic: str
    partition: int
    epoch: int
    previous: int
    inputs: tuple[Input, ...]
