"""Runs the sink: read, write, store the offsets, for ever."""

import asyncio
import gc
import threading
import time
from collections.abc import Mapping, Sequence

import structlog
import uvloop
from confluent_kafka import KafkaException

from config.metrics import CLAIMS_PROCESSED, CLAIMS_PROCESSING_DURATION, SINK_LAG, SINK_WRITE_DURATION
from config.sealing import Sealer
from config.settings import Settings
from schemas import registry
from schemas.codec import Codec
from sinks.batch import TOPICS, Batch, Record
from sinks.ends import Ends
from sinks.reader import Reader
from sinks.retry import Connected, Stopped
from sinks.store import Advance, Place, Written

log = structlog.get_logger(__name__)
LAG_SECONDS = 5.0
GC_THRESHOLDS = 50_000, 50, 1_000


def run(settings: Settings, stop: asyncio.Event | threading.Event) -> None:
    """Run until `stop` is set; the batch under way is finished. Raises ZombieError and PoisonError."""
    # A batch is tens of thousands of small objects that die together: looking for cycles among them every few hundred
    # took a third of the sink's time.
    gc.set_threshold(*GC_THRESHOLDS)
    uvloop.run(serve(settings, stop))


async def serve(settings: Settings, stop: asyncio.Event | threading.Event) -> None:
    """The same inside an event loop."""
    assert settings.database.url is not None
    loop = asyncio.get_running_loop()
    store = Connected(settings.database, stop.is_set)

    def offsets_of(places: Sequence[Place]) -> Mapping[Place, int]:
        # Called in the reader's thread, while the loop waits for it.
        try:
            return asyncio.run_coroutine_threadsafe(store.offsets(places), loop).result()
        except Stopped:
            return {}

    reader = Reader(settings.kafka, f"{settings.worker.group_prefix}.sink", offsets_of)
    lag = asyncio.create_task(_watch_lag(Ends(settings.kafka), reader))
    log.info("the sink runs")
    try:
        await _copy(settings, reader, store, stop)
    except Stopped:
        log.info("stopped while Postgres was away; what was read will be read again")
    finally:
        lag.cancel()
        await asyncio.to_thread(reader.close)
        await store.close()
        log.info("the sink stopped")


async def _copy(settings: Settings, reader: Reader, store: Connected, stop: asyncio.Event | threading.Event) -> None:
    codec = Codec(registry.for_settings(settings.kafka))
    sealer = Sealer.from_settings(settings.sealing)
    sink = settings.sink
    while not stop.is_set():
        records = await asyncio.to_thread(reader.read, sink.batch_records_max, sink.batch_wait_seconds)
        advances = reader.advances()
        if advances:
            started = time.monotonic()
            written = await _write(Batch(codec, sealer), records, advances, store)
            SINK_WRITE_DURATION.observe(time.monotonic() - started)
            reader.stored(advances)
            _count(written)


async def _write(
    batch: Batch, records: Sequence[Record], advances: Sequence[Advance], store: Connected
) -> list[Written]:
    for record in records:
        batch.add(record)
    return await store.write(batch.rows(), advances)


def _count(written: Sequence[Written]) -> None:
    for claim in written:
        CLAIMS_PROCESSED.labels(claim.status).inc()
        CLAIMS_PROCESSING_DURATION.labels(claim.form, claim.status).observe(max(claim.seconds, 0.0))


async def _watch_lag(ends: Ends, reader: Reader) -> None:
    """Keep the gauge right, also while nothing can be written."""
    while True:
        await asyncio.sleep(LAG_SECONDS)
        positions = reader.positions
        try:
            found = await asyncio.to_thread(ends.of, list(positions))
        except KafkaException:
            continue
        lag = dict.fromkeys(TOPICS, 0)
        for (topic, partition), end in found.items():
            lag[topic] += max(end - positions[topic, partition], 0)
        for topic, records in lag.items():
            SINK_LAG.labels(topic).set(records)
