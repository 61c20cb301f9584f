"""`claims bench`: load at a rate, from the accepted timestamp of a claim to its committed row."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from cli.stack import Shape, Stack

# Claims fit reference data of the same seed; the warm-up sends the first of them, the load those that follow.
SEED = "1"
WARM_UP_CLAIMS = 8_000
# At no rate, this many claims for each second asked for: more than the engine decides on two cores.
MAXIMUM_RATE = 2_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. CPU counts user and system time of a process from the first claim to the last row."""

    claims: int
    rows: int
    claims_per_second: float
    latency_seconds: dict[str, float]
    cpu_ms_per_claim: dict[str, float]
    rate: float
    seconds: float


app = typer.Typer()


@app.callback(invoke_without_command=True)
def bench(
    context: typer.Context,
    rate: Annotated[float, typer.Option(min=0, help="Claims a second, open loop; 0 for as fast as it goes.")] = 1000,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long the load lasts.")] = 60,
    members: Annotated[int, typer.Option(min=10, help="Members, in families.")] = 100_000,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Measure the engine, or with `api` its HTTP door, on services of its own, in a folder that is emptied first.

    Examples: `claims bench`, `claims bench --rate 1000 --seconds 60 --json`, `claims bench --rate 0 --seconds 20`.
    """
    if context.invoked_subcommand is not None:
        return
    from cli.stack import Shape

    with own_stack("bench", Shape(workers=workers)) as (stack, announce):
        figures = measure(stack, rate, seconds, members, announce)
    if as_json:
        typer.echo(json.dumps(asdict(figures)))
    else:
        show(figures)


@contextmanager
def own_stack(
    folder_name: str, shape: "Shape", claims_per_second_max: float = 0
) -> Iterator[tuple["Stack", Callable[[str], None]]]:
    """Services of their own in a folder that is emptied first, and what tells a terminal how far things are.

    With `claims_per_second_max` each worker is held at that rate.
    """
    from cli.environment import settings
    from cli.stack import Stack, private
    from config import logs

    loaded = settings()
    logs.configure("warning", "bench")
    folder = loaded.state_dir / folder_name
    shutil.rmtree(folder, ignore_errors=True)
    console = Console(stderr=True)

    def announce(line: str) -> None:
        if console.is_terminal:
            console.print(line, markup=False, highlight=False)

    held = loaded.worker.model_copy(update={"claims_per_second_max": claims_per_second_max})
    alone = private(loaded, folder).model_copy(update={"worker": held})
    with Stack(alone, shape, announce) as stack:
        yield stack, announce


def measure(stack: "Stack", rate: float, seconds: float, members: int, announce: Callable[[str], None]) -> Figures:
    """Load reference data, warm up, run the load, wait for the last row."""
    from cli.engine import wait_until_quiet
    from cli.reference import load_folder
    from sources.generate.folder import write_reference

    folder = Path(stack.settings.state_dir) / "reference"
    announce(f"making {members:,} members")
    write_reference(folder, seed=int(SEED), members=members)
    load_folder(folder, stack.settings, announce)
    same = ["--seed", SEED, "--members", str(members)]
    generate(stack, "warm-up", ["--count", str(WARM_UP_CLAIMS), "--rate", "800", *same])
    wait_until_quiet(stack)
    announce("measuring")
    before = cpu_seconds(stack)
    began = time.time()
    load = ["--rate", str(rate), "--seconds", str(seconds)] if rate else ["--count", str(int(seconds * MAXIMUM_RATE))]
    generator = generate(stack, "generator", [*load, "--first", str(WARM_UP_CLAIMS), *same])
    wait_until_quiet(stack)
    after = cpu_seconds(stack)
    count, rows, figures = latencies(stack, began)
    spent = {name: after[name] - before.get(name, 0.0) for name in after} | {"generator": generator}
    return Figures(
        claims=count,
        rows=rows,
        claims_per_second=round(figures.pop("claims_per_second"), 1),
        latency_seconds={name: round(value, 4) for name, value in figures.items()},
        cpu_ms_per_claim={name: round(1000 * value / max(1, count), 4) for name, value in spent.items()},
        rate=rate,
        seconds=seconds,
    )


def generate(stack: "Stack", name: str, options: list[str]) -> float:
    """Send generated claims to the topic; returns the CPU seconds of the generator."""
    from cli.engine import run_command

    return run_command(stack, name, ["generate", "claims", "--to", "topic", *options])


def cpu_seconds(stack: "Stack") -> dict[str, float]:
    """CPU used so far by every process of the engine."""
    import psutil

    def used(pid: int) -> float:
        process = psutil.Process(pid)
        times = [process.cpu_times(), *(child.cpu_times() for child in process.children(recursive=True))]
        return sum(one.user + one.system for one in times)

    found = {child.name: used(child.pid) for child in stack.children.children}
    return found | {"kafka": used(stack.services.kafka.pid), "postgres": used(stack.services.postgres.pid)}


def latencies(stack: "Stack", began: float) -> tuple[int, int, dict[str, float]]:
    """Claims sent and rows written since `began` (seconds since 1970), the rate from first to last, and latencies."""
    from cli.engine import query

    row = query(
        stack,
        """
        select count(*) as rows,
               extract(epoch from max(committed_at) - min(accepted_at)) as span,
               percentile_cont(array[0.5, 0.95, 0.99, 1.0])
                 within group (order by extract(epoch from committed_at - accepted_at)) as at
        from claims where rank > 0 and accepted_at >= to_timestamp($1)
        """,
        began,
    )
    sent = sent_since(stack, began)
    p50, p95, p99, slowest = (float(value) for value in row["at"])
    found = {"claims_per_second": sent / float(row["span"]), "p50": p50, "p95": p95, "p99": p99, "max": slowest}
    return sent, int(row["rows"]), found


def sent_since(stack: "Stack", began: float) -> int:
    """Records on the first topic since then: claims with their repeats."""
    from confluent_kafka import Consumer, TopicPartition

    from config.clients import reader_config
    from schemas.topics import CLAIMS_SUBMITTED

    kafka = stack.settings.kafka
    consumer = Consumer(reader_config(kafka, "claims.bench"))
    wanted = [TopicPartition(CLAIMS_SUBMITTED, n, int(began * 1000)) for n in range(kafka.partitions)]
    found = 0
    for position in consumer.offsets_for_times(wanted, timeout=10):
        _, high = consumer.get_watermark_offsets(position, timeout=10)
        found += high - position.offset if position.offset >= 0 else 0
    consumer.close()
    return found


def show(figures: Figures) -> None:
    """A table for a person."""
    table = Table("figure", "value")
    table.add_row("claims a second", f"{figures.claims_per_second:,.0f} ({figures.claims:,} claims)")
    for name, value in figures.latency_seconds.items():
        table.add_row(f"latency {name}", f"{value:.3f} s")
    for name, value in figures.cpu_ms_per_claim.items():
        table.add_row(f"CPU of {name}", f"{value:.3f} ms a claim")
    Console().print(table)
