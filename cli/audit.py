"""`claims audit CLAIM`: who looked at a claim."""

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

PAGES_MAX = 50


def audit(
    claim: Annotated[str, typer.Argument(metavar="ID", help="Claim id or claim number.")],
    url: Annotated[str | None, typer.Option(help="The API; by default from CLAIMS_API__HOST and _PORT.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="CLAIMS_TOKEN", help="Token of an auditor; in development one is minted.")
    ] = None,
) -> None:
    """Show who looked at a claim and its documents, the last look first: a table on a terminal, JSON lines in a pipe.

    A look takes a moment to be recorded, and looking here is recorded too. At most the last 10,000 looks are shown.

    Example: `claims audit 770e8400-e29b-41d4-a716-446655440002`.
    """
    import asyncio
    import json

    from cli.access import token_of, url_of

    reads = asyncio.run(_reads(url_of(url), token_of(token, "claims-audit", ["auditor"]), claim))
    if sys.stdout.isatty():
        _show(reads)
        return
    for read in reads:
        typer.echo(json.dumps(read))


async def _reads(url: str, token: str, claim: str) -> Sequence[Mapping[str, Any]]:
    import json

    from cli.claim_client import asking
    from config.limits import PAGE_CLAIMS_MAX

    found: list[Mapping[str, Any]] = []
    query = {"limit": str(PAGE_CLAIMS_MAX)}
    async with asking(url, token, claim) as client:
        for _ in range(PAGES_MAX):
            body = await client.read("/audit", query)
            assert body is not None
            page = json.loads(body)
            found += page["reads"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
    return found


def _show(reads: Sequence[Mapping[str, Any]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    if not reads:
        console.print("nobody has looked at this claim yet, as far as is recorded")
        return
    table = Table("at", "who", "roles", "what", "outcome")
    for read in reads:
        who = " of ".join(part for part in (read["subject"], read["providerId"] or read["memberId"]) if part)
        table.add_row(
            read["at"], escape(who), escape(", ".join(read["roles"])), escape(read["view"]), escape(read["outcome"])
        )
    console.print(table)
