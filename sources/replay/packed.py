"""Compressed input as a stream of bytes, bounded: gzip, bzip2 and xz, several members in a row, flat memory."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from config.limits import UNPACKED_BYTES_MAX, UNPACKED_FREE_BYTES, UNPACKED_RATIO_MAX, XZ_MEMORY_BYTES_MAX

_CHUNK_BYTES = 65_536
# What files of a packing begin with.
MARKS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd"}


class PackedError(ValueError):
    """Input that cannot be read on, packed or not; `code` names why, the text says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def unreadable(error: OSError) -> PackedError:
    """What the disk or the pipe of an input says; what we cannot write is another matter, and no fault of the file."""
    return PackedError("FILE_UNREADABLE", f"the file cannot be read: {error.strerror or type(error).__name__}")


@dataclass(slots=True)
class Bound:
    """How much may come out of one input, over all of its layers and members; `packed` are its bytes as they came."""

    packed: int = 0
    unpacked: int = 0

    def add(self, count: int) -> None:
        """Count bytes that came out; raises PackedError when they are too many for what went in."""
        self.unpacked += count
        if self.unpacked > UNPACKED_BYTES_MAX:
            text = f"more than {UNPACKED_BYTES_MAX:,} bytes come out of the file; split it"
            raise PackedError("UNPACKED_TOO_LARGE", text)
        if self.unpacked > UNPACKED_FREE_BYTES + UNPACKED_RATIO_MAX * self.packed:
            text = (
                f"the file unpacks to more than {UNPACKED_RATIO_MAX} times its size, as no file of claims does; "
                "unpack it yourself if it is one"
            )
            raise PackedError("UNPACKED_RATIO", text)


def packing_of(start: bytes) -> str | None:
    """`gzip`, `bzip2`, `xz`, `zip` or `zstd` by the first bytes; None for a file that is not packed."""
    return next((kind for mark, kind in MARKS.items() if start.startswith(mark)), None)


class _Decoder(Protocol):
    """What the decompressors of bz2 and lzma offer."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor in the shape of the others; it checks sum and length of a member at its end."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "gzip": _Gzip,
    "bzip2": bz2.BZ2Decompressor,
    # Its header says how much memory to take, up to 4 GB: more than the limit is refused.
    "xz": lambda: lzma.LZMADecompressor(memlimit=XZ_MEMORY_BYTES_MAX),
}


def _fault(error: Exception) -> str:
    if "emory" in str(error):
        return f"packed so that reading it takes more than {XZ_MEMORY_BYTES_MAX:,} bytes of memory; pack it anew"
    return "damaged; send the file again"


class Unpacked(io.RawIOBase):
    """The bytes that a packed stream holds. Raises PackedError where it is broken, cut off or out of bounds."""

    def __init__(self, packed: BinaryIO, kind: str, bound: Bound) -> None:
        self._packed = packed
        self._kind = kind
        self._bound = bound
        self._decoder = _DECODERS[kind]()

    def readable(self) -> bool:
        """It is a stream to read."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill the buffer as far as one step goes; 0 at the end."""
        while True:
            data = self._next_input()
            if data is None:
                return 0
            starved = not data and self._decoder.needs_input
            try:
                out = self._decoder.decompress(data, len(buffer))
            except (zlib.error, OSError, lzma.LZMAError, ValueError) as error:
                raise PackedError("PACKED_BROKEN", f"the {self._kind} data is {_fault(error)}") from None
            if out:
                self._bound.add(len(out))
                buffer[: len(out)] = out
                return len(out)
            if starved:
                raise PackedError("PACKED_TRUNCATED", f"the {self._kind} data breaks off; send the file again")

    def _next_input(self) -> bytes | None:
        """What to give the decoder next; None when all is read."""
        if self._decoder.eof:
            # Members may follow one another, and zeros may fill the end.
            rest = self._decoder.unused_data.lstrip(b"\0")
            while not rest:
                chunk = self._packed.read(_CHUNK_BYTES)
                if not chunk:
                    return None
                rest = chunk.lstrip(b"\0")
            self._decoder = _DECODERS[self._kind]()
            return rest
        return self._packed.read(_CHUNK_BYTES) if self._decoder.needs_input else b""
