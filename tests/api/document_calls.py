"""How tests send documents of a claim, and what stands on the topic after it."""

import hashlib
import io
from typing import Any

import aiohttp

from schemas.events import ClaimDocument
from schemas.topics import DOCUMENTS_STORED
from tests.api.conftest import Client
from tests.api.document_fakes import PDF
from tests.api.fakes import ADMIN, CLAIM_ID, CODEC, FakePublisher, bearer

PATH = f"/api/v1/claims/{CLAIM_ID}/documents"
CLINIC = bearer("provider", provider_id="PRV-1")
SHA = hashlib.sha256(PDF).hexdigest()


def form(
    content: bytes = PDF, content_type: str = "application/pdf", kind: str | None = "invoice", name: str = "a.pdf"
) -> aiohttp.FormData:
    """A form with a document."""
    data = aiohttp.FormData(quote_fields=False)
    if kind is not None:
        data.add_field("documentType", kind)
    data.add_field("file", io.BytesIO(content), content_type=content_type, filename=name)
    return data


def records(publisher: FakePublisher) -> list[ClaimDocument]:
    """The records of documents on the topic."""
    return [CODEC.decode(ClaimDocument, value) for topic, _, value, _ in publisher.sent if topic == DOCUMENTS_STORED]


async def send(client: Client, headers: dict[str, str] = ADMIN, **options: Any) -> tuple[int, dict[str, Any]]:
    """Send a document; status and answer."""
    response = await client.post(PATH, data=form(**options), headers=headers)
    return response.status, await response.json(content_type=None)
