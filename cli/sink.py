"""`claims sink`: writes what the chain decided to Postgres."""

import signal
import sys
import threading

import typer

EXIT_POISON = 70
EXIT_ZOMBIE = 75


def sink() -> None:
    """Write decisions, rejections, events and dead letters to Postgres; start several, they share the partitions.

    It waits for Kafka, Postgres and topics, for ever. It ends with 70 at a record of the engine's own that it cannot
    write, and with 75 when another sink took over its partitions (start it again).

    Example: `claims sink`.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    from cli.environment import with_both
    from cli.errors import UserError
    from config import logs
    from sinks.batch import PoisonError
    from sinks.connect import DatabaseUrlError
    from sinks.run import run
    from sinks.store import ZombieError

    settings = with_both()
    logs.configure(settings.log_level, "sink")
    if settings.sink.metrics_port:
        from prometheus_client import start_http_server

        start_http_server(settings.sink.metrics_port, settings.sink.metrics_host)
    try:
        run(settings, stop)
    except DatabaseUrlError as error:
        raise UserError(str(error)) from error
    except (PoisonError, ZombieError) as error:
        typer.echo(f"claims: {error}", err=True)
        sys.exit(EXIT_POISON if isinstance(error, PoisonError) else EXIT_ZOMBIE)
