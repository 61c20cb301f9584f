"""The store on disk keeps its position with its data, and forgets what may be stale."""

from pathlib import Path

import pytest

from streams import rocks
from streams.rocks import RocksStore, shared_cache


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "price-0"


def test_data_and_position_survive_a_close(folder: Path) -> None:
    store = RocksStore(folder, shared_cache(1))
    assert store.changelog_offset() == 0
    store.write([(b"a", b"1"), (b"b", b"2"), (b"a", None)], 17)
    store.close()
    again = RocksStore(folder, shared_cache(1))
    assert (again.get(b"a"), again.get(b"b"), again.changelog_offset()) == (None, b"2", 17)
    again.close()


def test_reset_forgets_everything(folder: Path) -> None:
    store = RocksStore(folder, shared_cache(1))
    store.write([(b"a", b"1")], 17)
    store.reset()
    assert (store.get(b"a"), store.changelog_offset()) == (None, 0)
    store.close()


def test_a_copy_older_than_kept_deletions_is_dropped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RocksStore(folder, shared_cache(1))
    store.write([(b"a", b"1")], 17)
    store.close()
    monkeypatch.setattr(rocks, "LOCAL_COPY_SECONDS_MAX", -1)
    again = RocksStore(folder, shared_cache(1))
    assert (again.get(b"a"), again.changelog_offset()) == (None, 0)
    again.close()
