"""Bytes to records and back; what is no record is refused with a code, at every length."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import topics
from schemas.codec import Codec, DecodeError
from schemas.envelope import Adjustment, Finding
from schemas.registry import FileRegistry, UnknownSchemaError, register
from tests.schemas.strategies import record
from tests.schemas.test_files import RECORDS

CODEC = Codec()
EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
FINDING = Finding("V-X", "lines[1]", "text")


@pytest.mark.parametrize("name", sorted(RECORDS))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_round_trip(name: str, data: st.DataObject) -> None:
    original = data.draw(record(RECORDS[name]))
    assert CODEC.decode(RECORDS[name], CODEC.encode(original)) == original


@pytest.mark.parametrize("length", range(len(CODEC.encode(FINDING))))
def test_truncated_at_every_length(length: int) -> None:
    with pytest.raises(DecodeError) as refused:
        CODEC.decode(Finding, CODEC.encode(FINDING)[:length])
    assert refused.value.code in ("not_wire_format", "not_avro")


BAD: list[tuple[str, bytes | None]] = [
    ("not_wire_format", None),
    ("not_wire_format", b""),
    ("not_wire_format", b"\x01" + CODEC.encode(FINDING)[1:]),
    ("unknown_schema", b"\x00\xff\xff\xff\xff" + CODEC.encode(FINDING)[5:]),
    ("wrong_schema", CODEC.encode(Adjustment("CO", "45", 1, "R", None))),
    ("trailing_bytes", CODEC.encode(FINDING) + b"\x00"),
    ("not_avro", CODEC.encode(FINDING)[:5] + b"\x04\xff\xff" + CODEC.encode(FINDING)[8:]),
]


@pytest.mark.parametrize(("code", "data"), BAD)
def test_refused_with_a_code(code: str, data: bytes | None) -> None:
    with pytest.raises(DecodeError) as refused:
        CODEC.decode(Finding, data)
    assert refused.value.code == code


def _without_remark(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(json.dumps(FileRegistry().versions[name][-1]["schema"]))
    schema["fields"] = [field for field in schema["fields"] if field["name"] != "remark"]
    return schema


def test_an_older_version_is_read_with_defaults(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    path.write_text(json.dumps({"Adjustment": [{"id": 1, "schema": _without_remark("Adjustment")}]}))
    assert "Adjustment" in register(path)
    codec = Codec(FileRegistry(path))
    # An Adjustment as version 1 wrote it: group CO (0), reason "45", amount 1, rule "R", no remark and no quantity.
    old = b"\x00\x00\x00\x00\x01" + b"\x00" + b"\x0445" + b"\x02" + b"\x02R" + b"\x00"
    assert codec.decode(Adjustment, old) == Adjustment("CO", "45", 1, "R", None)


def test_registering_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    assert set(register(path)) == set(RECORDS)
    assert register(path) == []


def test_an_unregistered_record_is_named(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    path.write_text("{}")
    with pytest.raises(UnknownSchemaError, match="claims schemas register"):
        Codec(FileRegistry(path)).encode(FINDING)


@pytest.mark.parametrize("topic", [topic.name for topic in topics.TOPICS] + ["claims.submitted.dlq"])
def test_example_message(topic: str) -> None:
    example = json.loads((EXAMPLES / f"{topic}.json").read_text())
    decoded: object = CODEC.decode(topics.record_of(topic), bytes.fromhex(example["hex"]))
    # What was read then, with the fields that were added since at their defaults.
    then = eval(example["record"], dict(RECORDS))
    assert decoded == then, "bytes that were written before are read differently now"
