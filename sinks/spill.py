"""Digests of two sides, in files by the first byte of their key, compared a bucket at a time: memory stays small."""

import struct
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from sinks.rows import Guard

# Kind, key, guard (version, rank, order), digest.
_RECORD = struct.Struct(">B16siiq16s")
BUCKETS = 256
NO_GUARD: Guard = (0, 0, 0)
# The key of what belongs to no claim.
NO_KEY = bytes(16)
# Kind, key, digest.
Entry = tuple[int, bytes, bytes]


class Spill:
    """One side: entries are added, then each bucket is read once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._files: list[BinaryIO] = []

    def __enter__(self) -> Self:
        self._files = [open(self._path(bucket), "wb", buffering=4_096) for bucket in range(BUCKETS)]  # noqa: SIM115
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()

    def add(self, kind: int, key: bytes, digest: bytes, guard: Guard = NO_GUARD) -> None:
        """Add an entry. Of entries with one key and a guard, the one with the greatest guard counts."""
        # Entries without a key of their own are spread by their digests. Those of one claim must meet in one bucket.
        bucket = digest[0] if key == NO_KEY else key[0]
        self._files[bucket].write(_RECORD.pack(kind, key, *guard, digest))

    def bucket(self, number: int) -> set[Entry]:
        """The entries of a bucket; an entry that was added twice stands once."""
        found: set[Entry] = set()
        newest: dict[tuple[int, bytes], tuple[Guard, bytes]] = {}
        for kind, key, version, rank, order, digest in _RECORD.iter_unpack(self._path(number).read_bytes()):
            guard = version, rank, order
            if guard == NO_GUARD:
                found.add((kind, key, digest))
            elif (kind, key) not in newest or guard > newest[kind, key][0]:
                newest[kind, key] = guard, digest
        return found | {(kind, key, digest) for (kind, key), (_, digest) in newest.items()}

    def _path(self, bucket: int) -> Path:
        return self._folder / f"{bucket:02x}"


def differences(one: Spill, other: Spill) -> Iterator[tuple[set[Entry], set[Entry]]]:
    """Of each bucket: what only the one side has, and what only the other has."""
    for number in range(BUCKETS):
        left, right = one.bucket(number), other.bucket(number)
        yield left - right, right - left
