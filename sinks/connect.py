"""Connections to Postgres by URL."""

from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg.exceptions import ClientConfigurationError

if TYPE_CHECKING:
    from asyncpg import Connection


class DatabaseUrlError(RuntimeError):
    """The URL names no database; the text says what to do and never quotes it: it may hold a password."""


async def connect(url: str, **options: Any) -> "Connection":
    """A connection. Raises DatabaseUrlError, and what asyncpg raises while the server is away."""
    try:
        return await asyncpg.connect(url, **options)
    except (ClientConfigurationError, ValueError) as error:
        raise DatabaseUrlError(
            "the database URL cannot be understood; it must read postgresql://user:password@host:port/name, with "
            "special characters of the password as %XX. Check DATABASE_URL or CLAIMS_DATABASE__URL."
        ) from error
