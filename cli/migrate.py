"""`claims migrate`: brings the tables to this release."""

import typer


def migrate() -> None:
    """Create the tables or bring them to this release; says what it applied. Safe to repeat.

    Example: `claims migrate`.
    """
    import asyncpg

    from cli.environment import with_database
    from cli.errors import UserError
    from sinks.connect import DatabaseUrlError
    from sinks.migrate import MigrationError, migrate_blocking

    settings = with_database()
    assert settings.database.url is not None
    try:
        applied = migrate_blocking(settings.database.url.get_secret_value())
    except (MigrationError, DatabaseUrlError) as error:
        raise UserError(str(error)) from error
    except (OSError, asyncpg.PostgresError) as error:
        raise UserError(f"Postgres cannot be used ({error}); is it up, and is DATABASE_URL right?") from error
    for name in applied:
        typer.echo(f"applied {name}")
    if not applied:
        typer.echo("nothing to apply: the tables are those of this release")
