"""Packed files: read as what they hold, and refused before they fill a disk or the memory."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from config.limits import UNPACKED_FREE_BYTES
from sources.replay import documents as documents_module
from sources.replay import packed
from sources.replay.documents import documents, files_of
from sources.replay.packed import Bound, PackedError

DATA = b"".join(b"line %d of a file\n" % number for number in range(20_000))


def zipped(**members: bytes) -> bytes:
    """An archive with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def read(data: bytes, bound: Bound | None = None, seekable: bool = True) -> list[tuple[str, bytes]]:
    """Names and contents of what a file holds."""
    file: BinaryIO = io.BytesIO(data) if seekable else Pipe(data)
    return [(document.name, document.file.read()) for document in documents("file", file, bound or Bound())]


def drain(file: BinaryIO, bound: Bound) -> None:
    """Read all of a file, and keep nothing."""
    for document in documents("file", file, bound):
        while document.file.read(100_000):
            pass


class Pipe(io.BytesIO):
    """A stream that cannot go back."""

    def seekable(self) -> bool:
        return False


WAYS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("as it is", lambda data: data),
    ("gzip", gzip.compress),
    ("gzip, two members", lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:])),
    ("gzip, filled up with zeros", lambda data: gzip.compress(data) + bytes(200_000)),
    ("bzip2", bz2.compress),
    ("bzip2, two members", lambda data: bz2.compress(data[:1000]) + bz2.compress(data[1000:])),
    ("xz", lzma.compress),
    ("gzip of gzip", lambda data: gzip.compress(gzip.compress(data))),
]


@pytest.mark.parametrize("seekable", [True, False])
@pytest.mark.parametrize(("way", "pack"), WAYS, ids=[way for way, _ in WAYS])
def test_what_is_packed_is_read(way: str, pack: Callable[[bytes], bytes], seekable: bool) -> None:
    assert read(pack(DATA), seekable=seekable) == [("file", DATA)]


@pytest.mark.parametrize("seekable", [True, False])
def test_every_member_of_an_archive_is_read_under_its_name(seekable: bool) -> None:
    members = {"b.edi": DATA, "a/c.gz": gzip.compress(b"packed"), "__MACOSX/b.edi": b"x", ".hidden": b"x", "e/": b""}
    assert read(zipped(**members), seekable=seekable) == [("file: b.edi", DATA), ("file: a/c.gz", b"packed")]


def test_names_of_members_cannot_play_tricks_on_a_terminal() -> None:
    [(name, _)] = read(zipped(**{"a\x1b[2J\n.edi": b"x"}))
    assert name == "file: a?[2J?.edi"


BROKEN = [
    # what                       bytes                                          code
    ("gzip cut off",             gzip.compress(DATA)[:-9],                      "PACKED_TRUNCATED"),
    ("gzip with a wrong sum",    gzip.compress(DATA)[:-8] + bytes(8),           "PACKED_BROKEN"),
    ("garbage behind it",        gzip.compress(DATA) + b"garbage",              "PACKED_BROKEN"),
    ("bzip2 cut off",            bz2.compress(DATA)[:-4],                       "PACKED_TRUNCATED"),
    ("xz cut off",               lzma.compress(DATA)[:-4],                      "PACKED_TRUNCATED"),
    ("xz damaged",               lzma.compress(DATA)[:20] + bytes(500),         "PACKED_BROKEN"),
    ("an archive cut off",       zipped(a=DATA)[:-30],                          "PACKED_BROKEN"),
    ("an archive in an archive", zipped(a=zipped(b=zipped(c=DATA))),            "PACKED_LAYERS"),
    ("zstd",                     b"\x28\xb5\x2f\xfd" + bytes(20),               "PACKED_FORMAT"),
    ("gzip three times",         gzip.compress(gzip.compress(gzip.compress(DATA))), "PACKED_LAYERS"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "data", "code"), BROKEN, ids=[what for what, _, _ in BROKEN])
def test_what_cannot_be_read_is_told(what: str, data: bytes, code: str) -> None:
    with pytest.raises(PackedError) as told:
        read(data)
    assert told.value.code == code


def test_a_damaged_member_is_told() -> None:
    data = bytearray(zipped(a=DATA))
    data[60:90] = bytes(30)
    with pytest.raises(PackedError, match="member of the archive is damaged"):
        read(bytes(data))


def test_an_encrypted_archive_is_told() -> None:
    data = bytearray(zipped(a=DATA))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    with pytest.raises(PackedError, match="encrypted"):
        read(bytes(data))


BOMBS = [
    ("gzip", gzip.compress(bytes(50_000_000), 9)),
    ("bzip2", bz2.compress(bytes(50_000_000))),
    ("xz", lzma.compress(bytes(50_000_000), preset=1)),
    ("a member", zipped(a=bytes(50_000_000))),
    ("a gzip in a member", zipped(a=gzip.compress(bytes(50_000_000)))),
    ("a gzip in a gzip", gzip.compress(gzip.compress(bytes(50_000_000)))),
]


@pytest.mark.parametrize(("what", "data"), BOMBS, ids=[what for what, _ in BOMBS])
def test_a_bomb_is_put_out(what: str, data: bytes) -> None:
    bound = Bound()
    with pytest.raises(PackedError, match="200 times its size"):
        drain(io.BytesIO(data), bound)
    assert bound.unpacked < UNPACKED_FREE_BYTES + 200 * len(data) + 200_000, "no more than a buffer beyond it"


def test_no_file_gives_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "UNPACKED_BYTES_MAX", 1_000)
    with pytest.raises(PackedError, match="split it"):
        read(gzip.compress(DATA))


def test_xz_may_not_ask_for_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "XZ_MEMORY_BYTES_MAX", 1_000_000)
    with pytest.raises(PackedError, match="1,000,000 bytes of memory"):
        read(lzma.compress(DATA, preset=9))


def test_an_archive_may_not_list_members_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    many = zipped(**{f"{number}.edi": b"x" for number in range(50)})
    monkeypatch.setattr(documents_module, "ZIP_MEMBERS_MAX", 49)
    with pytest.raises(PackedError, match="more than 49 members"):
        read(many)
    monkeypatch.setattr(documents_module, "ZIP_LIST_BYTES_MAX", 1_000)
    with pytest.raises(PackedError, match="split it"):
        read(many)


def test_a_folder_gives_its_finished_files_in_order(tmp_path: Path) -> None:
    for name in ("b.edi", "a.edi", "sub/c.edi", ".hidden", "d.edi.tmp", "e.PART", ".git/f.edi"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [str(path.relative_to(tmp_path)) for path in files_of([tmp_path])]
    assert found == ["a.edi", "b.edi", "sub/c.edi"]
    assert files_of([Path("-"), tmp_path / ".hidden"]) == [Path("-"), tmp_path / ".hidden"], "as they were named"
