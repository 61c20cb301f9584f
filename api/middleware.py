"""What happens around every handler: correlation, log line, metrics, problems instead of errors, the permission."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPMethod

import structlog
from aiohttp import hdrs, web

from api import problems
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.problems import Problem
from api.routes import RULES
from config.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS

CORRELATION_HEADER = "X-Correlation-ID"
_CORRELATION = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = structlog.get_logger("api.access")


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Correlate, time and log a request by its route template: a path holds ids, a template none."""
    begun = time.perf_counter()
    correlation = request[CORRELATION] = correlation_of(request)
    structlog.contextvars.bind_contextvars(correlation_id=correlation)
    response = await handler(request)
    seconds = time.perf_counter() - begun
    method, route = method_of(request), template_of(request)
    HTTP_REQUESTS.labels(method, route, str(response.status)).inc()
    HTTP_REQUEST_DURATION.labels(method, route).observe(seconds)
    log.info("request", method=method, route=route, status=response.status, ms=round(seconds * 1000, 1))
    return response


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into a problem. A bug is logged here, with its stack, and told to nobody."""
    try:
        return await handler(request)
    except Problem as problem:
        found = problem
    except web.HTTPException as error:
        found = problems.of_http_error(error)
    except Exception:
        log.exception("unexpected error", route=template_of(request))
        found = problems.internal()
    return problems.response_of(found, request[CORRELATION])


@web.middleware
async def authorize(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through what the table of routes permits, and nothing else."""
    if request.match_info.http_exception is not None:
        return await handler(request)  # unknown path or method: answers 404 or 405
    rule = request.app[RULES].get(request.match_info.route)
    if rule is None:
        raise web.HTTPNotFound  # a route without a row does not exist
    if rule.permission is not None:
        principal = parts_of(request).verifier.principal(request.headers.get(hdrs.AUTHORIZATION))
        if rule.permission not in principal.permissions and not (rule.owners and principal.is_outsider):
            raise Problem(
                403, "forbidden", f"This needs the permission {rule.permission}, which the token does not carry.",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{rule.permission}"'},
            )  # fmt: skip
        request[PRINCIPAL] = principal
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """On every response: the correlation id, security headers, and no word on what software answers."""
    response.headers.pop(hdrs.SERVER, None)
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if CORRELATION in request:
        response.headers[CORRELATION_HEADER] = request[CORRELATION]


def correlation_of(request: web.Request) -> str:
    """The caller's correlation id where it is one we can log and store, else a new one."""
    return correlation_from(request.headers.get(CORRELATION_HEADER, ""))


def correlation_from(given: str) -> str:
    """What the caller sent, where it is one that we can log and store, else a new one."""
    return given if _CORRELATION.fullmatch(given) else str(uuid.uuid4())


def template_of(request: web.Request) -> str:
    """The route's template, such as /api/v1/claims/{id}; `unmatched` for a path that is none of ours."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"


def method_of(request: web.Request) -> str:
    """The method, from a closed list: a label must not take whatever a caller makes up."""
    return request.method if request.method in HTTPMethod.__members__ else "OTHER"
