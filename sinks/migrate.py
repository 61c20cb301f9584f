"""Forward-only migrations: numbered SQL files, each applied once, in one transaction, under one lock."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import asyncpg

from sinks.connect import connect

FOLDER = Path(__file__).parent / "migrations"
# Any number that no other user of the database takes for an advisory lock.
LOCK = 7_203_511
_TABLE = """
    create table if not exists schema_migrations (
        name        text primary key,
        checksum    text not null,
        applied_at  timestamptz not null default now()
    )
"""
Connection: TypeAlias = "asyncpg.Connection"


class MigrationError(RuntimeError):
    """The database cannot be brought to this release; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A file of statements: its name orders it, its checksum holds it as it was applied."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """Digest of the statements, whatever the line ends of the checkout."""
        return hashlib.sha256(self.text.replace("\r\n", "\n").encode()).hexdigest()


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """The migrations of this release, in order."""
    return [Migration(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("[0-9]*.sql"))]


async def migrate(connection: Connection, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing; returns the names applied. Raises MigrationError; then nothing was changed.

    Two processes may do it at the same time: the second waits and finds nothing to do.
    """
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        await connection.execute(_TABLE)
        rows = await connection.fetch("select name, checksum from schema_migrations")
        applied = {row["name"]: row["checksum"] for row in rows}
        pending = _pending(migrations(folder), applied)
        for migration in pending:
            await _apply(connection, migration)
    return [migration.name for migration in pending]


def migrate_blocking(url: str) -> list[str]:
    """`migrate` for the database at `url`, from code that runs no event loop. Raises OSError when it is away."""

    async def connected() -> list[str]:
        connection = await connect(url)
        try:
            return await migrate(connection)
        finally:
            await connection.close()

    return asyncio.run(connected())


async def _apply(connection: Connection, migration: Migration) -> None:
    try:
        await connection.execute(migration.text)
    except asyncpg.PostgresError as error:
        raise MigrationError(
            f"migration {migration.name} failed, nothing was changed: {error}. Is this the engine's own database?"
        ) from error
    await connection.execute(
        "insert into schema_migrations (name, checksum) values ($1, $2)", migration.name, migration.checksum
    )


def _pending(known: list[Migration], applied: dict[str, str]) -> list[Migration]:
    for migration in known:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationError(
                f"migration {migration.name} was applied with other content than this release has. Migrations never "
                "change once applied: restore the file, and put the change into a new one."
            )
    unknown = sorted(applied.keys() - {migration.name for migration in known})
    if unknown:
        raise MigrationError(
            f"the database was migrated by a newer release ({', '.join(unknown)}); use that release or a newer one"
        )
    pending = [migration for migration in known if migration.name not in applied]
    if pending and applied and pending[0].name < max(applied):
        raise MigrationError(
            f"migration {pending[0].name} comes before {max(applied)}, which is applied; give it a higher number"
        )
    return pending
