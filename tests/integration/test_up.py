"""`claims up` as a person uses it: a claim in and out, stop, start again, and endings that leave nothing."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest
from confluent_kafka import Consumer, TopicPartition

from cli.stack import free_port
from config.settings import Settings
from schemas.topics import CLAIMS_SUBMITTED
from streams.app import group_of
from streams.topology import STAGES

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
GROUP = group_of(Settings(_env_file=None), STAGES)
PATIENCE_SECONDS = 120.0
CLAIM = {
    "memberId": "",
    "providerId": "",
    "claimNumber": "UP-1",
    "serviceDate": "2026-03-02",
    "claimType": "professional",
    "currency": "USD",
    "items": [{"serviceCode": "99213", "diagnosisCode": "J06.9", "quantity": 1, "chargedAmount": 150.00}],
}


class Up:
    """A running `claims up`."""

    started: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._log = folder / "up.log"
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL")},
            "CLAIMS_STATE_DIR": str(folder / "state"),
            "CLAIMS_API__PORT": str(port),
        }
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "up", "--sample"], env=self.environment, stdout=log, stderr=log
            )
        self.started.append(self.process)

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def claims(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)

    def call(self, path: str, token: str = "", body: object = None) -> tuple[int, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, None

    def lag(self) -> int:
        """Claims that the stages have not read, by the offsets that their group stored."""
        address = re.search(r"Kafka    (\S+)", self.said())
        assert address is not None
        consumer = Consumer({"bootstrap.servers": address[1], "group.id": GROUP})
        try:
            places = [TopicPartition(CLAIMS_SUBMITTED, partition) for partition in range(4)]
            ends = {place.partition: consumer.get_watermark_offsets(place)[1] for place in places}
            return sum(ends[one.partition] - max(one.offset, 0) for one in consumer.committed(places))
        finally:
            consumer.close()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)


def wait_for(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := what()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.3)
    return found


def sample_claim(number: int = 1) -> dict[str, Any]:
    """A claim of a member and a provider of the dollar payer that the sample data ship; another day for each number."""
    from cli.reference import sample_folder
    from schemas.dates import parse_day
    from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS
    from sources.reference.folder import read_folder

    records = read_folder(sample_folder()).records
    members: Any = records[REFERENCE_MEMBERS].values()
    providers: Any = records[REFERENCE_PROVIDERS].values()
    day = parse_day(str(CLAIM["serviceDate"]))
    member = next(
        m
        for m in members
        for c in m.coverages
        if c.plan_id == "ACME-PPO" and c.effective_from <= day and (c.effective_to is None or day <= c.effective_to)
    )
    provider = next(p for p in providers if p.kind == "physician" and any(i.system == "npi" for i in p.identifiers))
    served = {"claimNumber": f"UP-{number}", "serviceDate": f"2026-03-{number + 1:02}"}
    return {**CLAIM, **served, "memberId": member.member_id, "providerId": provider.provider_id}


def descendants(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    # While their parent lives: a guardian that is killed first leaves the process that it guards behind.
    for child in [child for started in Up.started if started.poll() is None for child in descendants(started)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    for started in Up.started:
        started.kill()
        started.wait()
    Up.started.clear()
    for process in psutil.process_iter(["cmdline"]):
        if str(tmp_path) in " ".join(process.info["cmdline"] or ()):
            process.kill()


def test_one_command_and_again_from_its_data(folder: Path) -> None:
    port = free_port()
    up = Up(folder, port)
    wait_for(lambda: up.call("/health/ready")[0] == 200)
    token = up.claims("token", "--sub", "up", "--role", "admin").stdout.strip()
    assert up.call("/api/v1/claims/UP-1", "not.a.token")[0] == 401
    status, created = up.call("/api/v1/claims", token, sample_claim())
    assert (status, created["status"]) == (201, "submitted")
    claim = f"/api/v1/claims/{created['id']}"
    decided = wait_for(lambda: (found := up.call(claim, token)[1])["status"] in ("approved", "rejected") and found)
    assert decided["status"] == "approved", decided
    wait_for(lambda: up.lag() == 0)
    verified = up.claims("verify", "--wait", "30", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert up.stop() == 0
    again = Up(folder, port)
    wait_for(lambda: again.call("/health/ready")[0] == 200)
    assert again.call(claim, token)[1]["adjudication"] == decided["adjudication"]
    children = descendants(again.process)
    again.process.kill()
    again.process.wait()
    _, alive = psutil.wait_procs(children, timeout=40)
    assert alive == [], "kill -9 of the parent leaves an orphan"


def kill_the_broker(up: Up, number: int) -> None:
    """Kill it for the `number`th time, and wait until it is back."""
    broker = next(p for p in descendants(up.process) if "kafka.Kafka" in p.cmdline() and "java" in p.name())
    broker.kill()
    wait_for(lambda: up.said().count("Kafka has ended; starting it again") == number)
    wait_for(lambda: up.call("/health/ready")[0] == 200)


def decided(up: Up, token: str, number: int) -> str:
    """Send a claim, and wait for what comes of it."""
    given = sample_claim(number)
    created = wait_for(lambda: (answer := up.call("/api/v1/claims", token, given))[0] == 201 and answer[1])
    claim = f"/api/v1/claims/{created['id']}"
    return str(wait_for(lambda: (status := up.call(claim, token)[1]["status"]) != "submitted" and status))


def test_a_killed_broker_comes_back_and_the_engine_with_it(folder: Path) -> None:
    up = Up(folder, free_port())
    wait_for(lambda: up.call("/health/ready")[0] == 200)
    token = up.claims("token", "--sub", "up", "--role", "admin").stdout.strip()
    wait_for(lambda: "reference release 1" in up.said())
    # The first kill meets the engine while it starts, the second one at work.
    for number in (1, 2):
        kill_the_broker(up, number)
        assert decided(up, token, number) == "approved"
    assert up.stop() == 0


def test_a_port_in_use_is_told_in_one_message(folder: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        up = Up(folder, taken.getsockname()[1])
        assert up.process.wait(timeout=PATIENCE_SECONDS) == 2
    assert "CLAIMS_API__PORT" in up.said() or "--port" in up.said()
    assert "Traceback" not in up.said()
