"""What every response carries: security headers, the correlation id, rates, what other origins may read."""

from typing import Final

from aiohttp import hdrs, web

from api.context import CORRELATION, RATE, parts_of
from api.cross_origin import ORIGINS

CORRELATION_HEADER = "X-Correlation-ID"
# An answer that is data needs nothing: no script, no frame, no sensor, no copy in a cache. A page that is more than
# data (docs, a letter) says so itself.
SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# Two years, as browsers' lists of hosts ask for; only behind TLS (RFC 6797, 7.2).
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put them on; what the handler has set stays. No word on what software answers."""
    headers = response.headers
    headers.pop(hdrs.SERVER, None)
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    if parts_of(request).settings.api.behind_tls:
        headers[hdrs.STRICT_TRANSPORT_SECURITY] = STRICT_TRANSPORT
    if CORRELATION in request:
        headers[CORRELATION_HEADER] = request[CORRELATION]
    if RATE in request:
        for name, value in request[RATE].headers.items():
            headers.setdefault(name, value)
    request.app[ORIGINS].allow(request, response)
