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

    from cli.claim_client import follow
    from cli.claim_view import show

    asyncio.run(follow(_url(url), _token(token), claim, show, watch=watch))


def _url(given: str | None) -> str:
    from cli.environment import settings

    api = settings().api
    host = "127.0.0.1" if api.host in ("0.0.0.0", "::") else api.host  # noqa: S104 - compared, not bound
    return (given or f"http://{host}:{api.port}").rstrip("/")


def _token(given: str | None) -> str:
    from datetime import UTC, datetime

    from api.auth import TokenKeyError, mint
    from cli.environment import settings
    from cli.errors import UserError

    chosen = settings()
    if given:
        return given
    if chosen.environment != "development":
        raise UserError("no token: pass --token or set CLAIMS_TOKEN")
    try:
        return mint(chosen.api, "claims-status", ["auditor"], datetime.now(UTC))
    except TokenKeyError as error:
        raise UserError(f"no token: pass --token or set CLAIMS_TOKEN ({error})") from error
