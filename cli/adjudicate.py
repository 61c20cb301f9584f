"""`claims adjudicate`: a file of claims decided in order, without Kafka."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer
from rich.console import Console

from cli.errors import UserError
from schemas.counted import counted

if TYPE_CHECKING:
    from schemas.envelope import Finding
    from sources.offline.run import Run
    from sources.offline.start import Start

FINDINGS_SHOWN_MAX = 3
_PEEKED_BYTES = 4096
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def adjudicate(
    claims: Annotated[
        Path | None, typer.Argument(metavar="CLAIMS", help="JSON lines: claims, commands, payments; - for a pipe.")
    ] = None,
    reference: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of reference data, as `claims reference load` takes it.")
    ] = None,
    opening: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Opening balances, instead of the folder's opening.csv.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of to the screen.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of what is written.")] = False,
) -> None:
    """Decide the lines of a file in order, without Kafka, and write what comes of them as JSON lines.

    The same file over the same folder gives the same bytes: no clock is read. A line that is no input is told with
    its number, and the rest goes on. Ends with 1 when there was one.

    Examples: `claims adjudicate --reference my-payers claims.jsonl`, `claims adjudicate --schema`,
    `claims adjudicate --reference my-payers --opening ledger.csv - --out decisions.jsonl`.
    """
    from schemas.decision_json import schema_text

    if schema:
        typer.echo(schema_text(), nl=False)
        return
    if claims is None or reference is None:
        raise UserError("name a folder and a file: `claims adjudicate --reference DIR CLAIMS.jsonl`")
    start = _start(reference, opening)
    run = _run(start)
    try:
        _write(run, start, claims, out)
    except BrokenPipeError:
        # Who reads us has enough; what the interpreter still flushes must not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    if run.counts.bad:
        typer.echo(f"no input: {run.counts.bad:,} of {counted(run.counts.lines, 'line')}", err=True)
        raise typer.Exit(1)


def _write(run: "Run", start: "Start", claims: Path, out: Path | None) -> None:
    with ExitStack() as opened:
        file, target = opened.enter_context(_input(claims)), opened.enter_context(_output(out))
        announce = opened.enter_context(_progress())
        for record in run.grant(list(start.folder.authorizations.values())):
            target.write(_JSON(record).encode() + b"\n")
        for record in run.decide(file, announce):
            target.write(_JSON(record).encode() + b"\n")


def _start(reference: Path, opening: Path | None) -> "Start":
    from schemas.codec import Codec
    from sources.offline.start import start_of
    from sources.reference.problems import ReferenceDataError

    try:
        return start_of(reference, opening, Codec())
    except ReferenceDataError as error:
        raise UserError(str(error)) from error


def _run(start: "Start") -> "Run":
    from schemas.codec import Codec
    from sources.offline.run import Run
    from sources.offline.start import limits_of
    from streams.driver import Driver
    from streams.state import BatchState

    codec = Codec()
    chain = Driver(start.references, codec)
    states = [BatchState(chain.stores[name], codec) for name in ("adjudicate", "price")]
    start.fill(*states)
    for name, state in zip(("adjudicate", "price"), states, strict=True):
        chain.stores[name].write(state.changes(), 0)
    return Run(chain, codec, limits_of(start.references), _complain)


def _complain(line: int, findings: "Sequence[Finding]") -> None:
    for finding in findings[:FINDINGS_SHOWN_MAX]:
        typer.echo(f"line {line}: {finding.text}", err=True)
    if len(findings) > FINDINGS_SHOWN_MAX:
        typer.echo(f"line {line}: and {len(findings) - FINDINGS_SHOWN_MAX} more", err=True)


@contextmanager
def _input(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield _of_json_lines("standard input", sys.stdin.buffer)
        return
    if not path.is_file():
        raise UserError(f"{path} is no file; name a file of JSON lines, or - to read from a pipe")
    with path.open("rb") as file:
        yield _of_json_lines(str(path), file)


def _of_json_lines(name: str, file: BinaryIO) -> BinaryIO:
    """The file, unless its first bytes show another format: then every line of it would be told as none."""
    from sources.replay.formats import NAMES, UnknownFormatError, format_of

    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, file))
    try:
        form = format_of(buffered.peek(_PEEKED_BYTES)[:_PEEKED_BYTES])
    except UnknownFormatError as error:
        if not error.looks_like_none:
            raise UserError(f"{name}: {error}") from None
        form = "json_lines"
    if form != "json_lines":
        ways = "`claims replay` sends it; what `claims edi read` writes of it can be decided here"
        raise UserError(f"{name} is {NAMES[form]}, not JSON lines: {ways}")
    return buffered


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that only its owner may read: what it holds is personal."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); name another file") from error
    with os.fdopen(descriptor, "wb") as file:
        yield file


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A count on a terminal, nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    with console.status("reading") as status:
        yield lambda done: status.update(f"{done:,} lines")
