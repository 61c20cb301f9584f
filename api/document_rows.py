"""Documents of claims in Postgres: what is known of each; the content lies in the document store."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID, uuid4

from api import statements_documents as statements
from api.database import Database
from config.limits import DOCUMENTS_PER_CLAIM_MAX
from schemas.dates import moment_of
from schemas.events import ClaimDocument

Row = Mapping[str, Any]
# A place ends by itself where its sender was lost or its record not confirmed: by then the sink has written any row.
PLACE_SECONDS = 600.0


class Bounds(NamedTuple):
    """How many documents a root claim may have, and how often some may be sent for it, those taken away counted."""

    documents: int
    sendings: int


class Place(NamedTuple):
    """A place of a document that is being sent; without one, the bound that is reached."""

    place_id: UUID | None
    reached: Literal["documents", "sendings"] | None


class DocumentRows(Protocol):
    """What the service asks of its table of documents. Every method raises DatabaseAway."""

    async def of_claim(self, root_id: str) -> Sequence[Row]:
        """The documents of a root claim that were not taken away, oldest first."""

    async def document(self, root_id: str, document_id: str) -> Row | None:
        """One document of a root claim, also one that was taken away; None for none."""

    async def take_place(self, root_id: str, document_id: str, bounds: Bounds) -> Place:
        """A place for a document, where a root claim has one left; those counted that others have taken."""

    async def give_back(self, place_id: UUID) -> None:
        """Give a place back for a document that is not stored."""

    async def keep(self, document: ClaimDocument) -> None:
        """Make a confirmed record visible at once, unless a later one is known; it needs its place no more."""


class PostgresDocuments:
    """Documents in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_claim(self, root_id: str) -> Sequence[Row]:
        """The documents of a root claim that were not taken away, oldest first."""
        async with self._database.connection() as connection:
            rows: Sequence[Row] = await connection.fetch(
                statements.DOCUMENTS, UUID(root_id), DOCUMENTS_PER_CLAIM_MAX * 2
            )
        return rows

    async def document(self, root_id: str, document_id: str) -> Row | None:
        """One document of a root claim, also one that was taken away; None for none."""
        async with self._database.connection() as connection:
            row: Row | None = await connection.fetchrow(statements.DOCUMENT, UUID(root_id), UUID(document_id))
        return row

    async def take_place(self, root_id: str, document_id: str, bounds: Bounds) -> Place:
        """A place for a document, where a root claim has one left; those counted that others have taken."""
        root, document, place_id = UUID(root_id), UUID(document_id), uuid4()
        async with self._database.connection() as connection, connection.transaction():
            await connection.execute(statements.PLACES_LOCK, root)
            await connection.execute(statements.PLACES_ENDED, root)
            used = await connection.fetchrow(statements.PLACES_USED, root, document)
            if used["stored"] + used["coming"] >= bounds.documents:
                return Place(None, "documents")
            if used["sent"] + used["coming"] >= bounds.sendings:
                return Place(None, "sendings")
            await connection.execute(statements.PLACE, root, document, place_id, PLACE_SECONDS)
        return Place(place_id, None)

    async def give_back(self, place_id: UUID) -> None:
        """Give a place back for a document that is not stored."""
        async with self._database.connection() as connection:
            await connection.execute(statements.GIVE_BACK, place_id)

    async def keep(self, document: ClaimDocument) -> None:
        """Make a confirmed record visible at once, unless a later one is known; it needs its place no more."""
        d = document
        async with self._database.connection() as connection:
            await connection.execute(
                statements.KEEP, UUID(d.document_id), d.revision, d.removed, UUID(d.claim_id), UUID(d.root_id), d.kind,
                d.file_name, d.content_type, d.size, d.sha256, d.submitter_id, d.actor, d.reason, d.correlation_id,
                moment_of(d.at),
            )  # fmt: skip
