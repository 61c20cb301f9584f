"""What a reader of X12 hands out, in the order of the file: envelopes that open and close, claims, findings."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["interchange", "group", "transaction"]


@dataclass(frozen=True, slots=True)
class Begins:
    """An ISA, GS or ST: number of the segment in the file (from 1) and its elements, the name first.

    `separators` of an interchange: element, component, repetition and terminator, as its ISA names them.
    """

    level: Level
    segment: int
    header: tuple[str, ...]
    separators: tuple[str, str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """The end of what began: IEA, GE or SE and its elements; empty where the trailer is missing.

    `segments` counts those from ST to SE. Of a transaction: its BHT, and NM1 of submitter (41) and receiver (40), with
    all their elements; empty where they are missing.
    """

    level: Level
    segment: int
    trailer: tuple[str, ...]
    segments: int = 0
    purpose: tuple[str, ...] = ()
    submitter: tuple[str, ...] = ()
    receiver: tuple[str, ...] = ()
