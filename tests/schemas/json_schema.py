"""A validator for the part of JSON Schema (draft 2020-12) that our schema uses; any other keyword fails the test."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "null": type(None),
}  # fmt: skip
NOTES = {"$schema", "$id", "title", "description", "$defs"}
KNOWN = NOTES | {
    "$ref", "type", "enum", "const", "pattern", "minimum", "properties", "required", "additionalProperties", "items",
    "anyOf", "oneOf",
}  # fmt: skip


class Validator:
    """Checks values against a schema, and the schema against what this validator knows."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._root = schema

    def faults(self, value: Any, schema: dict[str, Any] | None = None, place: str = "$") -> Iterator[str]:
        """Everything about the value that does not fit."""
        schema = self._root if schema is None else schema
        assert set(schema) <= KNOWN, f"unknown keywords {set(schema) - KNOWN}"
        if "$ref" in schema:
            yield from self.faults(value, self._root["$defs"][schema["$ref"].removeprefix("#/$defs/")], place)
        for kind, most in (("anyOf", len(schema.get("anyOf", ()))), ("oneOf", 1)):
            if kind in schema:
                tried = [list(self.faults(value, one, place)) for one in schema[kind]]
                if not 1 <= sum(not faults for faults in tried) <= most:
                    yield f"{place}: fits {sum(not f for f in tried)} of {kind}: {min(tried, key=len)[:3]}"
        if "type" in schema and not self._is_of(value, schema["type"]):
            yield f"{place}: {value!r} is not {schema['type']}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{place}: {value!r} is none of {schema['enum']}"
        if "const" in schema and value != schema["const"]:
            yield f"{place}: {value!r} is not {schema['const']!r}"
        if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{place}: {value!r} does not match {schema['pattern']}"
        if isinstance(value, int) and value < schema.get("minimum", value):
            yield f"{place}: {value} is below {schema['minimum']}"
        if isinstance(value, dict):
            yield from self._object(value, schema, place)
        if isinstance(value, list) and "items" in schema:
            for position, item in enumerate(value):
                yield from self.faults(item, schema["items"], f"{place}[{position}]")

    def _object(self, value: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[str]:
        yield from (f"{place}: lacks {name}" for name in schema.get("required", ()) if name not in value)
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, part in value.items():
            if name in known:
                yield from self.faults(part, known[name], f"{place}.{name}")
            elif others is False:
                yield f"{place}: has an unknown {name}"
            elif isinstance(others, dict):
                yield from self.faults(part, others, f"{place}.{name}")

    @staticmethod
    def _is_of(value: Any, wanted: str | list[str]) -> bool:
        names = [wanted] if isinstance(wanted, str) else wanted
        return any(isinstance(value, TYPES[name]) and not isinstance(value, bool) for name in names)
