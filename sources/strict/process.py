"""The process of the strict check: started once, ended when it takes too long, started again when it is gone."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from sources.strict.worker import Error, Unjudged, serve

_START_SECONDS = 60.0
_END_SECONDS = 5.0
Target = Callable[[Connection], None]


class Judge:
    """Judges transactions, each within `timeout_seconds`; a context manager, at whose end the process ends."""

    def __init__(self, timeout_seconds: float, target: Target = serve) -> None:
        self._timeout_seconds = timeout_seconds
        self._target = target
        self._process: Any = None
        self._connection: Any = None
        self.started = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def judge(self, text: str) -> list[Error] | Unjudged:
        """What is wrong with a transaction; Unjudged `timeout` or `crash` where the process did not come back."""
        try:
            if self._process is None:
                self._start()
            self._connection.send(text)
            if not self._connection.poll(self._timeout_seconds):
                self._end()
                return Unjudged("timeout")
            found: list[Error] | Unjudged = self._connection.recv()
        except (EOFError, OSError):
            self._end()
            return Unjudged("crash")
        return found

    def _start(self) -> None:
        # A fresh interpreter: a fork would inherit the threads and connections of the feed.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=self._target, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.started += 1
        if not self._connection.poll(_START_SECONDS):
            raise EOFError
        self._connection.recv()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        self._connection.close()
        process.kill()
        process.join(_END_SECONDS)
        process.close()
