"""The `claims` command: every part of the engine, one command each. The one place that may import everything."""

import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from cli import bench, dlq, edi, generate, keys, reference, schemas, settings_command, topics
from cli.adjudicate import adjudicate
from cli.api import api
from cli.audit import audit
from cli.bench_api import api as bench_api
from cli.commands import COMMANDS
from cli.conformance import conformance
from cli.demo import demo
from cli.errors import UserError, kafka_away
from cli.explain import eob, explain
from cli.impact import impact
from cli.ledger import ledger
from cli.migrate import migrate
from cli.replay import replay
from cli.root import Root
from cli.scheduler import scheduler
from cli.shadow import shadow
from cli.sink import sink
from cli.status import status
from cli.token import token
from cli.trial_balance import trial_balance
from cli.up import up
from cli.verify import verify
from cli.worker import worker
from config.version import VERSION

app = typer.Typer(name="claims", cls=Root, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
RUN, SEND, LOOK, ACT = "Run the engine", "Send claims", "Look at claims", "Act on a claim"
RULES, PROVE, OPERATE = "Rules and reference data", "Prove and measure", "Operate"
# Groups of `claims --help`, in their order; within a group commands come first, then those with commands of their own.
GROUPS: tuple[tuple[str, tuple[Callable[..., None], ...], dict[str, typer.Typer]], ...] = (
    (RUN,     (up, demo, worker, sink, api, scheduler),     {}),
    (SEND,    (replay,),                                    {"edi": edi.app, "generate": generate.app}),
    (LOOK,    (status, explain, eob, audit, ledger),        {}),
    (ACT,     COMMANDS,                                     {}),
    (RULES,   (adjudicate, impact, shadow, conformance),    {"reference": reference.app}),
    (PROVE,   (verify, trial_balance),                      {"bench": bench.app}),
    (OPERATE, (migrate, token),                             {"topics": topics.app, "dlq": dlq.app, "keys": keys.app,
                                                             "schemas": schemas.app, "settings": settings_command.app}),
)  # fmt: skip
bench.app.command("api")(bench_api)
for panel, commands, below in GROUPS:
    for command in commands:
        app.command(rich_help_panel=panel)(command)
    for name, group in below.items():
        app.add_typer(group, name=name, rich_help_panel=panel)


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"claims {VERSION}")
        raise typer.Exit


@app.callback()
def claims(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Decide health claims: from files, topics or the API, through four stages on Kafka, to Postgres.

    Examples:
    `claims demo`: see it at work, in a folder of its own
    `claims up --sample`: start everything, with the sample payers
    `claims replay sources/samples/claims.jsonl`: send claims to it, from another terminal
    `claims status CLM-2026-...`: see what became of one
    `claims conformance`: decide worked cases, without any service

    Each command has examples of its own: `claims replay --help`.
    """


def main() -> NoReturn:
    """Run the command line: 0 done, 1 something was found, 2 the person must do something, 130 Ctrl-C."""
    from confluent_kafka import KafkaException

    from deploy.local.errors import ServiceUnavailable

    try:
        app()
    except (UserError, ServiceUnavailable) as error:
        typer.echo(f"claims: {error}", err=True)
        sys.exit(2)
    except KafkaException as error:
        from cli.environment import settings

        typer.echo(f"claims: {kafka_away(settings().kafka.bootstrap_servers, error)}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
