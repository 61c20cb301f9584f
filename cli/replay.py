"""`claims replay`: files of claims onto their topic."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import UserError
from cli.places import cannot_write, check_file, check_folder

if TYPE_CHECKING:
    from config.settings import Settings
    from sources.replay.checkpoint import Marks
    from sources.replay.report import Summary
    from sources.replay.run import Options, Progress

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE|DIR|- ...", help="X12 837, NCPDP D.0 or JSON lines, packed or not; - for a pipe."),
]

FromStart = Annotated[bool, typer.Option("--from-start", help="Send again what an interrupted run had sent.")]
Answers = Annotated[Path | None, typer.Option(metavar="DIR", help="Write the TA1 and 999 of X12 files here.")]
Strict = Annotated[bool, typer.Option("--strict", help="Judge X12 by pyx12 as well, which is slower.")]
Watched = Annotated[
    Path | None, typer.Option("--watch", metavar="DIR", help="Serve this folder until stopped, instead of FILEs.")
]


def replay(
    files: Files = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, send nothing.")] = False,
    rate: Annotated[float | None, typer.Option(min=0.01, help="Claims a second at most.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Write claims that could not be sent here, to mend.")] = None,
    currency: Annotated[str, typer.Option(help="Currency of EDI amounts, which name none.")] = "USD",
    submitter: Annotated[
        str | None, typer.Option(help="Who submits; by default what the file says, or `file`.")
    ] = None,
    from_start: FromStart = False,
    answers: Answers = None,
    strict: Strict = False,
    watch: Watched = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON instead of tables.")] = False,
) -> None:
    """Send the claims of files: X12 837, NCPDP D.0, and JSON lines in the shape of the API.

    Imperfect claims are sent with what is odd about them reported; the engine decides. Sending a file again is safe:
    a claim counts once. A run that was killed goes on where it stopped when it is started again; only a changed file
    starts anew. Ends with 1 when a claim was not sent, or a file not read. docs/edi.md says all of it.

    Examples: `claims replay claims.jsonl`, `claims replay --dry-run *.edi`, `zcat big.edi.gz | claims replay -`,
    `claims replay inbox --currency IDR --rate 200 --rejects rejects.jsonl --report report.json`,
    `claims replay --watch /srv/claims`.
    """
    from cli.environment import settings
    from schemas.money import EXPONENTS
    from sources.replay.run import Options

    if currency not in EXPONENTS:
        raise UserError(f"--currency must be one of {', '.join(sorted(EXPONENTS))}, not {currency!r}")
    seconds = settings().edi.strict_timeout_seconds if strict else None
    options = Options(dry_run, rate, rejects, currency, submitter, from_start, answers, seconds)
    if watch is not None:
        beside = {"FILE": files, "--dry-run": dry_run, "--rejects": rejects, "--answers": answers, "--report": report,
                  "--json": as_json}  # fmt: skip
        _watch(watch, options, [name for name, value in beside.items() if value])
        return
    _check(files or [])
    if dry_run and answers is not None:
        raise UserError("a dry run answers nothing: leave out --answers or --dry-run")
    check_file("--rejects", rejects)
    check_file("--report", report)
    check_folder("--answers", answers)
    summary = _run(files or [], options)
    _tell(summary, report, as_json)
    if not summary.complete:
        raise typer.Exit(1)


def _check(files: Sequence[Path]) -> None:
    if not files:
        raise UserError("name files or folders of claims, - for a pipe, or a folder with --watch")
    for path in files:
        if str(path) != "-" and not path.exists():
            raise UserError(f"{path} is not there; name files that exist")
    if sum(str(path) == "-" for path in files) > 1:
        raise UserError("- is standard input, which can be read once; name it once")


def _run(files: Sequence[Path], options: "Options") -> "Summary":
    from cli.environment import settings, with_kafka
    from sources.replay.documents import NamedFilesError
    from sources.replay.run import garbage_looked_for_less_often
    from sources.replay.run import replay as run
    from sources.submitter import BrokerAwayError

    chosen = settings() if options.dry_run else with_kafka()
    try:
        with _progress() as announce, garbage_looked_for_less_often():
            return run(files, chosen, options, announce, marks=None if options.dry_run else _marks(chosen))
    except (BrokerAwayError, NamedFilesError) as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{cannot_write(error)}; mend that and replay the same files: no claim counts twice") from error


def _marks(chosen: "Settings") -> "Marks":
    from sources.replay.checkpoint import Marks

    return Marks(Path(chosen.state_dir) / "replay")


def _watch(folder: Path, options: "Options", beside: Sequence[str]) -> None:
    """Serve a folder until SIGTERM or SIGINT."""
    import signal

    from cli.environment import with_kafka
    from config import logs
    from sources.replay.run import garbage_looked_for_less_often
    from sources.replay.watch import WatchedError
    from sources.replay.watch import watch as serve
    from sources.submitter import BrokerAwayError

    if beside:
        raise UserError(f"--watch writes reports and answers beside the files it moves: leave out {', '.join(beside)}")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder} is no folder that can be written to; make it first: mkdir -p {folder}")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = with_kafka()
    logs.configure(settings.log_level, "replay")
    try:
        with garbage_looked_for_less_often():
            serve(folder, settings, options, stop)
    except (WatchedError, BrokerAwayError) as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{cannot_write(error)}; mend that and watch the folder again") from error


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar on a terminal, nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, whole: None
        return
    with Progress("reading", BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole or None)


def _tell(summary: "Summary", report: Path | None, as_json: bool) -> None:
    import json

    text = json.dumps(summary.as_json(), ensure_ascii=False, indent=2)
    if report is not None:
        try:
            report.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise UserError(f"the report {cannot_write(error)}") from error
    if as_json:
        typer.echo(text)
    else:
        from cli.replay_tables import print_summary

        print_summary(summary)
