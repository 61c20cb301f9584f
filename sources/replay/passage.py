"""One file on its way: its documents, their claims one at a time, answers, and marks after the broker confirmed."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sources.answers.answer import Answer
from sources.answers.collector import Collector
from sources.replay.answering import Answering, give, write
from sources.replay.checkpoint import NOWHERE, Marks, Position, digest_of, name_of
from sources.replay.documents import Document, documents
from sources.replay.formats import WORDS, UnknownFormatError, format_of, items_of
from sources.replay.items import Item, Remark, Source
from sources.replay.packed import Bound, PackedError, unreadable
from sources.replay.rejects import Rejects
from sources.replay.report import FileReport
from sources.replay.track import Track
from sources.submitter import ClaimTooLargeError, Submitter

# Between two marks the broker is waited for: often enough that little is sent again, seldom enough to cost nothing.
MARK_SECONDS = 1.0
_LOOKED_UP_EVERY = 64


class StoppedError(Exception):
    """The run was asked to end within a file; what was confirmed is marked."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides which records a file becomes, where it is gone on with, and where answers are written."""

    currency: str
    submitter_id: str | None
    from_start: bool
    answers: Path | None
    strict_seconds: float | None = None


class Passage:
    """Sends one file; `sender` is None in a dry run, `name` is that of its mark."""

    def __init__(
        self,
        terms: Terms,
        report: FileReport,
        rejects: Rejects,
        sender: Submitter | None,
        stop: threading.Event,
        pace: Callable[[Submitter], None],
    ) -> None:
        self.name = ""
        self._terms = terms
        self._report = report
        self._rejects = rejects
        self._sender = sender
        self._stop = stop
        self._pace = pace
        self._position = NOWHERE
        self._marked_at = time.monotonic()
        self._numbers = 0
        self._bound = Bound()
        self._answers: list[Answer] = []

    def all(self, file: BinaryIO, marks: Marks | None, announce: Callable[[int], None]) -> bool:
        """Every document of the file; True when it came to its end and the broker has everything.

        Raises PackedError, FileChangedError, StoppedError, each after what was confirmed is marked; OSError where
        something cannot be written.
        """
        report, terms = self._report, self._terms
        if file.seekable():
            try:
                report.size, report.digest = os.fstat(file.fileno()).st_size, digest_of(file)
            except OSError as error:
                raise unreadable(error) from None
        cluster = self._sender.cluster_id if self._sender is not None else ""
        self.name = name_of(report.digest, cluster, terms.currency, terms.submitter_id or "")
        self._track = Track(file, marks if file.seekable() else None, self.name, terms.from_start)
        report.received_at = self._track.received_at
        self._announce = announce
        self._source = Source(
            terms.currency, terms.submitter_id, lambda: self._track.received_at, self._correlation, terms.strict_seconds
        )  # fmt: skip
        ended = False
        try:
            for number, document in enumerate(documents(report.name, file, self._bound)):
                self._document(number, document)
            ended = True
        except PackedError:
            # Its end as well: what is damaged stays so.
            ended = True
            raise
        finally:
            confirmed = self._settle(ended)
            announce(self._bound.packed)
        return confirmed

    def _correlation(self) -> str:
        self._numbers += 1
        return f"replay-{self._track.received_at}-{self._report.digest[:8] or 'pipe'}-{self._numbers}"

    def _document(self, number: int, document: Document) -> None:
        try:
            form = format_of(document.start)
        except UnknownFormatError as error:
            self._report.unread(document.name, "UNKNOWN_FORMAT", str(error))
            return
        if form not in self._report.formats:
            self._report.formats.append(form)
        self._answering = Answering(self._collector(number) if form == "x12" else None, self._sender)
        try:
            self._items(number, document, form)
        except PackedError:
            self._end_answers()
            raise
        self._end_answers()

    def _end_answers(self) -> None:
        """The document is at its end, or cannot be read on whoever tries."""
        self._answering.end()
        self._answers += self._answering.answers

    def _collector(self, number: int) -> Collector:
        """Documents of one archive must not be taken for one another."""
        named = (self._report.digest or f"pipe-{self._track.received_at}") + (f"-{number}" if number else "")
        return Collector(named, self._track.received_at, self._terms.currency, self._terms.submitter_id)

    def _items(self, number: int, document: Document, form: str) -> None:
        word, stop, answering = WORDS[form], self._stop, self._answering
        place, again = -1, 0
        for count, item in enumerate(items_of(document.file, form, self._source)):
            if stop.is_set():
                raise StoppedError
            self._report.note(document.name, word, item)
            answering.see(item)
            if item.claim is not None and self._sender is not None:
                again = again + 1 if item.place == place else 0
                place = item.place
                self._claim(Position(number, place, again), document.name, word, item, self._sender)
            elif item.is_claim and item.claim is None:
                self._rejects.add(document.name, item)
            if count % _LOOKED_UP_EVERY == 0:
                self._look_up()

    def _claim(self, position: Position, document: str, word: str, item: Item, sender: Submitter) -> None:
        assert item.claim is not None
        is_behind = position <= self._track.before
        try:
            if is_behind:
                # One that the run before could not send is no claim that it sent, and its answer says so again.
                sender.encoded(item.claim)
                self._report.sent_before += 1
                return
            self._pace(sender)
            sender.send(item.claim)
            self._report.sent += 1
        except ClaimTooLargeError as error:
            self._report.unsent += 1
            self._report.remark(document, word, Remark(item.place, "", "CLAIM_TOO_LARGE", str(error), "277CA"))
            self._rejects.add(document, item)
            self._answering.unsent("CLAIM_TOO_LARGE")
        if not is_behind:
            self._position = position

    def _look_up(self) -> None:
        """Now and then: say how far it is, and mark it."""
        self._announce(self._bound.packed)
        if time.monotonic() - self._marked_at < MARK_SECONDS:
            return
        if self._sender is not None and self._track.is_due(self._position) and self._sender.settle(self._stop.is_set):
            self._track.write(self._position, self._report.sent)
        self._marked_at = time.monotonic()

    def _settle(self, ended: bool) -> bool:
        """Wait for the broker at the end of the file, or where the reading ended; mark how far it came."""
        if self._sender is None:
            return ended
        confirmed = self._sender.settle(self._stop.is_set)
        if confirmed and ended and self._answers:
            self._track.check()
            give(self._answers, self._sender)
            confirmed = self._sender.settle(self._stop.is_set)
        self._report.unconfirmed = not confirmed
        if confirmed:
            if ended:
                self._report.answers = write(self._terms.answers, self._answers)
            self._track.write(self._position, self._report.sent, finished=ended)
        return confirmed and ended
