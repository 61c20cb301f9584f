"""The settings of a command, with the services of the state folder filled in where the environment names none."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError

from cli.errors import UserError
from config.mistakes import mistakes
from config.names import refused_names
from config.settings import Settings, load
from deploy.local.discovery import running


def settings() -> Settings:
    """Settings of this process. Raises UserError that names every bad variable, and every one that is no setting."""
    unknown = refused_names(os.environ)
    try:
        loaded = load()
    except (ValidationError, SettingsError) as error:
        raise _refused([*unknown.items(), *_told_once(mistakes(error), unknown)]) from None
    if unknown:
        raise _refused([*unknown.items()])
    return with_embedded(loaded)


def with_embedded(loaded: Settings) -> Settings:
    """The settings with broker and database of the running embedded services, where none are named."""
    if loaded.kafka.bootstrap_servers and loaded.database.url:
        return loaded
    endpoints = running(loaded.state_dir)
    if endpoints is None:
        return loaded
    return named(loaded, endpoints.kafka_bootstrap, endpoints.database_url)


def named(loaded: Settings, kafka_bootstrap: str | None, database_url: str | None) -> Settings:
    """The settings with these addresses where they name none of their own."""
    kafka, database = loaded.kafka, loaded.database
    if kafka_bootstrap and not kafka.bootstrap_servers:
        kafka = kafka.model_copy(update={"bootstrap_servers": kafka_bootstrap})
    if database_url and not database.url:
        database = database.model_copy(update={"url": SecretStr(database_url)})
    return loaded.model_copy(update={"kafka": kafka, "database": database})


def with_kafka() -> Settings:
    """Settings that name a broker; raises UserError with the ways to one."""
    found = settings()
    if not found.kafka.bootstrap_servers:
        raise UserError(
            "no Kafka: none is named and none runs on the state folder "
            f"{Path(found.state_dir).absolute()}. Start one with `claims up`, or with `docker compose --profile core "
            "up`, or set KAFKA_BOOTSTRAP_SERVERS."
        )
    return found


def with_database() -> Settings:
    """Settings that name a database; raises UserError with the ways to one."""
    found = settings()
    if not found.database.url:
        raise UserError(
            "no Postgres: none is named and none runs on the state folder "
            f"{Path(found.state_dir).absolute()}. Start one with `claims up`, or with `docker compose --profile core "
            "up`, or set DATABASE_URL."
        )
    return found


def with_both() -> Settings:
    """Settings that name a broker and a database."""
    with_kafka()
    return with_database()


def _told_once(found: list[tuple[str, str]], unknown: Mapping[str, str]) -> list[tuple[str, str]]:
    """Without what pydantic says about a name that nothing reads: it finds some of those too."""
    return [row for row in found if not any(name == row[0] or name.startswith(f"{row[0]}__") for name in unknown)]


def _refused(wrong: list[tuple[str, str]]) -> UserError:
    listed = "\n".join(f"  {name}: {text}" if name else f"  {text}" for name, text in wrong)
    return UserError(
        f"the settings are wrong:\n{listed}\nSee .env.example for every name, its meaning and its default."
    )
