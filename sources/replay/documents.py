"""Files, folders and standard input as documents to read: unpacked, each with its name, its start looked at."""

import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from config.limits import FILES_PER_RUN_MAX, PACKED_LAYERS_MAX, UNPACKED_BYTES_MAX, ZIP_LIST_BYTES_MAX, ZIP_MEMBERS_MAX
from sources.replay.packed import Bound, PackedError, Unpacked, packing_of, unreadable

STANDARD_INPUT = "-"
# How programs name a file that they have not finished writing.
UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
_PEEKED_BYTES = 4096
_BUFFER_BYTES = 131_072
_NAME_CHARACTERS_MAX = 200
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)


class NamedFilesError(ValueError):
    """What was named holds no file, or more of them than one run takes; the text says so."""


@dataclass(frozen=True, slots=True)
class Document:
    """Something to read from its beginning; `start` are its first bytes, `name` is for people and never a path."""

    name: str
    start: bytes
    file: BinaryIO


def is_waiting(path: Path) -> bool:
    """Whether a name in a folder is one of a finished file: neither hidden nor on its way."""
    return not path.name.startswith(".") and not path.name.lower().endswith(UNFINISHED)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and those in the folders that are, in order of their names. Raises NamedFilesError.

    `-` stays as it is: standard input. A file that was named is taken whatever its name, one of a folder only when it
    is neither hidden nor unfinished.
    """
    found: list[Path] = []
    for path in paths:
        if str(path) == STANDARD_INPUT or not path.is_dir():
            found.append(path)
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            within = (Path(folder, name) for name in sorted(names))
            found += [one for one in within if is_waiting(one) and one.is_file()]
            if len(found) > FILES_PER_RUN_MAX:
                raise NamedFilesError(f"{path} holds more than {FILES_PER_RUN_MAX:,} files; name parts of it")
    if not found:
        named = ", ".join(map(str, paths)) or "what was named"
        text = f"{named}: no file in it. Hidden ones, and unfinished ones ({', '.join(UNFINISHED)}), are left out"
        raise NamedFilesError(f"{text}; name files of claims, or have `claims replay --watch` serve the folder")
    return found


class Counted(io.RawIOBase):
    """A stream that counts, in a bound, what is read of it."""

    def __init__(self, file: BinaryIO, bound: Bound) -> None:
        self._file = file
        self._bound = bound

    def readable(self) -> bool:
        """It is a stream to read."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill the buffer from the file."""
        data = self._taken(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _taken(self, size: int) -> bytes:
        try:
            data = self._file.read(size)
        except OSError as error:
            raise unreadable(error) from None
        self._bound.packed += len(data)
        return data


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read from its beginning, or standard input. Raises PackedError when it cannot be opened."""
    if str(path) == STANDARD_INPUT:
        # As a pipe, whatever it is: a file there may have been read from before.
        yield _buffered(Counted(sys.stdin.buffer, Bound()))
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise unreadable(error) from None
    with file:
        yield cast(BinaryIO, file)


def documents(name: str, file: BinaryIO, bound: Bound) -> Iterator[Document]:
    """Everything to read in a file: itself, what it packs, or the members of an archive. Raises PackedError."""
    return _layer(name, _buffered(Counted(file, bound)), file, bound, 0)


def _layer(name: str, stream: BinaryIO, whole: BinaryIO | None, bound: Bound, layers: int) -> Iterator[Document]:
    start = _peek(stream)
    kind = packing_of(start)
    if kind is None:
        yield Document(name, start, stream)
    elif layers >= PACKED_LAYERS_MAX:
        text = f"the file is packed more than {PACKED_LAYERS_MAX} times over; unpack it first"
        raise PackedError("PACKED_LAYERS", text)
    elif kind == "zstd":
        raise PackedError("PACKED_FORMAT", "the file is packed with zstd, which is not read; unpack it, or use gzip")
    elif kind == "zip":
        yield from _archive(name, stream, whole, bound, layers)
    else:
        unpacked = _buffered(Unpacked(stream, kind, bound))
        yield from _layer(name, unpacked, None, bound, layers + 1)


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(raw, _BUFFER_BYTES))


def _peek(stream: BinaryIO) -> bytes:
    """The first bytes; a pipe may give a first few alone, then that is what there is to go by."""
    return cast(io.BufferedReader, stream).peek(_PEEKED_BYTES)[:_PEEKED_BYTES]


class _Bounded(io.BufferedIOBase):
    """The file of an archive, whose list of members the library reads in one piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            here = self._file.tell()
            size = self._file.seek(0, io.SEEK_END) - here
            self._file.seek(here)
        if size > ZIP_LIST_BYTES_MAX:
            raise PackedError("ZIP_MEMBERS", f"the archive lists more than {ZIP_MEMBERS_MAX:,} members; split it")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _archive(name: str, stream: BinaryIO, whole: BinaryIO | None, bound: Bound, layers: int) -> Iterator[Document]:
    """Members in the order of the archive; needs a file to seek in, so one from a pipe is put aside first."""
    with tempfile.TemporaryFile() as aside:
        file: BinaryIO = cast(BinaryIO, aside)
        if whole is not None and whole.seekable():
            file = whole
            bound.packed = whole.seek(0, io.SEEK_END)
        else:
            _copy(stream, file)
        try:
            with zipfile.ZipFile(cast(BinaryIO, _Bounded(file))) as archive:
                yield from _members(name, archive, bound, layers)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError) as error:
            text = f"the archive is damaged ({type(error).__name__}); send the file again"
            raise PackedError("PACKED_BROKEN", text) from None


