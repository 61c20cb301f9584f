"""`claims approve`, `deny`, `release`, `void`, `appeal`, `uphold` and `overturn`: a person's word on a claim."""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer

from cli.errors import UserError

PAUSE_SECONDS = 0.3
ID = Annotated[str, typer.Argument(metavar="ID", help="Claim id or claim number.")]
REASON = Annotated[str, typer.Option(help="Why, for the audit trail.")]
COMMAND_ID = Annotated[
    str | None, typer.Option(help="Id of the command: the same one again does nothing. By default a new one.")
]
WAIT = Annotated[float, typer.Option(min=0, help="Seconds to wait for what comes of it; 0 to return at once.")]
SUBJECT = Annotated[str, typer.Option("--as", help="Whom a token that is minted in development names.")]
ROLE = Annotated[str | None, typer.Option(help="The role of that token.")]
URL = Annotated[str | None, typer.Option(help="The API; by default from CLAIMS_API__HOST and _PORT.")]
TOKEN = Annotated[str | None, typer.Option(envvar="CLAIMS_TOKEN", help="Token; in development one is minted.")]
# Command, what it does, the role of a minted token.
_KINDS = (
    ("approve", "Approve a pended claim.", "claim_processor"),
    ("deny", "Deny a pended claim.", "claim_processor"),
    ("release", "Have a pended claim judged again, with what is known today.", "claim_processor"),
    ("void", "Void a claim: everything it posted is taken back, exactly.", "super_admin"),
    ("appeal", "Appeal against the decision of a claim.", "claim_processor"),
    ("uphold", "Let the decision stand after its appeal.", "claim_processor"),
    ("overturn", "Let an appeal succeed: the claim is decided anew, as its next version.", "claim_processor"),
)


def _command(kind: str, what: str, minted_role: str) -> Callable[..., None]:
    def run(
        claim: ID,
        reason: REASON = "",
        wait: WAIT = 0.0,
        command_id: COMMAND_ID = None,
        subject: SUBJECT = "operator",
        role: ROLE = None,
        url: URL = None,
        token: TOKEN = None,
    ) -> None:
        from cli.access import token_of, url_of

        chosen = token_of(token, subject, [role or minted_role])
        fields = {name: text for name, text in (("reason", reason), ("commandId", command_id)) if text}
        refused = asyncio.run(ask(url_of(url), chosen, claim, kind, fields, wait))
        if refused is not None:
            typer.echo(f"claims: refused: {refused}", err=True)
            raise typer.Exit(1)

    example = f"claims {kind} CLM-2026-..." + ("" if kind == "release" else ' --reason "..."')
    run.__doc__ = (
        f"{what}\n\nThe API accepts the command once the broker has it. With --wait, what comes of it is shown: the "
        f"claim, or why it was refused (then this ends with 1).\n\nExamples: `{example}`, `{example} --wait 10`."
    )
    run.__name__ = kind
    return run


COMMANDS = tuple(_command(*row) for row in _KINDS)


async def ask(url: str, token: str, claim: str, kind: str, fields: dict[str, str], wait_seconds: float) -> str | None:
    """Send the command; None when it was accepted, and carried out where that was waited for, else why not."""
    from cli.claim_client import asking
    from cli.claim_view import show

    async with asking(url, token, claim) as client:
        accepted = await client.post(f"/{kind}", fields)
    if not wait_seconds:
        _say(accepted)
        return None
    # A claim number may have named a claim that was replaced: what comes of the command is told of the one in force.
    async with asking(url, token, accepted["claimId"]) as client:
        until = time.monotonic() + wait_seconds
        while time.monotonic() < until:
            event = _outcome(await client.get("/events", patient=True), accepted)
            if event is not None and not event["type"].startswith("claim."):
                return f"{event['details'].get('reason')}: {event['details'].get('text', event['type'])}"
            if event is not None:
                found = await client.get(patient=True)
                # Rows and events come by topics of their own: the claim may be a moment behind.
                if found is not None and (found["version"], found["revision"]) >= (event["version"], event["revision"]):
                    show(found)
                    return None
            await asyncio.sleep(PAUSE_SECONDS)
    raise UserError(f"nothing has come of command {accepted['commandId']} in {wait_seconds:g} s; see `claims status`")


def _say(accepted: Any) -> None:
    from schemas.json_text import dump_json

    if sys.stdout.isatty():
        typer.echo(f"accepted: command {accepted['commandId']} to {accepted['kind']} {accepted['claimNumber']}")
    else:
        typer.echo(dump_json(accepted))


def _outcome(trail: Any, accepted: Any) -> Any:
    """The event of the command: one that names it, or the step that its actor made at its moment."""
    for event in () if trail is None else trail["events"]:
        if event["details"].get("command_id") == accepted["commandId"]:
            return event
        if event["actor"] == accepted["actor"] and event["at"] == accepted["at"]:
            return event
    return None
