"""The claims that were not sent, one JSON object a line, to be mended and replayed."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from schemas.intake import dump_json
from sources.replay.items import Item


class Rejects:
    """A file that only its owner may read: what it holds is personal."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None
        self.written = 0

    def __enter__(self) -> Self:
        if self._path is not None:
            self._file = os.fdopen(
                os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, file: str, item: Item) -> None:
        """Write a claim that was not sent: where it stood, why, and its text where that is one line."""
        if self._file is None:
            return
        entry = {
            "file": file,
            "place": item.place,
            "claimNumber": item.control_number,
            "findings": [{"place": r.position, "code": r.code, "text": r.text} for r in item.remarks],
            "line": item.raw,
        }
        self._file.write(dump_json(entry) + "\n")
        self.written += 1
