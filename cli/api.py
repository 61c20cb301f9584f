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
    grpc_port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port of gRPC; 0 for none; by default CLAIMS_API__GRPC_PORT.")
    ] = None,
) -> None:
    """Serve the HTTP API, and gRPC where it has a port; several may run, they share nothing but Kafka and Postgres.

    It starts without Kafka or Postgres too: /health/ready says what is missing, until it is there.

    Examples: `claims api`, `claims api --host 0.0.0.0 --port 8080 --grpc-port 9090`.
    """
    # A signal during the imports below would otherwise kill the process with a non-zero exit.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from api.addresses import AddressError
    from api.auth import TokenKeyError
    from api.run import run
    from cli.environment import with_kafka
    from cli.errors import UserError
    from config import logs
    from sources.reference.changes import ReferenceChanges

    settings = with_kafka()
    given = (("host", host), ("port", port), ("grpc_port", grpc_port))
    chosen = {name: value for name, value in given if value is not None}
    settings = settings.model_copy(update={"api": settings.api.model_copy(update=chosen)})
    logs.configure(settings.log_level, "api")
    try:
        run(settings, changes=ReferenceChanges(settings))
    except (AddressError, TokenKeyError) as error:
        raise UserError(str(error)) from error
