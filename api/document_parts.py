"""What the handlers of documents work with, under a typed key of the application."""

from dataclasses import dataclass
from pathlib import Path

import structlog
from aiohttp import web

from api.database import Database
from api.document_rows import DocumentRows, PostgresDocuments
from api.document_store import DocumentStore, LocalFolder
from api.pace import TOTAL_SECONDS, WINDOW_SECONDS
from api.virus_scan import Scanner, scanner_of
from config.settings import Settings

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DocumentParts:
    """Rows, content and scanner of documents; `staging` is the folder that receives them. Tests put fakes here."""

    rows: DocumentRows
    store: DocumentStore
    scanner: Scanner
    staging: Path
    window_seconds: float = WINDOW_SECONDS
    total_seconds: float = TOTAL_SECONDS


DOCUMENTS = web.AppKey("documents", DocumentParts)


def for_settings(settings: Settings, database: Database) -> DocumentParts:
    """The parts that the settings name. Warns where documents outside development are not scanned."""
    folder = settings.documents.folder or settings.state_dir / "documents"
    if settings.documents.clamd is None and settings.environment != "development":
        log.warning("documents are kept unscanned; set CLAIMS_DOCUMENTS__CLAMD to the address of a clamd")
    return DocumentParts(
        rows=PostgresDocuments(database),
        store=LocalFolder(folder),
        scanner=scanner_of(settings.documents.clamd),
        staging=folder,
    )
