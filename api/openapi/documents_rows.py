"""Rows of the document: documents of claims."""

from api.document_types import KINDS, NAMES
from api.models.documents import DocumentFound, DocumentsOfClaim, Removal
from api.openapi.rows import Body, Parameter, Reply, Row, Schema
from api.openapi.shared import TEXT
from config.limits import DOCUMENT_BYTES_MAX, DOCUMENTS_PER_CLAIM_MAX

DOCUMENTS = "/api/v1/claims/{id}/documents"
ONE = f"{DOCUMENTS}/{{documentId}}"
_KIND: Schema = {**TEXT, "enum": list(KINDS)}
_BYTES: Schema = {"type": "string", "format": "binary"}
_FORM: Schema = {
    "type": "object",
    "required": ["documentType", "file"],
    "properties": {"documentType": _KIND, "file": _BYTES},
}
_DIGEST = Parameter(
    "Content-Digest",
    "`sha-256=:<base64>:` of the content (RFC 9530); in a form it stands on the part of the file. A document that came "
    "with another digest is refused.",
    where="header",
)
_NAME = Parameter("Content-Disposition", "With the name of the file, where the body is the content.", where="header")

ROWS = (
    Row(
        "POST", DOCUMENTS, "uploadDocument", "Send a document of a claim",
        {
            201: Reply("The document is stored, durable.", DocumentFound, headers=("Location",)),
            200: Reply("The claim has this very document already.", DocumentFound, headers=("Location",)),
        },
        Body(media={"multipart/form-data": _FORM, **dict.fromkeys(NAMES, _BYTES)}),
        (Parameter("documentType", "What it is, where the body is the content.", _KIND), _DIGEST, _NAME), (409, 503),
        f"At most {DOCUMENT_BYTES_MAX:,} bytes each and {DOCUMENTS_PER_CLAIM_MAX} for a claim. What it is is told by "
        "its first bytes and must be what its header says. It is scanned where a scanner is set; an infected one is "
        "refused with 422 and leaves no trace.",
    ),
    Row(
        "GET", DOCUMENTS, "listDocuments", "The documents of a claim",
        {200: Reply("Oldest first.", DocumentsOfClaim)}, problems=(503,), tagged=True,
    ),
    Row(
        "GET", ONE, "getDocument", "The content of a document",
        {200: Reply("As a file to save.", media=NAMES, headers=("ETag",))}, problems=(503,), tagged=True,
    ),
    Row(
        "DELETE", ONE, "removeDocument", "Take a document away",
        {204: Reply("It is no longer listed nor handed out, and its content is deleted.")},
        Body(Removal, required=False), problems=(409, 503),
        text="Staff with claim:update may, and who sent it, until the claim is decided.",
    ),
)  # fmt: skip
