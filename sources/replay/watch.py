"""A folder as a door: each file in it is sent, then moved to done or failed with its report and answers beside it.

Kill it at any moment: a file that was not moved is found again and gone on with where the broker had everything, and
its report and answers are written again, the same. One watcher a folder, which a lock in the folder sees to.
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import structlog
from confluent_kafka import KafkaException

from config.settings import Settings
from sources.replay.checkpoint import Marks
from sources.replay.documents import shown_name
from sources.replay.faults import CODE, is_of_file, place_of, text_of
from sources.replay.feed import Feed, Options
from sources.replay.inbox import DONE, FAILED, OWN, REJECTS, Inbox, Pace, changes_with
from sources.replay.rejects import Rejects
from sources.replay.report import FileReport
from sources.submitter import EDI_TOPICS, BrokerAwayError, Submitter, for_files

# Before something is tried again: the broker did not confirm everything, or the disk is full.
_AGAIN_SECONDS = 5.0
DEFAULT_PACE = Pace()
log = structlog.get_logger(__name__)


class WatchedError(RuntimeError):
    """Another watcher has the folder; the text says so."""


def watch(
    folder: Path,
    settings: Settings,
    options: Options,
    stop: threading.Event,
    pace: Pace = DEFAULT_PACE,
    submitter: Submitter | None = None,
) -> None:
    """Send files as they come, one after another, until `stop` is set.

    Raises WatchedError, BrokerAwayError and OSError before anything is sent; afterwards it waits and tries again, and
    ends with them only where the folder is gone, or the producer for good.
    """
    for name in (OWN, DONE, FAILED):
        (folder / name).mkdir(exist_ok=True, mode=0o700)
    with _locked(folder / OWN / "lock"):
        _Watch(Inbox(folder, pace), settings, options, stop, submitter).run()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = f"another `claims replay --watch` watches {path.parents[1]}; one is enough, or give this one another"
            raise WatchedError(text) from None
        yield


class _Watch:
    def __init__(
        self, inbox: Inbox, settings: Settings, options: Options, stop: threading.Event, submitter: Submitter | None
    ) -> None:
        self._inbox = inbox
        self._settings = settings
        self._options = replace(options, answers=inbox.staging)
        self._stop = stop
        self._marks = Marks(inbox.folder / OWN / "marks")
        self._sender = submitter or for_files(settings.kafka)
        self._sender.check(EDI_TOPICS)
        self._feed = Feed(self._options, self._sender, self._marks, stop)
        self._faults = 0

    def run(self) -> None:
        """Until it is stopped."""
        log.info("watching", folder=str(self._inbox.folder))
        while not self._stop.is_set():
            path = self._inbox.next()
            if path is None:
                if self._inbox.is_empty():
                    self._marks.forget_all()
                self._stop.wait(self._inbox.pace.poll_seconds)
                continue
            try:
                self._one(path)
            except OSError as error:
                text = "something could not be written or moved; the file is tried again"
                log.error(text, file=shown_name(path), error=error.strerror)
                self._stop.wait(_AGAIN_SECONDS)
            except KafkaException as error:
                raise BrokerAwayError(f"the producer cannot go on ({error.args[0].str()}); start it again") from None
        self._sender.settle(self._stop.is_set)
        log.info("stopped", folder=str(self._inbox.folder))

    def _one(self, path: Path) -> None:
        before = changes_with(path)
        self._inbox.clear_staging()
        report = FileReport(shown_name(path))
        try:
            with Rejects(self._inbox.staging / REJECTS) as rejects:
                self._feed.file(path, rejects, report=report)
        except Exception as error:
            # One file that we fail on must not keep all others from their way.
            if not is_of_file(error):
                raise
            self._failed_on(report, error)
        if report.stopped:
            return
        if report.unconfirmed:
            log.warning("the broker did not confirm everything; the file is tried again", file=shown_name(path))
            self._connect_again()
        elif before is None or changes_with(path) != before:
            log.warning("the file was written to while it was read; it is read again", file=shown_name(path))
        else:
            target = self._inbox.put_away(path, report)
            self._feed.forget()
            _log(report, target)

    def _failed_on(self, report: FileReport, error: Exception) -> None:
        report.unread(report.name, CODE, text_of(error))
        self._faults += 1
        kind, place = type(error).__name__, place_of(error)
        log.error("the program failed on a file", file=report.name, kind=kind, place=place, so_far=self._faults)

    def _connect_again(self) -> None:
        """Another producer: this one remembers its failures."""
        while not self._stop.wait(_AGAIN_SECONDS):
            sender = for_files(self._settings.kafka)
            try:
                sender.check(EDI_TOPICS)
            except BrokerAwayError as error:
                log.warning("waiting for the broker", error=str(error))
                continue
            self._sender, self._feed = sender, Feed(self._options, sender, self._marks, self._stop)
            return


def _log(report: FileReport, target: Path) -> None:
    counts = {
        "claims": report.claims, "sent": report.sent, "sent_before": report.sent_before, "not_sent": report.unsent,
    }  # fmt: skip
    log.info("a file is done", file=report.name, status=report.status, moved_to=target.parent.name, **counts)
