"""Documents of a claim: sent, listed, handed out and taken away.

A document belongs to the root claim, and so to all its versions. It is accepted once its content is durable in the
store and all replicas have its record on documents.stored: from topic and store everything can be made again.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import structlog
from aiohttp import hdrs, web

from api import desk_lookups, document_download
from api.answers import json_or_unchanged, json_response
from api.body import read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.database import DatabaseAway
from api.desk_lookups import Family
from api.document_body import Received, receive
from api.document_parts import DOCUMENTS, DocumentParts
from api.document_places import place_for
from api.document_record import Author, content_key, document_json, id_of, record_of, removed, row_of
from api.document_store import StoreAway, staged
from api.pace import Pace
from api.problems import Problem
from api.producer import OutcomeUnknown
from api.refusals import RETRY_SECONDS, lookup_away, outcome_unknown
from api.virus_scan import ScannerAway
from config.limits import TEXT_CHARACTERS_MAX
from config.metrics import DOCUMENTS as COUNTED
from schemas.audit import View
from schemas.events import ClaimDocument
from schemas.json_text import JsonTextError, parse_json
from schemas.topics import CORRELATION_HEADER, DOCUMENTS_STORED

Row = Mapping[str, Any]
R = TypeVar("R")
# An owner may take a document away until somebody has decided on the strength of it.
UNDECIDED = frozenset({"received", "front_end_rejected", "accepted", "in_process", "pended"})
_RETRY: dict[str, str] = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)}
log = structlog.get_logger(__name__)


async def upload(request: web.Request) -> web.Response:
    """201 once content and record are durable; the same content again is the same document and answers 200."""
    claim = (await _family(request)).stored.claim
    try:
        made, document = await _upload(request, claim)
    except Problem as problem:
        COUNTED.labels(problem.code).inc()
        raise
    COUNTED.labels("stored" if made else "repeated").inc()
    response = json_response(document_json(document), status=201 if made else 200)
    response.headers[hdrs.LOCATION] = f"/api/v1/claims/{claim['id']}/documents/{document['document_id']}"
    return response


async def list_documents(request: web.Request) -> web.Response:
    """The documents of the claim, oldest first."""
    family = await _family(request)
    claim = family.stored.claim
    found = await _asked(_parts(request).rows.of_claim(str(claim["root_id"])))
    rows = [row for row in found if _is_shown(request, family, row)]
    _record_read(request, "document_list", claim, rows)
    return json_or_unchanged(request, {"claimId": str(claim["id"]), "documents": [document_json(row) for row in rows]})


async def download(request: web.Request) -> web.StreamResponse:
    """The content of a document, as a file to save: a browser never shows it within our origin."""
    family = await _family(request)
    row = await _document(request, family)
    _record_read(request, "document", family.stored.claim, [row])
    return await document_download.answer(request, _parts(request).store, row)


async def remove(request: web.Request) -> web.Response:
    """204: no longer listed nor handed out, its content deleted; its record with the digest stays, as evidence."""
    family = await _family(request)
    row = await _row(request, family)
    if row is not None and row["removed"]:
        # Its content may be there still, if the store was away when it was taken away.
        await _forget(request, row["document_id"], row["revision"] - 1)
    if row is None or row["removed"]:
        raise _not_found()
    _check_may_remove(request, family.stored.claim, row)
    await _publish(request, removed(row, await _reason(request), _author(request)))
    COUNTED.labels("removed").inc()
    await _forget(request, row["document_id"], row["revision"])
    return web.Response(status=204)


async def _forget(request: web.Request, document_id: object, revision: int) -> None:
    try:
        await _parts(request).store.remove(content_key(document_id, revision))
    except StoreAway as error:
        log.error("the content of a document could not be deleted", document_id=str(document_id), error=str(error))
        detail = "The document was taken away, but its content could not be deleted yet; send the same in a moment."
        raise Problem(503, "document_store_unavailable", detail, headers=_RETRY) from None


async def _reason(request: web.Request) -> str | None:
    """The reason in an optional body: {"reason": "..."}."""
    if not request.can_read_body:
        return None
    try:
        fields = parse_json(await read_json_bytes(request, parts_of(request).body_seconds))
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    reason = fields.get("reason") if isinstance(fields, dict) and fields.keys() <= {"reason"} else 0
    if reason is not None and not (
        isinstance(reason, str) and len(reason) <= TEXT_CHARACTERS_MAX and "\x00" not in reason
    ):
        text = (
            f"The body, where there is one, is a reason of at most {TEXT_CHARACTERS_MAX} characters, NUL none of them"
        )
        raise Problem(422, "invalid_reason", text + ': {"reason": "..."}.')
    return reason


def _parts(request: web.Request) -> DocumentParts:
    return request.config_dict[DOCUMENTS]


def _author(request: web.Request) -> Author:
    return Author(request[PRINCIPAL], request[CORRELATION], parts_of(request).now())


async def _family(request: web.Request) -> Family:
    return await desk_lookups.family(parts_of(request), request[PRINCIPAL], request.match_info["id"])


def _is_shown(request: web.Request, family: Family, row: Row) -> bool:
    """Whom a correction brought in sees what was sent since, and what they sent: before, it was another's claim."""
    own = row["submitter_id"] == request[PRINCIPAL].submitter_id
    return own or family.since is None or row["at"] >= family.since


