"""The Avro files and the dataclasses say the same; every field has a doc; money is `long`, dates are `int`."""

import dataclasses
import importlib
import json
import types
import typing
from collections.abc import Mapping
from typing import Any

import pytest

from schemas import avro_files, vocabulary

MODULES = ("claim", "envelope", "decision", "events", "reference", "reference_people", "state", "edi", "audit")
RECORDS: dict[str, type] = {
    name: value
    for module in MODULES
    for name, value in vars(importlib.import_module(f"schemas.{module}")).items()
    if isinstance(value, type) and dataclasses.is_dataclass(value) and value.__module__ == f"schemas.{module}"
}
PRIMITIVES: dict[Any, set[str]] = {str: {"string"}, int: {"int", "long"}, bool: {"boolean"}, bytes: {"bytes"}}
# How the docs name a quantity, and the one type that quantity has.
QUANTITIES = (("minor unit", "long"), ("milliseconds", "long"), ("thousandth", "long"))
DAY_NAMES = ("_date", "_from", "_to", "_on")


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


def wrong_quantities(fields: list[dict[str, Any]]) -> list[str]:
    """Fields whose doc or name says money, time or day and whose type is another than that quantity has."""
    wrong = []
    for one in (field for field in fields if field["name"] != "currency"):  # its doc says what amounts are in
        plain = one["type"][1] if isinstance(one["type"], list) else one["type"]
        wanted = {kind for words, kind in QUANTITIES if words in one["doc"].lower()}
        wanted |= {"int"} if one["name"].endswith(DAY_NAMES) else set()
        wrong += [f"{one['name']} is {plain}, not {kind}" for kind in sorted(wanted) if kind != plain]
    return wrong


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_money_is_long_and_dates_are_int(name: str) -> None:
    assert wrong_quantities(avro_files.definition(name)["fields"]) == []


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_nothing_is_a_floating_number(name: str) -> None:
    assert not any(kind in json.dumps(avro_files.self_contained(name)) for kind in ('"float"', '"double"'))


def test_a_wrong_quantity_is_found() -> None:
    fields: list[dict[str, Any]] = [
        {"name": "fee", "type": "int", "doc": "Minor units."},
        {"name": "paid_on", "type": ["null", "long"], "doc": "Day of payment."},
        {"name": "amount", "type": ["null", "long"], "doc": "Amount, minor units."},
    ]
    assert wrong_quantities(fields) == ["fee is int, not long", "paid_on is long, not int"]


def test_fits_can_say_no() -> None:
    assert not fits(str, "int")
    assert not fits(int | None, "int")
    assert not fits(tuple[str, ...], {"type": "array", "items": "int"})
    assert not fits(vocabulary.Form, "claims.Settlement")
