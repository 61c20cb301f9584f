"""Loopback ports that are remembered, so that a service comes back where its clients look for it."""

from __future__ import annotations

import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"

# Below the range the kernel hands to outgoing connections: a client that keeps trying a port inside that range while
# the service is away can end up connected to itself, and holds the port.
FIRST_PORT = 20_000
LAST_PORT = 31_999
ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Whether a server could bind the port now. Connections of a former server that still linger do not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose_port(memory: Path) -> int:
    """The port written in `memory` when it is free, else another free one, which is written there."""
    remembered = _read(memory)
    if remembered is not None and is_free(remembered):
        return remembered
    for _ in range(ATTEMPTS):
        port = random.randint(FIRST_PORT, LAST_PORT)
        if is_free(port):
            memory.write_text(f"{port}\n")
            return port
    raise OSError(f"no free port between {FIRST_PORT} and {LAST_PORT} on {LOOPBACK} after {ATTEMPTS} attempts")


def _read(memory: Path) -> int | None:
    try:
        port = int(memory.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return port if 1024 <= port <= 65535 else None
