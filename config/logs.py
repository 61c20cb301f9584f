"""Logging by structlog: JSON lines in a pipe, readable lines on a terminal. Both go to standard error."""

import json
import logging
import sys
from typing import Any

import orjson
import structlog

REPEAT_SECONDS = 10.0
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
    renderer: Any = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(_json)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info]
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
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # Clients say the same thing thirty times a second while a broker is away; our own loops report it once.
    for noisy in ("aiokafka", "faust", "mode", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
