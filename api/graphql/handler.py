"""`POST /graphql`: our own body limits and middlewares around the execution."""

from typing import Any

from aiohttp import web

from api.answers import desk_of
from api.body import read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.graphql.asking import asked_of
from api.graphql.errors import errors_of
from api.graphql.schema import execute
from api.problems import Mistake, Problem
from schemas.json_text import JsonTextError, dump_json, parse_json

_FIELDS = {"query": str, "variables": dict, "operationName": str, "extensions": dict}


async def post_graphql(request: web.Request) -> web.Response:
    """200 with data, errors or both; 400 with errors where nothing was executed."""
    parts = parts_of(request)
    given = _request_of(await read_json_bytes(request, parts.body_seconds))
    asked = asked_of(request[PRINCIPAL], request[CORRELATION], given.get("operationName"), desk_of(request))
    introspection = parts.settings.environment == "development"
    result = await execute(asked, introspection, given["query"], given.get("variables") or {})
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = errors_of(result.errors, asked.correlation)
    executed = result.data is not None or any(error.path for error in result.errors or ())
    if executed:
        body["data"] = result.data
    return web.Response(status=200 if executed else 400, text=dump_json(body), content_type="application/json")


def _request_of(body: bytes) -> dict[str, Any]:
    try:
        given = parse_json(body)
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    if not isinstance(given, dict):
        raise Problem(422, "invalid_query", 'The body must be one object: {"query": "..."}.')
    found = [Mistake("unknown_field", name[:50], "leave it out") for name in sorted(given.keys() - _FIELDS)]
    found += [
        Mistake("type", name, f"must be {'text' if kind is str else 'an object'}")
        for name, kind in _FIELDS.items()
        if not isinstance(given.get(name), kind | None if name != "query" else kind)
    ]
    if found:
        raise Problem(422, "invalid_query", "The request has mistakes; mend them and send it again.", mistakes=found)
    return given
