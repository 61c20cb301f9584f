"""The desk's door for claims: accepted once the broker has a claim, and then visible at once.

A claim is idempotent by its id, which comes from the submitter's number, the caller's key or the content: whoever does
not know whether a claim arrived sends it again. Nothing here needs the chain, and only conflicts need Postgres.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pydantic import ValidationError

from api.auth import Principal
from api.context import Parts
from api.database import DatabaseAway
from api.desk_lookups import check_original
from api.problems import Mistake, Problem
from api.producer import OutcomeUnknown, RecordTooLargeError
from api.queries import KnownClaim
from api.refusals import outcome_unknown
from api.scope import may_see
from config.limits import FINDINGS_SHOWN_MAX, RECORD_BYTES_MAX
from config.metrics import CLAIMS_SUBMITTED
from schemas.claim import SubmittedClaim
from schemas.dates import moment_of, year_of
from schemas.identifiers import claim_id_of, claim_number, content_digest
from schemas.intake import ClaimIntake, JsonTextError, parse_json, problems, to_submitted
from schemas.topics import CLAIMS_SUBMITTED as TOPIC
from schemas.topics import CORRELATION_HEADER, RELEASE_HEADER

CHANNEL = "api"
# JSON text, a value that was read from JSON within the limits of parse_json, or the claim itself.
Given = bytes | dict[str, object] | ClaimIntake
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Submitted:
    """A claim that all replicas have. `repeated`: it was known already, and `status` is what it has come to."""

    claim_id: str
    claim_number: str
    status: str
    created_at: datetime
    repeated: bool


async def submit(parts: Parts, principal: Principal, given: Given, key: str | None, correlation: str) -> Submitted:
    """Publish the claim and make it visible; see Desk.submit."""
    form = "unknown"
    try:
        claim = _claim_of(parts, principal, given, key, correlation)
        form = claim.form
        _check_owner(principal, claim)
        if not principal.sees_all and claim.root_id == claim_id_of(claim.original_reference or ""):
            await check_original(parts, principal, claim.root_id)
        claim, original = await _under_original(parts, claim)
        digest = content_digest(claim)
        known, release = await asyncio.gather(_known(parts, claim.claim_id), _release(parts, claim))
        _check_conflict(claim, digest, known)
        await _publish(parts, claim, release)
    except Problem as problem:
        CLAIMS_SUBMITTED.labels(form, problem.code).inc()
        raise
    # That of its original, whose year of service it bears, where it replaces or voids one.
    number = original.claim_number if original else claim_number(claim.root_id, year_of(claim.service_from))
    await _make_visible(parts, claim, number, digest)
    CLAIMS_SUBMITTED.labels(form, "submitted" if known is None else "repeated").inc()
    if known is None or _came_again_mended(known, digest):
        return Submitted(claim.claim_id, number, "submitted", moment_of(claim.accepted_at), False)
    return Submitted(claim.claim_id, known.claim_number, known.status, known.accepted_at, True)


def _claim_of(parts: Parts, principal: Principal, given: Given, key: str | None, correlation: str) -> SubmittedClaim:
    intake = given if isinstance(given, ClaimIntake) else intake_of(given)
    return to_submitted(
        intake,
        submitter_id=principal.submitter_id,
        channel=CHANNEL,
        correlation_id=correlation,
        accepted_at=parts.now(),
        idempotency_key=key if intake.claim_number is None else None,
    )


def intake_of(given: bytes | dict[str, object]) -> ClaimIntake:
    """The claim in what was given; raises a 400 or 422 problem that names every mistake."""
    try:
        return ClaimIntake.model_validate(parse_json(given) if isinstance(given, bytes) else given)
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    except ValidationError as error:
        found = problems(error)
        shown = [Mistake(finding.code, finding.place, finding.text) for finding in found[:FINDINGS_SHOWN_MAX]]
        mistakes = "a mistake; mend it" if len(found) == 1 else f"{len(found)} mistakes; mend them"
        detail = f"The claim has {mistakes} and send it again."
        raise Problem(422, "invalid_claim", detail, mistakes=shown) from None


def _check_owner(principal: Principal, claim: SubmittedClaim) -> None:
    if may_see(principal, claim.provider.provider_id, claim.member.member_id):
        return
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
        return await parts.store.known(claim_id)
    except DatabaseAway as error:
        # Kafka is the truth, and validate finds conflicts too: a claim is taken while Postgres is away.
        log.warning("conflicts cannot be looked up; the claim is taken", error=str(error))
        return None


async def _release(parts: Parts, claim: SubmittedClaim) -> int | None:
    """The release that a claim waits for: a person who was created a moment ago is then known to the chain."""
    try:
        return await parts.people.release_of(claim)
    except DatabaseAway:
        return None


async def _under_original(parts: Parts, claim: SubmittedClaim) -> tuple[SubmittedClaim, KnownClaim | None]:
    """The claim under the original of what it names, and that one: who names a replacement means what this replaced.

    Under the replacement's own id the chain would wait for an original that never comes.
    """
    if claim.root_id == claim.claim_id:
        return claim, None
    named = await _known(parts, claim.root_id)
    if named is None or named.root_id == claim.root_id:
        return claim, named
    return replace(claim, root_id=named.root_id), await _known(parts, named.root_id)


def _check_conflict(claim: SubmittedClaim, digest: str, known: KnownClaim | None) -> None:
    """Refuse what the chain would set aside: other content under the id of an accepted claim."""
    if known is None or known.digest == digest or known.substatus == "front_end_rejected":
        return
    amends_itself = claim.frequency_code != "1" and claim.claim_id == claim.root_id
    if known.digest is None and not amends_itself:
        return  # it came in a file: only validate knows what it said
    raise conflict(known.claim_number)


def conflict(number: str) -> Problem:
    """A claim was accepted under the caller's number or key, with other content; ours of it is `number`."""
    detail = (
        f"Another claim with other content was accepted under the same number or key, as {number}. "
        "Use a new claimNumber for this one; what replaces or voids a claim has frequencyCode 7 or 8, a claimNumber "
        "of its own, and names the old one as its originalReference."
    )
    return Problem(409, "conflict", detail)


