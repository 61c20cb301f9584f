"""Web pages of other origins: exactly those of the settings may call, with tokens, never with cookies."""

from aiohttp import hdrs, web

from config.settings import parts_of

_PREFLIGHT_SECONDS = 600
_ASKED_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Correlation-ID"
)
_SHOWN_HEADERS = "ETag, Link, Location, Content-Disposition, RateLimit, RateLimit-Policy, Retry-After, X-Correlation-ID"


class Origins:
    """The origins that may call, as the settings list them (and have checked them)."""

    def __init__(self, listed: str) -> None:
        self._allowed = frozenset(parts_of(listed))

    def allow(self, request: web.Request, response: web.StreamResponse) -> None:
        """Tell a browser whether the page that asked may read the answer."""
        if not self._allowed:
            return
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin in self._allowed:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _SHOWN_HEADERS

    def preflight(self, request: web.Request) -> web.Response | None:
        """The answer to a browser that asks before it sends a page's request; None for any other request."""
        asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD)
        origin = request.headers.get(hdrs.ORIGIN)
        if request.method != hdrs.METH_OPTIONS or asked is None or origin not in self._allowed:
            return None
        error = request.match_info.http_exception
        if not isinstance(error, web.HTTPMethodNotAllowed):
            return None
        return web.Response(
            status=204,
            headers={
                hdrs.ACCESS_CONTROL_ALLOW_METHODS: ", ".join(sorted(error.allowed_methods)),
                hdrs.ACCESS_CONTROL_ALLOW_HEADERS: _ASKED_HEADERS,
                hdrs.ACCESS_CONTROL_MAX_AGE: str(_PREFLIGHT_SECONDS),
            },
        )


ORIGINS = web.AppKey("origins", Origins)
