"""The Avro files and the dataclasses say the same; every field has a doc; money is `long`, dates are `int`."""

import dataclasses
import importlib
import types
import typing
from collections.abc import Mapping
from typing import Any

import pytest

from schemas import avro_files, vocabulary

MODULES = ("claim", "envelope", "decision", "events", "reference", "state")
RECORDS: dict[str, type] = {
    name: value
    for module in MODULES
    for name, value in vars(importlib.import_module(f"schemas.{module}")).items()
    if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == f"schemas.{module}"
}
PRIMITIVES: dict[Any, set[str]] = {str: {"string"}, int: {"int", "long"}, bool: {"boolean"}, bytes: {"bytes"}}
MONEY = ("charge", "amount", "paid", "allowed", "copay", "deductible", "total_charge", "charged", "member_share")
DATES = ("service_from", "service_to", "birth_date", "effective_from", "effective_to", "valid_from", "valid_to")


def fits(hint: Any, schema: Any) -> bool:
    """True when values of the annotation are what the Avro type holds."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = next(a for a in arguments if a is not type(None))
        return isinstance(schema, list) and schema[0] == "null" and fits(inner, schema[1])
    if origin is tuple:
        return isinstance(schema, dict) and schema["type"] == "array" and fits(arguments[0], schema["items"])
    if origin is Mapping:
        return isinstance(schema, dict) and schema["type"] == "map" and fits(arguments[1], schema["values"])
    if origin is typing.Literal:
        name = str(schema).removeprefix("claims.")
        known = getattr(vocabulary, name) == hint
        return bool(known and avro_files.definition(name)["symbols"] == list(arguments))
    if dataclasses.is_dataclass(hint):
        return bool(schema == f"claims.{getattr(hint, '__name__', '')}")
    return schema in PRIMITIVES[hint]


def test_every_file_has_its_dataclass_and_every_dataclass_its_file() -> None:
    files = {n for n in avro_files.type_names() if avro_files.definition(n)["type"] == "record"}
    assert files == set(RECORDS)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_fields_agree(name: str) -> None:
    hints = typing.get_type_hints(RECORDS[name])
    fields = avro_files.definition(name)["fields"]
    assert [f["name"] for f in fields] == [f.name for f in dataclasses.fields(RECORDS[name])]
    assert [f["name"] for f in fields if not fits(hints[f["name"]], f["type"])] == []


@pytest.mark.parametrize("name", avro_files.type_names())
def test_every_type_and_field_has_a_doc(name: str) -> None:
    definition = avro_files.definition(name)
    assert definition["doc"].endswith(".")
    assert [f["name"] for f in definition.get("fields", ()) if not f.get("doc", "").endswith(".")] == []


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_optional_fields_have_defaults(name: str) -> None:
    fields = avro_files.definition(name)["fields"]
    assert [f["name"] for f in fields if not isinstance(f["type"], str) and "default" not in f] == []


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_money_is_long_and_dates_are_int(name: str) -> None:
    def plain(schema: Any) -> Any:
        return schema[1] if isinstance(schema, list) else schema

    for one in avro_files.definition(name)["fields"]:
        if one["name"] in MONEY:
            assert plain(one["type"]) == "long", one["name"]
        if one["name"] in DATES:
            assert plain(one["type"]) == "int", one["name"]


def test_fits_can_say_no() -> None:
    assert not fits(str, "int")
    assert not fits(int | None, "int")
    assert not fits(tuple[str, ...], {"type": "array", "items": "int"})
    assert not fits(vocabulary.Form, "claims.Settlement")
