"""`claims demo` and `claims bench`, small: the commands of the README end with 0 and say what they should."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def claims(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL")}
    environment["CLAIMS_STATE_DIR"] = str(folder / "state")
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=280)


def test_the_demo_ends_with_equal_tables(tmp_path: Path) -> None:
    done = claims(tmp_path, "demo", "--count", "400", "--rate", "200")
    assert done.returncode == 0, done.stdout + done.stderr
    for wanted in ("approved", "denied", "pended", "A denial and its reason", "Postgres equals the topics"):
        assert wanted in done.stdout
    for wanted in ("an authorization arrives", "a person approves it", "voided", "appealed, and the appeal succeeds"):
        assert wanted in done.stdout
    assert "no such claim" not in done.stdout
    assert "was voided; without it" in done.stdout, "claims impact"
    assert "Traceback" not in done.stderr


def test_the_bench_prints_its_figures(tmp_path: Path) -> None:
    arguments = ("--rate", "200", "--seconds", "3", "--members", "500", "--json")
    done = claims(tmp_path, "bench", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["claims"] == 600
    assert set(figures["latency_seconds"]) == {"p50", "p95", "p99", "max"}
    assert {"worker-1", "sink-1", "kafka", "postgres"} <= figures["cpu_ms_per_claim"].keys()
    assert figures["claims_per_second"] > 0


def test_the_bench_of_the_api_prints_its_figures(tmp_path: Path) -> None:
    load = ("--submits", "20", "--lookups", "20", "--chain", "20", "--seconds", "2", "--members", "500", "--json")
    done = claims(tmp_path, "bench", "api", *load)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert {kind: (calls["sent"], calls["failed"]) for kind, calls in figures["calls"].items()} == {
        "submit": (40, 0), "lookup": (40, 0),
    }  # fmt: skip
    assert figures["calls"]["submit"]["statuses"] == {"201": 40}
    assert figures["calls"]["lookup"]["statuses"] == {"200": 40}
