"""State of one stage and partition as a stage sees it: records by table and key, over a store of bytes."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from agents.contract import Table
from schemas.codec import Codec

R = TypeVar("R")
PROGRESS_KEY = b"\x00progress"
Change = tuple[bytes, bytes | None]


class Store(Protocol):
    """Bytes by key, written once a batch."""

    def get(self, key: bytes) -> bytes | None:
        """The value under that key."""

    def write(self, changes: Iterable[Change], changelog_offset: int) -> None:
        """Apply all changes at once and remember up to where the changelog is in them; None deletes."""

    def changelog_offset(self) -> int:
        """First changelog offset that is not in the store; 0 for an empty one."""

    def close(self) -> None:
        """Release the store."""


class MemoryStore:
    """A store in a dict: for tests and for deciding without a broker."""

    def __init__(self) -> None:
        self.data: dict[bytes, bytes] = {}
        self._offset = 0

    def get(self, key: bytes) -> bytes | None:
        return self.data.get(key)

    def write(self, changes: Iterable[Change], changelog_offset: int) -> None:
        for key, value in changes:
            if value is None:
                self.data.pop(key, None)
            else:
                self.data[key] = value
        self._offset = changelog_offset

    def changelog_offset(self) -> int:
        return self._offset

    def close(self) -> None:
        self.data.clear()


class BatchState:
    """The state during a batch: reads fall through to the store once a key, writes wait in memory for the end."""

    def __init__(self, store: Store, codec: Codec) -> None:
        self._store = store
        self._codec = codec
        self._records: dict[bytes, Any] = {}
        self._written: set[bytes] = set()

    def get(self, table: Table[R], key: str) -> R | None:
        name = table.prefix + key.encode()
        if name in self._records:
            cached: R | None = self._records[name]
            return cached
        value = self._store.get(name)
        record = None if value is None else self._codec.decode(table.record, value)
        self._records[name] = record
        return record

    def put(self, table: Table[R], key: str, record: R) -> None:
        name = table.prefix + key.encode()
        self._records[name] = record
        self._written.add(name)

    def delete(self, table: Table[R], key: str) -> None:
        name = table.prefix + key.encode()
        self._records[name] = None
        self._written.add(name)

    def changes(self) -> list[Change]:
        """Every key written in the batch with its last value, in the order of the keys."""
        encode = self._codec.encode
        return [
            (name, None if self._records[name] is None else encode(self._records[name]))
            for name in sorted(self._written)
        ]
