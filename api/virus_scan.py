"""The hook that looks at every document before it is kept, and the scanner that is built in: clamd by INSTREAM.

INSTREAM is clamd's own protocol (clamd(8)): `zINSTREAM\\0`, chunks of a four-byte length (network order) and bytes, a
chunk of length 0; the answer is `stream: OK`, `stream: <name> FOUND` or an error. The content goes over the socket, so
clamd may run on another machine and needs no right to our files.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

CHUNK_BYTES = 64 * 1024
CONNECT_SECONDS = 3.0
SCAN_SECONDS = 30.0
ANSWER_BYTES_MAX = 1_000
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class ScannerAway(Exception):  # noqa: N818 - no fault of the caller, and it passes
    """The scanner did not answer, or not as clamd does; nothing is known of the document."""


class Scanner(Protocol):
    """Looks at a document before it is kept."""

    async def finding(self, file: Path) -> str | None:
        """Name of what is wrong with the file; None when nothing was found. Raises ScannerAway."""


class NoScanner:
    """Finds nothing: for development, and where documents are scanned before they come here."""

    async def finding(self, file: Path) -> str | None:
        """None, always."""
        return None


class Clamd:
    """clamd at `unix:/path/of/socket` or `host:port`."""

    def __init__(self, address: str, seconds: float = SCAN_SECONDS) -> None:
        self._address = address
        self._seconds = seconds

    async def finding(self, file: Path) -> str | None:
        """Name of what was found in the file; None when nothing was. Raises ScannerAway."""
        try:
            async with asyncio.timeout(self._seconds), self._connection() as (reader, writer):
                await _send(file, writer)
                answer = await reader.readuntil(b"\0")
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(type(error).__name__) from None
        return _read(answer)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[_Streams]:
        async with asyncio.timeout(CONNECT_SECONDS):
            streams = await self._open()
        try:
            yield streams
        finally:
            streams[1].close()

    async def _open(self) -> _Streams:
        if self._address.startswith("unix:"):
            return await asyncio.open_unix_connection(self._address.removeprefix("unix:"), limit=ANSWER_BYTES_MAX)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port), limit=ANSWER_BYTES_MAX)


def scanner_of(address: str | None) -> Scanner:
    """The scanner that the settings name; one that finds nothing where they name none."""
    return NoScanner() if address is None else Clamd(address)


async def _send(file: Path, writer: asyncio.StreamWriter) -> None:
    writer.write(b"zINSTREAM\0")
    with file.open("rb") as content:
        while chunk := await asyncio.to_thread(content.read, CHUNK_BYTES):
            writer.write(struct.pack(">I", len(chunk)) + chunk)
            await writer.drain()
    writer.write(struct.pack(">I", 0))
    await writer.drain()


def _read(answer: bytes) -> str | None:
    text = answer.rstrip(b"\0\n").decode("ascii", "replace")
    if text == "stream: OK":
        return None
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")
    # "INSTREAM size limit exceeded. ERROR" and the like: clamd's StreamMaxLength must not be below our limit.
    raise ScannerAway("clamd answered with an error")
