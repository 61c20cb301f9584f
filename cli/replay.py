"""`claims replay`: files of claims onto their topic."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from sources.replay.run import Progress
    from sources.replay.report import Summary


def replay(
    files: Annotated[list[Path], typer.Argument(help="X12 837 or JSON lines; found out by what is in them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, send nothing.")] = False,
    rate: Annotated[float | None, typer.Option(min=0.01, help="Claims a second at most.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Write claims that could not be sent here, to mend.")] = None,
    currency: Annotated[str, typer.Option(help="Currency of X12 amounts, which name none.")] = "USD",
    submitter: Annotated[
        str | None, typer.Option(help="Who submits; by default what the file says, or `file`.")
    ] = None,
) -> None:
    """Send the claims of files: JSON lines in the shape of the API, and X12 837 professional.

    Imperfect claims are sent with what is odd about them reported; the engine decides. Sending a file again is safe:
    a claim counts once. Ends with 1 when a claim was not sent, or a file not read.

    Examples: `claims replay claims.jsonl`, `claims replay --dry-run *.edi`,
    `claims replay claims.edi --currency IDR --rate 200 --rejects rejects.jsonl`.
    """
    from cli.environment import settings, with_kafka
    from cli.errors import UserError
    from schemas.money import EXPONENTS
    from sources.replay.run import Options
    from sources.replay.run import replay as run
    from sources.submitter import BrokerAwayError

    _check(files)
    if currency not in EXPONENTS:
        raise UserError(f"--currency must be one of {', '.join(sorted(EXPONENTS))}, not {currency!r}")
    options = Options(dry_run, rate, rejects, currency, submitter)
    try:
        with _progress() as announce:
            summary = run(files, settings() if dry_run else with_kafka(), options, announce)
    except (BrokerAwayError, OSError) as error:
        raise UserError(str(error)) from error
    _print(Console(), summary, options.dry_run)
    if not summary.complete:
        raise typer.Exit(1)


def _check(files: Sequence[Path]) -> None:
    from cli.errors import UserError

    for path in files:
        if not path.exists():
            raise UserError(f"{path} is not there; name files that exist")
        if path.is_dir():
            raise UserError(f"{path} is a folder; name its files, for example {path}/*.edi")


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar on a terminal, nothing in a pipe."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, whole: None
        return
    with Progress("reading", BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)


def _print(console: Console, summary: "Summary", dry_run: bool) -> None:
    counts = Table(
        "files", "claims", "would be sent" if dry_run else "delivered", "not sent", "not confirmed", "seconds"
    )
    done = summary.claims - summary.unsent if dry_run else summary.delivered
    numbers = (summary.files, summary.claims, done, summary.unsent, summary.failed)
    counts.add_row(*(f"{number:,}" for number in numbers), f"{summary.seconds:.1f}")
    console.print(counts)
    if summary.findings:
        codes = Table("finding", "times", title="What is odd or wrong")
        for code, times in summary.findings.most_common():
            codes.add_row(code, f"{times:,}")
        console.print(codes)
        first = Table("file", "where", "finding", "what to do", title=f"The first {len(summary.first)}")
        for shown in summary.first:
            first.add_row(*map(escape, (shown.file, shown.place, shown.code, shown.text)))
        console.print(first)
    for reason, times in summary.failures.items():
        typer.echo(f"{times:,} claims were not confirmed ({reason}); replay the files again: no claim counts twice")
