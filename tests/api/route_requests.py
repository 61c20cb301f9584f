"""A request for each route that is good in itself, so that only the token decides; and what must be there for it."""

import hashlib
from typing import Any

from api.document_record import content_key, id_of
from api.people_json import given_json
from schemas.events import ClaimDocument
from tests.api.document_fakes import PDF, PNG, FakeDocuments
from tests.api.fakes import API, CLAIM_ID, claim_json
from tests.api.people_fakes import FakePeopleParts
from tests.api.people_samples import BUDI, KLINIK, NIK, member_json, provider_json
from tests.api.security_fakes import refresh_text

_SHA = hashlib.sha256(PDF).hexdigest()
DOCUMENT_ID = id_of(CLAIM_ID, _SHA)
_CONTACT = {"contact": {"phone": "+628111111111"}}
_BODIES: dict[tuple[str, str], object] = {
    ("POST", "/api/v1/claims"): claim_json(providerId="PRV-1", memberId="MBR-1"),
    ("POST", "/api/v1/claims/search"): {"text": "fee"},
    ("POST", "/graphql"): {"query": "{ __typename }"},
    ("POST", "/api/v1/members"): member_json(),
    ("POST", "/api/v1/members/search"): {"identifiers": [{"system": "nik", "value": NIK}]},
    ("PUT", "/api/v1/members/MBR-1"): given_json(BUDI) | _CONTACT,
    ("PATCH", "/api/v1/members/MBR-1"): _CONTACT,
    ("POST", "/api/v1/providers"): provider_json(),
    ("POST", "/api/v1/providers/search"): {"name": "sehat"},
    ("PUT", "/api/v1/providers/PRV-1"): given_json(KLINIK) | _CONTACT,
    ("PATCH", "/api/v1/providers/PRV-1"): _CONTACT,
}


def request_of(method: str, path: str) -> dict[str, Any]:
    """Body, query and headers of a request that the route takes."""
    if (method, path) == ("POST", f"/api/v1/claims/{CLAIM_ID}/documents"):
        return {"data": PNG, "params": {"documentType": "other"}, "headers": {"Content-Type": "image/png"}}
    if path.startswith("/api/v1/auth/"):
        return {"json": {"refreshToken": refresh_text(API, "auditor")}, "headers": {}}
    headers = {"Content-Type": "application/x-ndjson"} if path.endswith("/batch") else {}
    if path.startswith(("/api/v1/members/", "/api/v1/providers/")) and method in ("PUT", "PATCH", "DELETE"):
        headers["If-Match"] = "*"
    body = _BODIES.get((method, path), {"reason": "seen"} if method == "POST" else None)
    return {"json": body, "headers": headers}


async def prepare(documents: FakeDocuments, people: FakePeopleParts) -> None:
    """A document that somebody else sent, a member and a provider."""
    record = ClaimDocument(
        DOCUMENT_ID, 1, False, CLAIM_ID, CLAIM_ID, "invoice", "a.pdf", "application/pdf", len(PDF), _SHA, "somebody",
        "somebody", None, None, 1,
    )  # fmt: skip
    await documents.rows.keep(record)
    file = documents.folder / "sent"
    file.write_bytes(PDF)
    await documents.parts.store.put(content_key(DOCUMENT_ID, 1), file)
    people.store.put(BUDI, KLINIK)
