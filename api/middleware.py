"""What happens around every handler: correlation, log line, metrics, problems instead of errors, the permission."""

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPMethod

import structlog
from aiohttp import hdrs, web

from api import problems
from api.auth import Principal
from api.caller_address import CallerAddress
from api.context import CORRELATION, PRINCIPAL, RATE, parts_of
from api.cross_origin import ORIGINS
from api.problems import Problem
from api.response_headers import CORRELATION_HEADER
from api.routes import RULES, Rule
from config.limits import QUERY_CHARACTERS_MAX, QUERY_PARAMETERS_MAX
from config.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS

_CORRELATION = re.compile(r"[A-Za-z0-9._-]{1,64}")
CALLERS = web.AppKey("callers", CallerAddress)
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
async def answer_browsers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a browser that asks whether a page of another origin may call."""
    return request.app[ORIGINS].preflight(request) or await handler(request)


@web.middleware
async def bound(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a query that is too long, or has too many parameters, before anybody reads it."""
    query = request.rel_url.raw_query_string
    if len(query) > QUERY_CHARACTERS_MAX:
        raise query_too_long()
    if query.count("&") >= QUERY_PARAMETERS_MAX:
        raise Problem(400, "too_many_parameters", f"The URL has more than {QUERY_PARAMETERS_MAX} query parameters.")
    return await handler(request)


@web.middleware
async def authorize(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through what the table of routes permits, and nothing else."""
    if request.match_info.http_exception is not None:
        return await handler(request)  # unknown path or method: answers 404 or 405
    rule = request.app[RULES].get(request.match_info.route)
    if rule is None:
        raise web.HTTPNotFound  # a route without a row does not exist
    gate, address = parts_of(request).gate, address_of(request)
    if rule.permission is None:
        used = gate.admit_anybody(address, rule.kind)
        if used is not None:
            request[RATE] = used
    else:
        authorization = request.headers.get(hdrs.AUTHORIZATION)
        request[PRINCIPAL], request[RATE] = await gate.admit(authorization, address, rule.kind)
        _check_permission(request[PRINCIPAL], rule)
    return await handler(request)


def _check_permission(principal: Principal, rule: Rule) -> None:
    assert rule.permission is not None
    if rule.permission in principal.permissions or (rule.owners and principal.is_outsider):
        return
    raise not_permitted(rule.permission)


def query_too_long() -> Problem:
    """The query of the URL passes the limit."""
    detail = f"The query of the URL is longer than {QUERY_CHARACTERS_MAX:,} characters; search by POST instead."
    return Problem(414, "query_too_long", detail)


def not_permitted(permission: str) -> Problem:
    """The token lacks the permission."""
    return Problem(
        403, "forbidden", f"This needs the permission {permission}, which the token does not carry.",
        headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{permission}"'},
    )  # fmt: skip


ALL = (observe, answer_problems, answer_browsers, bound, authorize)


def address_of(request: web.Request) -> str:
    """The address that rates are counted by."""
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    # A proxy may add a header of its own behind what a caller sent (RFC 9110, 5.3): the last word is the proxy's.
    forwarded = ", ".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ()))
    return request.app[CALLERS].of(peer[0] if isinstance(peer, tuple) else None, forwarded)


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
