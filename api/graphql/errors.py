"""Errors of GraphQL as problems: the same codes as REST's, in `extensions`. Values are not quoted."""

import re
from collections.abc import Sequence
from typing import Any

from aiohttp import hdrs
from graphql import GraphQLError

from api import problems
from api.problems import TYPE_PREFIX, Problem

_INVALID = "invalid_query"
# graphql-core quotes what was given; it is said where it stands instead.
_QUOTED = re.compile(r"got invalid value .* at ('[^']*')(;.*)?|(, found .*)|(cannot represent .*)", re.DOTALL)
_CHARACTERS_MAX = 300
_UNREADABLE = "A value of the query cannot be read; an Int has at most ten digits."


def is_of_value(error: GraphQLError) -> bool:
    """Whether a value of the query could not even be read, such as a number of five thousand digits: no bug of ours."""
    return error.path is None and isinstance(error.original_error, ValueError)


def errors_of(errors: Sequence[GraphQLError], correlation: str) -> list[dict[str, Any]]:
    """The errors as they are answered."""
    return [_error_of(error, correlation) for error in errors]


def _error_of(error: GraphQLError, correlation: str) -> dict[str, Any]:
    original = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    said: dict[str, Any]
    if is_of_value(error):
        said = {"message": _UNREADABLE, "extensions": {"code": _INVALID, "status": 400}}
    elif isinstance(original, Problem):
        said = _problem(original)
    elif original is None or isinstance(original, GraphQLError):
        code = (error.extensions or {}).get("code", _INVALID)
        said = {"message": _unquoted(error.message), "extensions": {"code": code, "status": 400}}
    else:
        said = _problem(problems.internal())
    said["extensions"] |= {"type": TYPE_PREFIX + said["extensions"]["code"].replace("_", "-")}
    said["extensions"] |= {"correlationId": correlation}
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return said | ({"locations": places} if places else {}) | ({"path": error.path} if error.path else {})


def _problem(problem: Problem) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": problem.code, "status": problem.status}
    if problem.mistakes:
        extensions["errors"] = [{"code": m.code, "place": m.place, "detail": m.text} for m in problem.mistakes]
    if hdrs.RETRY_AFTER in problem.headers:
        extensions["retryAfter"] = int(problem.headers[hdrs.RETRY_AFTER])
    return {"message": problem.detail, "extensions": extensions}


def _unquoted(message: str) -> str:
    return _QUOTED.sub(_place, message)[:_CHARACTERS_MAX]


def _place(found: re.Match[str]) -> str:
    if found[1]:
        return f"has an invalid value at {found[1]}"
    return "" if found[3] else "cannot represent what was given"
