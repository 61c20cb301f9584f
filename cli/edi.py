"""`claims edi`: files of claims for people and programs, and the answers to them."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cli.edi_answer import answer
from cli.errors import UserError

if TYPE_CHECKING:
    from sources.replay.items import Source
    from sources.replay.reading import Found

app = typer.Typer(help="Files of EDI: look into them, read them as JSON, answer them.", no_args_is_help=True)
app.command()(answer)
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE|DIR|- ...", help="X12 837, NCPDP D.0 or JSON lines, packed or not; - for a pipe."),
]
Currency = Annotated[str, typer.Option(help="Currency of EDI amounts, which name none.")]
Strict = Annotated[bool, typer.Option("--strict", help="Judge X12 by pyx12 as well, which is slower.")]


@app.command()
def show(files: Files, currency: Currency = "USD", strict: Strict = False) -> None:
    """Print the claims of files for a person, each finding where it stands.

    What is printed is personal. Nothing is sent. Ends with 1 when a claim or a file could not be read.

    Examples: `claims edi show claims.edi`, `claims edi show --strict claims.edi | less`,
    `zcat claims.edi.gz | claims edi show -`.
    """
    from cli.edi_show import Shower

    shower = Shower()
    with _readable():
        for found in _found(files, currency, strict):
            shower.show(found)
        shower.end()
    if not shower.complete:
        raise typer.Exit(1)


@app.command()
def read(
    files: Files,
    findings: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write findings as JSON lines here; - to the screen, instead of claims."),
    ] = None,
    currency: Currency = "USD",
    strict: Strict = False,
) -> None:
    """Write the claims of files as JSON lines in the shape of `POST /api/v1/claims`.

    `claims replay` reads them back as the same claims, under the submitter that --submitter names there. A finding
    has the channel that tells the sender (TA1, 999, 277CA), segment, position and code. What is written is personal.
    Ends with 1 when a claim or a file could not be read, and says on the error stream which file that was.

    Examples: `claims edi read claims.edi > claims.jsonl`, `claims edi read --findings - claims.edi`,
    `claims edi read claims.edi --findings findings.jsonl > claims.jsonl`.
    """
    from cli.edi_unread import Unread

    unread = Unread()
    with _readable(), _lines_to(findings) as lines:
        for found in _found(files, currency, strict):
            unread.see(found)
            if str(findings) != "-":
                _write_claim(found)
            _write_findings(found, lines)
    for line in unread.lines(_where(findings)):
        typer.echo(line, err=True)
    if not unread.complete:
        raise typer.Exit(1)


def _where(findings: Path | None) -> str:
    """Where a person finds the findings of a file."""
    if findings is None:
        return "; --findings - shows them"
    return "" if str(findings) == "-" else f", in {findings}"


def _found(files: Sequence[Path], currency: str, strict: bool) -> Iterator["Found"]:
    from schemas.money import EXPONENTS
    from sources.replay.documents import NamedFilesError
    from sources.replay.reading import read_files

    if currency not in EXPONENTS:
        raise UserError(f"--currency must be one of {', '.join(sorted(EXPONENTS))}, not {currency!r}")
    for path in files:
        if str(path) != "-" and not path.exists():
            raise UserError(f"{path} is not there; name files that exist")
    try:
        yield from read_files(files, _source(currency, strict))
    except NamedFilesError as error:
        raise UserError(str(error)) from error


def _source(currency: str, strict: bool) -> "Source":
    import time

    from cli.environment import settings
    from sources.replay.items import Source

    now = time.time_ns() // 1_000_000
    seconds = settings().edi.strict_timeout_seconds if strict else None
    return Source(currency, None, lambda: now, lambda: "read", seconds)


@contextmanager
def _readable() -> Iterator[None]:
    """Ends quietly when whoever reads us has enough."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What the interpreter still flushes must not raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


@contextmanager
def _lines_to(findings: Path | None) -> Iterator[TextIO | None]:
    """Where findings go; a file for its owner alone."""
    if findings is None:
        yield None
    elif str(findings) == "-":
        yield sys.stdout
    else:
        try:
            handle = os.open(findings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise UserError(f"{findings} cannot be written: {error.strerror}") from error
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file


def _write_claim(found: "Found") -> None:
    from schemas.intake import dump_json, to_json

    if found.item.claim is not None:
        sys.stdout.write(dump_json(to_json(found.item.claim)) + "\n")


def _write_findings(found: "Found", lines: TextIO | None) -> None:
    import json

    from sources.replay.report import remark_as_json

    if lines is None:
        return
    for remark in found.item.remarks:
        made = remark_as_json(found.document, found.word, remark)
        if found.item.control_number:
            made["claimNumber"] = found.item.control_number
        lines.write(json.dumps(made, ensure_ascii=False) + "\n")
