"""What a file of X12 is answered: what was received onto its topic while it is sent, TA1 and 999 when it is at its end.

A file that was not read to its end is not answered, neither on the topic nor aside: its answers would be told again,
and otherwise, when it is gone on with.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from schemas.edi import EdiReceived
from sources.answers.answer import Answer
from sources.answers.collector import Collector
from sources.answers.collector import Item as Read
from sources.answers.folder import write_answers
from sources.replay.items import Item
from sources.submitter import Submitter


class Answering:
    """Answers to one document; one in a format that has none is listened to in silence, and so is a dry run.

    `answers` are complete after `end`, and nothing of a transaction that was begun is told without it.
    """

    def __init__(self, collector: Collector | None, sender: Submitter | None) -> None:
        self._collector = collector if sender is not None else None
        self._sender = sender
        self.answers: list[Answer] = []

    def see(self, item: Item) -> None:
        """Take what the reader handed out; call before its claim is sent."""
        if self._collector is not None:
            self._take(self._collector.see(cast(Read, item.found)))

    def unsent(self, code: str) -> None:
        """The claim seen last could not be sent."""
        if self._collector is not None:
            self._collector.unsent(code)

    def end(self) -> None:
        """The document ends here, or cannot be read on."""
        if self._collector is not None:
            self._take(self._collector.end())
            self._collector = None

    def _take(self, made: Iterable[EdiReceived | Answer]) -> None:
        assert self._sender is not None
        for ready in made:
            if isinstance(ready, EdiReceived):
                self._sender.send_edi(ready)
                continue
            self.answers.append(ready)


def give(answers: Iterable[Answer], sender: Submitter) -> None:
    """Queue answers for their topic; only when the broker has everything that they are about."""
    for answer in answers:
        for record in answer.records():
            sender.send_edi(record)


def write(folder: Path | None, answers: Iterable[Answer]) -> list[str]:
    """Write answers that the broker has; returns the names of their files. Raises OSError."""
    return [] if folder is None else [path.name for path in write_answers(folder, answers)]
