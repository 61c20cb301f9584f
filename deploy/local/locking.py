"""Advisory file locks: the kernel frees them when the last process that holds them is gone, however it ended."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

RETRY_SECONDS = 0.05


def take_lock(path: Path, wait_seconds: float = 0.0) -> int | None:
    """Lock `path` exclusively; the open descriptor that holds the lock, or None when others kept it all the time.

    A child that inherits the descriptor holds the same lock, so it stays taken until the child is gone as well.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(RETRY_SECONDS)
        else:
            return descriptor
