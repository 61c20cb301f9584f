"""`claims status ID`: what became of a claim, from the API."""

from typing import Annotated

import typer


def status(
    claim: Annotated[str, typer.Argument(metavar="ID", help="Claim id or claim number.")],
    watch: Annotated[bool, typer.Option("--watch", help="Follow the claim until it is decided.")] = False,
    url: Annotated[str | None, typer.Option(help="The API; by default from CLAIMS_API__HOST and _PORT.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="CLAIMS_TOKEN", help="Token; in development one is minted.")
    ] = None,
) -> None:
    """Show a claim: a table on a terminal, JSON in a pipe.

    With --watch, every change is shown until the claim is decided; a pended claim is not. Of a claim that was voided or
    replaced the table tells what it was; in JSON that is the API's explanation of it (`claims explain`).

    Examples: `claims status 770e8400-e29b-41d4-a716-446655440002`, `claims status CLM-2026-... --watch`.
    """
    import asyncio
    import sys
    from functools import partial

    from rich.console import Console

    from cli.access import token_of, url_of
    from cli.claim_client import follow
    from cli.claim_view import show, show_reversed

    reversed_too = partial(show_reversed, console=Console()) if sys.stdout.isatty() else None
    minted = token_of(token, "claims-status", ["auditor"])
    asyncio.run(follow(url_of(url), minted, claim, show, watch=watch, show_reversed=reversed_too))
