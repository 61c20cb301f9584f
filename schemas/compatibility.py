"""Can one version of a schema read what another wrote? Avro's resolution rules, offline.

FULL_TRANSITIVE asks it of every pair of versions in both directions. The rules are those of the Avro 1.12
specification, section "Schema Resolution"; where it leaves a choice (enum defaults) the stricter answer is taken.
"""

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

PROMOTIONS = {
    "int": {"long", "float", "double"},
    "long": {"float", "double"},
    "float": {"double"},
    "string": {"bytes"},
    "bytes": {"string"},
}
Named = dict[str, Any]


def problems_between(versions: list[dict[str, Any]]) -> list[str]:
    """Every reason why some version cannot read another, for versions as the registry's file holds them."""
    found = []
    for writer, reader in permutations(versions, 2):
        reasons = can_read(writer["schema"], reader["schema"], writer["schema"]["name"])
        found += [f"id {reader['id']} cannot read id {writer['id']}: {reason}" for reason in reasons]
    return found


def can_read(writer: Any, reader: Any, place: str = "schema") -> list[str]:
    """Why `reader` cannot read what `writer` wrote; empty when it can."""
    return list(_problems(writer, reader, place, _named(writer), _named(reader)))


def _problems(writer: Any, reader: Any, place: str, written: Named, read: Named) -> Iterator[str]:
    writer, reader = _resolved(writer, written), _resolved(reader, read)
    if isinstance(writer, list):
        for branch in writer:
            yield from _problems(branch, reader, place, written, read)
    elif isinstance(reader, list):
        if not any(not list(_problems(writer, branch, place, written, read)) for branch in reader):
            yield f"{place}: no branch of the union takes {_kind(writer)}"
    elif _kind(writer) != _kind(reader):
        if _kind(reader) not in PROMOTIONS.get(_kind(writer), set()):
            yield f"{place}: {_kind(writer)} became {_kind(reader)}"
    elif _kind(writer) == "record":
        yield from _record(writer, reader, place, written, read)
    elif _kind(writer) == "enum":
        yield from _enum(writer, reader, place)
    elif _kind(writer) in ("array", "map"):
        inner = "items" if _kind(writer) == "array" else "values"
        yield from _problems(writer[inner], reader[inner], f"{place}[]", written, read)


def _record(
    writer: Mapping[str, Any], reader: Mapping[str, Any], place: str, written: Named, read: Named
) -> Iterator[str]:
    if writer["name"] != reader["name"]:
        yield f"{place}: record {writer['name']} became {reader['name']}"
        return
    from_writer = {field["name"]: field for field in writer["fields"]}
    for field in reader["fields"]:
        before = from_writer.get(field["name"])
        if before is not None:
            yield from _problems(before["type"], field["type"], f"{place}.{field['name']}", written, read)
        elif "default" not in field:
            yield f"{place}.{field['name']}: has no default and the writer does not have it"


def _enum(writer: Mapping[str, Any], reader: Mapping[str, Any], place: str) -> Iterator[str]:
    unknown = [symbol for symbol in writer["symbols"] if symbol not in reader["symbols"]]
    if unknown and "default" not in reader:
        yield f"{place}: symbols {', '.join(unknown)} are unknown to the reader"


def _named(schema: Any) -> Named:
    """Every definition in a schema by its name: a field that one side lacks may hold what the next field refers to."""
    found: Named = {}
    if isinstance(schema, dict) and "name" in schema and schema.get("type") in ("record", "enum", "fixed"):
        found[schema["name"]] = schema
    parts = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in parts:
        found |= _named(part)
    return found


def _resolved(schema: Any, named: Named) -> Any:
    """A schema by name becomes its definition; a primitive written out becomes its name."""
    if isinstance(schema, str):
        return named.get(schema.removeprefix("claims."), schema)
    if isinstance(schema, dict) and set(schema) == {"type"}:
        return schema["type"]
    return schema


def _kind(schema: Any) -> str:
    return str(schema["type"] if isinstance(schema, dict) else schema)
