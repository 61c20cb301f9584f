"""`claims keys`: keys of sealed columns."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

app = typer.Typer(help="Keys of columns that are sealed: make one, seal rows again with the newest.")


@app.callback()
def keys() -> None:
    """Keys of columns that are sealed: make one, seal rows again with the newest."""


@app.command()
def new(
    key_id: Annotated[
        str | None, typer.Option("--id", help="Put this id in front, as CLAIMS_SEALING__KEYS wants it.")
    ] = None,
) -> None:
    """Print a new random key of 32 bytes in base64. Example: `claims keys new --id 2026b`."""
    from cli.errors import UserError
    from config.sealing_keys import KeyTextError, new_key, parse_keys

    key = new_key()
    if key_id is not None:
        key = f"{key_id}:{key}"
        try:
            parse_keys(key)
        except KeyTextError:
            raise UserError(f"--id {key_id!r} is no id; use a-z, 0-9 and -, at most 32 of them") from None
    typer.echo(key)


@app.command()
def status() -> None:
    """Show which keys sealed the values of each column: those are still needed. Example: `claims keys status`."""
    _with_connection(_show_status)


@app.command()
def rotate() -> None:
    """Seal every value again with the first key of CLAIMS_SEALING__KEYS.

    Put the new key in front of the old ones, restart the services, then run this. It works in batches beside the
    running services, and goes on where it was when it is stopped and started again. It exits with 1 when a value did
    not open: its key is missing, or somebody changed it. Example: `claims keys rotate`.
    """
    _with_connection(_rotate)


async def _show_status(connection: Any, sealer: Any) -> None:
    from sinks.sealed_columns import COLUMNS, keys_in_use

    typer.echo(f"new values are sealed with {sealer.key_id}")
    for column in COLUMNS:
        used = await keys_in_use(connection, column)
        shown = ", ".join(f"{key_id or 'clear'}: {count}" for key_id, count in used.items())
        typer.echo(f"{column.name:24} {shown or 'empty'}")


async def _rotate(connection: Any, sealer: Any) -> None:
    from sinks.sealed_columns import COLUMNS, rotate

    failed = 0
    for column in COLUMNS:
        done = await rotate(connection, sealer, column)
        failed += done.failed
        typer.echo(f"{column.name:24} {done.sealed} sealed again" + (f", {done.failed} failed" if done.failed else ""))
        for place in done.places:
            typer.echo(f"  does not open: {place}", err=True)
    if failed:
        typer.echo(
            f"{failed} values did not open. Add the keys they were sealed with to CLAIMS_SEALING__KEYS (`claims keys "
            "status` names them) and run this again; a value that no key opens was changed.",
            err=True,
        )
        sys.exit(1)
    typer.echo(f"everything is sealed with {sealer.key_id}; older keys may be removed once no backup needs them")


def _with_connection(work: Callable[[Any, Any], Awaitable[None]]) -> None:
    import asyncio

    from cli.environment import with_database
    from cli.errors import using_postgres
    from config.sealing import Sealer
    from sinks.connect import connect

    settings = with_database()
    assert settings.database.url is not None
    url = settings.database.url.get_secret_value()

    async def connected() -> None:
        connection = await connect(url)
        try:
            await work(connection, Sealer.from_settings(settings.sealing))
        finally:
            await connection.close()

    with using_postgres(url):
        asyncio.run(connected())
