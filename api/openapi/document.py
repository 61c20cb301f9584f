"""The document itself, built from the table of routes and the rows that describe them."""

import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from api.models.problem import ProblemFound
from api.openapi import access_rows, claims_rows, documents_rows, lists_rows, people_rows, service_rows
from api.openapi.problem_examples import examples_of
from api.openapi.rows import JSON, Body, Reply, Row
from api.openapi.shared import (
    ACCESS,
    CORRELATION,
    EVERYWHERE,
    HEADERS,
    IF_NONE_MATCH,
    PATH_PARAMETERS,
    PROBLEMS,
    RATES,
    SERVICE,
    TAGS,
    TOLD,
)
from api.problems import CONTENT_TYPE
from api.routes import ROUTES, Rule

ROWS: Sequence[Row] = (
    *claims_rows.ROWS,
    *documents_rows.ROWS,
    *lists_rows.ROWS,
    *people_rows.ROWS,
    *access_rows.ROWS,
    *service_rows.ROWS,
)
COPY = "docs/openapi.json"
_REFERENCE = "#/components/schemas/{model}"
_TOKEN = "bearer"  # noqa: S105 - the name of a scheme
_INTRODUCTION = (
    "Submit health claims, follow them, decide what the engine leaves to people. A claim that was answered with 201 is "
    "durable. Amounts are exact decimals. Whatever goes wrong is an RFC 9457 problem whose `type` is stable."
)


class UndescribedRouteError(LookupError):
    """Routes and rows do not match; the text names what is missing."""


class _Schemas(GenerateJsonSchema):
    """Schemas without a title for each field: the name of the field says as much."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document(routes: Sequence[Rule] = ROUTES, rows: Sequence[Row] = ROWS) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes. Raises UndescribedRouteError where routes and rows differ."""
    described = {(row.method, row.path): row for row in rows}
    rules = {(rule.method, rule.path): rule for rule in routes}
    if described.keys() != rules.keys():
        stray = sorted(f"{method} {path}" for method, path in described.keys() ^ rules.keys())
        raise UndescribedRouteError(f"api/routes.py and the rows of api/openapi/ differ in: {', '.join(stray)}")
    references, schemas = _schemas(rows)
    paths: dict[str, Any] = {}
    for key, rule in rules.items():
        operation = _operation(described[key], rule, references)
        paths.setdefault(rule.path, {})[rule.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Claims Engine", "version": version("claims-engine"), "description": _INTRODUCTION},
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": HEADERS,
            "responses": {str(status): _problem(status, references) for status in PROBLEMS},
            "securitySchemes": {
                _TOKEN: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": ACCESS}
            },
        },
    }


def copied() -> str:
    """The document as the repository holds it, under COPY."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def _schemas(rows: Sequence[Row]) -> tuple[dict[type[BaseModel], dict[str, Any]], dict[str, Any]]:
    """A reference for each model of a body or an answer, and the schemas that they lead to."""
    modes: dict[type[BaseModel], JsonSchemaMode] = {ProblemFound: "serialization"}
    modes |= {row.body.model: "validation" for row in rows if row.body and row.body.model}
    modes |= {reply.model: "serialization" for row in rows for reply in row.replies.values() if reply.model}
    references, made = models_json_schema(list(modes.items()), ref_template=_REFERENCE, schema_generator=_Schemas)
    return {model: references[model, mode] for model, mode in modes.items()}, made["$defs"]


def _operation(row: Row, rule: Rule, references: dict[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    in_path = (parameter for prefix, parameter in PATH_PARAMETERS.items() if row.path.startswith(prefix))
    tag = (IF_NONE_MATCH,) if row.tagged else ()
    always = [*(RATES if rule.kind != "probe" else ()), *(("ETag",) if row.tagged else ())]
    operation: dict[str, Any] = {
        "operationId": row.name,
        "summary": row.summary,
        "tags": [_tag(row.path)],
        "parameters": [parameter.document for parameter in (*in_path, *row.takes, *tag, CORRELATION)],
        "responses": {
            str(status): _reply(reply, [*always, *reply.headers], references) for status, reply in row.replies.items()
        },
    }
    if row.tagged:
        operation["responses"]["304"] = {"description": "It is what the caller has.", "headers": _headers(("ETag",))}
    for status in sorted(set(_problems(row, rule))):
        if status in row.replies:  # either: what a handler says, or what was said before it was asked
            operation["responses"][str(status)]["content"] |= _problem(status, references)["content"]
        else:
            operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    if row.text:
        operation["description"] = row.text
    if row.body is not None:
        operation["requestBody"] = _body(row.body, references)
    if rule.permission is not None:
        operation["security"] = [{_TOKEN: [rule.permission]}]
    return operation


def _tag(path: str) -> str:
    """The thing that a path is about: /api/v1/claims/{id}/void is about claims."""
    thing = path.removeprefix("/api/v1").split("/")[1]
    return thing if thing in TAGS else SERVICE


def _problems(row: Row, rule: Rule) -> Iterator[int]:
    yield from (*row.problems, 400, 414, 500)
    if rule.kind != "probe":
        yield 429
    if rule.permission is not None:
        yield from (401, 403)
    if "{" in row.path:
        yield 404
    if row.body is not None:
        yield from (408, 413, 415, 422)


def _reply(reply: Reply, headers: Sequence[str], references: dict[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {media: {} for media in reply.media}
    if reply.model is not None:
        content[JSON] = {"schema": references[reply.model]}
    found: dict[str, Any] = {"description": reply.text, "headers": _headers(headers)}
    return found | ({"content": content} if content else {})


def _body(body: Body, references: dict[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {media: {"schema": dict(schema)} for media, schema in body.media.items()}
    if body.model is not None:
        content[JSON] = {"schema": references[body.model]}
        if body.examples:
            content[JSON]["examples"] = {name: {"value": value} for name, value in body.examples.items()}
    return {"required": body.required, "content": content}


def _problem(status: int, references: dict[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    return {
        "description": PROBLEMS[status],
        "headers": _headers(TOLD.get(status, ())),
        "content": {CONTENT_TYPE: {"schema": references[ProblemFound], "examples": examples_of(status)}},
    }


def _headers(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*EVERYWHERE, *names)}
