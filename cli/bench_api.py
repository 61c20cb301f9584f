"""`claims bench api`: submissions and lookups over HTTP on schedule, while the chain decides claims from its topic."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.bench import SEED, cpu_seconds, generate, own_stack

if TYPE_CHECKING:
    from cli.http_load import Outcome
    from cli.stack import Stack

WARM_UP_CLAIMS = 4_000
WARM_UP_SECONDS = 8.0
LOOKED_UP_MAX = 2_000
# Claims sent over HTTP are another part of the generated stream than those sent to the topic.
FIRST_OVER_HTTP = 1_000_000
# On one machine the chain and the sink yield to those who wait for an answer.
NICENESS = 19
# The claims that come by the topic are decided at their rate for so long before the calls begin.
CHAIN_SETTLES_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Calls:
    """What was measured of one kind of call: milliseconds from when each was due to its answer, and its statuses."""

    sent: int
    per_second: float
    milliseconds: dict[str, float]
    statuses: dict[str, int]
    failed: int


@dataclass(frozen=True, slots=True)
class ApiFigures:
    """Calls by kind; what the chain decided meanwhile; CPU of each process, cores in use."""

    calls: dict[str, Calls]
    chain_per_second: float
    cores: dict[str, float]


def api(
    submits: Annotated[float, typer.Option(min=0, help="Submissions a second.")] = 1000,
    lookups: Annotated[float, typer.Option(min=0, help="Status lookups a second.")] = 1000,
    chain: Annotated[float, typer.Option(min=0, help="Claims a second that the chain decides; 0: as it can.")] = 300,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long the load lasts.")] = 20,
    members: Annotated[int, typer.Option(min=10, help="Members, in families.")] = 20_000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Measure the HTTP door on services of its own, with the chain at work beside it.

    Calls are sent on schedule, whether or not the ones before were answered. Ends with 1 when a call failed (5xx, or a
    broken connection). The worker is held at the rate of the chain (CLAIMS_WORKER__CLAIMS_PER_SECOND_MAX), at a lower
    priority than the answers: it decides what is submitted, and what comes by the topic where that is less. What is
    submitted beyond its rate waits on the topic.

    Examples: `claims bench api`, `claims bench api --submits 0 --lookups 1000 --chain 300`,
    `claims bench api --submits 1000 --lookups 0 --chain 0 --seconds 20 --json`.
    """
    from cli.stack import Shape

    with own_stack("bench-api", Shape(), chain) as (stack, announce):
        figures = measure(stack, {"submit": submits, "lookup": lookups}, chain, seconds, members, announce)
    if as_json:
        typer.echo(json.dumps(asdict(figures)))
    else:
        show(figures)
    if any(calls.failed for calls in figures.calls.values()):
        raise typer.Exit(1)


