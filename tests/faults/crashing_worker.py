"""A worker that dies between the commit of a transaction and the write of its state, as a kill -9 there would."""

import os
import sys
from collections.abc import Iterable

from streams.rocks import RocksStore
from streams.state import PROGRESS_KEY, Change

DIES_AT = int(os.environ.get("DIES_AT_WRITE", "40"))
writes = 0
write = RocksStore.write


def write_or_die(store: RocksStore, changes: Iterable[Change], changelog_offset: int) -> None:
    """Count the writes that follow a commit; the one asked for never happens."""
    global writes
    listed = list(changes)
    if os.environ.get("DIES_AT_WRITE") and listed[-1][0] == PROGRESS_KEY:
        writes += 1
        if writes == DIES_AT:
            os._exit(9)
    write(store, listed, changelog_offset)


if __name__ == "__main__":
    RocksStore.write = write_or_die  # type: ignore[method-assign, assignment]
    sys.argv[1:] = ["worker", *sys.argv[1:]]
    from cli.main import main

    main()
