"""The server: its port, TLS, limits, health and reflection, and how it starts and stops beside the HTTP service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from api.addresses import AddressError
from api.context import Parts
from api.desk import Desk
from api.grpc_door.calls import SERVICE, Calls
from api.grpc_door.claims_pb2_grpc import add_ClaimsServiceServicer_to_server
from api.grpc_door.open_calls import OpenCalls
from api.grpc_door.servicer import Claims
from api.health import Readiness
from config.limits import (
    GRPC_ANSWER_BYTES_MAX,
    GRPC_CALL_SECONDS_MAX,
    GRPC_CALLS_MAX,
    GRPC_MESSAGE_SECONDS_MAX,
    GRPC_STREAMS_MAX,
    HTTP_BODY_BYTES_MAX,
)
from config.settings import ApiSettings

STOP_SECONDS = 10.0
_SECOND = 1_000
# A connection without a call is closed, one that sends pings for sport (it must ask for something at times), one that
# is old (clients come again by themselves; the longest call under way may end), and one that does not say what it is.
OPTIONS: tuple[tuple[str, Any], ...] = (
    ("grpc.max_receive_message_length", HTTP_BODY_BYTES_MAX),
    ("grpc.max_send_message_length", GRPC_ANSWER_BYTES_MAX),
    ("grpc.max_concurrent_streams", GRPC_STREAMS_MAX),
    ("grpc.max_connection_idle_ms", 300 * _SECOND),
    ("grpc.max_connection_age_ms", 900 * _SECOND),
    ("grpc.max_connection_age_grace_ms", (GRPC_MESSAGE_SECONDS_MAX + GRPC_CALL_SECONDS_MAX + 5) * _SECOND),
    ("grpc.server_handshake_timeout_ms", GRPC_MESSAGE_SECONDS_MAX * _SECOND),
    ("grpc.keepalive_time_ms", 60 * _SECOND),
    ("grpc.keepalive_timeout_ms", 20 * _SECOND),
    ("grpc.so_reuseport", 0),
)
log = structlog.get_logger(__name__)


class Health(health.aio.HealthServicer):
    """Serving while claims can be taken and looked up, as /health/ready has it."""

    def __init__(self, readiness: Readiness, parts: Parts) -> None:
        super().__init__()
        self._readiness, self._parts = readiness, parts

    async def Check(  # noqa: N802 - the protocol's name
        self, request: health_pb2.HealthCheckRequest, context: Any
    ) -> health_pb2.HealthCheckResponse:
        """The state of the service now."""
        states = health_pb2.HealthCheckResponse
        state = states.NOT_SERVING if await self._readiness.faults(self._parts) else states.SERVING
        for name in ("", SERVICE):
            await self.set(name, state)
        return await super().Check(request, context)


@asynccontextmanager
async def serving(api: ApiSettings, parts: Parts, desk: Desk, readiness: Readiness) -> AsyncIterator[str]:
    """Serve while inside; yields the address. Raises AddressError."""
    options = (*OPTIONS, ("grpc.max_allowed_incoming_connections", api.connections_max))
    around = [Calls(parts), OpenCalls()]
    server = grpc.aio.server(interceptors=around, options=options, maximum_concurrent_rpcs=GRPC_CALLS_MAX)
    watch = Health(readiness, parts)
    add_ClaimsServiceServicer_to_server(Claims(desk), server)
    health_pb2_grpc.add_HealthServicer_to_server(watch, server)
    names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(names, server)
    address = _listen(server, api)
    await server.start()
    log.info("gRPC serves", address=address, tls=api.grpc_certificate_file is not None)
    try:
        yield address
    finally:
        await watch.enter_graceful_shutdown()
        await server.stop(STOP_SECONDS)


def _listen(server: grpc.aio.Server, api: ApiSettings) -> str:
    host = f"[{api.host}]" if ":" in api.host else api.host
    address = f"{host}:{api.grpc_port}"
    credentials = _credentials(api)
    try:
        if credentials is None:
            server.add_insecure_port(address)
        else:
            server.add_secure_port(address, credentials)
    except RuntimeError:
        text = f"gRPC cannot listen on {address}; choose a free port: --grpc-port, or CLAIMS_API__GRPC_PORT (0: none)"
        raise AddressError(text) from None
    return address


def _credentials(api: ApiSettings) -> grpc.ServerCredentials | None:
    if api.grpc_certificate_file is None or api.grpc_key_file is None:
        if api.grpc_certificate_file is not api.grpc_key_file:
            text = "TLS of gRPC needs both CLAIMS_API__GRPC_CERTIFICATE_FILE and CLAIMS_API__GRPC_KEY_FILE"
            raise AddressError(text)
        return None
    key = _read(api.grpc_key_file, "CLAIMS_API__GRPC_KEY_FILE")
    certificate = _read(api.grpc_certificate_file, "CLAIMS_API__GRPC_CERTIFICATE_FILE")
    return grpc.ssl_server_credentials([(key, certificate)])


def _read(path: Path, variable: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AddressError(f"{path} cannot be read ({error.strerror}); set {variable} to a PEM file") from None
