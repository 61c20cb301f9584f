"""API processes, and a database of their own, for the integration tests of the service."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from pydantic import SecretStr

from config.settings import DatabaseSettings, KafkaSettings, Settings

ROOT = Path(__file__).parents[2]


def settings_of(kafka_bootstrap: str, database_url: str) -> Settings:
    """Settings of a service on this broker and database."""
    return Settings(
        _env_file=None,
        kafka=KafkaSettings(bootstrap_servers=kafka_bootstrap),
        database=DatabaseSettings(url=SecretStr(database_url)),
    )


def named_database(server_url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


async def create_database(server_url: str, name: str) -> None:
    """An empty database."""
    connection = await asyncpg.connect(server_url)
    await connection.execute(f'create database "{name}"')
    await connection.close()


async def create_tables(database_url: str) -> None:
    """All tables, as the migrations make them."""
    connection = await asyncpg.connect(database_url)
    for path in sorted((ROOT / "sinks" / "migrations").glob("*.sql")):
        await connection.execute(path.read_text())
    await connection.close()


async def drop_database(server_url: str, name: str, tries: int = 20) -> None:
    """Drop it, whoever is connected; an autovacuum, which only a superuser may end, is waited for."""
    connection = await asyncpg.connect(server_url)
    try:
        for left in reversed(range(tries)):
            try:
                await connection.execute(f'drop database if exists "{name}" with (force)')
                return
            except asyncpg.InsufficientPrivilegeError:
                if not left:
                    raise
                await asyncio.sleep(0.5)
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def own_database(server_url: str) -> AsyncIterator[str]:
    """URL of a database with all tables, dropped afterwards."""
    name = f"api_{uuid.uuid4().hex}"
    await create_database(server_url, name)
    url = named_database(server_url, name)
    await create_tables(url)
    try:
        yield url
    finally:
        await drop_database(server_url, name)


@contextlib.contextmanager
def api_process(kafka_bootstrap: str, database_url: str) -> Iterator[str]:
    """URL of an API in a process of its own, as `claims api --port 0` starts it."""
    environment = os.environ | {"KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap, "DATABASE_URL": database_url}
    command = [sys.executable, "-c", "import typer; from cli.api import api; typer.run(api)", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            said.append(line)
            if '"the API serves"' in line:
                break
        else:
            raise AssertionError(f"the API ended with {process.wait()}: {''.join(said)}")
        yield json.loads(line)["url"]
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0


async def answers(url: str, seconds: float = 30) -> None:
    """Wait until the API at `url` is ready."""
    import aiohttp

    async with aiohttp.ClientSession() as client, asyncio.timeout(seconds):
        while True:
            async with client.get(f"{url}/health/ready") as response:
                if response.status == 200:
                    return
            await asyncio.sleep(0.1)
