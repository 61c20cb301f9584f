"""Ports are remembered while they are free."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from deploy.local.ports import FIRST_PORT, LAST_PORT, LOOPBACK, choose_port, is_free


def test_a_port_is_remembered_and_replaced_when_taken(tmp_path: Path) -> None:
    memory = tmp_path / "port"
    port = choose_port(memory)
    assert FIRST_PORT <= port <= LAST_PORT
    assert choose_port(memory) == port
    with socket.create_server((LOOPBACK, port)):
        assert not is_free(port)
        other = choose_port(memory)
    assert other != port
    assert choose_port(memory) == other


@pytest.mark.parametrize("content", ["", "no port", "80", "70000"])
def test_a_damaged_memory_is_replaced(tmp_path: Path, content: str) -> None:
    memory = tmp_path / "port"
    memory.write_text(content)
    choose_port(memory)
    assert FIRST_PORT <= int(memory.read_text()) <= LAST_PORT
