"""The `claims` command: every part of the engine, one command each. The one place that may import everything."""

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from cli import bench, dlq, edi, generate, keys, reference, schemas, settings_command, topics
from cli.adjudicate import adjudicate
from cli.api import api
from cli.audit import audit
from cli.bench_api import api as bench_api
from cli.commands import COMMANDS
from cli.conformance import conformance
from cli.demo import demo
from cli.errors import UserError
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

app = typer.Typer(
    name="claims",
    cls=Root,
    help="A stream-processing health-claims engine. `claims up` starts everything; `claims demo` shows it at work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
PROCESSES: tuple[Callable[..., None], ...] = (up, demo, worker, sink, api, scheduler, migrate)
ON_CLAIMS: tuple[Callable[..., None], ...] = (adjudicate, replay, status, explain, eob, audit, *COMMANDS)
ON_THE_WHOLE: tuple[Callable[..., None], ...] = (
    ledger, verify, trial_balance, impact, shadow, conformance, token,
)  # fmt: skip
for command in (*PROCESSES, *ON_CLAIMS, *ON_THE_WHOLE):
    app.command()(command)
bench.app.command("api")(bench_api)
app.add_typer(bench.app, name="bench")
app.add_typer(topics.app, name="topics")
app.add_typer(dlq.app, name="dlq")
app.add_typer(edi.app, name="edi")
app.add_typer(generate.app, name="generate")
app.add_typer(reference.app, name="reference")
app.add_typer(keys.app, name="keys")
app.add_typer(schemas.app, name="schemas")
app.add_typer(settings_command.app, name="settings")


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
        typer.echo(f"claims: Kafka cannot be used ({error.args[0].name()}); is it up, is its address right?", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)
