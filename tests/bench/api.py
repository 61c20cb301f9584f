"""CPU of an HTTP request, by who spends it: `python -m tests.bench.api [PROFILE]`.

The service runs in this process and the callers in another, on services as the tests have them
(KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL name running ones). Latency on a busy machine says nothing; CPU of a request
does, and that of the broker and the database counts whoever else uses them. With PROFILE, a file, the service is
profiled meanwhile: `python -m pstats FILE`. The whole, with the chain at work, is `claims bench api`.
"""

import asyncio
import cProfile
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import psutil
import uvloop
from aiohttp import web

from api.app import create_app
from api.auth import mint
from api.run import PROTOCOL
from cli.http_load import request, send
from config import logs
from config.settings import ApiSettings, KafkaSettings
from streams import admin
from tests.api.fakes import claim_json
from tests.backing import backing_services
from tests.integration.api_process import own_database, settings_of

SECONDS = 4.0
RATES = {"submit": (100, 400, 1_000), "lookup": (100, 400, 1_000)}
CLAIMS = "/api/v1/claims"


def load(kind: str, count: int, ids: list[str]) -> Iterator[bytes]:
    """Requests as they go over the wire."""
    token = mint(ApiSettings(), "bench", ["admin"], datetime.now(UTC))
    name = uuid.uuid4().hex
    for number in range(count):
        if kind == "lookup":
            yield request("GET", f"{CLAIMS}/{ids[number % len(ids)]}", token)
        else:
            body = json.dumps(claim_json(claimNumber=f"{name}-{number}"))
            yield request("POST", CLAIMS, token, body.encode())


def call(kind: str, port: str, rate: str, ids: str) -> None:
    """The process of the callers: send, and say what came of it."""
    made = list(load(kind, int(float(rate) * SECONDS), json.loads(ids)))
    outcome = asyncio.run(send("127.0.0.1", int(port), iter(made), float(rate)))
    p50, p99 = (1000 * outcome.percentile(share) for share in (0.5, 0.99))
    sys.stdout.write(f"{outcome.rate:.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms, {dict(outcome.statuses)}")


def spent() -> dict[str, float]:
    """CPU seconds of this process, of the database's and of the broker's."""
    found = {"service": time.process_time(), "postgres": 0.0, "kafka": 0.0}
    for process in psutil.process_iter(["name", "cpu_times"]):
        kind = {"postgres": "postgres", "java": "kafka"}.get(process.info["name"])
        if kind is not None and process.info["cpu_times"] is not None:
            found[kind] += process.info["cpu_times"].user + process.info["cpu_times"].system
    return found


async def measure(kind: str, rate: int, port: int, ids: list[str]) -> str:
    """The figures of one load."""
    before = spent()
    caller = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.api", "call", kind, str(port), str(rate), json.dumps(ids),
        stdout=subprocess.PIPE,
    )  # fmt: skip
    said, _ = await caller.communicate()
    milliseconds = {name: (spent()[name] - before[name]) / (rate * SECONDS) * 1000 for name in before}
    cpu = ", ".join(f"{name} {value:.2f}" for name, value in milliseconds.items())
    return f"{kind:7} {said.decode()}; CPU ms a request: {cpu}\n"


async def serve(bootstrap: str, server_url: str, profile: cProfile.Profile) -> None:
    """Serve, and have every load measured."""
    async with own_database(server_url) as url:
        runner = web.AppRunner(create_app(settings_of(bootstrap, url)), **PROTOCOL)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        await measure("submit", RATES["submit"][0], port, [])
        connection = await asyncpg.connect(url)
        ids = [str(row["id"]) for row in await connection.fetch("select id from claims limit 300")]
        await connection.close()
        for kind, rates in RATES.items():
            for rate in rates:
                if len(sys.argv) > 1:
                    profile.enable()
                sys.stdout.write(await measure(kind, rate, port, ids))
                profile.disable()
        await runner.cleanup()


def main() -> None:
    """Print the figures, and write the profile where one is asked for."""
    if sys.argv[1:2] == ["call"]:
        call(*sys.argv[2:])
        return
    logs.configure("info", "bench")
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder, backing_services(Path(folder)) as services:
        admin.create(KafkaSettings(bootstrap_servers=services.kafka_bootstrap))
        uvloop.run(serve(services.kafka_bootstrap, services.database_url, profile))
    if len(sys.argv) > 1:
        profile.dump_stats(sys.argv[1])


if __name__ == "__main__":
    main()