def _came_again_mended(known: KnownClaim | None, digest: str) -> bool:
    """A claim rejected at the front end was never accepted: it may come again, with other content."""
    return known is not None and known.substatus == "front_end_rejected" and known.digest != digest


async def _publish(parts: Parts, claim: SubmittedClaim, release: int | None) -> None:
    value = parts.codec.encode(claim)
    headers = {CORRELATION_HEADER: (claim.correlation_id or "").encode()}
    if release is not None:
        headers[RELEASE_HEADER] = str(release).encode()
    try:
        if len(value) > RECORD_BYTES_MAX:
            raise RecordTooLargeError
        await parts.publisher.publish(TOPIC, claim.root_id.encode(), value, headers)
    except RecordTooLargeError:
        detail = f"The claim is larger than {RECORD_BYTES_MAX:,} bytes as a record; split it or shorten its texts."
        raise Problem(413, "claim_too_large", detail) from None
    except OutcomeUnknown as error:
        log.warning("a claim was not confirmed", claim_id=claim.claim_id, error=str(error))
        raise outcome_unknown(
            f"The claim was not confirmed in time and may or may not have been accepted, as {claim.claim_id}. "
            "Send the same request again: it gets the same id and is decided once."
        ) from None


async def _make_visible(parts: Parts, claim: SubmittedClaim, number: str, digest: str) -> None:
    try:
        await parts.store.receive(claim, number, digest)
    except DatabaseAway as error:
        log.warning("an accepted claim is not visible until the sink has written it", error=str(error))
    except Exception:
        # It is on Kafka: whatever fails from here on, the caller must hear that it was accepted.
        log.exception("an accepted claim could not be made visible", claim_id=claim.claim_id)
