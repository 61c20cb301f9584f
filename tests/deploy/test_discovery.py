"""A services.json is believed only while the process that wrote it lives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.local.discovery import FILE, Endpoints, owner_of, publish, running, withdraw

ENDPOINTS = Endpoints("127.0.0.1:20001", "postgresql://claims:pw@127.0.0.1:20002/claims")


def test_published_endpoints_are_found_and_withdrawn(tmp_path: Path) -> None:
    assert running(tmp_path) is None
    publish(tmp_path, ENDPOINTS, {"kafka": os.getpid()})
    assert running(tmp_path) == ENDPOINTS
    assert oct((tmp_path / FILE).stat().st_mode)[-3:] == "600"
    assert str(os.getpid()) in owner_of(tmp_path)
    withdraw(tmp_path)
    assert running(tmp_path) is None


def recycled(written: dict[str, Any]) -> None:
    written["owner"]["created"] -= 3_600


def ended(written: dict[str, Any]) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        written["owner"] = {"pid": process.pid, "created": psutil.Process(process.pid).create_time()}


def anonymous(written: dict[str, Any]) -> None:
    del written["owner"]


@pytest.mark.parametrize("staleness", [recycled, ended, anonymous])
def test_a_file_without_its_owner_is_stale(tmp_path: Path, staleness: Any) -> None:
    publish(tmp_path, ENDPOINTS, {})
    written = json.loads((tmp_path / FILE).read_text())
    staleness(written)
    (tmp_path / FILE).write_text(json.dumps(written))
    assert running(tmp_path) is None
    assert owner_of(tmp_path) == "another process"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"owner": 7}'])
def test_a_damaged_file_is_stale(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    assert running(tmp_path) is None
