"""Records to Avro bodies, by a function compiled once from the schema of the record.

The library reads a schema anew for every field of every record: at 117 fields and 0.55 us a field a decision cost more
than its rules. What the compiled function writes is the same byte for byte (tests/schemas/test_avro_writer.py holds the
two against each other); reading stays with the library. Format: Avro 1.12 specification, binary encoding.
"""

from collections.abc import Callable
from typing import Any

Write = Callable[[Any], bytes]
# Parts of records that come again and again (codes, amounts, days, ids of a family) are encoded once.
_REMEMBERED_MAX = 50_000
_REMEMBERED_BYTES_MAX = 64


def writer(schema: dict[str, Any]) -> Write:
    """A function from a record to its Avro body. It raises for a record that does not fit: that is a bug."""
    return _Compiler().record(schema)


class _Remembering(dict[Any, bytes]):
    """Values and their encoding; forgets everything when it is full."""

    def __init__(self, encode: Write) -> None:
        super().__init__()
        self._encode = encode

    def __missing__(self, value: Any) -> bytes:
        encoded = self._encode(value)
        if len(encoded) <= _REMEMBERED_BYTES_MAX:
            if len(self) >= _REMEMBERED_MAX:
                self.clear()
            self[value] = encoded
        return encoded


def _number(bits: int) -> Write:
    """Zigzag, then seven bits a byte, the lowest first."""

    def encode(value: Any) -> bytes:
        if not isinstance(value, int) or not -(1 << bits) <= value < 1 << bits:
            raise TypeError(f"{value!r} is no whole number of {bits + 1} bits")
        left = (value << 1) ^ (value >> bits)
        out = bytearray()
        while left > 0x7F:
            out.append(left & 0x7F | 0x80)
            left >>= 7
        out.append(left)
        return bytes(out)

    return encode


_int, _long = _number(31), _number(63)


# Lengths of most texts, in the one byte that they take.
_SHORT = tuple(_long(length) for length in range(64))


def _string(value: Any) -> bytes:
    encoded = value.encode()
    length = len(encoded)
    return (_SHORT[length] if length < 64 else _long(length)) + encoded  # type: ignore[no-any-return]


def _boolean(value: Any) -> bytes:
    if not isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} is no truth value")
    return b"\x01" if value else b"\x00"


def _bytes(value: Any) -> bytes:
    return _long(len(value)) + bytes(value)


def _or_null(encode: Write) -> Write:
    """Of a union of null and something: the branch, then the value."""
    return lambda value: b"\x00" if value is None else b"\x02" + encode(value)


# Encoded values by kind, shared by all records; `_or_null` of those that may be missing.
_TABLES: dict[str, _Remembering] = {}
for _kind, _encode in (("string", _string), ("int", _int), ("long", _long), ("boolean", _boolean)):
    _TABLES[_kind] = _Remembering(_encode)
    _TABLES[f"{_kind}_or_null"] = _Remembering(_or_null(_encode))


class _Compiler:
    """Functions of one schema: records by name, and the tables of values that they share."""

    def __init__(self) -> None:
        self._named: dict[str, Any] = {}
        self._names: dict[str, Any] = {"Z": b"\x00", "T": b"\x02", "join": b"".join, "write_bytes": _bytes, **_TABLES}

    def record(self, schema: dict[str, Any]) -> Write:
        name = self._named_function(schema)
        written: Write = self._names[name]
        return written

    def _named_function(self, schema: dict[str, Any]) -> str:
        name = f"record_{schema['name']}"
        if name not in self._names:
            parts = [self._expression(field["type"], f"r.{field['name']}") for field in schema["fields"]]
            source = f"def {name}(r):\n    return join(({' '.join(part + ',' for part in parts)}))"
            exec(source, self._names)  # noqa: S102 - made above from our own schemas, never from input
        return name

    def _expression(self, schema: Any, value: str) -> str:
        """An expression for the bytes of `value`, which names a variable or a field of one."""
        if isinstance(schema, list):
            return self._union(schema, value)
        kind, schema = self._resolved(schema)
        if kind == "record":
            return f"{self._named_function(schema)}({value})"
        if kind == "array":
            items = self._expression(schema["items"], "x")
            return f"(long[len({value})] + join([{items} for x in {value}]) + Z if {value} else Z)"
        if kind == "map":
            item = f"string[k] + {self._expression(schema['values'], 'x')}"
            return f"(long[len({value})] + join([{item} for k, x in {value}.items()]) + Z if {value} else Z)"
        if kind == "bytes":
            return f"write_bytes({value})"
        return f"{self._table(kind, schema)}[{value}]"

    def _union(self, branches: list[Any], value: str) -> str:
        null, other = branches
        assert null == "null", "unions are of null and one other"
        kind, schema = self._resolved(other)
        if kind == "enum" or kind in _TABLES:
            return f"{self._table(kind, schema, '_or_null')}[{value}]"
        return f"(Z if {value} is None else T + {self._expression(other, value)})"

    def _resolved(self, schema: Any) -> tuple[str, Any]:
        """Kind of a schema, and its definition where it has one: a name stands for what was defined under it before."""
        if isinstance(schema, str):
            schema = self._named.get(schema, schema)
        if isinstance(schema, str):
            return schema, None
        if schema["type"] in ("record", "enum"):
            self._named[schema["name"]] = self._named[f"{schema.get('namespace', 'claims')}.{schema['name']}"] = schema
        return schema["type"], schema

    def _table(self, kind: str, schema: Any, suffix: str = "") -> str:
        """Name of the table of encoded values of a kind."""
        if kind != "enum":
            return kind + suffix
        symbols = {symbol: _long(place) for place, symbol in enumerate(schema["symbols"])}
        self._names[f"enum_{schema['name']}"] = symbols
        self._names[f"enum_{schema['name']}_or_null"] = {None: b"\x00"} | {s: b"\x02" + e for s, e in symbols.items()}
        return f"enum_{schema['name']}{suffix}"
