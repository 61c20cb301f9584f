"""`claims trial-balance`: charged = paid + adjusted over everything decided."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from sinks.trial_balance import TrialBalance


def trial_balance(
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait until the sink has written all there is now.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the accounts as JSON, in minor units.")] = False,
) -> None:
    """Add up all decisions by account, from the topic, and compare with the figure that the sink keeps.

    Ends with 0 when charged = paid + adjusted and both figures are equal, and with 1 when not.

    Examples: `claims trial-balance`, `claims trial-balance --wait 30 --json`.
    """
    from rich.console import Console

    from cli.environment import with_both
    from cli.errors import UserError, using_kafka, using_postgres
    from sinks.ends import MissingTopicError
    from sinks.topics import VerifyError
    from sinks.trial_balance import trial_balance_blocking

    settings = with_both()
    assert settings.database.url is not None
    try:
        with using_kafka(settings.kafka), using_postgres(settings.database.url.get_secret_value()):
            made = trial_balance_blocking(settings, wait)
    except (VerifyError, MissingTopicError) as error:
        raise UserError(str(error)) from error
    if as_json:
        typer.echo(json.dumps(as_dict(made), indent=2))
    else:
        show(made, Console())
    if not made.ok:
        raise typer.Exit(1)


def as_dict(made: "TrialBalance") -> dict[str, Any]:
    """Everything, for JSON; amounts in minor units."""
    from schemas.accounts import difference

    return {
        "ok": made.ok,
        "versions": made.versions,
        "behind": made.behind,
        "difference": {currency: difference(accounts) for currency, accounts in made.topic.items()},
        "topic": made.topic,
        "live": made.live,
    }


def show(made: "TrialBalance", console: "Console") -> None:
    """A table for each currency, and the verdict."""
    for currency in sorted({*made.topic, *made.live}):
        console.print(_table(currency, made.topic.get(currency, {}), made.live.get(currency, {})))
    console.print(f"{made.versions:,} versions of claims, in {made.seconds:.1f} s", highlight=False)
    if made.behind:
        vain = ", waited in vain" if made.waited_in_vain else ""
        console.print(f"the sink is {made.behind} records behind{vain}", highlight=False)
    console.print("charged = paid + adjusted" if made.balances else "the books DO NOT BALANCE")
    if not made.agrees:
        console.print("the live figure DIFFERS from the topic")


def _table(currency: str, topic: dict[str, int], live: dict[str, int]) -> Any:
    from rich.table import Table

    from schemas.accounts import CHARGED, PAID, difference
    from schemas.money import decimal_of

    def shown(minor: int) -> str:
        return f"{decimal_of(minor, currency):,}"

    table = Table("account", "recomputed", "live", title=f"Trial balance, {currency}", title_justify="left")
    table.columns[1].justify = table.columns[2].justify = "right"
    adjusted = sorted({*topic, *live} - {CHARGED, PAID})
    for account in (CHARGED, PAID, *adjusted):
        one, other = topic.get(account, 0), live.get(account, 0)
        table.add_row(account, shown(one), shown(other), style=None if one == other else "red")
    table.add_section()
    table.add_row("charged - paid - adjusted", shown(difference(topic)), shown(difference(live)))
    return table
