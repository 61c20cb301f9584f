"""A document from a request: multipart/form-data or the bytes themselves, streamed into a file within limits.

As multipart, the part `file` is the document and the part `documentType` its kind. As bytes, the kind stands in the
query (`?documentType=invoice`) and the file's name in Content-Disposition: a name may be a person's, and a URL is
logged by whoever forwards it.
"""

import hashlib
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO

from aiohttp import BodyPartReader, hdrs, multipart, web
from aiohttp.http_exceptions import HttpProcessingError

from api import document_types
from api.body import invite
from api.content_digest import Headers, expected_sha256
from api.pace import Pace
from api.problems import Mistake, Problem
from config.limits import DOCUMENT_BYTES_MAX, DOCUMENT_NAME_CHARACTERS_MAX

# Boundaries, headers of parts and the kind, beside the document itself.
FRAME_BYTES_MAX = 16 * 1024
PARTS_MAX = 8
KIND_BYTES_MAX = 100
CHUNK_BYTES = 64 * 1024
_CLOSE: dict[str, str] = {hdrs.CONNECTION: "close"}
KIND_FIELD = "documentType"
# A header that cannot be read names nothing; the warning would write it, and so a person's file name, to the log.
for _bad in (multipart.BadContentDispositionHeader, multipart.BadContentDispositionParam):
    warnings.simplefilter("ignore", _bad)


@dataclass(frozen=True, slots=True)
class Received:
    """A document that has arrived in full. `sha256`: hexadecimal; `content_type`: as its bytes show it."""

    kind: str
    file_name: str | None
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _File:
    name: str | None
    content_type: str
    size: int
    sha256: str


async def receive(request: web.Request, into: BinaryIO, pace: Pace) -> Received:
    """Write the document to `into` and say what it is.

    Raises problems: 400 cut off or no multipart, 408 too slow, 413 too large, 415 not of a type we take, 422 a missing
    or unknown kind, an empty document, or another digest than the sender's.
    """
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Problem(415, "unsupported_encoding", "Send the document as it is, without Content-Encoding.")
    if (request.content_length or 0) > DOCUMENT_BYTES_MAX + FRAME_BYTES_MAX:
        raise too_large()
    await invite(request)
    try:
        if request.content_type == "multipart/form-data":
            return await _multipart(request, into, pace)
        if request.content_type.startswith("multipart/"):
            raise Problem(415, "unsupported_media_type", "Send the document as multipart/form-data, or as its bytes.")
        kind = kind_of(request.query.get(KIND_FIELD))
        file = await _written(_raw(request, pace), into, request.headers, request.content_type, _raw_name(request))
    except (web.RequestPayloadError, ConnectionError):
        raise Problem(400, "body_cut_off", "The body ended early; send it again.", headers=_CLOSE) from None
    return Received(kind, file.name, file.content_type, file.size, file.sha256)


def kind_of(value: str | None) -> str:
    """The kind of a document, checked; raises a 422 problem."""
    if value in document_types.KINDS:
        return value
    text = f"must be one of {', '.join(document_types.KINDS)}"
    problem = "The document needs a kind; mend it and send it again."
    raise Problem(422, "invalid_document", problem, mistakes=[Mistake("document_type", KIND_FIELD, text)])


def too_large() -> Problem:
    """The document passes the limit."""
    detail = f"The document is larger than {DOCUMENT_BYTES_MAX} bytes; make it smaller or send it in parts."
    return Problem(413, "document_too_large", detail, headers=_CLOSE)


