"""Logging by structlog: JSON lines in a pipe, readable lines on a terminal. Both go to standard error."""

import atexit
import json
import logging
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

import orjson
import structlog

from config import log_errors

REPEAT_SECONDS = 10.0
# The access log: written this late, or when so many lines have come.
ACCESS_LOG = "api.access"
GATHERED_SECONDS = 0.1
GATHERED_LINES_MAX = 200
KINDS_MAX = 1_000


class OncePerWhile(logging.Filter):
    """Lets the same complaint of a client through once in ten seconds: a broker that is away causes thirty a second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """True for a line that has not been said lately."""
        kind = f"{record.name} {record.levelno} {record.getMessage().partition('[')[0]}"
        now = record.created
        if now - self._last.get(kind, 0.0) < REPEAT_SECONDS:
            return False
        if len(self._last) > KINDS_MAX:
            self._last.clear()
        self._last[kind] = now
        return True


class AccessLog:
    """The logger of requests: a service that answers a thousand a second logs as many.

    A line goes past the records and handlers of the standard library, and is written a moment late with many others.
    What was not written when a process is killed is lost: a tenth of a second of lines that count, and decide nothing.
    Whatever is no `info` is logged as ever.
    """

    def __init__(self, stream: TextIO, seconds: float = GATHERED_SECONDS) -> None:
        self.name = ACCESS_LOG
        self._usual = logging.getLogger(ACCESS_LOG)
        self._stream = stream
        self._seconds = seconds
        self._lines: list[str] = []
        self._lock = threading.Lock()
        self._waiting: threading.Timer | None = None
        atexit.register(self.write)

    def info(self, event: dict[str, Any], **_: Any) -> None:
        """Keep the line, and write when enough have come or the moment is over."""
        if not self._usual.isEnabledFor(logging.INFO):
            return
        line = _json(event)
        with self._lock:
            self._lines.append(line)
            if self._waiting is None:
                self._waiting = threading.Timer(self._seconds, self.write)
                self._waiting.daemon = True
                self._waiting.start()
        if len(self._lines) >= GATHERED_LINES_MAX:
            self.write()

    def write(self) -> None:
        """Write what was kept; also called when the process ends."""
        with self._lock:
            lines, self._lines, self._waiting = self._lines, [], None
            if lines and not self._stream.closed:
                self._stream.write("\n".join([*lines, ""]))
                self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)


def _loggers(terminal: bool) -> Callable[..., Any]:
    """Who writes what a logger of this name says."""
    usual = structlog.stdlib.LoggerFactory()
    access = AccessLog(sys.stderr)

    def logger_of(*arguments: Any) -> Any:
        return access if arguments[:1] == (ACCESS_LOG,) and not terminal else usual(*arguments)

    return logger_of


def _json(event: dict[str, Any], **options: Any) -> str:
    """A line of JSON; the access log writes one a request."""
    try:
        return orjson.dumps(event, options.get("default", repr), orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:
        # A number of more than 64 bits, half of a surrogate pair: nothing that is logged may be lost for it.
        return json.dumps(event, **options)


def configure(level: str, service: str) -> None:
    """Set up structlog and the standard library's logging for this process. `service` names it in every line."""
    terminal = sys.stderr.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = structlog.processors.JSONRenderer(_json)
    if terminal:
        renderer = structlog.dev.ConsoleRenderer(exception_formatter=log_errors.print_to)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(log_errors.text_of),
        ]
        if not terminal
        else [structlog.stdlib.ProcessorFormatter.remove_processors_meta],
    )
    formatter.processors = [*formatter.processors, renderer]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.getLogger("librdkafka").addFilter(OncePerWhile())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=_loggers(terminal),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    log_errors.log_what_ends_us()
    # Clients say the same thing thirty times a second while a broker is away; our own loops report it once.
    for noisy in ("aiokafka", "faust", "mode", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
