"""The store on disk: one RocksDB a stage and partition, a cache of its changelog that may be lost at any time."""

import shutil
import struct
import time
from collections.abc import Iterable
from pathlib import Path

from rocksdict import BlockBasedOptions, Cache, Options, Rdict, WriteBatch, WriteOptions

from streams.state import Change

# Local only, never in the changelog: the first changelog offset not applied, and when it was written.
_POSITION_KEY = b"\x00position"
_POSITION = struct.Struct(">qq")
# Deletions stay in a compacted changelog for a week (streams/admin.py); a local copy older than this could miss one.
LOCAL_COPY_SECONDS_MAX = 3 * 86_400
MEMTABLE_BYTES = 4 * 1024 * 1024


class RocksStore:
    """RocksDB without a write-ahead log: what a crash loses comes back from the changelog, with its position."""

    def __init__(self, folder: Path, cache: Cache) -> None:
        self._folder = folder
        self._cache = cache
        self._write_options = WriteOptions()
        self._write_options.disable_wal = True  # type: ignore[method-assign, assignment]
        self._db = self._open()
        if self._age_seconds() > LOCAL_COPY_SECONDS_MAX:
            self.reset()

    def get(self, key: bytes) -> bytes | None:
        value: bytes | None = self._db.get(key)
        return value

    def write(self, changes: Iterable[Change], changelog_offset: int) -> None:
        batch = WriteBatch(raw_mode=True)
        for key, value in changes:
            if value is None:
                batch.delete(key)
            else:
                batch.put(key, value)
        batch.put(_POSITION_KEY, _POSITION.pack(changelog_offset, int(time.time())))
        self._db.write(batch, self._write_options)

    def changelog_offset(self) -> int:
        position = self._db.get(_POSITION_KEY)
        return 0 if position is None else int(_POSITION.unpack(position)[0])

    def reset(self) -> None:
        """Forget everything: the changelog is loaded from its start."""
        self._db.close()
        shutil.rmtree(self._folder)
        self._db = self._open()

    def close(self) -> None:
        self._db.flush()
        self._db.close()

    def _age_seconds(self) -> float:
        position = self._db.get(_POSITION_KEY)
        return 0.0 if position is None else time.time() - _POSITION.unpack(position)[1]

    def _open(self) -> Rdict:
        self._folder.mkdir(parents=True, exist_ok=True)
        options = Options(raw_mode=True)
        options.create_if_missing(True)
        options.set_write_buffer_size(MEMTABLE_BYTES)
        options.set_max_write_buffer_number(2)
        options.set_max_open_files(64)
        options.set_keep_log_file_num(2)
        options.set_max_background_jobs(1)
        table = BlockBasedOptions()
        table.set_block_cache(self._cache)
        options.set_block_based_table_factory(table)
        return Rdict(str(self._folder), options)


def shared_cache(megabytes: int) -> Cache:
    """The one block cache of a process; without it RocksDB takes gigabytes a partition."""
    return Cache(megabytes * 1024 * 1024)
