"""`POST /api/v1/claims`: a claim is accepted once the broker has it, and then visible at once."""

from aiohttp import hdrs, web

from api.answers import desk_of, json_response
from api.body import read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.desk_submit import Submitted
from api.idempotency import answered_once, idempotency_key
from api.representation import moment


@answered_once
async def submit_claim(request: web.Request) -> web.Response:
    """201 with id and claim number once all replicas have the claim; 503 when that is not known."""
    key = idempotency_key(request)
    body = await read_json_bytes(request, parts_of(request).body_seconds)
    submitted = await desk_of(request).submit(request[PRINCIPAL], body, key, request[CORRELATION])
    response = json_response(submitted_of(submitted), status=201)
    response.headers[hdrs.LOCATION] = f"/api/v1/claims/{submitted.claim_id}"
    return response


def submitted_of(submitted: Submitted) -> dict[str, object]:
    """An accepted claim in the seeds' JSON."""
    return {
        "id": submitted.claim_id,
        "claimNumber": submitted.claim_number,
        "status": submitted.status,
        "createdAt": moment(submitted.created_at),
    }
