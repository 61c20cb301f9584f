"""Starting the engine where something is in the way: what is said, and what is left behind."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.errors import UserError
from cli.stack import Shape, Stack
from config.settings import ApiSettings, DatabaseSettings, KafkaSettings, Settings
from deploy.local.errors import StateFolderInUse
from deploy.local.locking import take_lock


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def stack(folder: Path, port: int) -> Stack:
    """As of a second `claims up`, which finds the services of the first: it starts none itself."""
    found = Settings(
        state_dir=folder,
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"),
        database=DatabaseSettings.model_validate({"url": "postgresql://claims@127.0.0.1:1/claims"}),
        api=ApiSettings(port=port),
    )
    return Stack(found, Shape(), announce=lambda line: None)


def test_a_folder_in_use_is_told_before_its_port(tmp_path: Path, taken_port: int) -> None:
    lock = take_lock(tmp_path / "owner.lock")
    assert lock is not None
    try:
        with pytest.raises(StateFolderInUse, match=r"already served by .*\n.*CLAIMS_STATE_DIR"):
            stack(tmp_path, taken_port).__enter__()
    finally:
        os.close(lock)


def test_a_port_in_use_leaves_the_folder_to_the_next(tmp_path: Path, taken_port: int) -> None:
    with pytest.raises(UserError, match=f"cannot listen on 127.0.0.1:{taken_port} .*CLAIMS_API__PORT=8081"):
        stack(tmp_path, taken_port).__enter__()
    lock = take_lock(tmp_path / "owner.lock")
    assert lock is not None
    os.close(lock)