async def _multipart(request: web.Request, into: BinaryIO, pace: Pace) -> Received:
    if any(name in request.headers for name in ("Content-Digest", "Repr-Digest", "Digest")):
        detail = "A digest of a multipart body is not checked: put the header on the part of the file."
        raise Problem(400, "digest_misplaced", detail)
    kind: str | None = None
    file: _File | None = None
    try:
        reader = await request.multipart()
        for _ in range(PARTS_MAX):
            part = await pace.keep(reader.next())
            if part is None:
                break
            name = part.name if isinstance(part, BodyPartReader) else None
            if name == KIND_FIELD and kind is None and isinstance(part, BodyPartReader):
                kind = await _text(part, pace)
            elif name == "file" and file is None and isinstance(part, BodyPartReader):
                content_type = part.headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0].strip().lower()
                _refuse_encoding(part)
                file = await _written(_chunks(part, pace), into, part.headers, content_type, part.filename)
            else:
                text = f"the parts are file and {KIND_FIELD}, each once"
                raise Problem(422, "invalid_document", f"The body holds another part: {text}.")
    except (ValueError, AssertionError, HttpProcessingError):
        # What the parser of multipart bodies raises on boundaries and headers that are none.
        raise Problem(
            400, "bad_multipart", "The body is no multipart/form-data; check its boundary and headers."
        ) from None
    if file is None:
        raise Problem(422, "invalid_document", "The body has no part named file.")
    return Received(kind_of(kind), file.name, file.content_type, file.size, file.sha256)


def _refuse_encoding(part: BodyPartReader) -> None:
    encoding = part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "binary").lower()
    if encoding not in ("binary", "8bit", "7bit") or hdrs.CONTENT_ENCODING in part.headers:
        raise Problem(415, "unsupported_encoding", "Send the part of the file as it is, without an encoding.")


async def _text(part: BodyPartReader, pace: Pace) -> str:
    found = b""
    async for chunk in _chunks(part, pace):
        found += chunk
        if len(found) > KIND_BYTES_MAX:
            break
    return found.decode("utf-8", "replace").strip()


async def _chunks(part: BodyPartReader, pace: Pace) -> AsyncIterator[bytes]:
    while chunk := await pace.keep(part.read_chunk(CHUNK_BYTES)):
        pace.count(len(chunk))
        yield bytes(chunk)


async def _raw(request: web.Request, pace: Pace) -> AsyncIterator[bytes]:
    while chunk := await pace.keep(request.content.readany()):
        pace.count(len(chunk))
        yield chunk


async def _written(
    chunks: AsyncIterator[bytes], into: BinaryIO, headers: Headers, declared: str, name: str | None
) -> _File:
    expected = expected_sha256(headers)
    digest, size, beginning, told = hashlib.sha256(), 0, b"", ""
    async for chunk in chunks:
        size += len(chunk)
        if size > DOCUMENT_BYTES_MAX:
            raise too_large()
        if not told:
            beginning += chunk
            if len(beginning) >= document_types.BYTES_TO_TELL:
                told = _told(beginning, declared)
        digest.update(chunk)
        into.write(chunk)
    if size == 0:
        raise Problem(422, "invalid_document", "The document is empty; send its content.")
    told = told or _told(beginning, declared)
    into.flush()
    if expected is not None and digest.digest() != expected:
        detail = (
            "The content has another SHA-256 than the digest sent with it: it was damaged on its way. Send it again."
        )
        raise Problem(422, "digest_mismatch", detail)
    return _File(file_name_of(name), told, size, digest.hexdigest())


def _told(beginning: bytes, declared: str) -> str:
    """The media type that the content shows, which must be the declared one."""
    told = document_types.told_by(beginning)
    if told is None:
        detail = (
            f"The content is none of the types taken ({', '.join(document_types.NAMES)}), whatever its header says."
        )
        raise Problem(415, "unsupported_media_type", detail, headers=_CLOSE)
    if declared not in document_types.UNSAID and declared != told:
        detail = f"The content is {told} and its header says another type; send it with the type that it is."
        raise Problem(415, "media_type_mismatch", detail, headers=_CLOSE)
    return told


def _raw_name(request: web.Request) -> str | None:
    _, parameters = multipart.parse_content_disposition(request.headers.get(hdrs.CONTENT_DISPOSITION))
    return multipart.content_disposition_filename(parameters)


def file_name_of(name: str | None) -> str | None:
    """The last part of a name as some system wrote it, without what no file name needs; None when nothing is left."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(character for character in last if character.isprintable()).strip(" .")
    return shown[-DOCUMENT_NAME_CHARACTERS_MAX:] or None
