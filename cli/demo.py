"""`claims demo`: the main job on real parts, from claims in files to decisions that a person can look up."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from cli.stack import Stack

GENERATED_SEED = 7
MEMBERS = 2_000
# Amounts of nine digits and their adjustments fit side by side; a terminal has the width it has.
PIPE_COLUMNS = 140


def demo(
    count: Annotated[int, typer.Option(min=100, max=1_000_000, help="Generated claims.")] = 4_000,
    rate: Annotated[int, typer.Option(min=10, max=100_000, help="Claims a second.")] = 500,
) -> None:
    """Start everything in a folder of its own, decide sample and generated claims, show what became of them.

    Then an authorization releases a pended claim, a person approves another one, a claim is voided, and a denied one
    is appealed: with what each changes in money.

    Examples: `claims demo`, `claims demo --count 20000 --rate 1000`.
    """
    from cli.demo_life import show_life, show_pends
    from cli.environment import settings
    from cli.stack import Shape, Stack, private
    from config import logs

    loaded = settings()
    logs.configure("warning", "demo")
    folder = loaded.state_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_COLUMNS)

    def announce(line: str) -> None:
        console.print(line, markup=False, highlight=False)

    with Stack(private(loaded, folder), Shape(), announce) as stack:
        send(stack, count, rate, announce)
        console.print(outcomes(stack))
        console.print(money(stack))
        console.print(speed(stack))
        show_claims(stack, console)
        show_pends(stack, console)
        show_life(stack, console)
        check(stack, announce)


def send(stack: "Stack", count: int, rate: int, announce: Callable[[str], None]) -> None:
    """Reference data, the sample files and generated claims; returns when all are decided."""
    from cli.engine import run_command, wait_until_quiet
    from cli.reference import load_folder
    from sources.generate.folder import write_reference
    from sources.generate.spec import SAMPLE_REFERENCE

    folder = stack.settings.state_dir / "reference"
    write_reference(folder, seed=GENERATED_SEED, members=MEMBERS)
    result = load_folder(folder, stack.settings)
    announce(f"reference release {result.release}: two sample payers and {MEMBERS:,} generated members")
    samples = SAMPLE_REFERENCE.parent
    files = [str(samples / "claims-837p.edi"), str(samples / "claims.jsonl")]
    # Some lines of the samples are bad on purpose: they are reported, and the command ends with 1.
    run_command(stack, "replay", ["replay", *files], accepted=(0, 1))
    announce(f"replayed {' and '.join(file.rpartition('/')[2] for file in files)}")
    announce(f"sending {count:,} generated claims at {rate:,} a second")
    options = ["--count", str(count), "--rate", str(rate), "--seed", str(GENERATED_SEED), "--members", str(MEMBERS)]
    run_command(stack, "generator", ["generate", "claims", "--to", "topic", *options])
    announce("waiting until all are decided")
    wait_until_quiet(stack)


def outcomes(stack: "Stack") -> Table:
    """Claims by outcome."""
    table = Table("outcome", "currency", "claims", title="Claims by outcome", title_justify="left")
    for row in rows(stack, "select substatus, currency, count(*) from claims group by 1, 2 order by 2, 3 desc"):
        table.add_row(row["substatus"].replace("_", " "), row["currency"], f"{row['count']:,}")
    return table


def money(stack: "Stack") -> Table:
    """Charged, allowed, paid, and the adjustments by group, of everything decided."""
    table = Table("amount", "IDR", "USD", title="Money", title_justify="left")
    table.columns[1].justify = table.columns[2].justify = "right"
    decided = "select 'charged' as what, currency, sum(total_charged) from claims where rank > 1 group by 2"
    parts = [
        decided,
        decided.replace("charged", "allowed"),
        decided.replace("charged", "paid"),
        """select 'adjusted ' || a.group_code, c.currency, sum(a.amount) from claim_adjustments a
           join claims c on c.id = a.claim_id group by 1, 2 order by 1""",
    ]
    sums: dict[str, dict[str, Any]] = {}
    for part in parts:
        for row in rows(stack, part):
            sums.setdefault(row[0], {})[row["currency"]] = row["sum"]
    for what, by_currency in sums.items():
        table.add_row(what, f"{by_currency.get('IDR', 0):,.0f}", f"{by_currency.get('USD', 0):,.2f}")
    return table


def speed(stack: "Stack") -> Table:
    """How long decisions took, from acceptance to the committed row."""
    from cli.engine import query

    row = query(
        stack,
        """select count(*) as claims, extract(epoch from max(committed_at) - min(accepted_at)) as span,
                  percentile_cont(0.5) within group (order by extract(epoch from committed_at - accepted_at)) as median,
                  max(extract(epoch from committed_at - accepted_at)) as slowest
           from claims where rank > 0 and channel = 'generator'""",
    )
    table = Table("speed", "value", title="From acceptance to the committed row", title_justify="left")
    table.add_row("median", f"{float(row['median']):.2f} s")
    table.add_row("slowest", f"{float(row['slowest']):.2f} s")
    table.add_row("claims a second", f"{int(row['claims']) / float(row['span']):,.0f}")
    return table


def show_claims(stack: "Stack", console: Console) -> None:
    """One decided claim and one denial, as the API answers for them."""
    import asyncio

    from api.auth import mint
    from cli.claim_client import follow
    from cli.claim_view import show_tables

    token = mint(stack.settings.api, "demo", ["auditor"], datetime.now(UTC))
    for substatus, what in (("approved", "A decided claim"), ("denied", "A denial and its reason")):
        chosen = rows(
            stack, "select id from claims where substatus = $1 order by total_charged desc limit 1", substatus
        )
        if chosen:
            console.print(f"\n{what}, from {stack.api_url}/api/v1/claims/{chosen[0]['id']}")
            show = partial(show_tables, console=console)
            asyncio.run(follow(stack.api_url, token, str(chosen[0]["id"]), show, watch=False))


def check(stack: "Stack", announce: Callable[[str], None]) -> None:
    """`claims verify`: the tables equal the topics, or this command fails."""
    from cli.verify import report_lines
    from sinks.verify import verify_blocking

    announce("\nclaims verify")
    report = verify_blocking(stack.settings, 60)
    for line in report_lines(report.as_dict()):
        announce(line)
    if not report.ok:
        raise typer.Exit(1)


def rows(stack: "Stack", statement: str, *arguments: object) -> list[Any]:
    """All rows of a statement."""
    from cli.engine import query_all

    return query_all(stack, statement, *arguments)
