"""`claims worker`: runs all stages of the chain, or some of them."""

import signal
import sys
from typing import Annotated

import typer


def worker(
    stages: Annotated[
        str,
        typer.Option(
            help="Stages to run, separated by commas: validate, authorize, adjudicate, price. All by default."
        ),
    ] = "",
) -> None:
    """Run the stages of the chain; start more workers to scale, the partitions are shared.

    Examples: `claims worker`, `claims worker --stages validate,authorize`.
    """
    # A signal during the imports below would otherwise kill the process with a non-zero exit.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from cli.environment import with_kafka
    from cli.errors import UserError
    from config import logs
    from streams.admin import TopicsError
    from streams.worker import StagesError, run, stages_named

    settings = with_kafka()
    logs.configure(settings.log_level, "worker")
    try:
        chosen = stages_named([name.strip() for name in stages.split(",") if name.strip()])
        if settings.worker.metrics_port:
            from prometheus_client import start_http_server

            start_http_server(settings.worker.metrics_port, settings.worker.metrics_host)
        run(settings, chosen)
    except (StagesError, TopicsError) as error:
        raise UserError(str(error)) from error
