"""Migrations on a real database."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest

from sinks.migrate import MigrationError, migrate, migrate_blocking, migrations
from tests.sinks.live import own_database, sql

pytestmark = pytest.mark.integration
Files = dict[str, str]
ONE = {"0001_one.sql": "create table one (a integer);\ncreate table two (a integer);"}


@pytest.fixture
def url(services: SimpleNamespace) -> Iterator[str]:
    """An empty database."""
    with own_database(services.database_url) as made:
        yield made


def applied(url: str, folder: Path, files: Files) -> list[str]:
    """What was applied of these files."""
    for old in folder.glob("*.sql"):
        old.unlink()
    for name, text in files.items():
        (folder / name).write_text(text)

    async def connected() -> list[str]:
        connection = await asyncpg.connect(url)
        try:
            return await migrate(connection, folder)
        finally:
            await connection.close()

    return asyncio.run(connected())


def test_each_is_applied_once_in_order(url: str, tmp_path: Path) -> None:
    assert applied(url, tmp_path, ONE) == ["0001_one"]
    more = ONE | {"0003_three.sql": "insert into two values (1)", "0002_two.sql": "alter table two rename to three"}
    with pytest.raises(MigrationError, match="0003_three failed, nothing was changed"):
        applied(url, tmp_path, more)
    more["0003_three.sql"] = "insert into three values (1)"
    assert applied(url, tmp_path, more) == ["0002_two", "0003_three"]
    assert applied(url, tmp_path, more) == []


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"0001_one.sql": "create table one (b integer)"}, "0001_one was applied with other content"),
        ({}, "by a newer release"),
        (ONE | {"0000_zero.sql": "select 1"}, "0000_zero comes before 0001_one"),
    ],
)
def test_what_does_not_fit_is_refused(url: str, tmp_path: Path, files: Files, why: str) -> None:
    applied(url, tmp_path, ONE)
    with pytest.raises(MigrationError, match=why):
        applied(url, tmp_path, files)


def test_line_ends_of_a_checkout_do_not_count(url: str, tmp_path: Path) -> None:
    applied(url, tmp_path, ONE)
    assert applied(url, tmp_path, {name: text.replace("\n", "\r\n") for name, text in ONE.items()}) == []


def test_several_processes_may_do_it_at_once(url: str) -> None:
    async def at_once() -> list[list[str]]:
        return await asyncio.gather(*(asyncio.to_thread(migrate_blocking, url) for _ in range(4)))

    done = sorted(asyncio.run(at_once()))
    assert done == [[], [], [], [migration.name for migration in migrations()]]
    assert len(sql(url, "select 1 from schema_migrations")) == len(migrations())
