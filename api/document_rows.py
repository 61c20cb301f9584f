"""Documents of claims in Postgres: what is known of each; the content lies in the document store."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from api import statements_documents as statements
from api.database import Database
from config.limits import DOCUMENTS_PER_CLAIM_MAX
from schemas.dates import moment_of
from schemas.events import ClaimDocument

Row = Mapping[str, Any]


class DocumentRows(Protocol):
    """What the service asks of its table of documents. Every method raises DatabaseAway."""

    async def of_claim(self, root_id: str) -> Sequence[Row]:
        """The documents of a root claim that were not taken away, oldest first."""

    async def document(self, root_id: str, document_id: str) -> Row | None:
        """One document of a root claim, also one that was taken away; None for none."""

    async def sent(self, root_id: str) -> int:
        """How often documents were sent for a root claim, those counted that were taken away."""

    async def keep(self, document: ClaimDocument) -> None:
        """Make a confirmed record visible at once, unless a later one is known."""


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

    async def sent(self, root_id: str) -> int:
        """How often documents were sent for a root claim, those counted that were taken away."""
        async with self._database.connection() as connection:
            sent: int = await connection.fetchval(statements.SENT, UUID(root_id))
        return sent

    async def keep(self, document: ClaimDocument) -> None:
        """Make a confirmed record visible at once, unless a later one is known."""
        d = document
        async with self._database.connection() as connection:
            await connection.execute(
                statements.KEEP, UUID(d.document_id), d.revision, d.removed, UUID(d.claim_id), UUID(d.root_id), d.kind,
                d.file_name, d.content_type, d.size, d.sha256, d.submitter_id, d.actor, d.reason, d.correlation_id,
                moment_of(d.at),
            )  # fmt: skip
