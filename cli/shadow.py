"""`claims shadow`: what claims would have come to under other rules, without touching anything."""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.errors import UserError, using_kafka

if TYPE_CHECKING:
    from agents.reference_store import ReferenceView
    from cli.counterfactual import Window
    from cli.shadow_report import Report
    from config.settings import KafkaSettings
    from schemas.codec import Codec
    from schemas.decision import Decision
    from schemas.envelope import Envelope
    from streams.step import References

PIPE_COLUMNS = 160
# How often the bar moves: each this many records.
RECORDS_A_STEP = 500
# Called with records done and records in all.
Progress = Callable[[int, int], None]


def shadow(
    reference: Annotated[Path, typer.Option("--reference", help="Folder of reference data with the rules to try.")],
    from_: Annotated[str, typer.Option("--from", help="Claims accepted from this time, ISO 8601, else UTC.")],
    to: Annotated[str, typer.Option("--to", help="Claims accepted before this time.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Decide everything again, claims accepted from TIME to TIME under the rules of a folder, and compare.

    Claims outside of that time keep the rules they were decided with, but what came before them changes their
    balances, so they may differ too. Reads topics; writes nothing anywhere. Ends with 0 however much differs.

    Examples: `claims shadow --reference my-payers --from 2026-01-01 --to 2026-02-01`,
    `claims shadow --reference my-payers --from 2026-01-01T00:00:00+07:00 --to 2026-01-02T00:00:00+07:00 --json`.
    """
    from cli.counterfactual import Window
    from cli.environment import with_kafka
    from cli.shadow_report import as_plain, show
    from config import logs
    from schemas.dates import milliseconds_of
    from schemas.json_text import dump_json
    from streams.history import HistoryError

    logs.configure("warning", "shadow")
    window = Window(milliseconds_of(_moment(from_, "--from")), milliseconds_of(_moment(to, "--to")))
    if window.start >= window.end:
        raise UserError("--to must be later than --from")
    kafka = with_kafka().kafka
    try:
        with using_kafka(kafka), _progress() as (announce, progress):
            report = from_topics(kafka, reference, window, announce, progress)
    except HistoryError as error:
        raise UserError(str(error)) from error
    if as_json:
        typer.echo(dump_json(as_plain(report)))
    else:
        show(report, Console() if sys.stdout.isatty() else Console(width=PIPE_COLUMNS))


def from_topics(
    kafka: "KafkaSettings", folder: Path, window: "Window", announce: Callable[[str], None], progress: Progress
) -> "Report":
    """Read, replay and compare, a partition at a time. Raises HistoryError, and UserError for a bad folder."""
    from cli.counterfactual import OtherRules
    from cli.shadow_report import Report
    from schemas import topics
    from schemas.decision import Decision
    from schemas.envelope import Envelope
    from streams.history import History, all_references

    report = Report()
    with closing(History(kafka)) as history, closing(History(kafka)) as decided:
        tried = rules_of(folder, history.codec)
        partitions = history.partitions()
        whole = sum(history.count(topics.CLAIMS_VALIDATED, partition) for partition in partitions)
        with all_references(kafka, history, announce) as pinned:
            references = OtherRules(pinned, tried)
            announce("deciding again")
            done = 0
            for partition in partitions:
                decode = history.codec.decode
                told = (decode(Envelope, r.value) for r in history.records(topics.CLAIMS_VALIDATED, partition))
                answers = (decode(Decision, r.value) for r in decided.records(topics.CLAIMS_DECIDED, partition))
                step = _stepped(progress, done, whole)
                compare(counted(told, step), answers, references, history.codec, window, report)
                done += history.count(topics.CLAIMS_VALIDATED, partition)
        progress(whole, whole)
    return report


def compare(
    told: Iterable["Envelope"],
    decisions: Iterable["Decision"],
    references: "References",
    codec: "Codec",
    window: "Window",
    report: "Report",
) -> None:
    """One partition: replay its envelopes under the other rules, and add what differs to the report.

    The state of the stages lies on disk; in memory are the last answers of the partition's claims, in short.
    """
    from cli.counterfactual import Replay, latest

    before = latest(decisions)
    with tempfile.TemporaryDirectory(prefix="claims-shadow-") as folder:
        replay = Replay(references, codec, Path(folder))
        try:
            after = replay.answers(window.reruled(envelope) for envelope in told)
        finally:
            replay.close()
    for claim_id, answer in before.items():
        if claim_id in after:
            within = window.start <= answer.accepted_at < window.end
            report.add(answer, after[claim_id], within)


def rules_of(folder: Path, codec: "Codec") -> "ReferenceView":
    """The folder's records as a release of their own; raises UserError with all that is wrong in it."""
    from dataclasses import replace

    from agents.reference_store import ReferenceStore, ReferenceView
    from cli.counterfactual import OTHER_RULES
    from sources.reference.folder import read_folder
    from sources.reference.problems import ReferenceDataError

    try:
        found = read_folder(folder)
    except ReferenceDataError as error:
        raise UserError(str(error)) from error
    store = ReferenceStore(codec)
    for topic, records in found.records.items():
        for record in records.values():
            store.add(topic, "", codec.encode(replace(record, release=1)))
    # Seen under a number that no release of the engine has: what rules remember by release is not mixed up.
    return ReferenceView(store, OTHER_RULES)


def counted(records: Iterable["Envelope"], step: Callable[[int], None]) -> Iterator["Envelope"]:
    """The records, telling every now and then how many went by."""
    for number, record in enumerate(records):
        if number % RECORDS_A_STEP == 0:
            step(number)
        yield record


def _stepped(progress: Progress, done: int, whole: int) -> Callable[[int], None]:
    return lambda number: progress(done + number, whole)


def _moment(text: str, option: str) -> datetime:
    """A time; one that names no zone is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"{option} {text} is no time; write 2026-01-31 or 2026-01-31T08:00:00+07:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@contextmanager
def _progress() -> Iterator[tuple[Callable[[str], None], Progress]]:
    """Lines and a bar on a terminal, nothing in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda line: None, lambda done, whole: None
        return
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("starting", total=None)
        yield (
            lambda line: bar.update(task, description=line),
            lambda done, whole: bar.update(task, completed=done, total=whole),
        )
