"""One file after another through its reader onto the topic, one claim in memory at a time, with marks to go on from."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sources.replay.checkpoint import NOWHERE, Mark, Marks, Position, digest_of, name_of
from sources.replay.documents import STANDARD_INPUT, Document, documents
from sources.replay.formats import WORDS, UnknownFormatError, format_of, items_of
from sources.replay.items import Item, Remark, Source
from sources.replay.packed import Bound, PackedError
from sources.replay.rejects import Rejects
from sources.replay.report import FileReport
from sources.submitter import ClaimTooLargeError, Submitter

# Called with the number of bytes that were read of the file.
Announce = Callable[[int], None]
_LOOKED_UP_EVERY = 64
# Between two marks the broker is waited for: often enough that little is sent again, seldom enough to cost nothing.
MARK_SECONDS = 2.0


class StoppedError(Exception):
    """The run was asked to end within a file; what was confirmed is marked."""


class FileChangedError(Exception):
    """Somebody wrote to the file while it was read."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to replay. `currency` is that of X12 amounts, which name none; `rate` is claims a second at most.

    `from_start` sends what an interrupted run had sent once more.
    """

    dry_run: bool = False
    rate: float | None = None
    rejects: Path | None = None
    currency: str = "USD"
    submitter_id: str | None = None
    from_start: bool = False


class Track:
    """The mark of a file under way. Nothing is marked of a pipe, in a dry run, or after a record failed."""

    def __init__(self, file: BinaryIO, marks: Marks | None, name: str, from_start: bool) -> None:
        self._file = file
        self._marks = marks
        self._name = name
        self._stat = _changes_with(file)
        found = Mark() if marks is None or from_start else marks.find(name)
        self.before = found
        self.received_at = found.received_at or time.time_ns() // 1_000_000
        self._written = found
        if marks is not None:
            # The time of receipt is that of the first attempt: what is sent again is the same record.
            self._write(Mark(found.position, found.sent, found.finished, self.received_at))

    def due(self, position: Position) -> bool:
        """Whether a mark is worth waiting for the broker."""
        return self._marks is not None and position > self._written.position

    def write(self, position: Position, sent: int, finished: bool = False) -> None:
        """Mark what the broker confirmed. Raises FileChangedError when the file is no longer what was read."""
        if self._marks is None:
            return
        if _changes_with(self._file) != self._stat:
            raise FileChangedError
        self._write(Mark(position, self.before.sent + sent, finished, self.received_at))

    def _write(self, mark: Mark) -> None:
        assert self._marks is not None
        self._marks.write(self._name, mark)
        self._written = mark


def _changes_with(file: BinaryIO) -> tuple[int, int] | None:
    """Size and time of the last write of a file on a disk."""
    if not file.seekable():
        return None
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


class Feed:
    """Reads files and sends their claims; `sender` is None in a dry run, `marks` where nobody goes on later."""

    def __init__(
        self,
        options: Options,
        sender: Submitter | None,
        marks: Marks | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._options = options
        self._sender = sender
        self._marks = marks if sender is not None else None
        self._stop = stop or threading.Event()
        self._origin = time.perf_counter()
        self.finished: list[str] = []

    def file(self, path: Path, rejects: Rejects, announce: Announce = lambda done: None) -> FileReport:
        """Send a file from where an interrupted run stopped. Raises KeyboardInterrupt, after what was sent is marked.

        Everything that is wrong with the file stands in the report; `stopped` when the event said so.
        """
        report = FileReport("standard input" if str(path) == STANDARD_INPUT else path.name)
        try:
            with _opened(path) as file:
                _Run(self, report, rejects, announce, file).all()
        except StoppedError:
            report.stopped = True
        except FileChangedError:
            text = "the file was written to while it was read; send it again when it is complete"
            report.unread(report.name, "FILE_CHANGED", text)
        except PackedError as error:
            report.unread(report.name, error.code, str(error))
        except OSError as error:
            report.unread(report.name, "FILE_UNREADABLE", f"the file cannot be read: {error.strerror or error}")
        return report

    def forget(self) -> None:
        """Take away the marks of files that were sent to their ends: the next run sends them anew."""
        for name in self.finished:
            if self._marks is not None:
                self._marks.forget(name)
        self.finished.clear()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        yield cast(BinaryIO, file)


class _Run:
    """One file on its way."""

    def __init__(self, feed: Feed, report: FileReport, rejects: Rejects, announce: Announce, file: BinaryIO) -> None:
        self._options, self._sender, self._stop = feed._options, feed._sender, feed._stop
        self._feed = feed
        self._report = report
        self._rejects = rejects
        self._announce = announce
        self._file = file
        on_disk = file.seekable()
        if on_disk:
            report.size = os.fstat(file.fileno()).st_size
            report.digest = digest_of(file)
        cluster = self._sender.cluster_id if self._sender is not None else ""
        self._name = name_of(report.digest, cluster, self._options.currency, self._options.submitter_id or "")
        self._track = Track(file, feed._marks if on_disk else None, self._name, self._options.from_start)
        self._position = NOWHERE
        self._marked_at = time.monotonic()
        self._numbers = 0
        self._bound = Bound()
        self._source = Source(
            self._options.currency, self._options.submitter_id, lambda: self._track.received_at, self._correlation
        )

    def _correlation(self) -> str:
        self._numbers += 1
        return f"replay-{self._track.received_at}-{self._report.digest[:8] or 'pipe'}-{self._numbers}"

    def all(self) -> None:
        """Every document of the file, then the last mark."""
        ended = False
        try:
            for number, document in enumerate(documents(self._report.name, self._file, self._bound)):
                self._document(number, document)
            ended = True
        except PackedError:
            # Its end as well: what is damaged stays so.
            ended = True
            raise
        finally:
            self._settle(ended)
            self._announce(self._bound.packed)

    def _document(self, number: int, document: Document) -> None:
        try:
            form = format_of(document.start)
        except UnknownFormatError as error:
            self._report.unread(document.name, "UNKNOWN_FORMAT", str(error))
            return
        if form not in self._report.formats:
            self._report.formats.append(form)
        word = WORDS[form]
        for count, item in enumerate(items_of(document.file, form, self._source)):
            if self._stop.is_set():
                raise StoppedError
            self._report.note(document.name, word, item)
            if item.claim is not None:
                self._claim(number, document.name, word, item)
            elif item.is_claim:
                self._rejects.add(document.name, item)
            if count % _LOOKED_UP_EVERY == 0:
                self._look_up()

    def _claim(self, number: int, document: str, word: str, item: Item) -> None:
        if self._sender is None or item.claim is None:
            return
        position = Position(number, item.place)
        if position <= self._track.before.position:
            self._report.sent_before += 1
            return
        self._pace(self._sender)
        try:
            self._sender.send(item.claim)
            self._report.sent += 1
        except ClaimTooLargeError as error:
            self._report.unsent += 1
            self._report.remark(document, word, Remark(item.place, "", "CLAIM_TOO_LARGE", str(error)))
            self._rejects.add(document, item)
        self._position = position

    def _look_up(self) -> None:
        """Now and then: say how far it is, and mark it."""
        self._announce(self._bound.packed)
        if time.monotonic() - self._marked_at >= MARK_SECONDS:
            self._mark()
            self._marked_at = time.monotonic()

    def _mark(self) -> None:
        if self._sender is not None and self._track.due(self._position) and self._sender.settle(self._stop.is_set):
            self._track.write(self._position, self._report.sent)

    def _settle(self, ended: bool) -> None:
        """Wait for the broker at the end of the file, or where the reading ended; mark how far it came."""
        if self._sender is None:
            return
        confirmed = self._sender.settle(self._stop.is_set)
        self._report.unconfirmed = not confirmed
        if not confirmed:
            return
        at = max(self._position, self._track.before.position)
        self._track.write(at, self._report.sent, finished=ended)
        if ended:
            self._feed.finished.append(self._name)

    def _pace(self, sender: Submitter) -> None:
        """Not faster than the rate."""
        if self._options.rate is None:
            return
        ahead = sender.sent / self._options.rate - (time.perf_counter() - self._feed._origin)
        if ahead > 0:
            sender.serve()
            self._stop.wait(ahead)
