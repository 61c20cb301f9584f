"""Errors for callers, as RFC 9457 problems: what is wrong, where, what to do. Never a stack or a person's data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from config.limits import HTTP_BODY_BYTES_MAX
from schemas.json_text import dump_json

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:claims-engine:problem:"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a request: a stable code, the place in the body, and what to do about it."""

    code: str
    place: str
    text: str


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """Ends a request with a problem. `code` is stable and names the problem's type."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        mistakes: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.mistakes = tuple(mistakes)
        self.headers = dict(headers or {})


def body_of(problem: Problem, correlation_id: str) -> dict[str, object]:
    """The problem as JSON; `correlationId` is what to quote when asking for help."""
    body: dict[str, object] = {
        "type": TYPE_PREFIX + problem.code.replace("_", "-"),
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "correlationId": correlation_id,
    }
    if problem.mistakes:
        body["errors"] = [{"code": m.code, "place": m.place, "detail": m.text} for m in problem.mistakes]
    return body


def response_of(problem: Problem, correlation_id: str) -> web.Response:
    """The problem as a response."""
    text = dump_json(body_of(problem, correlation_id))
    return web.Response(status=problem.status, text=text, content_type=CONTENT_TYPE, headers=problem.headers)


def of_http_error(error: web.HTTPException) -> Problem:
    """The problem behind an error that the framework raised (unknown path, wrong method, ...)."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return Problem(
            405, "method_not_allowed", f"This path does not take {error.method}; it takes {allowed}.",
            headers={"Allow": allowed},
        )  # fmt: skip
    if error.status == 404:
        return Problem(404, "not_found", "There is nothing at this path; the page at /docs has all paths.")
    if error.status == 413:
        return too_large()
    phrase = HTTPStatus(error.status).phrase
    return Problem(error.status, phrase.lower().replace(" ", "_"), f"{phrase}.")


def too_large() -> Problem:
    """The body passes the limit."""
    return Problem(
        413, "body_too_large", f"The body is larger than {HTTP_BODY_BYTES_MAX:,} bytes; send each claim by itself.",
        headers={"Connection": "close"},
    )  # fmt: skip


def internal() -> Problem:
    """A bug of ours: the log has the rest, under the correlation id."""
    return Problem(
        500, "internal", "Something went wrong on our side. Retrying is safe; quote correlationId when you report it."
    )
