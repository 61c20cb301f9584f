"""Calls that anybody may make, health and reflection: few at a time of each method, and none without an end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
import structlog

from api.grpc_door.calls import SERVICE
from api.grpc_door.reading import message_of, parsing
from api.grpc_door.refusals import code_of
from api.problems import Problem
from config.limits import GRPC_CALL_SECONDS_MAX, GRPC_OPEN_CALLS_MAX, GRPC_WATCH_SECONDS_MAX

Behave = Callable[[Any, Any], Any]
log = structlog.get_logger(__name__)


class OpenCalls(grpc.aio.ServerInterceptor):
    """Around the calls that need no token: they cannot take the places of those that do."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()

    async def intercept_service(self, continuation: Any, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The handler of the method, bounded."""
        handler = await continuation(handler_call_details)
        method: str = handler_call_details.method
        if handler is None or method.startswith(f"/{SERVICE}/"):
            return handler
        if handler.unary_unary is not None:
            make, behave = grpc.stream_unary_rpc_method_handler, _asked_once(handler.unary_unary, GRPC_CALL_SECONDS_MAX)
        elif handler.unary_stream is not None:
            make, behave = (
                grpc.stream_stream_rpc_method_handler,
                _asked_once(handler.unary_stream, GRPC_WATCH_SECONDS_MAX),
            )
        else:
            make, behave = grpc.stream_stream_rpc_method_handler, _conversed(handler.stream_stream)
        return make(
            self._bounded(behave, method),
            request_deserializer=parsing(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )

    def _bounded(self, behave: Behave, method: str) -> Callable[[Any, Any], Awaitable[Any]]:
        async def bounded(requests: Any, context: Any) -> Any:
            if self._running[method] >= GRPC_OPEN_CALLS_MAX:
                text = f"{GRPC_OPEN_CALLS_MAX} such calls are under way; ask again in a moment."
                await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, text)
            self._running[method] += 1
            try:
                return await behave(requests, context)
            except Problem as problem:
                await context.abort(code_of(problem), problem.detail)
            except TimeoutError:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "The call has been open for long; ask again.")
            finally:
                self._running[method] -= 1

        return bounded


def _asked_once(behave: Behave, seconds: float) -> Behave:
    """One question; the answer, or answers until the time is up."""

    async def around(_requests: Any, context: Any) -> Any:
        message = await message_of(context)
        async with asyncio.timeout(seconds):
            return await behave(message, context)

    return around


def _conversed(behave: Behave) -> Behave:
    """Questions and answers, as many as find time."""

    async def around(_requests: Any, context: Any) -> None:
        async def questions() -> Any:
            while (message := await _next(context)) is not None:
                yield message

        async with asyncio.timeout(GRPC_CALL_SECONDS_MAX):
            async for answer in behave(questions(), context):
                await context.write(answer)

    return around


async def _next(context: Any) -> Any:
    """The next message of several; None after the last. Raises as `message_of`."""
    try:
        return await message_of(context)
    except Problem as problem:
        if problem.code == "no_message":
            return None
        raise
