"""Watching processes end."""

from __future__ import annotations

import time

import psutil


def is_gone(pid: int) -> bool:
    """Ended; a zombie counts, as its parent is what has not collected it."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pids: list[int], seconds: float) -> None:
    """Fail when one of them still runs after `seconds`."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if not is_gone(pid)]:
        assert time.monotonic() < deadline, f"still running after {seconds} s: {left}"
        time.sleep(0.05)
