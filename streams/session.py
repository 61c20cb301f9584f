"""A session: one stage on one partition, from its fence to its end. Its methods block and run on an executor."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from rocksdict import Cache

from config.settings import Settings
from schemas.codec import Codec
from schemas.state import Progress
from streams import measures
from streams.changelog import load_tail
from streams.ratio import RatioLimit
from streams.records import Input, Output
from streams.rocks import RocksStore
from streams.state import PROGRESS_KEY, BatchState
from streams.step import References, ReleaseMissingError, Result, Step
from streams.topology import STAGES, Stage
from streams.transactions import Transactions
from streams.turn import Turn

log = structlog.get_logger(__name__)
REFERENCE_POLL_SECONDS = 0.1
REFERENCE_REPORT_SECONDS = 10.0


class AbandonedError(RuntimeError):
    """The session was asked to stop before its batch touched anything; the records are read again by the next owner."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What all sessions of a worker share. `turn` is held while a batch is decided; commits wait outside it."""

    settings: Settings
    codec: Codec
    references: References
    cache: Cache
    folder: Path
    turn: Turn = field(default_factory=Turn)


class Session:
    """Owns the transactional id, the store and the progress of one stage and partition."""

    def __init__(self, stage: Stage, partition: int, equipment: Equipment) -> None:
        self.stage = stage
        self.partition = partition
        self._equipment = equipment
        self._stopped = False
        self._rank = STAGES.index(stage)
        kafka, worker = equipment.settings.kafka, equipment.settings.worker
        started = time.monotonic()
        self._transactions = Transactions(
            kafka,
            f"{worker.group_prefix}.{stage.name}.{partition}",
            stage.changelog,
            partition,
            worker.transaction_timeout_seconds,
        )
        self._store = RocksStore(equipment.folder / f"{stage.name}-{partition}", equipment.cache)
        applied = load_tail(kafka, stage.changelog, partition, self._store, lambda: self._stopped)
        self.progress = self._read_progress()
        self._step = Step(stage, equipment.codec, equipment.references, kafka.partitions)
        self._dead = RatioLimit("dead letters", worker.dead_letter_ratio_max)
        self._denied = RatioLimit("denied", worker.denial_ratio_max)
        log.info(
            "session opened",
            stage=stage.name,
            partition=partition,
            changelog_records=applied,
            seconds=round(time.monotonic() - started, 3),
        )

    def stop_soon(self) -> None:
        """Give up a wait for reference data or the changelog; a transaction under way is finished."""
        self._stopped = True

    def process(self, inputs: Sequence[Input]) -> int:
        """Decide the records in one transaction, then bring the store up to it; returns how many were new."""
        fresh = [record for record in inputs if record.offset >= self.progress.next_offsets.get(record.topic, 0)]
        if not fresh:
            return 0
        started = time.monotonic()
        state = BatchState(self._store, self._equipment.codec)
        self._equipment.turn.take(self._rank)
        try:
            outputs = [output for record in fresh for output in self._decided(record, state)]
            changes = state.changes()
        finally:
            self._equipment.turn.give_back()
        decided = time.monotonic()
        progress = self._after(fresh)
        changes.append((PROGRESS_KEY, self._equipment.codec.encode(progress)))
        offset = self._transactions.commit(outputs, changes)
        self._store.write(changes, offset)
        self.progress = progress
        largest = max(len(value) for _, value in changes if value is not None)
        measures.batch_done(self.stage.name, len(fresh), largest, decided - started, time.monotonic() - decided)
        return len(fresh)

    def close(self) -> None:
        """Release producer and store."""
        self._transactions.close()
        self._store.close()

    def _decided(self, record: Input, state: BatchState) -> Sequence[Output]:
        result = self._run(record, state)
        dead = result.dead
        self._dead.add(dead is not None, "" if dead is None else f"{record.topic}, {dead.code}: {dead.text}")
        if dead is not None:
            measures.stage_dead_letters_total.labels(self.stage.name).inc()
        self._denied.add(result.denied)
        return result.outputs

    def _run(self, record: Input, state: BatchState) -> Result:
        reported = time.monotonic()
        while True:
            try:
                return self._step.run(record, state)
            except ReleaseMissingError as missing:
                if self._stopped:
                    raise AbandonedError from missing
                if time.monotonic() - reported > REFERENCE_REPORT_SECONDS:
                    reported = time.monotonic()
                    log.warning(
                        "waiting for reference data; load it with `claims reference load DIR`",
                        stage=self.stage.name,
                        partition=self.partition,
                        release=missing.release,
                    )
                self._equipment.turn.give_back()
                time.sleep(REFERENCE_POLL_SECONDS)
                self._equipment.turn.take(self._rank)

    def _read_progress(self) -> Progress:
        value = self._store.get(PROGRESS_KEY)
        return Progress({}, {}) if value is None else self._equipment.codec.decode(Progress, value)

    def _after(self, fresh: Sequence[Input]) -> Progress:
        last = dict(self.progress.last_offsets)
        for record in fresh:
            assert record.offset > last.get(record.topic, -1), "records of a partition came out of order"
            last[record.topic] = record.offset
        return Progress({topic: offset + 1 for topic, offset in last.items()}, last)


OpenSession = Callable[[Stage, int], Session]
