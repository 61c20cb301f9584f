"""`claims reference`: members, providers, plans, fees, contracts and edits, in numbered releases."""

import sys
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.errors import UserError
from config.settings import Settings
from schemas.counted import counted

if TYPE_CHECKING:
    from schemas.reference import ReferenceRelease
    from sources.reference.load import LoadResult

# Beside the other columns this leaves room for the name of a folder, on a terminal of 80.
PUBLISHED_COLUMNS = 28
app = typer.Typer(help="Reference data: members, providers, plans, fees, contracts, edits.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder with members.csv, coverages.csv, plans.yaml, ...")]


def sample_folder() -> Path:
    """The sample payers that ship with the project: one in Rupiah, one in dollars."""
    return Path(str(files("sources.samples") / "reference"))


def progress_line(line: str) -> None:
    """Show a step to a person; say nothing in a pipe."""
    if sys.stderr.isatty():
        typer.echo(line, err=True)


def load_folder(folder: Path, settings: Settings, announce: Callable[[str], None] = progress_line) -> "LoadResult":
    """Publish what changed in the folder as one release; raises UserError with all that is wrong."""
    from sources.reference.load import load
    from sources.reference.problems import ReferenceDataError
    from sources.reference.published import TopicsMissingError
    from sources.reference.release import LoadError

    try:
        return load(folder, settings, announce)
    except ReferenceDataError as error:
        raise UserError(f"{error}\nNothing was loaded.") from error
    except (TopicsMissingError, LoadError) as error:
        raise UserError(str(error)) from error


@app.command(name="load")
def load_command(folder: Folder) -> None:
    """Publish what changed in DIR as one release, all of it or nothing. Example: `claims reference load my-payers`."""
    from cli.environment import with_kafka

    result = load_folder(folder, with_kafka())
    counts = ", ".join(f"{count:,} {topic.rpartition('.')[2]}" for topic, count in result.published.items())
    authorizations = counted(result.authorizations, "authorization")
    if result.changed:
        gone = f" ({result.removed:,} of them taken away)" if result.removed else ""
        typer.echo(f"release {result.release}: {counts}{gone}; {authorizations} sent")
    elif result.authorizations:
        typer.echo(f"release {result.release} stays; {authorizations} sent")
    else:
        typer.echo(f"nothing changed, release {result.release} stays")


@app.command()
def check(folder: Folder) -> None:
    """Check DIR without loading it; needs no Kafka. Example: `claims reference check my-payers`."""
    from sources.offline.start import before_of
    from sources.reference.folder import read_folder
    from sources.reference.problems import ReferenceDataError

    try:
        found = read_folder(folder)
        history, openings = before_of(folder, found)
    except ReferenceDataError as error:
        raise UserError(str(error)) from error
    table = Table("what", "records")
    for topic, count in found.counts.items():
        table.add_row(topic.rpartition(".")[2], f"{count:,}")
    table.add_row("authorizations", f"{len(found.authorizations):,}")
    for what, rows in (("opening balances", openings), ("lines of history", history)):
        if rows:
            table.add_row(what, f"{len(rows):,}")
    Console().print(table)


@app.command()
def show() -> None:
    """Show the releases that were loaded. Example: `claims reference show`."""
    from cli.environment import with_kafka
    from sources.reference.published import TopicsMissingError, read_releases

    try:
        releases = read_releases(with_kafka().kafka)
    except TopicsMissingError as error:
        raise UserError(str(error)) from error
    if not releases:
        typer.echo("no release yet; load one with `claims reference load DIR`")
        return
    Console().print(releases_table(releases))


def releases_table(releases: "Sequence[ReferenceRelease]") -> Table:
    """Releases a row each; on a narrow terminal what they published takes more lines, and nothing is cut."""
    from schemas.dates import moment_of
    from sources.reference.published import RECORD_TYPES

    table = Table("release", "loaded (UTC)", "from", "records published")
    for column in (*table.columns[:2], table.columns[3]):
        column.no_wrap = True
    table.columns[0].justify = "right"
    table.columns[2].overflow = "fold"
    for release in releases:
        counts = ((topic.rpartition(".")[2], release.counts.get(topic, 0)) for topic in RECORD_TYPES)
        # A number stays beside what it counts: only textwrap leaves such a space alone.
        published = ", ".join(f"{count:,}\N{NO-BREAK SPACE}{what}" for what, count in counts if count)
        published = fill(published, PUBLISHED_COLUMNS)
        loaded = f"{moment_of(release.at):%Y-%m-%d %H:%M:%S}"
        table.add_row(
            str(release.release), loaded, escape(release.source), published.replace("\N{NO-BREAK SPACE}", " ")
        )
    return table
