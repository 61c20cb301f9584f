"""Pages of claims as JSON, with the way to the next one."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import hdrs, web

from api.answers import json_or_unchanged, json_response
from api.desk_lists import ClaimPage

Row = Mapping[str, Any]


def page_response(request: web.Request, page: ClaimPage, show: Callable[[Row], object]) -> web.Response:
    """The claims of a page; `next` is the `cursor` of the next page, null on the last.

    A Link header leads there too, where all that was asked stands in the URL.
    """
    body = {"claims": [show(row) for row in page.claims], "next": page.next}
    if request.method not in ("GET", "HEAD"):
        return json_response(body)
    response = json_or_unchanged(request, body)
    if page.next is not None:
        url = request.rel_url.update_query(cursor=page.next)
        response.headers[hdrs.LINK] = f'<{url}>; rel="next"'
    return response
