"""Where the content of documents lies: a store by key, and the local folder that is built in.

Another store (S3, a document system) is a class with the three methods of DocumentStore, handed to `create_app`. `put`
is given a complete local file and returns only when the content is durable. The key is that of one sending of one
document (`api/document_record.py: content_key`): the same key is always the same content, and what is taken away is
nobody else's. Who must keep by law what was taken away has a store whose `remove` puts it aside.
"""

import asyncio
import contextlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK_BYTES = 64 * 1024
INCOMING = "incoming"
_KEY = re.compile(r"[0-9a-f-]{36}-[0-9]{1,10}")


class StoreAway(Exception):  # noqa: N818 - no fault of the caller, and it passes
    """The store cannot be asked just now; the text names the cause and quotes no content."""


class ContentMissingError(LookupError):
    """The store holds nothing under this key."""


class DocumentStore(Protocol):
    """Content by its key. Every method raises StoreAway."""

    async def put(self, key: str, file: Path) -> None:
        """Keep the content of a local file; returns once it is durable. The file may be moved away."""

    def content(self, key: str) -> AsyncIterator[bytes]:
        """The content in chunks. Raises ContentMissingError before the first when it is not there."""

    async def remove(self, key: str) -> None:
        """Forget the content for good; nothing where it is not there."""


class LocalFolder:
    """Files named by their key below a folder of this machine, or one that several share. Only we may read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, file: Path) -> None:
        """Keep the content of a local file; returns once it is durable. The file may be moved away."""
        try:
            await asyncio.to_thread(self._put, key, file)
        except OSError as error:
            raise StoreAway(f"the folder of documents cannot be written ({error.strerror})") from None

    async def remove(self, key: str) -> None:
        """Forget the content for good; nothing where it is not there."""
        try:
            await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
        except OSError as error:
            raise StoreAway(f"the folder of documents cannot be written ({error.strerror})") from None

    async def content(self, key: str) -> AsyncIterator[bytes]:
        """The content in chunks. Raises ContentMissingError before the first when it is not there."""
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError:
            raise ContentMissingError(key) from None
        except OSError as error:
            raise StoreAway(f"the folder of documents cannot be read ({error.strerror})") from None
        with file:
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk

    def _path(self, key: str) -> Path:
        # The key comes from our own table or hashing; a path is still made of nothing else.
        if not _KEY.fullmatch(key):
            raise ContentMissingError(key[:64])
        return self._folder / key[:2] / key

    def _put(self, key: str, file: Path) -> None:
        path = self._path(key)
        _private_folder(path.parent)
        if file.stat().st_dev != path.parent.stat().st_dev:
            file = _copied(file, path.parent)
        with file.open("rb") as written:
            os.fsync(written.fileno())
        # Over the same content, if it is there: one that was damaged is mended by the way.
        file.replace(path)
        _sync_folder(path.parent)
        _sync_folder(self._folder)


@contextlib.contextmanager
def staged(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new private file beside the store to receive a document; gone afterwards unless the store took it.

    Raises StoreAway.
    """
    try:
        incoming = folder / INCOMING
        _private_folder(incoming)
        number, name = tempfile.mkstemp(prefix="document-", dir=incoming)
    except OSError as error:
        raise StoreAway(f"no document can be received ({error.strerror})") from None
    path = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            yield file, path
    finally:
        path.unlink(missing_ok=True)


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _copied(file: Path, folder: Path) -> Path:
    number, name = tempfile.mkstemp(prefix=".document-", dir=folder)
    with os.fdopen(number, "wb") as copy, file.open("rb") as original:
        while chunk := original.read(CHUNK_BYTES):
            copy.write(chunk)
    return Path(name)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