def _record_read(request: web.Request, view: View, claim: Row, rows: Sequence[Row]) -> None:
    """Record who is shown which documents; raises a 503 problem where it cannot be recorded."""
    ids = [str(row["document_id"]) for row in rows]
    parts_of(request).audit.read(request[PRINCIPAL], view, ids, request[CORRELATION], claim_id=str(claim["id"]))


async def _asked(answer: Awaitable[R]) -> R:
    try:
        return await answer
    except DatabaseAway:
        raise lookup_away() from None


async def _document(request: web.Request, family: Family) -> Row:
    row = await _row(request, family)
    if row is None or row["removed"]:
        raise _not_found()
    return row


async def _row(request: web.Request, family: Family) -> Row | None:
    name = request.match_info["documentId"]
    try:
        document_id = str(uuid.UUID(name))
    except ValueError:
        document_id = None
    if document_id is None:
        return None
    row = await _asked(_parts(request).rows.document(str(family.stored.claim["root_id"]), document_id))
    return row if row is not None and _is_shown(request, family, row) else None


def _not_found() -> Problem:
    return Problem(404, "document_not_found", "The claim has no document with this id, or it was taken away.")


async def _upload(request: web.Request, claim: Row) -> tuple[bool, Row]:
    """Whether the document is new, and its row."""
    parts = _parts(request)
    root_id = str(claim["root_id"])
    known = await _asked(parts.rows.of_claim(root_id))
    try:
        with staged(parts.staging) as (file, path):
            received = await receive(request, file, Pace(parts.window_seconds, parts.total_seconds))
            document_id = id_of(root_id, received.sha256)
            for row in known:
                if str(row["document_id"]) == document_id:
                    return False, row
            earlier, revision = await _stored(parts, root_id, document_id, path)
    except StoreAway as error:
        log.error("a document could not be stored", error=str(error))
        detail = "Documents cannot be stored just now; send it again in a moment."
        raise Problem(503, "document_store_unavailable", detail, headers=_RETRY) from None
    if earlier is not None:
        return False, earlier
    return True, await _recorded(request, received, claim, revision)


async def _stored(parts: DocumentParts, root_id: str, document_id: str, path: Path) -> tuple[Row | None, int]:
    """Store the content: the revision of its record; or the row of the same document that came meanwhile."""
    async with place_for(parts.rows, root_id, document_id) as placed:
        await _scan(parts, path)
        earlier = await _asked(parts.rows.document(root_id, document_id))
        revision = 1 if earlier is None else earlier["revision"] + 1
        if earlier is not None and not earlier["removed"]:
            return earlier, revision
        await parts.store.put(content_key(document_id, revision), path)
        placed.stored = True
    return None, revision


async def _recorded(request: web.Request, received: Received, claim: Row, revision: int) -> Row:
    record = record_of(received, claim, revision, _author(request))
    await _publish(request, record)
    return row_of(record)


async def _scan(parts: DocumentParts, path: Path) -> None:
    try:
        found = await parts.scanner.finding(path)
    except ScannerAway as error:
        log.error("the scanner of documents does not answer", error=str(error))
        detail = "Documents cannot be scanned just now, and are not taken unscanned; send it again in a moment."
        raise Problem(503, "scanner_unavailable", detail, headers=_RETRY) from None
    if found is not None:
        log.warning("an infected document was refused", found=found[:100])
        detail = "The scanner found something harmful in the document; nothing of it was kept. Send a clean one."
        raise Problem(422, "infected_document", detail)


async def _publish(request: web.Request, record: ClaimDocument) -> None:
    parts = parts_of(request)
    headers = {CORRELATION_HEADER: (record.correlation_id or "").encode()}
    try:
        await parts.publisher.publish(DOCUMENTS_STORED, record.root_id.encode(), parts.codec.encode(record), headers)
    except OutcomeUnknown as error:
        log.warning("a document was not confirmed", document_id=record.document_id, error=str(error))
        raise outcome_unknown(
            "The document was not confirmed in time and may or may not have been taken. Send the same request again: "
            "the same content for the same claim is one document."
        ) from None
    try:
        async with asyncio.timeout(2.0):
            await _parts(request).rows.keep(record)
    except (DatabaseAway, TimeoutError) as error:
        log.warning("a document is not visible until the sink has written it", error=str(error))


def _check_may_remove(request: web.Request, claim: Row, row: Row) -> None:
    """Staff may; others only what they sent themselves, and until the claim is decided."""
    principal = request[PRINCIPAL]
    if principal.sees_all and "claim:update" in principal.permissions:
        return
    if row["submitter_id"] != principal.submitter_id:
        raise Problem(403, "forbidden", "Only who sent a document, or staff, may take it away.")
    if claim["substatus"] not in UNDECIDED:
        detail = "The claim is decided: its documents stay. Staff may take one away, for example one of another person."
        raise Problem(409, "claim_decided", detail)
