"""The parent's side of a guardian: start a command that cannot outlive this process, and end it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local import guardian
from deploy.local.errors import StartError
from deploy.local.guardian import Charge

# After the grace time the guardian kills, which takes no longer than the kernel needs to free the memory.
KILL_SECONDS = 10.0
LOG_LINES_SHOWN = 8
LOG_BYTES_READ = 8_192


class Guarded:
    """One command under one guardian."""

    def __init__(self, charge: Charge, environment: Mapping[str, str]) -> None:
        """Start the command. Raises StartError when it cannot even be executed."""
        self._charge = charge
        descriptor = os.open(charge.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._guardian = subprocess.Popen(
                [sys.executable, "-I", "-S", guardian.__file__, charge.to_json()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=descriptor,
                env=environment,
                start_new_session=True,
                pass_fds=charge.held_descriptors,
            )
        finally:
            os.close(descriptor)
        assert self._guardian.stdout is not None
        line = self._guardian.stdout.readline()
        self._guardian.stdout.close()
        if not line:
            self.end()
            raise StartError(f"{charge.command[0]} could not be executed: {last_lines(Path(charge.log))}")
        self.pid = int(line)

    def exit_code(self) -> int | None:
        """The command's exit code, None while it runs."""
        return self._guardian.poll()

    def let_go(self) -> None:
        """Ask for the end without waiting for it."""
        assert self._guardian.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._guardian.stdin.close()

    def end(self) -> None:
        """Stop the command politely, after its grace time by force; return when it is gone."""
        self.let_go()
        self._guardian.wait(self._charge.grace_seconds + KILL_SECONDS)

    def kill(self) -> None:
        """SIGKILL to the command, as a crash would; return when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            if self.exit_code() is None:
                os.kill(self.pid, signal.SIGKILL)
        self._guardian.wait(KILL_SECONDS)
        self.let_go()

    def wait(self, timeout_seconds: float) -> int:
        """Wait for a command that ends by itself; its exit code. It is stopped when it takes too long."""
        try:
            return self._guardian.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            return self._guardian.returncode or 1
        finally:
            self.end()


def run_guarded(charge: Charge, environment: Mapping[str, str], timeout_seconds: float) -> None:
    """Run a command to its end. Raises StartError with the last lines of its log when it fails or takes too long."""
    code = Guarded(charge, environment).wait(timeout_seconds)
    if code != 0:
        raise StartError(f"{Path(charge.command[0]).name} ended with {code}: {last_lines(Path(charge.log))}")


def last_lines(log: Path, count: int = LOG_LINES_SHOWN) -> str:
    """The end of a log file for an error message, one line."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LOG_BYTES_READ))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return f"no log at {log}"
    shown = " | ".join(line.strip() for line in lines[-count:] if line.strip())
    return f"{shown or 'it said nothing'} (log: {log})"
