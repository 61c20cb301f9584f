"""`replay`: files and folders of claims onto their topic, once through."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from config.settings import Settings
from sources.replay.checkpoint import Marks
from sources.replay.documents import STANDARD_INPUT, files_of
from sources.replay.feed import Feed, Options
from sources.replay.rejects import Rejects
from sources.replay.report import Summary
from sources.submitter import EDI_TOPICS, Submitter, for_files

# Called with the number of bytes read so far and of all files.
Progress = Callable[[int, int], None]
DEFAULTS = Options()

__all__ = ["Options", "Progress", "replay"]


def replay(
    paths: Sequence[Path],
    settings: Settings,
    options: Options = DEFAULTS,
    announce: Progress = lambda done, whole: None,
    submitter: Submitter | None = None,
    marks: Marks | None = None,
) -> Summary:
    """Read the files and send their claims; a dry run only reads. Raises BrokerAwayError before anything is sent.

    With `marks`, a run that was killed goes on: files and claims that the broker confirmed are read but not sent again,
    until a run has come to its end. Raises NamedFilesError.
    """
    summary = Summary(dry_run=options.dry_run)
    started = time.perf_counter()
    files = files_of(paths)
    sender = None if options.dry_run else submitter or for_files(settings.kafka)
    if sender is not None:
        sender.check(EDI_TOPICS)
    feed = Feed(options, sender, marks, threading.Event())
    done, whole = 0, sum(_size(path) for path in files)
    try:
        with Rejects(options.rejects) as rejects:
            for path in files:
                summary.add(feed.file(path, rejects, partial(_announced, announce, done, whole)))
                done += _size(path)
    finally:
        if sender is not None:
            sender.close()
            summary.sent, summary.failed, summary.failures = sender.sent, sender.failed, sender.failures
            summary.answers_failed = sender.answers_failed
        summary.seconds = round(time.perf_counter() - started, 3)
    if not summary.failed and not summary.answers_failed:
        feed.forget()
    return summary


@contextmanager
def garbage_looked_for_less_often() -> Iterator[None]:
    """For a process that does nothing but read claims: they are many small objects, and none of them in circles.

    Looking for circles among them takes a tenth of the time otherwise.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _announced(announce: Progress, before: int, whole: int, read: int) -> None:
    announce(before + read, whole)


def _size(path: Path) -> int:
    """Bytes of a file; 0 of a pipe, and of one that is gone."""
    try:
        return 0 if str(path) == STANDARD_INPUT else path.stat().st_size
    except OSError:
        return 0
