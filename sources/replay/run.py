"""`replay`: files through their readers onto the topic, one claim in memory at a time."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

from config.settings import Settings
from sources.replay.formats import WORDS, UnknownFormatError, format_of, items_of, peek
from sources.replay.items import Item, Source
from sources.replay.rejects import Rejects
from sources.replay.summary import Summary
from sources.submitter import ClaimTooLargeError, Submitter

# Called with the number of bytes read so far and of all files.
Progress = Callable[[int, int], None]
_PROGRESS_EVERY = 64


@dataclass(frozen=True, slots=True)
class Options:
    """How to replay. `currency` is that of X12 amounts, which name none; `rate` is claims a second at most."""

    dry_run: bool = False
    rate: float | None = None
    rejects: Path | None = None
    currency: str = "USD"
    submitter_id: str | None = None


def replay(
    paths: Sequence[Path],
    settings: Settings,
    options: Options = Options(),
    announce: Progress = lambda done, whole: None,
    submitter: Submitter | None = None,
) -> Summary:
    """Read the files and send their claims; a dry run only reads. Raises BrokerAwayError before anything is sent."""
    summary = Summary()
    started = time.perf_counter()
    sender = None if options.dry_run else submitter or Submitter(settings.kafka)
    if sender is not None:
        sender.check()
    run = _Run(options, summary, sender, announce, sum(path.stat().st_size for path in paths))
    try:
        with Rejects(options.rejects) as rejects:
            for path in paths:
                run.file(path, rejects)
    finally:
        if sender is not None:
            sender.close()
            summary.sent, summary.failed, summary.failures = sender.sent, sender.failed, sender.failures
        summary.seconds = round(time.perf_counter() - started, 3)
    return summary


class _Run:
    def __init__(
        self,
        options: Options,
        summary: Summary,
        sender: Submitter | None,
        announce: Progress,
        whole: int,
    ) -> None:
        self._options = options
        self._summary = summary
        self._sender = sender
        self._announce = announce
        self._whole = whole
        self._before = 0
        self._origin = time.perf_counter()
        self._numbers = count(1)
        started_at = _now()
        self._source = Source(
            options.currency, options.submitter_id, _now, lambda: f"replay-{started_at}-{next(self._numbers)}"
        )

    def file(self, path: Path, rejects: Rejects) -> None:
        self._summary.files += 1
        with path.open("rb") as file:
            try:
                form = format_of(peek(cast(BinaryIO, file)))
            except UnknownFormatError as error:
                self._summary.unread(path.name, "UNKNOWN_FORMAT", str(error))
                return
            for number, item in enumerate(items_of(cast(BinaryIO, file), form, self._source)):
                self._item(path.name, WORDS[form], item, rejects)
                if number % _PROGRESS_EVERY == 0:
                    self._announce(self._before + file.tell(), self._whole)
            self._before += file.tell()
        self._announce(self._before, self._whole)

    def _item(self, name: str, word: str, item: Item, rejects: Rejects) -> None:
        self._summary.note(name, word, item)
        if item.claim is None:
            if item.is_claim:
                rejects.add(name, item)
            return
        if self._sender is None:
            return
        self._pace()
        try:
            self._sender.send(item.claim)
        except ClaimTooLargeError as error:
            self._summary.unsent += 1
            self._summary.show(name, f"{word} {item.place}", "CLAIM_TOO_LARGE", str(error))
            rejects.add(name, item)

    def _pace(self) -> None:
        """Not faster than the rate."""
        if self._options.rate is None or self._sender is None:
            return
        ahead = self._sender.sent / self._options.rate - (time.perf_counter() - self._origin)
        if ahead > 0:
            self._sender.serve()
            time.sleep(ahead)


def _now() -> int:
    return time.time_ns() // 1_000_000
