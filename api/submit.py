"""`POST /api/v1/claims`: a claim is accepted once the broker has it, and then visible at once."""

import re

from aiohttp import hdrs, web

from api.answers import desk_of, json_response
from api.body import read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.desk_submit import Submitted
from api.problems import Problem
from api.representation import moment

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


async def submit_claim(request: web.Request) -> web.Response:
    """201 with id and claim number once all replicas have the claim; 503 when that is not known."""
    key = idempotency_key(request)
    body = await read_json_bytes(request, parts_of(request).body_seconds)
    submitted = await desk_of(request).submit(request[PRINCIPAL], body, key, request[CORRELATION])
    response = json_response(submitted_of(submitted), status=201)
    response.headers[hdrs.LOCATION] = f"/api/v1/claims/{submitted.claim_id}"
    return response


def idempotency_key(request: web.Request) -> str | None:
    """The caller's key for this very request; raises a 400 problem where it is none."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        text = "must be 1 to 200 printable ASCII characters without spaces"
        raise Problem(400, "bad_idempotency_key", f"The header Idempotency-Key {text}.")
    return key


def submitted_of(submitted: Submitted) -> dict[str, object]:
    """An accepted claim in the seeds' JSON."""
    return {
        "id": submitted.claim_id,
        "claimNumber": submitted.claim_number,
        "status": submitted.status,
        "createdAt": moment(submitted.created_at),
    }
