"""The AsyncAPI document has every topic and every stage, leads nowhere, and is up to date."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastavro import parse_schema

from schemas.topics import TOPICS, record_of
from streams import asyncapi
from streams.topology import STAGES

ROOT = Path(__file__).parents[2]
DOCUMENT = asyncapi.document()
CHANNELS: dict[str, Any] = DOCUMENT["channels"]


def references(part: object) -> Iterator[str]:
    """Every $ref beneath."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def found(reference: str) -> Any:
    """What a reference leads to; raises KeyError for nothing."""
    part: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        part = part[step]
    return part


def test_the_copy_is_current() -> None:
    assert (ROOT / asyncapi.COPY).read_text(encoding="utf-8") == asyncapi.copied(), "run: python -m streams.asyncapi"


def test_every_topic_is_a_channel_with_its_record() -> None:
    dead = [topic for stage in STAGES for topic in stage.dead_letters]
    assert [channel["address"] for channel in CHANNELS.values()] == [*(topic.name for topic in TOPICS), *dead]
    for channel in CHANNELS.values():
        assert list(channel["messages"]) == [record_of(channel["address"]).__name__]


def test_every_input_and_output_of_a_stage_is_an_operation() -> None:
    said = {
        (operation["title"].split()[0], operation["action"], found(operation["channel"]["$ref"])["address"])
        for operation in DOCUMENT["operations"].values()
    }
    made = {(stage.name, "receive", topic) for stage in STAGES for topic in stage.reads}
    made |= {(stage.name, "send", topic) for stage in STAGES for topic in (*stage.writes, *stage.dead_letters)}
    assert said == made


def test_every_reference_leads_somewhere() -> None:
    named = list(references(DOCUMENT))
    assert len(named) > len(CHANNELS)
    for reference in named:
        assert found(reference)
    with pytest.raises(KeyError):
        found("#/channels/none")


@pytest.mark.parametrize("name", DOCUMENT["components"]["messages"])
def test_every_schema_is_avro(name: str) -> None:
    schema = DOCUMENT["components"]["messages"][name]["payload"]["schema"]
    parsed: Any = parse_schema(schema, expand=False)
    assert parsed["name"] == f"claims.{name}"
