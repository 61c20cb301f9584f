"""Real Kafka and Postgres: they keep their data, and nothing of them outlives its parent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from deploy.local import postgres, unprivileged
from deploy.local.discovery import Endpoints, running
from deploy.local.errors import StateFolderInUse
from deploy.local.services import Services
from tests.deploy.processes import wait_until_gone

pytestmark = pytest.mark.integration

OWNER = """
    import signal, sys
    from pathlib import Path
    from deploy.local.services import Services
    postgres_only = "postgres-only" in sys.argv
    with Services(Path(sys.argv[1]), kafka=not postgres_only, announce=lambda line: None) as services:
        wanted = [services.postgres] if postgres_only else [services.kafka, services.postgres]
        print(*[service.pid for service in wanted], flush=True)
        signal.pause()
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A state folder that everybody may enter (pytest's own are for their user only)."""
    path = Path(tempfile.mkdtemp(prefix="claims-state-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def start_owner(folder: Path, *options: str) -> subprocess.Popen[str]:
    script = [sys.executable, "-c", textwrap.dedent(OWNER), str(folder), *options]
    return subprocess.Popen(script, stdout=subprocess.PIPE, text=True, start_new_session=True)


def with_descendants(pids: list[int]) -> list[int]:
    """The services, their guardians and every process below them."""
    processes = [psutil.Process(pid) for pid in pids]
    below = [child for process in processes for child in process.children(recursive=True)]
    return [p.pid for p in processes + below] + [process.ppid() for process in processes]


def produce(bootstrap: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "message.timeout.ms": 20_000})
    producer.produce("kept", value)
    assert producer.flush(20) == 0


def consume(bootstrap: str) -> list[bytes]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "test", "session.timeout.ms": 6_000})
    try:
        partition = TopicPartition("kept", 0, 0)
        _, end = consumer.get_watermark_offsets(partition, timeout=20)
        consumer.assign([partition])
        return [message.value() or b"" for message in consumer.consume(end, timeout=20)]
    finally:
        consumer.close()


def query(url: str, *statements: str) -> list[str]:
    async def ask() -> list[str]:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return [row[0] for row in await connection.fetch(statements[-1])]
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_stop_and_start_keep_data_and_ports(folder: Path) -> None:
    lines: list[str] = []
    with Services(folder, announce=lines.append) as services:
        first = Endpoints(services.kafka_bootstrap, services.database_url)
        assert running(folder) == first
        assert (folder / "services.json").stat().st_mode & 0o777 == 0o600
        admin = AdminClient({"bootstrap.servers": services.kafka_bootstrap})
        admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(20)
        produce(services.kafka_bootstrap, b"before the stop")
        query(services.database_url, "create table kept (word text)", "insert into kept values ('row')", "select 'ok'")
        pids = with_descendants([services.kafka.pid, services.postgres.pid])
        with pytest.raises(StateFolderInUse, match=f"process {os.getpid()}"):
            Services(folder).start()
    wait_until_gone(pids, 1)
    assert running(folder) is None
    assert [line.split(" ")[0] for line in lines] == ["Kafka", "Postgres", "Postgres", "Kafka"]
    with Services(folder, announce=lines.append) as again:
        assert Endpoints(again.kafka_bootstrap, again.database_url) == first
        assert consume(again.kafka_bootstrap) == [b"before the stop"]
        assert query(again.database_url, "select word from kept") == ["row"]


def test_nothing_outlives_a_killed_parent_and_the_data_do(folder: Path) -> None:
    with start_owner(folder) as owner:
        assert owner.stdout is not None
        pids = [int(word) for word in owner.stdout.readline().split()]
        found = running(folder)
        assert found is not None
        assert found.kafka_bootstrap
        produce(found.kafka_bootstrap, b"before the kill")
        everything = with_descendants(pids)
        owner.kill()
        wait_until_gone(everything, 10)
    assert running(folder) is None

    # Everything at once: no guardian is left to end anything in order.
    with start_owner(folder) as owner:
        assert owner.stdout is not None
        pids = [int(word) for word in owner.stdout.readline().split()]
        everything = with_descendants(pids)
        for pid in [owner.pid, *everything]:
            # One that lost its parent a moment ago may have ended by itself.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until_gone(everything, 10)

    with Services(folder) as services:
        assert consume(services.kafka_bootstrap) == [b"before the stop", b"before the kill"]
        port, pid = services.kafka.port, services.kafka.pid
        services.kafka.kill()
        assert not psutil.pid_exists(pid)
        services.kafka.start()
        assert services.kafka.port == port
        assert json.loads((folder / "services.json").read_text())["services"]["kafka"]["pid"] == services.kafka.pid
        assert len(consume(services.kafka_bootstrap)) == 2


def test_ctrl_c_stops_cleanly(folder: Path) -> None:
    with start_owner(folder, "postgres-only") as owner:
        assert owner.stdout is not None
        everything = with_descendants([int(owner.stdout.readline())])
        os.killpg(owner.pid, signal.SIGINT)
        assert owner.wait(20) != 0
        wait_until_gone(everything, 1)
    assert "database system is shut down" in (folder / "postgres" / "postgres.log").read_text().splitlines()[-1]


def test_a_port_in_use_is_replaced(folder: Path) -> None:
    taken = int((folder / "postgres" / "port").read_text())
    with socket.create_server(("127.0.0.1", taken)), Services(folder, kafka=False) as services:
        assert services.postgres.port != taken
        assert query(services.database_url, "select word from kept") == ["row"]
        assert running(folder) == Endpoints(None, services.database_url)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another user")
def test_a_checkout_below_a_folder_only_root_may_enter(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the state folder nor the wheel can be reached by the user Postgres runs as."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = postgres.installed_package()
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if part.exists():
            shutil.copytree(part, closed / part.name)
    shelter = folder / "shelter"
    monkeypatch.setattr(postgres, "installed_package", lambda: closed / wheel.name)
    monkeypatch.setattr(unprivileged, "SHELTER", shelter)
    state = closed / "state, of a person"
    for _ in range(2):
        with Services(state, kafka=False) as services:
            assert query(services.database_url, "select 'answer'") == ["answer"]
            server = psutil.Process(services.postgres.pid)
            assert server.uids().real == unprivileged.NOBODY
            assert Path(server.exe()).is_relative_to(shelter)
    (owner_file,) = shelter.glob("postgres/*/state-folder")
    assert owner_file.read_text().strip() == f"{state}/postgres"
    assert oct((owner_file.parent / "data").stat().st_mode)[-3:] == "700"
    assert oct((state / "postgres" / "password").stat().st_mode)[-3:] == "600"
    assert oct(closed.stat().st_mode)[-3:] == "700"
