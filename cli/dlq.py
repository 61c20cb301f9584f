"""`claims dlq`: what the stages set aside."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(
    help="Dead letters: records that a stage could not take, with their original bytes.", no_args_is_help=True
)
BYTES_SHOWN_MAX = 2_000
PIPE_COLUMNS = 160


@app.command(name="ls")
def list_letters(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Most letters shown, newest last.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List dead letters: where each came from, which stage refused it, and why. Example: `claims dlq ls`."""
    letters = [_plain(letter) for letter in _read()][-limit:]
    if as_json:
        for letter in letters:
            typer.echo(json.dumps(letter))
        return
    if not letters:
        Console().print("no dead letters")
        return
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_COLUMNS)
    table = Table("place", "stage", "code", "why", "bytes")
    table.columns[0].no_wrap = True
    for letter in letters:
        table.add_row(letter["place"], letter["stage"], letter["code"], letter["message"], str(letter["bytes"]))
    console.print(table)


@app.command()
def show(
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="Where it was read from: topic/partition/offset, as `ls` prints it.")
    ],
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Print its original bytes too: a raw claim names a person.")
    ] = False,
) -> None:
    """Show one dead letter; with --reveal its original bytes. Example: `claims dlq show claims.submitted/0/17`."""
    from cli.errors import UserError

    for letter in _read():
        plain = _plain(letter)
        if plain["place"] == place:
            if reveal:
                value = letter.value or b""
                plain["value_hex"] = value[:BYTES_SHOWN_MAX].hex()
                plain["value_text"] = value[:BYTES_SHOWN_MAX].decode("utf-8", "backslashreplace")
            typer.echo(json.dumps(plain, indent=2))
            return
    raise UserError(f"no dead letter from {place}; `claims dlq ls` lists those there are")


def _read() -> Any:
    from cli.environment import with_kafka
    from streams.dead_letters import read_all

    return read_all(with_kafka().kafka)


def _plain(letter: Any) -> dict[str, Any]:
    return {
        "place": f"{letter.topic}/{letter.partition}/{letter.offset}",
        "stage": letter.stage,
        "code": letter.code,
        "message": letter.message,
        "bytes": len(letter.value or b""),
        "at": letter.at,
    }
