"""Running the service in a process of its own."""

import asyncio
import errno
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog
import uvloop
from aiohttp import web

from api.addresses import AddressError
from api.answers import DESK
from api.app import create_app
from api.connections import listening
from api.context import PARTS
from api.health import READINESS
from config.limits import HEADER_BYTES_MAX, HEADERS_MAX
from config.settings import ApiSettings, Settings
from schemas.reference_changes import Changes

# A connection that trickles: 15 s for headers, 10 s for the body (api/body.py), 5 s to take in what nobody wants.
# A proxy in front must keep idle connections for less than this, or it may send a request into a closing one.
IDLE_SECONDS = 15.0
LINGER_SECONDS = 5.0
SHUTDOWN_SECONDS = 12.0
GC_THRESHOLDS = (50_000, 20, 100)
# How connections are read. The access log is ours: aiohttp's holds paths. A body is taken as it is: one that unpacks
# to a thousand times its size is refused.
PROTOCOL: dict[str, Any] = {
    "access_log": None,
    "auto_decompress": False,
    "keepalive_timeout": IDLE_SECONDS,
    # A token of TOKEN_CHARACTERS_MAX fits into a header.
    "max_field_size": HEADER_BYTES_MAX,
    "max_headers": HEADERS_MAX,
    "lingering_time": LINGER_SECONDS,
}
log = structlog.get_logger(__name__)


def run(settings: Settings, announce: Callable[[str], None] | None = None, changes: Changes | None = None) -> None:
    """Serve until SIGINT or SIGTERM. `announce` receives the URL, `changes` makes those of members and providers.

    Raises AddressError, TokenKeyError, ValueError.
    """
    uvloop.run(_serve_until_signalled(settings, announce, changes))


async def serve(
    settings: Settings,
    stop: asyncio.Event,
    announce: Callable[[str], None] | None = None,
    changes: Changes | None = None,
) -> None:
    """Serve until `stop` is set, then end the requests under way. Raises as `run`."""
    app = create_app(settings, changes=changes)
    runner = web.AppRunner(app, logger=_protocol_logger(), shutdown_timeout=SHUTDOWN_SECONDS, **PROTOCOL)
    await runner.setup()
    try:
        async with _grpc(settings, app), _listening(runner, settings.api) as url:
            log.info("the API serves", url=url)
            if announce is not None:
                announce(url)
            await stop.wait()
            log.info("the API stops")
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _grpc(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    """Serve gRPC beside, where a port is set. Its libraries are loaded only then: they take 13 MB."""
    if settings.api.grpc_port == 0:
        yield
        return
    from api.grpc_door.server import serving

    async with serving(settings.api, app[PARTS], app[DESK], app[READINESS]):
        yield


async def _serve_until_signalled(
    settings: Settings, announce: Callable[[str], None] | None, changes: Changes | None
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def up(url: str) -> None:
        _collect_seldom()
        if announce is not None:
            announce(url)

    await serve(settings, stop, up, changes)


def _collect_seldom() -> None:
    """What a process keeps for its life is looked through no more, and the rest less often than after 700 objects.

    A collection of everything stops all requests for a tenth of a second; what they leave behind holds few cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


@asynccontextmanager
async def _listening(runner: web.AppRunner, api: ApiSettings) -> AsyncIterator[str]:
    host, port = api.host, api.port
    assert runner.server is not None
    async with AsyncExitStack() as stack:
        try:
            listener = await stack.enter_async_context(listening(runner.server, host, port, api.connections_max))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                text = f"port {port} of {host} is in use by another program; choose one: --port, or CLAIMS_API__PORT"
            else:
                why = error.strerror
                text = f"cannot listen on {host}:{port} ({why}); set --host and --port to one of this machine"
            raise AddressError(text) from None
        bound = listener.sockets[0].getsockname()
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        yield f"http://{shown}:{bound[1]}"


def _protocol_logger() -> logging.Logger:
    """aiohttp's words on broken requests quote them; say that one came, not what was in it."""
    logger = logging.getLogger("api.protocol")
    logger.filters[:] = [_without_content]
    return logger


def _without_content(record: logging.LogRecord) -> bool:
    kind = type(record.exc_info[1]).__name__ if record.exc_info else ""
    record.msg, record.args, record.exc_info = f"a request could not be read {kind}".strip(), (), None
    return True
