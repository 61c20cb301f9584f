"""Documents of claims, as they are told of."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.models.base import Answer, ClaimId, Moment
from config.limits import TEXT_CHARACTERS_MAX

DocumentType = Literal[
    "invoice", "receipt", "medical_report", "discharge_summary", "prescription", "lab_result", "radiology", "referral",
    "letter_of_guarantee", "authorization", "identity", "consent", "appeal_letter", "other",
]  # fmt: skip


class DocumentFound(Answer):
    """A document of a claim. The same content for the same claim has the same id."""

    id: UUID
    claim_id: ClaimId
    document_type: DocumentType
    file_name: str | None
    content_type: str
    size: Annotated[int, Field(description="Bytes.")]
    sha256: Annotated[str, Field(description="SHA-256 of the content, hexadecimal; its entity tag too.")]
    uploaded_at: Moment
    uploaded_by: Annotated[str, Field(description="The organisation or person that sent it.")]


class DocumentsOfClaim(Answer):
    """The documents of a claim, oldest first."""

    claim_id: ClaimId
    documents: list[DocumentFound]


class Removal(Answer):
    """Why a document is taken away."""

    reason: Annotated[str | None, Field(max_length=TEXT_CHARACTERS_MAX)] = None
