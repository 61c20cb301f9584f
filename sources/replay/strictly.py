"""A document of X12 read twice, side by side: by our reader, and by the strict check, whose findings join in place."""

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from sources.strict.check import strict_findings
from sources.x12.findings import EdiFinding
from sources.x12.reader import Read, Terms, read_file
from sources.x12.stream import Ends


def read_strictly(file: BinaryIO, terms: Terms, seconds: float) -> Iterator[Read]:
    """As `read_file`, with what the strict check finds in a transaction, in `seconds` at most, before its end.

    The document is put aside in a file for its owner alone, since a pipe cannot be read twice.
    """
    with tempfile.NamedTemporaryFile() as aside:
        shutil.copyfileobj(file, aside)
        aside.flush()
        yield from _both(Path(aside.name), terms, seconds)


def _both(path: Path, terms: Terms, seconds: float) -> Iterator[Read]:
    with (
        path.open("rb") as first,
        path.open("rb") as second,
        # Closed with us, so that its process ends when nobody reads on.
        closing(cast("Generator[EdiFinding, None, None]", strict_findings(cast(BinaryIO, second), seconds))) as strict,
    ):
        yield from _joined(read_file(cast(BinaryIO, first), terms), strict)


def _joined(items: Iterator[Read], strict: Iterator[EdiFinding]) -> Iterator[Read]:
    waiting = next(strict, None)
    for item in items:
        if isinstance(item, Ends) and item.level == "transaction":
            while waiting is not None and waiting.segment <= item.segment:
                yield waiting
                waiting = next(strict, None)
        yield item
    while waiting is not None:
        yield waiting
        waiting = next(strict, None)
