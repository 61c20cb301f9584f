"""What `claims replay` did, for a person: counts, findings, and what to do about what was not confirmed."""

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.counted import counted
from sources.replay.report import Summary


def print_summary(summary: Summary) -> None:
    """Print it to standard output."""
    console = Console()
    counts = Table(
        "files", "claims", "would be sent" if summary.dry_run else "delivered", "not sent", "not confirmed", "seconds"
    )
    done = summary.claims - summary.unsent if summary.dry_run else summary.delivered
    numbers = (summary.files, summary.claims, done, summary.unsent, summary.failed)
    counts.add_row(*(f"{number:,}" for number in numbers), f"{summary.seconds:.1f}")
    console.print(counts)
    if summary.sent_before:
        typer.echo(
            f"sent by an earlier run that was interrupted, and not again: {counted(summary.sent_before, 'claim')}; "
            "--from-start sends everything"
        )
    if summary.findings:
        _findings(console, summary)
    for reason, times in summary.failures.items():
        typer.echo(f"{counted(times, 'claim')} not confirmed ({reason}); replay the files again: no claim counts twice")
    for reason, times in summary.answers_failed.items():
        typer.echo(f"{counted(times, 'record')} for answers not confirmed ({reason}); replay the files again")


def _findings(console: Console, summary: Summary) -> None:
    codes = Table("finding", "times", title="What is odd or wrong")
    for code, times in summary.findings.most_common():
        codes.add_row(code, f"{times:,}")
    console.print(codes)
    found, listed = summary.findings.total(), len(summary.first)
    title = f"The first {listed} of {counted(found, 'finding')}" if listed < found else counted(found, "finding")
    first = Table("file", "where", "finding", "what is wrong", title=title)
    for column in first.columns:
        # Half a place is none.
        column.overflow = "fold"
    for shown in summary.first:
        first.add_row(*map(escape, (shown.file, shown.place, shown.code, shown.text)))
    console.print(first)