def measure(
    stack: "Stack",
    rates: dict[str, float],
    chain: float,
    seconds: float,
    members: int,
    announce: Callable[[str], None],
) -> ApiFigures:
    """Load reference data, warm everything up, send the calls."""
    import uvloop

    from cli.engine import query_all, wait_until_quiet
    from cli.reference import load_folder
    from sources.generate.folder import write_reference

    folder = Path(stack.settings.state_dir) / "reference"
    announce(f"making {members:,} members")
    write_reference(folder, seed=int(SEED), members=members)
    load_folder(folder, stack.settings, announce)
    same = ["--seed", SEED, "--members", str(members)]
    generate(stack, "warm-up", ["--count", str(WARM_UP_CLAIMS), "--rate", "800", *same])
    wait_until_quiet(stack)
    for child in stack.children.children:
        if not child.name.startswith("api"):
            yield_to_others(child.pid)
    ids = [str(row["id"]) for row in query_all(stack, "select id from claims limit $1", LOOKED_UP_MAX)]
    # As hard as it is measured: a broker that has just started serves its first tens of thousands of calls slowly.
    announce("warming up")
    uvloop.run(_send(stack, requests_of(stack, ids, members, rates, WARM_UP_SECONDS, FIRST_OVER_HTTP // 2), rates))
    wait_until_quiet(stack)
    prepared = requests_of(stack, ids, members, rates, seconds, FIRST_OVER_HTTP)
    with _by_topic(stack, max(0.0, chain - rates["submit"]), seconds, same):
        announce("measuring")
        decided, before, began = _decided(stack), _cpu_seconds(stack), time.monotonic()
        outcomes = uvloop.run(_send(stack, prepared, rates))
        lasted = time.monotonic() - began
        after, decided = _cpu_seconds(stack), _decided(stack) - decided
    return ApiFigures(
        calls={kind: calls_of(outcome) for kind, outcome in outcomes.items()},
        chain_per_second=round(decided / lasted, 1),
        cores={name: round((after[name] - before.get(name, 0.0)) / lasted, 2) for name in after},
    )


def _cpu_seconds(stack: "Stack") -> dict[str, float]:
    """CPU of each process, and of this one, which makes the calls on the same machine."""
    return cpu_seconds(stack) | {"load": time.process_time()}


@contextmanager
def _by_topic(stack: "Stack", rate: float, seconds: float, same: list[str]) -> Iterator[None]:
    """Claims by the topic, from before the block until after it."""
    if not rate:
        yield
        return
    lasting = str(seconds + 2 * CHAIN_SETTLES_SECONDS)
    arguments = ["--rate", str(rate), "--seconds", lasting, "--first", "100000", *same]
    by_topic = threading.Thread(target=generate, args=(stack, "generator", arguments))
    decided = _decided(stack)
    by_topic.start()
    while by_topic.is_alive() and _decided(stack) == decided:
        time.sleep(0.1)
    time.sleep(CHAIN_SETTLES_SECONDS)
    yield
    by_topic.join()


def yield_to_others(pid: int) -> None:
    """Let a process have what the others leave of the processors.

    A child leads a session of its own, and where Linux shares processors out by session (sched_autogroup_enabled), the
    niceness of a process counts within its session alone: that of the whole session is said beside it.
    """
    import psutil

    psutil.Process(pid).nice(NICENESS)
    session = Path(f"/proc/{pid}/autogroup")
    if session.exists():
        session.write_text(str(NICENESS))


def requests_of(
    stack: "Stack", ids: list[str], members: int, rates: dict[str, float], seconds: float, first: int
) -> dict[str, Iterator[bytes]]:
    """The calls of each kind, made before the clock runs."""
    from itertools import cycle, islice

    from cli.http_load import request
    from schemas.intake import dump_json, to_json
    from sources.generate.claims import claims
    from sources.generate.spec import Spec

    token = _token(stack)
    made: dict[str, Iterator[bytes]] = {}
    if rates["submit"]:
        count = int(rates["submit"] * seconds)
        spec = Spec(int(SEED), members, count, accepted_at=time.time_ns() // 1_000_000, submitter_id="bench")
        bodies = (dump_json(to_json(one) | {"claimNumber": f"http-{first + n}"}) for n, one in enumerate(claims(spec)))
        made["submit"] = iter([request("POST", "/api/v1/claims", token, body.encode()) for body in bodies])
    if rates["lookup"]:
        asked = [request("GET", f"/api/v1/claims/{claim_id}", token) for claim_id in ids]
        made["lookup"] = islice(cycle(asked), int(rates["lookup"] * seconds))
    return made


def _token(stack: "Stack") -> str:
    from datetime import UTC, datetime

    from api.auth import mint

    return mint(stack.settings.api, "bench", ["admin"], datetime.now(UTC))


async def _send(stack: "Stack", made: dict[str, Iterator[bytes]], rates: dict[str, float]) -> dict[str, "Outcome"]:
    from cli.http_load import send

    host, port = stack.settings.api.host, stack.settings.api.port
    outcomes = await asyncio.gather(*(send(host, port, calls, rates[kind]) for kind, calls in made.items()))
    return dict(zip(made, outcomes, strict=True))


def _decided(stack: "Stack") -> int:
    from cli.engine import query

    row = query(stack, "select coalesce(sum(claims), 0)::bigint as claims from claim_totals")
    return int(row["claims"])


def calls_of(outcome: "Outcome") -> Calls:
    """The figures of one kind of call."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return Calls(
        sent=len(outcome.seconds),
        per_second=round(outcome.rate, 1),
        milliseconds={name: round(1000 * outcome.percentile(share), 1) for name, share in shares.items()},
        statuses={str(status): times for status, times in sorted(outcome.statuses.items())},
        failed=outcome.failed,
    )


def show(figures: ApiFigures) -> None:
    """A table for a person."""
    table = Table("call", "a second", "p50 ms", "p95 ms", "p99 ms", "max ms", "statuses")
    for kind, calls in figures.calls.items():
        statuses = ", ".join(f"{times:,} x {status}" for status, times in calls.statuses.items())
        times = (f"{calls.milliseconds[name]:,.1f}" for name in ("p50", "p95", "p99", "max"))
        table.add_row(kind, f"{calls.per_second:,.0f}", *times, statuses)
    console = Console()
    console.print(table)
    cores = ", ".join(f"{name} {used}" for name, used in figures.cores.items())
    console.print(f"the chain decided {figures.chain_per_second:,.0f} claims a second meanwhile; cores in use: {cores}")
