"""Child processes of `claims up`: under a guardian, so none outlives this process; started again when they end."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.guarded import Guarded, last_lines
from deploy.local.guardian import Charge

# A child that says "you must do something" is not started again: the person reads why.
EXIT_USER_ERROR = 2
RESTART_SECONDS_FIRST = 0.5
RESTART_SECONDS_MAX = 15.0
STEADY_SECONDS = 30.0


class ChildFailedError(RuntimeError):
    """A child ended and starting it again would not help; the text holds what it said."""


@dataclass
class Child:
    """One process of the engine."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    guarded: Guarded | None = None
    started_at: float = 0.0
    restarts: int = 0
    start_again_at: float = 0.0

    def start(self) -> None:
        """Start it; its output goes to its log file."""
        charge = Charge(
            command=[sys.executable, "-m", "cli", *self.arguments],
            folder=str(Path.cwd()),
            log=str(self.log),
            parent=os.getpid(),
            grace_seconds=15.0,
        )
        self.guarded = Guarded(charge, {**os.environ, **self.environment})
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int:
        """Pid of the running process."""
        assert self.guarded is not None
        return self.guarded.pid


@dataclass
class Children:
    """All children, in the order in which they start; they stop the other way round."""

    announce: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> Child:
        """Start a child and watch it from now on."""
        child.log.parent.mkdir(parents=True, exist_ok=True)
        child.start()
        self.children.append(child)
        return child

    def tend(self) -> None:
        """Start again what has ended. Raises ChildFailedError for one that wants a person."""
        for child in self.children:
            code = child.guarded.exit_code() if child.guarded is not None else None
            if code is None:
                if child.guarded is None and time.monotonic() >= child.start_again_at:
                    child.start()
                continue
            if code == EXIT_USER_ERROR:
                raise ChildFailedError(f"{child.name} cannot run: {last_lines(child.log)}")
            self._schedule(child, code)

    def _schedule(self, child: Child, code: int) -> None:
        steady = time.monotonic() - child.started_at > STEADY_SECONDS
        child.restarts = 1 if steady else child.restarts + 1
        wait = min(RESTART_SECONDS_MAX, RESTART_SECONDS_FIRST * 2 ** (child.restarts - 1))
        child.start_again_at = time.monotonic() + wait
        assert child.guarded is not None
        child.guarded.end()
        child.guarded = None
        self.announce(f"{child.name} ended with {code}; starting it again in {wait:.1f} s: {last_lines(child.log, 1)}")

    def stop(self) -> None:
        """End all, the last started first, each politely."""
        for child in reversed(self.children):
            if child.guarded is not None:
                child.guarded.end()
                child.guarded = None
        self.children.clear()
