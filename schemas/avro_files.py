"""The Avro files of this package: one named type a file, each with a doc on every field."""

import json
from functools import cache
from pathlib import Path
from typing import Any

AVRO_FOLDER = Path(__file__).parent / "avro"
UNNAMED = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string", "array", "map"})


@cache
def definition(name: str) -> dict[str, Any]:
    """The definition in the file of that type, for example "Envelope"; other types appear in it by name."""
    loaded: dict[str, Any] = json.loads((AVRO_FOLDER / f"claims.{name}.avsc").read_text())
    return loaded


def self_contained(name: str) -> dict[str, Any]:
    """The definition with every other type written out where it is first used, as registries want it."""
    written: set[str] = set()

    def expand(schema: Any) -> Any:
        if isinstance(schema, list):
            return [expand(part) for part in schema]
        if isinstance(schema, str):
            return schema if schema in UNNAMED or schema in written else expand_named(schema)
        return {key: expand(value) if key in ("items", "values", "type") else value for key, value in schema.items()}

    def expand_named(full_name: str) -> dict[str, Any]:
        written.add(full_name)
        named = dict(definition(full_name.removeprefix("claims.")))
        if named["type"] == "record":
            named["fields"] = [{**field, "type": expand(field["type"])} for field in named["fields"]]
        return named

    return expand_named(f"claims.{name}")


def type_names() -> list[str]:
    """Names of all types that have a file, sorted."""
    return sorted(path.name.removeprefix("claims.").removesuffix(".avsc") for path in AVRO_FOLDER.glob("*.avsc"))
