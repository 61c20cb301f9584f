"""An error in the log says where it happened and of what kind it is; what it quotes of a record stays out."""

import json
import os
import pty
import subprocess
import sys

import pytest

NIK = "3273014708900001"
SET_UP = f"""
import logging, threading, structlog
from api.problems import Problem
from config import logs
logs.configure('info', 'tester')
log = structlog.get_logger('a.b')
def fails(nik={NIK!r}):
    claim = {{'nik': nik}}
    raise ValueError(f'no number: {{claim}}')
"""
WAYS = [
    pytest.param("try:\n    fails()\nexcept ValueError:\n    log.exception('failed')\n", id="logged"),
    pytest.param("try:\n    fails()\nexcept ValueError:\n    logging.exception('failed')\n", id="by a library"),
    pytest.param("fails()\n", id="it ends the process"),
    pytest.param("threading.Thread(target=fails).start()\n", id="it ends a thread"),
    pytest.param(
        "try:\n    try:\n        fails()\n    except ValueError as e:\n        raise KeyError(str(e)) from e\n"
        "except KeyError:\n    log.exception('failed')\n",
        id="with its cause",
    ),
    pytest.param(
        "try:\n    try:\n        fails()\n    except ValueError as e:\n        raise ExceptionGroup(str(e), [e])\n"
        "except ExceptionGroup:\n    log.exception('failed')\n",
        id="in a group",
    ),
]


@pytest.mark.parametrize("way", WAYS)
def test_in_a_pipe(way: str) -> None:
    done = subprocess.run([sys.executable, "-c", SET_UP + way], capture_output=True, text=True, check=False)
    assert NIK not in done.stderr
    (said,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert "in fails" in said["exception"]
    assert "ValueError: its text is left out" in said["exception"]


@pytest.mark.parametrize("way", WAYS)
def test_on_a_terminal(way: str) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.Popen([sys.executable, "-c", SET_UP + way], stderr=theirs)
    os.close(theirs)
    said = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        try:
            while more := terminal.read(4096):
                said += more
        except OSError:  # how the end of a terminal looks on Linux
            pass
    done.wait(10)
    assert NIK not in said.decode()
    assert "in fails" in said.decode()


def test_what_is_written_to_be_shown_is_shown() -> None:
    way = (
        "try:\n    raise Problem(409, 'conflict', 'Use a new claimNumber.')\nexcept Problem:\n    log.exception('x')\n"
        "try:\n    open('/nowhere/at/all')\nexcept OSError:\n    log.exception('x')\n"
    )
    done = subprocess.run([sys.executable, "-c", SET_UP + way], capture_output=True, text=True, check=True)
    first, second = [json.loads(line)["exception"] for line in done.stderr.splitlines()]
    assert "api.problems.Problem: " in first
    assert "conflict" in first or "Use a new claimNumber" in first
    assert "FileNotFoundError: [Errno 2]" in second
