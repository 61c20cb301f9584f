"""One file after another through its reader onto the topic; what is wrong with a file stands in its report."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sources.replay.checkpoint import Marks
from sources.replay.documents import opened, shown_name
from sources.replay.packed import PackedError
from sources.replay.passage import Passage, StoppedError, Terms
from sources.replay.rejects import Rejects
from sources.replay.report import FileReport
from sources.replay.track import FileChangedError
from sources.submitter import Submitter

# Called with the number of bytes that were read of the file.
Announce = Callable[[int], None]
# Sleeping for less is not worth it, and a pause of the machine shorter than that is made up for.
_TICK_SECONDS = 0.005
_CAUGHT_UP_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Options:
    """How to replay. `currency` is that of X12 amounts, which name none; `rate` is claims a second at most.

    `from_start` sends what an interrupted run had sent once more; `answers` is the folder of TA1 and 999;
    `strict_seconds` is how long the strict check of a
    transaction may take, None for none.
    """

    dry_run: bool = False
    rate: float | None = None
    rejects: Path | None = None
    currency: str = "USD"
    submitter_id: str | None = None
    from_start: bool = False
    answers: Path | None = None
    strict_seconds: float | None = None


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
        self._due = time.perf_counter()
        self._finished: list[str] = []

    def file(
        self,
        path: Path,
        rejects: Rejects,
        announce: Announce = lambda done: None,
        report: FileReport | None = None,
    ) -> FileReport:
        """Send a file from where an interrupted run stopped. Raises KeyboardInterrupt, after what was sent is marked.

        Everything that is wrong with the file stands in the report; `stopped` when the event said so. Raises OSError
        where a mark, an answer or a reject cannot be written. Who gives the report has it even then.
        """
        report = report or FileReport(shown_name(path))
        options = self._options
        terms = Terms(
            options.currency, options.submitter_id, options.from_start, options.answers, options.strict_seconds
        )
        try:
            with opened(path) as file:
                passage = Passage(terms, report, rejects, self._sender, self._stop, self._pace)
                if passage.all(file, self._marks, announce):
                    self._finished.append(passage.name)
        except StoppedError:
            report.stopped = True
        except FileChangedError:
            text = "the file was written to while it was read; send it again when it is complete"
            report.unread(report.name, "FILE_CHANGED", text)
        except PackedError as error:
            report.unread(report.name, error.code, str(error))
        return report

    def forget(self) -> None:
        """Take away the marks of files that came to their ends: the next run sends them anew."""
        for name in self._finished:
            if self._marks is not None:
                self._marks.forget(name)
        self._finished.clear()

    def _pace(self, sender: Submitter) -> None:
        """Not faster than the rate; what was slower is not caught up with, but for a moment."""
        if self._options.rate is None:
            return
        now = time.perf_counter()
        if self._due - now > _TICK_SECONDS:
            sender.serve()
            self._stop.wait(self._due - now)
        self._due = max(self._due, now - _CAUGHT_UP_SECONDS) + 1 / self._options.rate
