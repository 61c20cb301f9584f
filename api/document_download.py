"""Handing a document out: as a file to save, with an ETag, never in full when it was damaged."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import structlog
from aiohttp import hdrs, web

from api.document_record import content_key
from api.document_store import ContentMissingError, DocumentStore, StoreAway
from api.document_types import ending_of
from api.problems import Problem
from api.refusals import RETRY_SECONDS

Row = Mapping[str, Any]
_RETRY: dict[str, str] = {hdrs.RETRY_AFTER: str(RETRY_SECONDS)}
log = structlog.get_logger(__name__)


async def answer(request: web.Request, store: DocumentStore, row: Row) -> web.StreamResponse:
    """The content of the row's document; its headers alone for HEAD; 304 for who has it already."""
    tag = f'"{row["sha256"]}"'
    if tag in [known.strip() for known in request.headers.get(hdrs.IF_NONE_MATCH, "").split(",")]:
        return web.Response(status=304, headers={hdrs.ETAG: tag})
    response = web.StreamResponse(headers=headers_of(row))
    response.content_length = row["size"]
    if request.method == hdrs.METH_HEAD:
        await response.prepare(request)
        await response.write_eof()
        return response
    return await _streamed(request, response, store, row)


def headers_of(row: Row) -> dict[str, str]:
    """Headers of a document. The name is given twice: as ASCII, and as it is (RFC 6266)."""
    name = row["file_name"] or f"{row['document_id']}.{ending_of(row['content_type'])}"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return {
        hdrs.CONTENT_TYPE: row["content_type"],
        hdrs.CONTENT_DISPOSITION: f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        hdrs.ETAG: f'"{row["sha256"]}"',
        "X-Content-Type-Options": "nosniff",
    }


async def _streamed(
    request: web.Request, response: web.StreamResponse, store: DocumentStore, row: Row
) -> web.StreamResponse:
    """The content, its last chunk only once its digest is found right."""
    digest, held = hashlib.sha256(), b""
    try:
        async for chunk in store.content(content_key(row["document_id"], row["revision"])):
            if held:
                if not response.prepared:
                    await response.prepare(request)
                await response.write(held)
            digest.update(chunk)
            held = chunk
    except (StoreAway, ContentMissingError) as error:
        return _broken_off(request, response, row, type(error).__name__)
    if digest.hexdigest() != row["sha256"]:
        return _broken_off(request, response, row, "damaged")
    if not response.prepared:
        await response.prepare(request)
    await response.write(held)
    await response.write_eof()
    return response


def _broken_off(request: web.Request, response: web.StreamResponse, row: Row, why: str) -> web.StreamResponse:
    """A problem, or the end of the connection where the answer has begun."""
    log.error("a document cannot be handed out", document_id=str(row["document_id"]), why=why)
    if not response.prepared:
        detail = "The content of the document cannot be read just now; ask again in a moment."
        raise Problem(503, "document_store_unavailable", detail, headers=_RETRY)
    if request.transport is not None:
        request.transport.abort()
    return response
