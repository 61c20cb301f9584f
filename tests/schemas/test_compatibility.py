"""Every version of every record reads every other; the check can go red."""

from typing import Any

import pytest

from schemas import avro_files
from schemas.compatibility import can_read, problems_between
from schemas.registry import FileRegistry

REGISTRY = FileRegistry()


@pytest.mark.parametrize("name", sorted(REGISTRY.versions))
def test_full_transitive(name: str) -> None:
    assert problems_between(REGISTRY.versions[name]) == []


@pytest.mark.parametrize("name", [n for n in avro_files.type_names() if avro_files.definition(n)["type"] == "record"])
def test_the_registry_holds_the_files_as_they_are(name: str) -> None:
    assert REGISTRY.versions[name][-1]["schema"] == avro_files.self_contained(name), "run: claims schemas register"


def record(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "record", "name": "R", "fields": list(fields)}


def field(kind: Any, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, **more}


A = record(field("int"))
COLOURS = {"type": "enum", "name": "E", "symbols": ["red", "blue"]}
MORE_COLOURS = {"type": "enum", "name": "E", "symbols": ["red", "blue", "green"]}
INTS, TEXTS = {"type": "array", "items": "int"}, {"type": "array", "items": "string"}
INT_MAP, LONG_MAP = {"type": "map", "values": "int"}, {"type": "map", "values": "long"}
BY_NAME = record(field(COLOURS), field("E", "b"))
# A type that is defined in one field and named in the next: the first field may go, the definition must still be seen.
DROPPED = field(["null", {"type": "record", "name": "F", "fields": [field("int", "x")]}], "dropped", default=None)
ADDED = field(["null", {"type": "record", "name": "F", "fields": [field("string", "x")]}], "added", default=None)
KEPT = field({"type": "array", "items": "F"}, "kept")
MOVED = field({"type": "array", "items": {"type": "record", "name": "F", "fields": [field("int", "x")]}}, "kept")
CHANGES: list[tuple[str, Any, Any, bool]] = [
    # case, written, read, can it
    ("nothing changed", A, A, True),
    ("a field added with a default", A, record(field("int"), field("int", "b", default=0)), True),
    ("a field added without a default", A, record(field("int"), field("int", "b")), False),
    ("a field taken away", record(field("int"), field("int", "b")), A, True),
    ("int became long", A, record(field("long")), True),
    ("long became int", record(field("long")), A, False),
    ("int became string", A, record(field("string")), False),
    ("became optional", A, record(field(["null", "int"])), True),
    ("became required", record(field(["null", "int"])), A, False),
    ("a union lost a branch", record(field(["null", "int", "string"])), record(field(["null", "int"])), False),
    ("a symbol added", record(field(COLOURS)), record(field(MORE_COLOURS)), True),
    ("a symbol taken away", record(field(MORE_COLOURS)), record(field(COLOURS)), False),
    ("items changed", record(field(INTS)), record(field(TEXTS)), False),
    ("values widened", record(field(INT_MAP)), record(field(LONG_MAP)), True),
    ("another name", A, {**A, "name": "S"}, False),
    ("a named type by its name", BY_NAME, BY_NAME, True),
    ("the field that defined a type went", record(DROPPED, KEPT), record(MOVED), True),
    ("the field that defines a type came", record(MOVED), record(DROPPED, KEPT), True),
    ("a named type changed under another field", record(DROPPED, KEPT), record(ADDED, KEPT), False),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read", "can"), [pytest.param(*row[1:], id=row[0]) for row in CHANGES])
def test_the_check_goes_red(written: Any, read: Any, can: bool) -> None:
    assert (can_read(written, read) == []) is can


def test_a_breaking_version_is_named() -> None:
    versions = [{"id": 1, "schema": A}, {"id": 2, "schema": record(field("int"), field("int", "b"))}]
    assert problems_between(versions) == ["id 2 cannot read id 1: R.b: has no default and the writer does not have it"]
