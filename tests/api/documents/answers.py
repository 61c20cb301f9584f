"""Does an answer fit the document? The judge that the tests of the HTTP door share."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from api.openapi.document import document

PROBLEM = "application/problem+json"


@cache
def described() -> dict[str, Any]:
    """The document, built once."""
    return document()


def faults(method: str, path: str, status: int, headers: Mapping[str, str], body: object) -> list[str]:
    """What about an answer the document does not say; `path` as in the table of routes."""
    said = described()["paths"][path][method.lower()]["responses"].get(str(status))
    if said is None:
        return [f"{status} is not in the document"]
    said = _followed(said)
    found = [f"lacks the header {name}" for name in said.get("headers", {}) if name not in headers]
    kind = headers.get("Content-Type", "").split(";")[0]
    if kind not in said.get("content", {kind: {}}):
        return [*found, f"is {kind}"]
    schema = said.get("content", {}).get(kind, {}).get("schema")
    return found if schema is None else [*found, *_misfits(schema, body)]


def _followed(said: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = said.get("$ref")
    if reference is None:
        return said
    found: Mapping[str, Any] = described()["components"]["responses"][reference.rsplit("/", 1)[1]]
    return found


def _misfits(schema: Mapping[str, Any], body: object) -> list[str]:
    whole = {"components": described()["components"], **schema}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]
