"""The chain in memory: pipe records in, read what comes out. No broker, the same steps as on Kafka."""

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from schemas.codec import Codec
from schemas.topics import record_of
from streams.partitioning import partition_of
from streams.records import Input, Output
from streams.state import BatchState, MemoryStore
from streams.step import References, Step
from streams.topology import STAGES, Stage


class Driver:
    """Runs stages over one partition each, record by record, through encoded bytes as the broker would carry them."""

    def __init__(self, references: References, codec: Codec | None = None, stages: Sequence[Stage] = STAGES) -> None:
        self.codec = codec or Codec()
        self.stores = {stage.name: MemoryStore() for stage in stages}
        self.outputs: dict[str, list[Output]] = defaultdict(list)
        self._undrained: list[Output] = []
        self._steps = {topic: Step(stage, self.codec, references, 1) for stage in stages for topic in stage.reads}
        self._offsets: dict[str, int] = defaultdict(int)
        self._pending: deque[Input] = deque()

    def pipe(self, topic: str, key: str, record: object) -> None:
        """Send a record (a dataclass, or bytes as they are) to an input topic and run the chain until it is quiet."""
        value = record if isinstance(record, bytes) else self.codec.encode(record)
        self._put(Output(topic, key.encode(), value))
        while self._pending:
            self._run(self._pending.popleft())

    def read(self, topic: str) -> list[Any]:
        """All records that went to a topic so far, decoded."""
        return [self.codec.decode(record_of(topic), output.value) for output in self.outputs[topic]]

    def drain(self) -> list[Output]:
        """What went to any topic since the last time, in order; it is forgotten, so that long runs stay small."""
        drained, self._undrained = self._undrained, []
        self.outputs.clear()
        return drained

    def _put(self, output: Output) -> None:
        self.outputs[output.topic].append(output)
        self._undrained.append(output)
        if output.topic in self._steps:
            offset = self._offsets[output.topic]
            self._offsets[output.topic] += 1
            partition = partition_of(output.key or b"", 1)
            self._pending.append(Input(output.topic, partition, offset, 0, output.key, output.value, ()))

    def _run(self, record: Input) -> None:
        step = self._steps[record.topic]
        store = self.stores[step.stage.name]
        state = BatchState(store, self.codec)
        result = step.run(record, state)
        store.write(state.changes(), record.offset + 1)
        for output in result.outputs:
            self._put(output)
