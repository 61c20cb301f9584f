"""Errors for the person at the terminal: one message, no traceback, a non-zero exit."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from confluent_kafka import KafkaException

    from config.settings import KafkaSettings

_POSTGRES_PORT = 5432


class UserError(Exception):
    """What is wrong, where, and what to do. Shown as it is; the command exits with 2."""


def kafka_away(servers: str | None, error: "KafkaException") -> UserError:
    """Kafka does not answer, or refuses."""
    reason = error.args[0].str() or error.args[0].name()
    return UserError(
        f"Kafka at {servers or '(no address)'} cannot be used ({reason}). Is it up? CLAIMS_KAFKA__BOOTSTRAP_SERVERS "
        "names its address; `claims up` starts one"
    )


def postgres_away(url: str, error: Exception) -> UserError:
    """Postgres does not answer, or refuses; the password in its URL is never shown."""
    return UserError(
        f"Postgres at {_place_of(url)} cannot be used ({_reason_of(error)}). Is it up? CLAIMS_DATABASE__URL names its "
        "address; `claims up` starts one"
    )


@contextmanager
def using_kafka(kafka: "KafkaSettings") -> Iterator[None]:
    """Around what asks Kafka: raises UserError where it is away, with the address that was tried."""
    from confluent_kafka import KafkaException

    try:
        yield
    except KafkaException as error:
        raise kafka_away(kafka.bootstrap_servers, error) from error


@contextmanager
def using_postgres(url: str) -> Iterator[None]:
    """Around what asks Postgres: raises UserError where it is away, has no tables, or its URL is none."""
    import asyncpg

    from sinks.connect import DatabaseUrlError

    try:
        yield
    except DatabaseUrlError as error:
        raise UserError(str(error)) from error
    except asyncpg.UndefinedTableError as error:
        raise UserError("tables are missing; run: claims migrate") from error
    except (OSError, asyncpg.PostgresError) as error:
        raise postgres_away(url, error) from error


def _place_of(url: str) -> str:
    """Host and port of a URL, where it is certain that they are that and no part of a password."""
    try:
        parts = urlsplit(url)
        if "@" in f"{parts.path}{parts.query}{parts.fragment}":
            return "its address"
        return f"{parts.hostname or 'localhost'}:{parts.port or _POSTGRES_PORT}"
    except ValueError:
        return "its address"


def _reason_of(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
