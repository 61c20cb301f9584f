"""Runs stages in this process until it is told to stop, or until something is wrong that only a restart mends."""

import fcntl
import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn

import structlog

from config.settings import Settings
from schemas.codec import Codec
from schemas.registry import for_settings
from streams.topology import BY_NAME, STAGES, Stage

log = structlog.get_logger(__name__)
EXIT_FAILED = 70
EXIT_FENCED = 75
WORKER_FOLDERS_MAX = 256


class StagesError(ValueError):
    """A stage that does not exist was asked for."""


def stages_named(names: Sequence[str]) -> list[Stage]:
    """Stages by name in the order of the chain; all for none. Raises StagesError."""
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        raise StagesError(f"no stage named {', '.join(unknown)}; there are {', '.join(BY_NAME)}")
    return [stage for stage in STAGES if not names or stage.name in names]


def claim_folder(state_dir: Path) -> tuple[Path, IO[str]]:
    """A state folder that no other living worker of this machine uses; the lock holds while the file is open."""
    for number in range(1, WORKER_FOLDERS_MAX + 1):
        folder = state_dir / "workers" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return folder, lock
    raise RuntimeError(f"{WORKER_FOLDERS_MAX} workers run on {state_dir} already")


def die(error: BaseException, where: str) -> None:
    """End the process at once: nothing half done is visible, and the next start takes up the work."""
    from streams.transactions import FencedError

    fenced = isinstance(error, FencedError)
    log.critical(
        "worker ends: another worker owns its partition" if fenced else "worker ends",
        where=where,
        error=f"{type(error).__name__}: {error}",
        exc_info=None if fenced else error,
    )
    logging.shutdown()
    sys.stderr.flush()
    os._exit(EXIT_FENCED if fenced else EXIT_FAILED)


def run(settings: Settings, stages: Sequence[Stage]) -> NoReturn:
    """Work until SIGTERM or SIGINT (exit 0). Waits for broker and topics, saying so."""
    from mode import loop as mode_loop

    mode_loop.use("uvloop")
    import asyncio

    import faust

    from streams import admin, pins
    from streams.app import build_app
    from streams.references import ReferenceFeed
    from streams.rocks import shared_cache
    from streams.session import Equipment

    # Records make no cycles, and half a million live ones make each full collection a pause that claims wait for.
    gc.set_threshold(100_000, 50, 1_000)
    pins.check()
    admin.wait_for_topics(settings.kafka)
    folder, lock = claim_folder(settings.state_dir)
    codec = Codec(for_settings(settings.kafka))
    references = ReferenceFeed(settings.kafka, codec)
    references.start()
    cache = shared_cache(settings.worker.state_cache_megabytes)
    equipment = Equipment(settings, codec, references, cache, folder)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app = build_app(settings, stages, equipment, die)
    worker = faust.Worker(app, loop=loop, quiet=True, override_logging=False, redirect_stdouts=False, loglevel="ERROR")
    worker.spinner = None
    log.info("worker starts", stages=[stage.name for stage in stages], group=app.conf.id, folder=str(folder))
    try:
        worker.execute_from_commandline()
    finally:
        references.stop()
        lock.close()
