"""`POST /api/v1/claims`: a claim is accepted once the broker has it, and then visible at once."""

import asyncio
import re

import structlog
from aiohttp import hdrs, web
from pydantic import ValidationError

from api.auth import Principal
from api.body import read_json_bytes
from api.claims import RETRY_SECONDS, json_response, may_see
from api.context import CORRELATION, PRINCIPAL, Parts, parts_of
from api.problems import Mistake, Problem
from api.producer import OutcomeUnknown, RecordTooLargeError
from api.queries import DatabaseAway, KnownClaim
from api.representation import moment
from config.limits import FINDINGS_SHOWN_MAX, RECORD_BYTES_MAX
from config.metrics import CLAIMS_SUBMITTED
from schemas.claim import SubmittedClaim
from schemas.dates import moment_of, year_of
from schemas.identifiers import claim_number, content_digest
from schemas.intake import ClaimIntake, JsonTextError, parse_json, problems, to_submitted
from schemas.topics import CLAIMS_SUBMITTED as TOPIC

CHANNEL = "api"
# The store is asked twice for each claim, and may be away: a claim must not wait longer for it.
_STORE_SECONDS = 2.0
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")
log = structlog.get_logger(__name__)


async def submit_claim(request: web.Request) -> web.Response:
    """201 with id and claim number once all replicas have the claim; 503 when that is not known."""
    parts = parts_of(request)
    form = "unknown"
    try:
        key = _idempotency_key(request)
        body = await read_json_bytes(request, parts.body_seconds)
        claim = _claim_of(body, request, key)
        form = claim.form
        _check_owner(request[PRINCIPAL], claim)
        digest = content_digest(claim)
        known = await _known(parts, claim.claim_id)
        _check_conflict(claim, digest, known)
        await _publish(parts, claim)
    except Problem as problem:
        CLAIMS_SUBMITTED.labels(form, problem.code).inc()
        raise
    number = await _number(parts, claim)
    await _make_visible(parts, claim, number, digest)
    CLAIMS_SUBMITTED.labels(form, "submitted" if known is None else "repeated").inc()
    return _created(claim, number, None if _came_again_mended(known, digest) else known)


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _IDEMPOTENCY_KEY.fullmatch(key):
        text = "must be 1 to 200 printable ASCII characters without spaces"
        raise Problem(400, "bad_idempotency_key", f"The header Idempotency-Key {text}.")
    return key


def _claim_of(body: bytes, request: web.Request, key: str | None) -> SubmittedClaim:
    parts = parts_of(request)
    try:
        intake = ClaimIntake.model_validate(parse_json(body))
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    except ValidationError as error:
        found = problems(error)
        shown = [Mistake(finding.code, finding.place, finding.text) for finding in found[:FINDINGS_SHOWN_MAX]]
        mistakes = "a mistake; mend it" if len(found) == 1 else f"{len(found)} mistakes; mend them"
        detail = f"The claim has {mistakes} and send it again."
        raise Problem(422, "invalid_claim", detail, mistakes=shown) from None
    return to_submitted(
        intake,
        submitter_id=request[PRINCIPAL].submitter_id,
        channel=CHANNEL,
        correlation_id=request[CORRELATION],
        accepted_at=parts.now(),
        idempotency_key=key if intake.claim_number is None else None,
    )


def _check_owner(principal: Principal, claim: SubmittedClaim) -> None:
    if not may_see(principal, claim.provider.provider_id, claim.member.member_id):
        named = " or ".join(
            f"{field} {value}"
            for field, value in (("providerId", principal.provider_id), ("memberId", principal.member_id))
            if value is not None
        )
        detail = (
            f"This token may submit claims only for its {named}."
            if named
            else "This token names no provider_id or member_id."
        )
        raise Problem(403, "foreign_claim", detail)


async def _known(parts: Parts, claim_id: str) -> KnownClaim | None:
    try:
        async with asyncio.timeout(_STORE_SECONDS):
            return await parts.store.known(claim_id)
    except (DatabaseAway, TimeoutError) as error:
        # Kafka is the truth, and validate finds conflicts too: a claim is taken while Postgres is away.
        log.warning("conflicts cannot be looked up; the claim is taken", error=str(error))
        return None


async def _number(parts: Parts, claim: SubmittedClaim) -> str:
    """The number of the claim: that of its original, whose year of service it bears, where it replaces or voids one."""
    original = await _known(parts, claim.root_id) if claim.root_id != claim.claim_id else None
    return original.claim_number if original else claim_number(claim.root_id, year_of(claim.service_from))


def _check_conflict(claim: SubmittedClaim, digest: str, known: KnownClaim | None) -> None:
    if known is None or known.digest in (None, digest) or claim.frequency_code != "1":
        return
    if _came_again_mended(known, digest):
        return
    detail = (
        f"Another claim with other content was accepted under the same number or key, as {known.claim_number}. "
        "Use a new claimNumber for a new claim; replace the old one with frequencyCode 7."
    )
    raise Problem(409, "conflict", detail)


def _came_again_mended(known: KnownClaim | None, digest: str) -> bool:
    """A claim rejected at the front end was never accepted: it may come again, with other content."""
    return known is not None and known.substatus == "front_end_rejected" and known.digest != digest


async def _publish(parts: Parts, claim: SubmittedClaim) -> None:
    value = parts.codec.encode(claim)
    try:
        if len(value) > RECORD_BYTES_MAX:
            raise RecordTooLargeError
        correlation = (claim.correlation_id or "").encode()
        await parts.publisher.publish(TOPIC, claim.root_id.encode(), value, {"correlation_id": correlation})
    except RecordTooLargeError:
        detail = f"The claim is larger than {RECORD_BYTES_MAX} bytes as a record; split it or shorten its texts."
        raise Problem(413, "claim_too_large", detail) from None
    except OutcomeUnknown as error:
        log.warning("a claim was not confirmed", claim_id=claim.claim_id, error=str(error))
        detail = (
            f"The claim was not confirmed in time and may or may not have been accepted, as {claim.claim_id}. "
            "Send the same request again: it gets the same id and is decided once."
        )
        raise Problem(503, "outcome_unknown", detail, headers={hdrs.RETRY_AFTER: str(RETRY_SECONDS)}) from None


async def _make_visible(parts: Parts, claim: SubmittedClaim, number: str, digest: str) -> None:
    try:
        async with asyncio.timeout(_STORE_SECONDS):
            await parts.store.receive(claim, number, digest)
    except (DatabaseAway, TimeoutError) as error:
        log.warning("an accepted claim is not visible until the sink has written it", error=str(error))
    except Exception:
        # It is on Kafka: whatever fails from here on, the caller must hear that it was accepted.
        log.exception("an accepted claim could not be made visible", claim_id=claim.claim_id)


def _created(claim: SubmittedClaim, number: str, known: KnownClaim | None) -> web.Response:
    body = {
        "id": claim.claim_id,
        "claimNumber": number if known is None else known.claim_number,
        "status": "submitted" if known is None else known.status,
        "createdAt": moment(moment_of(claim.accepted_at) if known is None else known.accepted_at),
    }
    response = json_response(body, status=201)
    response.headers[hdrs.LOCATION] = f"/api/v1/claims/{claim.claim_id}"
    return response
