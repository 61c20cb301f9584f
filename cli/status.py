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

    With --watch, every change is shown until the claim is decided; a pended claim is not.

    Examples: `claims status 770e8400-e29b-41d4-a716-446655440002`, `claims status CLM-2026-... --watch`.
    """
    import asyncio

    from cli.access import token_of, url_of
    from cli.claim_client import follow
    from cli.claim_view import show

    asyncio.run(follow(url_of(url), token_of(token, "claims-status", ["auditor"]), claim, show, watch=watch))
