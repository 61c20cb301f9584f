"""Errors in logs: where they happened and of what kind, never what they quote.

The text of an error of a library can quote what it could not take: a name, an identity number. Values of local
variables, which a pretty traceback would print, hold whole claims. Both stay out; the lines of the stack say enough.
"""

import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TextIO

import structlog

# The top-level packages whose errors are written to be shown, and errors whose texts name no values of records.
OWN = frozenset({"agents", "api", "cli", "config", "deploy", "schemas", "sinks", "sources", "streams"})
PLAIN: tuple[type[BaseException], ...] = (AssertionError, AttributeError, ImportError, NameError, OSError, TypeError)
LEFT_OUT = "its text is left out, for it may quote a record"
CHAIN_MAX = 10
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def text_of(exc_info: ExcInfo) -> str:
    """The error and what led to it, oldest first, as Python prints them but for texts that may quote a record."""
    told = [_one(error) for error in reversed(list(_chain(exc_info[1])))]
    return "\n\n".join(told)


def print_to(stream: TextIO, exc_info: ExcInfo) -> None:
    """The same, for a log that people read on a terminal."""
    stream.write("\n" + text_of(exc_info))


def _chain(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(CHAIN_MAX):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _one(error: BaseException) -> str:
    stack = "".join(traceback.format_tb(error.__traceback__))
    inner = [_one(one) for one in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    return "\n".join([f"Traceback (most recent call last):\n{stack}{_named(error)}", *inner])


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    shown = kind.__module__.partition(".")[0] in OWN or isinstance(error, PLAIN)
    text = str(error) if shown else LEFT_OUT
    return f"{name}: {text}" if text else name


def log_what_ends_us() -> None:
    """Errors that end the process, or a thread, are logged like all others; Python would print their texts."""
    log = structlog.get_logger("errors")

    def of_process(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("the process ends with an error", exc_info=(kind, error, trace))

    def of_thread(ended: Any) -> None:
        if ended.exc_value is not None:
            found = (ended.exc_type, ended.exc_value, ended.exc_traceback)
            log.error("a thread ended with an error", thread=ended.thread.name if ended.thread else "", exc_info=found)

    sys.excepthook = of_process
    threading.excepthook = of_thread
