"""A document's record, its row and its JSON, each made from another."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.auth import Principal
from api.document_body import Received
from api.representation import moment
from schemas.dates import moment_of
from schemas.events import ClaimDocument

NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a03")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Author:
    """Who sends or takes away, in which request, when (milliseconds)."""

    principal: Principal
    correlation: str
    at: int


def id_of(root_id: str, sha256: str) -> str:
    """Id of a document: the same content for the same claim is the same document, however often it is sent."""
    return str(uuid.uuid5(NAMESPACE, f"{root_id}\n{sha256}"))


def content_key(document_id: object, revision: int) -> str:
    """Where the content of a document lies that was sent with this revision.

    Each sending has a key of its own: while one is taken away, neither the same content of another claim nor that of
    this claim, sent again at that moment, goes with it.
    """
    return f"{document_id}-{revision}"


def record_of(received: Received, claim: Row, revision: int, author: Author) -> ClaimDocument:
    """The record of a document that was received for a claim (its row)."""
    root_id = str(claim["root_id"])
    return ClaimDocument(
        document_id=id_of(root_id, received.sha256),
        revision=revision,
        removed=False,
        claim_id=str(claim["id"]),
        root_id=root_id,
        kind=received.kind,
        file_name=received.file_name,
        content_type=received.content_type,
        size=received.size,
        sha256=received.sha256,
        submitter_id=author.principal.submitter_id,
        actor=author.principal.subject,
        reason=None,
        correlation_id=author.correlation,
        at=author.at,
    )


def removed(row: Row, reason: str | None, author: Author) -> ClaimDocument:
    """The record that takes the document of a row away."""
    return ClaimDocument(
        document_id=str(row["document_id"]),
        revision=row["revision"] + 1,
        removed=True,
        claim_id=str(row["claim_id"]),
        root_id=str(row["root_id"]),
        kind=row["kind"],
        file_name=row["file_name"],
        content_type=row["content_type"],
        size=row["size"],
        sha256=row["sha256"],
        submitter_id=row["submitter_id"],
        actor=author.principal.subject,
        reason=reason,
        correlation_id=author.correlation,
        at=author.at,
    )


def row_of(document: ClaimDocument) -> dict[str, Any]:
    """The row that the record becomes, as far as its JSON needs it."""
    names = ("kind", "file_name", "content_type", "size", "sha256", "submitter_id", "revision")
    row: dict[str, Any] = {name: getattr(document, name) for name in names}
    ids = {name: uuid.UUID(getattr(document, name)) for name in ("document_id", "claim_id", "root_id")}
    return row | ids | {"at": moment_of(document.at)}


def document_json(row: Row) -> dict[str, object]:
    """A document in the API's JSON; the seeds' names where they have one."""
    return {
        "id": str(row["document_id"]),
        "claimId": str(row["claim_id"]),
        "documentType": row["kind"],
        "fileName": row["file_name"],
        "contentType": row["content_type"],
        "size": row["size"],
        "sha256": row["sha256"],
        "uploadedAt": moment(row["at"]),
        "uploadedBy": row["submitter_id"],
    }
