"""`GET /openapi.json`, and `GET /docs`: the document as a page that needs nothing from the internet."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from aiohttp import hdrs, web

# Of the package swagger-ui-py only the files are used. What is not listed is not served.
_PACKAGE = "swagger_ui"
FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "start.js": "text/javascript",
}
# The library puts styles into the page as it draws; scripts come from here alone, and requests go nowhere else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_KEEP_SECONDS = 3_600
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="favicon.ico" type="image/svg+xml">
<title>Claims Engine: the API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# A tick in a box: it needs no picture in the repository.
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#205a7a"/>'
    '<path d="M4 8.5l3 3 5.5-7" fill="none" stroke="#fff" stroke-width="2"/></svg>'
)
_START = """SwaggerUIBundle({
  url: "openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null, persistAuthorization: false,
});
"""


async def get_document(_: web.Request) -> web.Response:
    """The OpenAPI 3.1 document of this service."""
    return web.Response(text=_document(), content_type="application/json")


@cache
def _document() -> str:
    # The document reads the table of routes, which has this module's handlers in it.
    from api.openapi.document import document

    return json.dumps(document(), ensure_ascii=False)


async def get_page(_: web.Request) -> web.Response:
    """The page. It holds no data; who wants to try a request brings a token."""
    return web.Response(text=_PAGE, content_type="text/html", headers={"Content-Security-Policy": POLICY})


async def go_to_page(request: web.Request) -> web.Response:
    """The root leads to the page, and so does `/docs/`, as people write it: it finds what it loads from `/docs`."""
    return web.Response(status=302, headers={hdrs.LOCATION: "docs" if request.path == "/" else "../docs"})


async def get_icon(_: web.Request) -> web.Response:
    """The icon that browsers ask for by themselves."""
    headers: dict[str, str] = {hdrs.CACHE_CONTROL: f"public, max-age={_KEEP_SECONDS}"}
    return web.Response(text=_ICON, content_type="image/svg+xml", headers=headers)


async def get_file(request: web.Request) -> web.StreamResponse:
    """A file of the page."""
    name = request.match_info["file"]
    if name not in FILES:
        raise web.HTTPNotFound
    headers: dict[str, str] = {hdrs.CACHE_CONTROL: f"public, max-age={_KEEP_SECONDS}"}
    if name == "start.js":
        return web.Response(text=_START, content_type=FILES[name], headers=headers)
    return web.FileResponse(_folder() / name, headers=headers | {hdrs.CONTENT_TYPE: FILES[name]})


def _folder() -> Path:
    """Where the package lies; it is not imported."""
    found = find_spec(_PACKAGE)
    assert found, "swagger-ui-py is a dependency of this package"
    assert found.origin
    return Path(found.origin).parent / "static"
