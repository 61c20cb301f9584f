"""Schema ids: a registry kept in a file beside the schemas for embedded use, a schema registry by URL in production."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from config.settings import KafkaSettings
from schemas import avro_files

REGISTRY_FILE = Path(__file__).parent / "registry.json"


class UnknownSchemaError(LookupError):
    """A schema id or record type that the registry does not know."""


class Registry(Protocol):
    """What the codec asks of a registry."""

    def id_of(self, type_name: str) -> int:
        """Id of the current schema of that record type; raises UnknownSchemaError."""

    def schema(self, schema_id: int) -> dict[str, Any]:
        """Self-contained schema with that id; raises UnknownSchemaError."""


class FileRegistry:
    """Every version of every record, in a file that is part of the release: {"Envelope": [{"id": 7, "schema": ...}]}.

    Ids are never used again, versions never removed: old records stay readable.
    """

    def __init__(self, path: Path = REGISTRY_FILE) -> None:
        self.versions: Mapping[str, list[dict[str, Any]]] = json.loads(path.read_text())
        self._by_id = {v["id"]: v["schema"] for versions in self.versions.values() for v in versions}

    def id_of(self, type_name: str) -> int:
        versions = self.versions.get(type_name)
        if not versions:
            raise UnknownSchemaError(f"no version of {type_name} is registered; run: claims schemas register")
        return int(versions[-1]["id"])

    def schema(self, schema_id: int) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._by_id[schema_id]
        except KeyError:
            raise UnknownSchemaError(f"schema id {schema_id} is not registered") from None
        return found


class RemoteRegistry:
    """A Confluent schema registry at a URL; schemas are registered under the subjects of the topics that carry them."""

    def __init__(self, url: str, subjects: Mapping[str, list[str]]) -> None:
        from confluent_kafka.schema_registry import SchemaRegistryClient  # only where a registry is configured

        self._client = SchemaRegistryClient({"url": url})
        self._subjects = subjects

    def id_of(self, type_name: str) -> int:
        from confluent_kafka.schema_registry import Schema

        schema = Schema(json.dumps(avro_files.self_contained(type_name)), "AVRO")
        subjects = self._subjects.get(type_name) or [f"claims.{type_name}"]
        ids = {self._client.register_schema(subject, schema) for subject in subjects}
        if len(ids) != 1:
            raise UnknownSchemaError(f"the registry gave {type_name} several ids: {sorted(ids)}")
        return int(ids.pop())

    def schema(self, schema_id: int) -> dict[str, Any]:
        from confluent_kafka.schema_registry.error import SchemaRegistryError

        try:
            text = self._client.get_schema(schema_id).schema_str
        except SchemaRegistryError as error:
            raise UnknownSchemaError(f"schema id {schema_id} is not in the registry") from error
        loaded: dict[str, Any] = json.loads(text or "{}")
        return loaded


def for_settings(kafka: KafkaSettings) -> Registry:
    """The registry that the settings name: one by URL, else the file that ships with the release."""
    if not kafka.schema_registry_url:
        return FileRegistry()
    from schemas.topics import TOPICS, subject_of

    subjects: dict[str, list[str]] = {}
    for topic in TOPICS:
        subjects.setdefault(topic.record.__name__, []).append(subject_of(topic.name))
    return RemoteRegistry(kafka.schema_registry_url, subjects)


def register(path: Path = REGISTRY_FILE) -> list[str]:
    """Write a new version of every record whose file differs from its last version; returns the names written.

    Compatibility is held by tests/schemas/test_compatibility.py, which reads what this wrote.
    """
    versions: dict[str, list[dict[str, Any]]] = json.loads(path.read_text()) if path.exists() else {}
    next_id = 1 + max((v["id"] for known in versions.values() for v in known), default=0)
    written = []
    for name in avro_files.type_names():
        if avro_files.definition(name)["type"] != "record":
            continue
        schema = avro_files.self_contained(name)
        known = versions.setdefault(name, [])
        if not known or known[-1]["schema"] != schema:
            known.append({"id": next_id, "schema": schema})
            written.append(name)
            next_id += 1
    path.write_text(json.dumps(versions, indent=1, sort_keys=True) + "\n")
    return written
