"""What happens around every call: correlation, who asks, log line, metrics, a time limit, problems as statuses.

Who asks is known before the message is read: whoever has no token keeps no place while it sends one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import grpc
import structlog
from grpc_status import rpc_status

from api import problems
from api.auth import Principal
from api.caller_address import shortened
from api.context import Parts
from api.grpc_door.claims_pb2 import DESCRIPTOR
from api.grpc_door.reading import message_of, parsing
from api.grpc_door.refusals import code_of, status_of
from api.middleware import correlation_from
from api.problems import Problem
from api.response_headers import CORRELATION_HEADER
from config.limits import GRPC_CALL_SECONDS_MAX
from config.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS

SERVICE: str = DESCRIPTOR.services_by_name["ClaimsService"].full_name
CORRELATION = CORRELATION_HEADER.lower()
_METHOD = "GRPC"
_WRITES = f"/{SERVICE}/SubmitClaim"
_TOO_SLOW = "It took too long. What was sent may or may not have been accepted: sending the same again is safe."
Behave = Callable[[Any, Any], Awaitable[Any]]
log = structlog.get_logger("api.access")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the name of the call in logs and records."""

    principal: Principal
    correlation: str


CALLER: ContextVar[Caller] = ContextVar("caller")


class Calls(grpc.aio.ServerInterceptor):
    """Around the calls of ClaimsService; health and reflection hold no data and are for anybody."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def intercept_service(self, continuation: Any, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The handler of the method, with everything around it."""
        handler = await continuation(handler_call_details)
        method: str = handler_call_details.method
        if handler is None or not method.startswith(f"/{SERVICE}/"):
            return handler
        return grpc.stream_unary_rpc_method_handler(
            self._around(handler.unary_unary, method),
            request_deserializer=parsing(handler.request_deserializer),
            response_serializer=handler.response_serializer,
        )

    def _around(self, behave: Behave, method: str) -> Behave:
        async def around(_requests: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
            begun = time.perf_counter()
            sent = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
            correlation = correlation_from(sent.get(CORRELATION, ""))
            structlog.contextvars.bind_contextvars(correlation_id=correlation)
            await context.send_initial_metadata(((CORRELATION, correlation),))
            answer, problem = await self._answer(behave, context, method, sent.get("authorization"), correlation)
            code = grpc.StatusCode.OK if problem is None else code_of(problem)
            seconds = time.perf_counter() - begun
            HTTP_REQUESTS.labels(_METHOD, method, code.name).inc()
            HTTP_REQUEST_DURATION.labels(_METHOD, method).observe(seconds)
            log.info("request", method=_METHOD, route=method, status=code.name, ms=round(seconds * 1000, 1))
            if problem is not None:
                await context.abort_with_status(rpc_status.to_status(status_of(problem, correlation)))
            return answer

        return around

    async def _admitted(self, context: Any, authorization: str | None, method: str) -> Principal:
        """Who asks, counted with what they ask over HTTP."""
        peer = context.peer().removeprefix("ipv4:").removeprefix("ipv6:").rpartition(":")[0]
        address = shortened(unquote(peer).strip("[]"))
        principal, _ = await self._parts.gate.admit(authorization, address, "write" if method == _WRITES else "read")
        return principal

    async def _answer(
        self, behave: Behave, context: Any, method: str, authorization: str | None, correlation: str
    ) -> tuple[Any, Problem | None]:
        left = context.time_remaining()
        seconds = GRPC_CALL_SECONDS_MAX if left is None else min(left, GRPC_CALL_SECONDS_MAX)
        try:
            CALLER.set(Caller(await self._admitted(context, authorization, method), correlation))
            message = await message_of(context)
            async with asyncio.timeout(seconds):
                return await behave(message, context), None
        except Problem as problem:
            return None, problem
        except TimeoutError:
            return None, Problem(408, "too_slow", _TOO_SLOW)
        except Exception:
            log.exception("unexpected error")
            return None, problems.internal()
