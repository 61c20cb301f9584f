"""A guarded command ends with its parent, politely if it listens and by force if it does not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from deploy.local.errors import StartError
from deploy.local.guarded import Guarded, run_guarded
from deploy.local.guardian import Charge
from tests.deploy.processes import wait_until_gone

POLITE = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def charge(folder: Path, code: str, grace_seconds: float = 5.0) -> Charge:
    return Charge(
        command=[sys.executable, "-I", "-S", "-c", code],
        folder=str(folder),
        log=str(folder / "log"),
        parent=os.getpid(),
        grace_seconds=grace_seconds,
    )


def test_end_stops_the_command(tmp_path: Path) -> None:
    guarded = Guarded(charge(tmp_path, POLITE), {})
    assert guarded.exit_code() is None
    guarded.end()
    assert guarded.exit_code() == 128 + signal.SIGTERM
    assert not psutil.pid_exists(guarded.pid)


def test_a_command_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    guarded = Guarded(charge(tmp_path, DEAF, grace_seconds=0.2), {})
    while "deaf" not in (tmp_path / "log").read_text():
        assert guarded.exit_code() is None
    guarded.end()
    assert guarded.exit_code() == 128 + signal.SIGKILL


def test_kill_is_a_crash(tmp_path: Path) -> None:
    guarded = Guarded(charge(tmp_path, POLITE), {})
    guarded.kill()
    assert guarded.exit_code() == 128 + signal.SIGKILL


@pytest.mark.parametrize(("code", "said"), [("raise SystemExit('no room')", "no room"), ("raise SystemExit(3)", "3")])
def test_a_failing_command_is_reported_with_its_last_lines(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(StartError, match=said):
        run_guarded(charge(tmp_path, code), {}, 10)


def test_a_command_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="ended with"):
        run_guarded(charge(tmp_path, POLITE), {}, 0.1)


def test_a_command_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    absent = Charge(command=["/absent"], folder=str(tmp_path), log=str(tmp_path / "log"), parent=os.getpid())
    with pytest.raises(StartError, match="/absent could not be executed"):
        Guarded(absent, {})


def test_the_command_sees_the_given_environment_and_no_more(tmp_path: Path) -> None:
    code = "import os; print(sorted(n for n in os.environ if n not in ('LC_CTYPE', 'PWD')))"
    run_guarded(charge(tmp_path, code), {"GIVEN": "yes"}, 10)
    assert (tmp_path / "log").read_text().strip() == "['GIVEN']"


PARENT = """
    import os, sys, time
    from pathlib import Path
    from deploy.local.guarded import Guarded
    from deploy.local.guardian import Charge
    folder = sys.argv[1]
    sleep = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]
    guarded = Guarded(Charge(command=sleep, folder=folder, log=folder + "/log", parent=os.getpid()), {})
    if "fork" in sys.argv:
        # A forked child keeps the pipe to the guardian open after the parent's end.
        child = os.fork()
        if child == 0:
            time.sleep(5)
            os._exit(0)
    print(guarded.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("manner", ["plain", "fork"])
def test_kill_9_of_the_parent_ends_the_command(tmp_path: Path, manner: str) -> None:
    script = [sys.executable, "-c", textwrap.dedent(PARENT), str(tmp_path), manner]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        guardian = psutil.Process(pid).ppid()
        parent.kill()
        wait_until_gone([pid, guardian], 4)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent death signal is Linux only")
def test_kill_9_of_the_guardian_ends_the_command(tmp_path: Path) -> None:
    guarded = Guarded(charge(tmp_path, POLITE), {})
    psutil.Process(psutil.Process(guarded.pid).ppid()).kill()
    wait_until_gone([guarded.pid], 4)
    guarded.end()
