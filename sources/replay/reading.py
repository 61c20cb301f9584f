"""Files read and not sent: every item with the document that it stands in, what cannot be read as an item too."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sources.replay.documents import documents, files_of, opened, shown_name
from sources.replay.formats import WORDS, UnknownFormatError, format_of, items_of
from sources.replay.items import Item, Remark, Source
from sources.replay.packed import Bound, PackedError


class Found(NamedTuple):
    """An item, the name of its document, and what places in it are called (line, segment; empty for the whole)."""

    document: str
    word: str
    item: Item


def read_files(paths: Sequence[Path], source: Source) -> Iterator[Found]:
    """Everything in the files, one after another. Raises NamedFilesError."""
    for path in files_of(paths):
        name = shown_name(path)
        try:
            with opened(path) as file:
                yield from _read(name, file, source)
        except PackedError as error:
            yield _unread(name, error.code, str(error))


def _read(name: str, file: BinaryIO, source: Source) -> Iterator[Found]:
    for document in documents(name, file, Bound()):
        try:
            form = format_of(document.start)
        except UnknownFormatError as error:
            yield _unread(document.name, "UNKNOWN_FORMAT", str(error))
            continue
        for item in items_of(document.file, form, source):
            yield Found(document.name, WORDS[form], item)


def _unread(name: str, code: str, text: str) -> Found:
    return Found(name, "", Item(0, False, None, None, (Remark(0, "", code, text),), None, True))
