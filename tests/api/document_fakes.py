"""Documents on fakes: rows in memory, content in a folder, a scanner that finds what it is told to."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from api.database import DatabaseAway
from api.document_parts import DocumentParts
from api.document_rows import Bounds, Place
from api.document_store import LocalFolder
from api.virus_scan import ScannerAway
from schemas.dates import moment_of
from schemas.events import ClaimDocument

PDF = b"%PDF-1.7\n" + b"x" * 500
PNG = b"\x89PNG\r\n\x1a\n" + b"y" * 300
JPEG = b"\xff\xd8\xff\xe0" + b"z" * 300
HTML = b"<html><script>alert(1)</script></html>" + b" " * 200


@dataclass
class FakeRows:
    """Rows of documents in memory."""

    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    away: str | None = None
    keep_fails: bool = False

    async def of_claim(self, root_id: str) -> Sequence[Mapping[str, Any]]:
        self._ask()
        return [row for row in self.stored.values() if str(row["root_id"]) == root_id and not row["removed"]]

    async def document(self, root_id: str, document_id: str) -> Mapping[str, Any] | None:
        self._ask()
        row = self.stored.get(document_id)
        return row if row is not None and str(row["root_id"]) == root_id else None

    async def take_place(self, root_id: str, document_id: str, bounds: Bounds) -> Place:
        self._ask()
        rows = [row for row in self.stored.values() if str(row["root_id"]) == root_id]
        stored = {str(row["document_id"]) for row in rows if not row["removed"]} - {document_id}
        coming = {taken for taken, root in self.places.values() if root == root_id} - {document_id}
        if len(stored) + len(coming) >= bounds.documents:
            return Place(None, "documents")
        if sum((row["revision"] + 1) // 2 for row in rows) + len(coming) >= bounds.sendings:
            return Place(None, "sendings")
        place_id = uuid4()
        self.places[place_id] = document_id, root_id
        return Place(place_id, None)

    async def give_back(self, place_id: UUID) -> None:
        self._ask()
        self.places.pop(place_id, None)

    async def keep(self, document: ClaimDocument) -> None:
        if self.keep_fails:
            raise DatabaseAway("gone")
        names = ("revision", "removed", "kind", "file_name", "content_type", "size", "sha256", "submitter_id", "reason")
        row: dict[str, Any] = {name: getattr(document, name) for name in names}
        ids = {name: UUID(getattr(document, name)) for name in ("document_id", "claim_id", "root_id")}
        self.stored[document.document_id] = row | ids | {"at": moment_of(document.at)}
        done = [place for place, (taken, _) in self.places.items() if taken == document.document_id]
        for place in done:
            del self.places[place]

    def _ask(self) -> None:
        if self.away is not None:
            raise DatabaseAway(self.away)


@dataclass
class FakeScanner:
    """Finds `found` in every file, after so many `seconds`; away where `away` is set. Keeps what it was shown."""

    found: str | None = None
    away: bool = False
    seconds: float = 0.0
    shown: list[bytes] = field(default_factory=list)

    async def finding(self, file: Path) -> str | None:
        await asyncio.sleep(self.seconds)
        if self.away:
            raise ScannerAway("away")
        self.shown.append(file.read_bytes())
        return self.found


@dataclass
class FakeDocuments:
    """The parts, and what is behind them."""

    folder: Path
    rows: FakeRows = field(default_factory=FakeRows)
    scanner: FakeScanner = field(default_factory=FakeScanner)

    @property
    def parts(self) -> DocumentParts:
        """What the service works with; a body that trickles is ended soon."""
        return DocumentParts(
            self.rows, LocalFolder(self.folder), self.scanner, self.folder, window_seconds=0.5, total_seconds=2.0
        )

    def files(self) -> list[Path]:
        """Every file in the folder."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


@contextlib.asynccontextmanager
async def fake_clamd(path: Path, answer: bytes, silent: bool = False) -> AsyncIterator[list[bytes]]:
    """A socket that speaks INSTREAM and gives that answer; yields the contents that it was sent."""
    seen: list[bytes] = []
    serving: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        try:
            await speak(reader, writer)
        finally:
            writer.close()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(length)
        seen.append(content)
        if silent:
            await reader.read()
        writer.write(answer)
        with contextlib.suppress(ConnectionError):
            await writer.drain()

    server = await asyncio.start_unix_server(serve, path)
    try:
        yield seen
    finally:
        server.close()
        await asyncio.gather(*(task for task in serving if task is not None))
