"""The life of one embedded service: locked folder, remembered port, guarded process, readiness."""

from __future__ import annotations

import abc
import os
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import ServiceUnavailable, StartError
from deploy.local.guarded import Guarded, last_lines
from deploy.local.guardian import Charge
from deploy.local.locking import take_lock
from deploy.local.ports import choose_port, is_free

READY_SECONDS = 90.0
POLL_SECONDS = 0.05
# A guardian whose parent was killed still needs its grace time to end the former process of this folder.
FORMER_PROCESS_SECONDS = 40.0
PORT_ATTEMPTS = 3


class LocalService(abc.ABC):
    """A service on a free loopback port with its data in one folder; stop and start keep both."""

    name: str
    install: str

    def __init__(self, folder: Path, announce: Callable[[str], None], on_start: Callable[[], None]) -> None:
        """`folder` is made when missing; `on_start` is called whenever a new process runs."""
        self.folder = folder.absolute()
        self.announce = announce
        self._on_start = on_start
        self._guarded: Guarded | None = None
        self._port: int | None = None
        self._started = 0.0

    @property
    def pid(self) -> int:
        """The process id of the service itself (not of its guardian). Raises RuntimeError when it is not started."""
        if self._guarded is None:
            raise RuntimeError(f"{self.name} is not started")
        return self._guarded.pid

    @property
    def port(self) -> int:
        """The loopback port, the same after stop or kill and start. Raises RuntimeError before the first start."""
        if self._port is None:
            raise RuntimeError(f"{self.name} was not started yet")
        return self._port

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._guarded is not None and self._guarded.exit_code() is None

    def start(self) -> None:
        """Start and wait until it answers. Raises ServiceUnavailable."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start without waiting for the answer; does nothing while it runs. Raises ServiceUnavailable."""
        if self.alive:
            return
        lock = self._lock_folder()
        try:
            self._started = time.monotonic()
            self.announce(f"{self.name} {self.version()} starting")
            self._port = choose_port(self.folder / "port")
            self._guarded = Guarded(self.prepare(lock), self.environment())
        except (OSError, StartError) as error:
            raise ServiceUnavailable(self.name, f"{error}.", self.install) from error
        finally:
            os.close(lock)
        self._on_start()

    def wait_ready(self) -> None:
        """Wait until it answers. Raises ServiceUnavailable, with what the log says, when it does not."""
        for _ in range(PORT_ATTEMPTS):
            if self._answers_in_time():
                seconds = time.monotonic() - self._started
                self.announce(f"{self.name} ready on 127.0.0.1:{self.port} after {seconds:.1f} s")
                return
            if self.alive or all(is_free(port) for port in self.ports()):
                break
            self.announce(f"{self.name}: another program took the port meanwhile, trying another one")
            self.launch()
        wrong = f"{'it did not answer in time' if self.alive else 'it ended while starting'}: {last_lines(self.log)}."
        self.stop()
        raise ServiceUnavailable(self.name, wrong, self.install)

    def let_go(self) -> None:
        """Ask the process to end without waiting for it."""
        if self._guarded is not None:
            self._guarded.let_go()

    def stop(self) -> None:
        """Stop cleanly, after a bounded time by force; return when it is gone."""
        if self._guarded is not None:
            self._guarded.end()
            self._guarded = None

    def kill(self) -> None:
        """End the process as a crash would (SIGKILL); `start()` brings it back on its port with its data."""
        if self._guarded is not None:
            self._guarded.kill()
            self._guarded = None

    def _lock_folder(self) -> int:
        path = self.folder / "process.lock"
        lock = take_lock(path)
        if lock is None:
            self.announce(f"{self.name}: waiting for the former process to end")
            lock = take_lock(path, FORMER_PROCESS_SECONDS)
        if lock is None:
            wrong = f"another process still uses {self.folder}; end it (`fuser {path}` names it) and try again."
            raise ServiceUnavailable(self.name, wrong, self.install)
        return lock

    def _answers_in_time(self) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.alive:
            if self.answers():
                return True
            time.sleep(POLL_SECONDS)
        return False

    @property
    @abc.abstractmethod
    def log(self) -> Path:
        """The log file whose end is shown when the start fails."""

    @abc.abstractmethod
    def version(self) -> str:
        """The version that runs, for the progress line."""

    @abc.abstractmethod
    def prepare(self, lock: int) -> Charge:
        """Make data and configuration ready; what to run. The process inherits the descriptor `lock`."""

    @abc.abstractmethod
    def environment(self) -> dict[str, str]:
        """The variables the process sees."""

    @abc.abstractmethod
    def ports(self) -> list[int]:
        """Every port the process binds."""

    @abc.abstractmethod
    def answers(self) -> bool:
        """Whether the process, and no other on its port, serves requests."""
