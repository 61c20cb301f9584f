"""Runs one command and ends it when the process that asked for it is gone, however that one ended.

The asking process (the parent) holds the writing end of the guardian's standard input. When the parent ends, be it by
kill -9, the kernel closes the pipe and the guardian stops the command: politely first, with SIGKILL after a bounded
time. It lives in a session of its own, so Ctrl-C in the parent's terminal does not reach it or the command. Should
the guardian itself be killed, the kernel signals the command (Linux).

Started by path with `python -I -S`, so it imports nothing but the standard library. Its standard output carries one
line, the pid of the command; its exit code is that of the command, which inherits its environment.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the guardian runs, and how it ends it. Travels as JSON on the command line: plain values, no secrets."""

    command: list[str]
    folder: str
    log: str
    parent: int
    stop_signal: int = signal.SIGTERM
    grace_seconds: float = 20.0
    user: int | None = None
    stdin: str = os.devnull
    held_descriptors: list[int] = dataclasses.field(default_factory=list)

    def to_json(self) -> str:
        """The charge as one argument for the guardian's command line."""
        return json.dumps(dataclasses.asdict(self))


def run(charge: Charge) -> int:
    """Run the command until it ends or the parent is gone; the exit code in a shell's manner (128 + signal)."""
    wake = _wake_on_signals()
    with open(charge.stdin, "rb") as stdin, open(charge.log, "ab") as log:
        child = subprocess.Popen(
            charge.command,
            cwd=charge.folder,
            stdin=stdin,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=charge.held_descriptors,
            user=charge.user,
            group=charge.user,
            extra_groups=None if charge.user is None else [],
            # The guardian has one thread, which lives as long as the guardian: the two reasons against both calls.
            preexec_fn=_death_signal(charge.stop_signal),
        )
    os.write(sys.stdout.fileno(), f"{child.pid}\n".encode())
    os.close(sys.stdout.fileno())
    _wait(child, charge.parent, wake)
    _end(child, charge)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _wake_on_signals() -> int:
    """Turn signals into bytes on a pipe. Handlers, not SIG_IGN: the command would inherit an ignored signal."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda _number, _frame: None)
    signal.set_wakeup_fd(writer)
    return reader


def _death_signal(stop_signal: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    guardian = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != guardian:
            os._exit(1)

    return ask_kernel


def _wait(child: subprocess.Popen[bytes], parent: int, wake: int) -> None:
    """Until the command has ended, the pipe from the parent is closed, the parent is dead or SIGTERM has come."""
    lifeline = sys.stdin.fileno()
    watched = [lifeline, wake]
    # A process forked from the parent may keep the pipe open after the parent's end; the pid tells in any case.
    with contextlib.suppress(AttributeError, OSError):
        watched.append(os.pidfd_open(parent))
    while os.getppid() == parent:
        ready, _, _ = select.select(watched, [], [])
        if child.poll() is not None or any(descriptor != wake for descriptor in ready):
            return
        if signal.SIGTERM in os.read(wake, 64):
            return


def _end(child: subprocess.Popen[bytes], charge: Charge) -> None:
    if child.poll() is None:
        child.send_signal(charge.stop_signal)
        try:
            child.wait(charge.grace_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    # What the command started in its session and left behind.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(run(Charge(**json.loads(sys.argv[1]))))
