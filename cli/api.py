"""`claims api`: the HTTP service."""

import signal
import sys
from typing import Annotated

import typer


def api(
    host: Annotated[str | None, typer.Option(help="Address to listen on; by default CLAIMS_API__HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port; 0 for any free one; by default CLAIMS_API__PORT.")
    ] = None,
) -> None:
    """Serve the HTTP API; start several behind a balancer, they share nothing but Kafka and Postgres.

    It starts without Kafka or Postgres too: /health/ready says what is missing, until it is there.

    Examples: `claims api`, `claims api --host 0.0.0.0 --port 8080`.
    """
    # A signal during the imports below would otherwise kill the process with a non-zero exit.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from api.auth import TokenKeyError
    from api.run import AddressError, run
    from cli.environment import with_kafka
    from cli.errors import UserError
    from config import logs

    settings = with_kafka()
    chosen = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = settings.model_copy(update={"api": settings.api.model_copy(update=chosen)})
    logs.configure(settings.log_level, "api")
    try:
        run(settings)
    except (AddressError, TokenKeyError) as error:
        raise UserError(str(error)) from error
