"""The topics as an AsyncAPI 3.0 document: `python -m streams.asyncapi` writes docs/asyncapi.json.

From schemas/topics.py, streams/topology.py and the Avro schemas; what stages read and write are its operations.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from schemas import avro_files
from schemas.topics import CORRELATION_HEADER, RELEASE_HEADER, TOPICS, record_of
from streams.topology import STAGES

COPY = "docs/asyncapi.json"
_AVRO = "application/vnd.apache.avro;version=1.12.0"
_TEXT = {"type": "string"}
_DEAD = "topic, partition and offset of the record"


def document() -> dict[str, Any]:
    """The AsyncAPI document."""
    dead = [name for stage in STAGES for name in stage.dead_letters]
    kept = {topic.name: topic.compacted for topic in TOPICS} | dict.fromkeys(dead, False)
    keys = {topic.name: topic.key for topic in TOPICS} | dict.fromkeys(dead, _DEAD)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Claims Engine",
            "version": version("claims-engine"),
            "description": "Topics of the engine. Each has one writer. Records are Avro in Confluent's wire format: "
            "0x00, a schema id of four bytes, the body.",
        },
        "defaultContentType": "avro/binary",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "KAFKA_BOOTSTRAP_SERVERS",
                "variables": {"bootstrap": {"default": "127.0.0.1:9092"}},
            }
        },
        "channels": {_name(topic): _channel(topic, keys[topic], kept[topic]) for topic in kept},
        "operations": dict(_operations()),
        "components": {"messages": {name: _message(name) for name in sorted({_record(topic) for topic in kept})}},
    }


def copied() -> str:
    """The document as the repository holds it, under COPY."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def _channel(topic: str, key: str, compacted: bool) -> dict[str, Any]:
    record = _record(topic)
    return {
        "address": topic,
        "title": topic,
        "description": f"Keyed by {key}.",
        "messages": {record: {"$ref": f"#/components/messages/{record}"}},
        "bindings": {
            "kafka": {
                "topic": topic,
                "topicConfiguration": {"cleanup.policy": ["compact" if compacted else "delete"]},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _message(record: str) -> dict[str, Any]:
    schema = avro_files.self_contained(record)
    return {
        "name": record,
        "title": record,
        "summary": schema["doc"],
        "contentType": "avro/binary",
        "headers": {"type": "object", "properties": {CORRELATION_HEADER: _TEXT, RELEASE_HEADER: _TEXT}},
        "payload": {"schemaFormat": _AVRO, "schema": schema},
        "bindings": {
            "kafka": {
                "key": _TEXT,
                "schemaIdLocation": "payload",
                "schemaIdPayloadEncoding": "confluent",
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for stage in STAGES:
        directions = (("receive", stage.reads), ("send", stage.writes), ("send", stage.dead_letters))
        for action, topics in directions:
            for topic in topics:
                yield f"{stage.name}_{action}s_{_name(topic)}", _operation(stage.name, action, topic)


def _operation(stage: str, action: str, topic: str) -> dict[str, Any]:
    channel = f"#/channels/{_name(topic)}"
    does = {"receive": "reads", "send": "writes"}[action]
    return {
        "action": action,
        "title": f"{stage} {does} {topic}",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{_record(topic)}"}],
    }


def _name(topic: str) -> str:
    return topic.replace(".", "_")


def _record(topic: str) -> str:
    return record_of(topic).__name__


if __name__ == "__main__":
    (Path(__file__).parents[1] / COPY).write_text(copied(), encoding="utf-8")