def _copy(stream: BinaryIO, file: BinaryIO) -> None:
    copied = 0
    while chunk := stream.read(_BUFFER_BYTES):
        copied += len(chunk)
        if copied > UNPACKED_BYTES_MAX:
            raise PackedError("UNPACKED_TOO_LARGE", f"more than {UNPACKED_BYTES_MAX:,} bytes; split the file")
        file.write(chunk)
    file.seek(0)


def _members(name: str, archive: zipfile.ZipFile, bound: Bound, layers: int) -> Iterator[Document]:
    members = [one for one in archive.infolist() if not one.is_dir() and _is_ours(one.filename)]
    if len(members) > ZIP_MEMBERS_MAX:
        raise PackedError("ZIP_MEMBERS", f"the archive has more than {ZIP_MEMBERS_MAX:,} members; split it")
    for member in members:
        if member.flag_bits & 1:
            raise PackedError("ZIP_ENCRYPTED", "the archive is encrypted; unpack it first")
        if member.compress_type not in _PLAIN_METHODS:
            raise PackedError("PACKED_FORMAT", "a member is packed in a way that is not read; use deflate")
        with archive.open(member) as opened:
            inner = _buffered(_Member(cast(BinaryIO, opened), bound))
            yield from _layer(f"{name}: {shown(member.filename)}", inner, None, bound, layers + 1)


class _Member(Counted):
    """A member of an archive; what comes out of it counts against the bound."""

    def _taken(self, size: int) -> bytes:
        try:
            data = self._file.read(size)
        except Exception as error:
            # Whatever its decompressor stumbles on: zlib.error, EOFError, BadZipFile for a wrong sum.
            text = f"a member of the archive is damaged ({type(error).__name__}); send the file again"
            raise PackedError("PACKED_BROKEN", text) from None
        self._bound.add(len(data))
        return data


def _is_ours(name: str) -> bool:
    """Not what a desktop adds to an archive of its own accord."""
    return not name.startswith("__MACOSX/") and is_waiting(Path(name))


def shown_name(path: Path) -> str:
    """The name of a file, or of standard input, as reports and logs can hold it: disks take bytes that are no text."""
    return "standard input" if str(path) == STANDARD_INPUT else shown(path.name)


def shown(name: str) -> str:
    """A name from outside without what cannot be printed, and not too long."""
    return "".join(c if c.isprintable() else "?" for c in name)[:_NAME_CHARACTERS_MAX]
