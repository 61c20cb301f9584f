"""`claims migrate`: brings the tables to this release."""

import typer


def migrate() -> None:
    """Create the tables or bring them to this release; says what it applied. Safe to repeat.

    Example: `claims migrate`.
    """
    from cli.environment import with_database
    from cli.errors import UserError, using_postgres
    from sinks.migrate import MigrationError, migrate_blocking

    settings = with_database()
    assert settings.database.url is not None
    url = settings.database.url.get_secret_value()
    try:
        with using_postgres(url):
            applied = migrate_blocking(url)
    except MigrationError as error:
        raise UserError(str(error)) from error
    for name in applied:
        typer.echo(f"applied {name}")
    if not applied:
        typer.echo("nothing to apply: the tables are those of this release")
