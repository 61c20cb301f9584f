"""What the compiled writer writes is what the library writes, byte for byte; what does not fit is refused."""

import dataclasses
import io
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_writer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import avro_writer
from schemas.avro_writer import writer
from schemas.registry import FileRegistry
from tests.schemas.strategies import record
from tests.schemas.test_files import RECORDS

REGISTRY = FileRegistry()


def by_library(schema: dict[str, Any], plain: dict[str, Any]) -> bytes:
    """The body as fastavro writes it."""
    out = io.BytesIO()
    schemaless_writer(out, parse_schema(schema, named_schemas={}), plain)
    return out.getvalue()


@pytest.mark.parametrize("name", sorted(RECORDS))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_as_the_library_writes_it(name: str, data: st.DataObject) -> None:
    original = data.draw(record(RECORDS[name]))
    schema = REGISTRY.schema(REGISTRY.id_of(name))
    assert writer(schema)(original) == by_library(schema, dataclasses.asdict(original))


def schema_of(kind: Any) -> dict[str, Any]:
    """A record of one field."""
    return {"type": "record", "name": "One", "namespace": "claims", "fields": [{"name": "value", "type": kind}]}


@dataclasses.dataclass(frozen=True)
class One:
    """A record of one field."""

    value: Any


NUMBERS = [0, -1, 1, 63, 64, -64, -65, 8191, 8192, 2**31 - 1, -(2**31)]


@pytest.mark.parametrize("number", [*NUMBERS, 2**31, 2**63 - 1, -(2**63)])
@pytest.mark.parametrize("kind", ["long", ["null", "long"]])
def test_numbers_at_their_edges(number: int, kind: Any) -> None:
    schema = schema_of(kind)
    assert writer(schema)(One(number)) == by_library(schema, {"value": number})


COLOURS = {"type": "enum", "name": "Colour", "namespace": "claims", "symbols": ["red", "blue"]}
UNFIT = [
    # what is wrong, the schema of the field, its value
    ("nothing where something must be", "string", None),
    ("nothing where a number must be", "long", None),
    ("a number for a text", "string", 5),
    ("a text for a number", "int", "5"),
    ("a fraction for a number", "long", 2.5),
    ("beyond 32 bits", "int", 2**31),
    ("beyond 64 bits", "long", 2**63),
    ("a number for a truth value", "boolean", 2),
    ("no symbol", COLOURS, "green"),
    ("no symbol or nothing", ["null", COLOURS], "green"),
    ("half of a surrogate pair", "string", "\ud800"),
]


@pytest.mark.parametrize(("kind", "value"), [pytest.param(*row[1:], id=row[0]) for row in UNFIT])
def test_what_does_not_fit_is_a_bug(kind: Any, value: object) -> None:
    with pytest.raises((TypeError, AttributeError, KeyError, UnicodeEncodeError)):
        writer(schema_of(kind))(One(value))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avro_writer, "_REMEMBERED_MAX", 3)
    table = avro_writer._Remembering(avro_writer._string)
    for value in ("a", "b", "c", "d", "x" * 100, "a"):
        assert table[value] == avro_writer._string(value)
        assert len(table) <= 3
