"""Records to bytes and back, in Confluent's wire format: 0x00, a schema id of four bytes, the Avro body."""

import io
import struct
from collections.abc import Callable
from typing import Any, TypeVar, cast

from fastavro import parse_schema, schemaless_reader

from schemas import avro_writer
from schemas.registry import FileRegistry, Registry, UnknownSchemaError
from schemas.shared_records import SharedRecords
from schemas.structure import loader

R = TypeVar("R")
HEADER_BYTES = 5
_HEADER = struct.Struct(">bI")


class DecodeError(ValueError):
    """Bytes that are no record of the type asked for. `code` names the fault; the text never quotes the record."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Codec:
    """Encodes with the current schema of a record, decodes any registered version into the current dataclass."""

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry or FileRegistry()
        self._writers: dict[type, tuple[bytes, avro_writer.Write]] = {}
        self._shared = SharedRecords()
        self._readers: dict[tuple[type, int], tuple[Any, Any, Callable[[Any], Any]]] = {}

    def encode(self, record: object) -> bytes:
        """The record with its header. A record that does not fit its schema raises: that is a bug, never bad input."""
        record_type = type(record)
        header, write = self._writers.get(record_type) or self._writer(record_type)
        return header + write(record)

    def encode_shared(self, record: object) -> bytes:
        """As `encode`, and remember the record: the next stage of this process reads these very bytes."""
        data = self.encode(record)
        self._shared.add(data, record)
        return data

    def decode_shared(self, record_type: type[R], data: bytes | None) -> R:
        """As `decode`, from the memory where it can: a claim is decoded once, not by every stage."""
        if data is None:
            return self.decode(record_type, data)
        known = self._shared.get(record_type, data)
        if known is None:
            known = self.decode(record_type, data)
            self._shared.add(data, known)
        return cast(R, known)

    def decode_once(self, record_type: type[R], data: bytes | None) -> R:
        """As `decode_shared` for a record that nobody in this process reads again."""
        known = None if data is None else self._shared.take(record_type, data)
        return self.decode(record_type, data) if known is None else cast(R, known)

    def decode(self, record_type: type[R], data: bytes | None) -> R:
        """The record in `data`; raises DecodeError with a code when it is none."""
        if data is None or len(data) < HEADER_BYTES or data[0] != 0:
            raise DecodeError("not_wire_format", "not Confluent wire format: expected 0x00 and a schema id of 4 bytes")
        schema_id = _HEADER.unpack_from(data)[1]
        writer, reader, load = self._readers.get((record_type, schema_id)) or self._reader(record_type, schema_id)
        body = io.BytesIO(data)
        body.seek(HEADER_BYTES)
        try:
            plain = schemaless_reader(body, writer, reader)
        except Exception as error:
            # fastavro raises whatever its parser stumbles on (EOFError, IndexError, UnicodeDecodeError, ...).
            text = f"the Avro body does not fit schema {schema_id} ({type(error).__name__}); it may be truncated"
            raise DecodeError("not_avro", text) from None
        if body.tell() != len(data):
            raise DecodeError("trailing_bytes", f"{len(data) - body.tell()} bytes follow the record")
        record: R = load(plain)
        return record

    def _writer(self, record_type: type) -> tuple[bytes, avro_writer.Write]:
        schema_id = self._registry.id_of(record_type.__name__)
        made = (_HEADER.pack(0, schema_id), avro_writer.writer(self._registry.schema(schema_id)))
        self._writers[record_type] = made
        return made

    def _reader(self, record_type: type, schema_id: int) -> tuple[Any, Any, Callable[[Any], Any]]:
        try:
            written = self._registry.schema(schema_id)
        except UnknownSchemaError as error:
            raise DecodeError("unknown_schema", str(error)) from error
        if written["name"] != record_type.__name__:
            text = f"schema {schema_id} is {written['name']}, expected {record_type.__name__}"
            raise DecodeError("wrong_schema", text)
        current = self._registry.id_of(record_type.__name__)
        writer = parse_schema(written, named_schemas={})
        reader = None if schema_id == current else parse_schema(self._registry.schema(current), named_schemas={})
        made = (writer, reader, loader(record_type))
        self._readers[(record_type, schema_id)] = made
        return made
