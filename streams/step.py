"""One record through one stage: decode, decide, encode. The runtime and the in-memory driver share it."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from agents.contract import Context, Dead, Emit, Message, Reference, State
from schemas.codec import Codec, DecodeError
from schemas.decision import Decision
from schemas.envelope import Envelope
from schemas.events import DeadLetter
from schemas.topics import CORRELATION_HEADER, RELEASE_HEADER, dead_letters_of, record_of
from streams.partitioning import partition_of
from streams.records import Input, Output
from streams.topology import Stage

HEADER_BYTES_MAX = 128
# A release that far ahead is no load under way: the header is made up and must not hold the line.
RELEASES_AHEAD_MAX = 10


class References(Protocol):
    """Reference data by release."""

    def latest(self) -> int | None:
        """Number of the newest complete release; None before the first."""

    def at(self, release: int) -> Reference | None:
        """Reference data as of that release; None while it is not complete here."""


class ReleaseMissingError(LookupError):
    """The record needs a reference release that this worker has not read yet. `release` is None for "any"."""

    def __init__(self, release: int | None) -> None:
        super().__init__(f"reference release {release or 'of any number'} is not here yet")
        self.release = release


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What became of a record: `dead` and `denied` feed the limits that stop the line."""

    outputs: Sequence[Output]
    dead: Dead | None = None
    denied: bool = False


class Step:
    """A stage bound to its codec, its reference data and the partition count of its topics."""

    def __init__(self, stage: Stage, codec: Codec, references: References, partitions: int) -> None:
        self.stage = stage
        self._codec = codec
        self._references = references
        self._partitions = partitions
        self._records: dict[str, type] = {topic: record_of(topic) for topic in stage.reads}
        # A claim from outside is read by every stage, an envelope by the next one only.
        self._decode = codec.decode_shared if stage.outside else codec.decode_once
        self._decide: Callable[[Any, Context], Sequence[Emit | Dead]] = stage.decide

    def run(self, record: Input, state: State) -> Result:
        """Decide one record. Raises ReleaseMissingError before it touches the state, so that it can be tried again."""
        message = self._message(record)
        if isinstance(message, Dead):
            return self._dead(record, message)
        context = Context(state, self._reference(record, message.record), self._codec)
        outputs: list[Output] = []
        denied = False
        for outcome in self._decide(message, context):
            if isinstance(outcome, Dead):
                return self._dead(record, outcome)
            assert outcome.topic in self.stage.writes, f"{self.stage.name} does not write {outcome.topic}"
            body = outcome.record
            denied = denied or (isinstance(body, Decision) and body.substatus == "denied")
            value = body if isinstance(body, bytes) else self._encoded(body)
            outputs.append(Output(outcome.topic, outcome.key.encode(), value))
        return Result(outputs, denied=denied)

    def _message(self, record: Input) -> Message[Any] | Dead:
        try:
            key = (record.key or b"").decode()
        except UnicodeDecodeError:
            return Dead("key_not_text", "the key is not UTF-8 text")
        if self.stage.outside and partition_of(record.key or b"", self._partitions) != record.partition:
            text = f"the key belongs on another partition than {record.partition}; produce with the murmur2 partitioner"
            return Dead("wrong_partition", text)
        try:
            body: Any = self._decode(self._records[record.topic], record.value)
        except DecodeError as error:
            return Dead(error.code, str(error))
        if self.stage.outside and body.correlation_id is None:
            body = dataclasses.replace(body, correlation_id=_header(record, CORRELATION_HEADER))
        assert record.value is not None
        return Message(record.topic, key, body, record.value)

    def _encoded(self, body: object) -> bytes:
        # The next stage reads the envelope; everything else leaves the chain.
        return self._codec.encode_shared(body) if isinstance(body, Envelope) else self._codec.encode(body)

    def _reference(self, record: Input, body: Any) -> Reference:
        release = self._references.latest() if self.stage.outside else body.release
        least = _header(record, RELEASE_HEADER) if self.stage.outside else None
        if least is not None and least.isdecimal() and 0 < int(least) - (release or 0) <= RELEASES_AHEAD_MAX:
            raise ReleaseMissingError(int(least))
        reference = None if release is None else self._references.at(release)
        if reference is None:
            raise ReleaseMissingError(release)
        return reference

    def _dead(self, record: Input, dead: Dead) -> Result:
        letter = DeadLetter(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            value=record.value,
            stage=self.stage.name,
            code=dead.code,
            message=dead.text,
            at=record.timestamp,
        )
        output = Output(dead_letters_of(record.topic), record.key, self._codec.encode(letter))
        return Result((output,), dead=dead)


def _header(record: Input, wanted: str) -> str | None:
    for name, value in record.headers:
        if name == wanted and len(value) <= HEADER_BYTES_MAX:
            return value.decode("ascii", "replace")
    return None
