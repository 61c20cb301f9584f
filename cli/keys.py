"""`claims keys`: keys of sealed columns."""

from typing import Annotated

import typer

app = typer.Typer(help="Keys of columns that are sealed: make one, seal rows again with the newest.")


@app.callback()
def keys() -> None:
    """Keys of columns that are sealed: make one, seal rows again with the newest."""


@app.command()
def new(
    key_id: Annotated[
        str | None, typer.Option("--id", help="Put this id in front, as CLAIMS_SEALING__KEYS wants.")
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
