"""`claims ledger COVERAGE`: what a family has used of its deductibles, limits and authorizations."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UserError, using_postgres
from schemas.counted import counted

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from rich.console import Console

    from sinks.ledger import Account, Posting


def ledger(
    coverage: Annotated[str, typer.Argument(metavar="COVERAGE", help="Coverage id, as on the claims of the family.")],
    entries: Annotated[bool, typer.Option("--entries", help="Show every posting, with its claim.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the balances of a coverage by period, account and person, from the postings of all its decisions.

    Amounts are minor units, thousandths of units or counts, as the account says. A void posts the exact negation, so
    after voiding everything every balance is 0. Ends with 2 where nothing was ever posted for COVERAGE.

    Examples: `claims ledger FAM-1`, `claims ledger FAM-1 --entries --json`.
    """
    from dataclasses import asdict

    from rich.console import Console

    from cli.environment import with_database
    from sinks.ledger import balances_of, postings_of

    url = with_database().database.url
    assert url is not None
    secret = url.get_secret_value()
    question = postings_of(secret, coverage) if entries else balances_of(secret, coverage)
    found: Sequence[Account | Posting] = _asked(question, secret)
    if not found:
        known = "name a coverage as coverages.csv of the reference data does, with a claim that was decided"
        raise UserError(f"the ledger of {coverage!r} holds nothing; {known}")
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, default=str))
    else:
        show(coverage, found, Console())


def _asked(question: "Coroutine[Any, Any, Any]", url: str) -> Any:
    import asyncio

    with using_postgres(url):
        return asyncio.run(question)


def show(coverage: str, found: "Sequence[Account | Posting]", console: "Console") -> None:
    """A table, and how large the ledger is."""
    from dataclasses import asdict

    from rich.markup import escape
    from rich.table import Table

    rows = [asdict(one) for one in found]
    table = Table(*(name for name, _ in _cells(rows[0])), title=escape(coverage), title_justify="left")
    for column in table.columns:
        column.overflow = "fold"
    # Where the terminal is narrow, ids are broken: half an amount is none.
    table.columns[0].no_wrap = table.columns[3].no_wrap = True
    table.columns[3].justify = "right"
    for row in rows:
        table.add_row(*(escape(value) for _, value in _cells(row)))
    console.print(table)
    postings = sum(row.get("entries", 1) for row in rows)
    periods = len({row["period"] for row in rows})
    console.print(f"{counted(postings, 'posting')} in {counted(periods, 'period')}", highlight=False)


def _cells(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What a row shows: columns and texts. A posting is named by its claim, version and revision in one."""
    cells = [(name, str(row[name])) for name in ("account", "who", "period")]
    cells.append(("amount", f"{row['amount']:,}"))
    if "entries" in row:
        return [*cells, ("entries", f"{row['entries']:,}")]
    version = f"{row['version']}.{row['revision']}"
    return [*cells, ("claim", row["claim_id"]), ("version", version), ("line", str(row["line_number"]))]
