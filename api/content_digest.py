"""The digest that a sender may put beside a body: Content-Digest (RFC 9530), or Digest (RFC 3230), by SHA-256."""

import base64
import binascii
import re
from typing import Protocol

from api.problems import Problem

_FIELD = re.compile(r"\s*sha-256\s*=\s*:([A-Za-z0-9+/=]*):\s*(?:;.*)?", re.IGNORECASE)
_OLD = re.compile(r"\s*sha-256\s*=\s*([A-Za-z0-9+/]*={0,2})\s*", re.IGNORECASE)
_SHA256_BYTES = 32


class Headers(Protocol):
    """Headers of a request or of a part of one."""

    def get(self, key: str, /) -> str | None:
        """The value of a header."""


def expected_sha256(headers: Headers) -> bytes | None:
    """The SHA-256 that the sender names; None when no digest is named. Raises a 400 problem for one we cannot check."""
    for name, form in (("Content-Digest", _FIELD), ("Repr-Digest", _FIELD), ("Digest", _OLD)):
        value = headers.get(name)
        if value is not None:
            return _sha256(name, form, value)
    return None


def _sha256(name: str, form: re.Pattern[str], value: str) -> bytes:
    for member in value[:2_000].split(","):
        found = form.fullmatch(member)
        if found is not None:
            try:
                digest = base64.b64decode(found[1], validate=True)
            except (binascii.Error, ValueError):
                break
            if len(digest) == _SHA256_BYTES:
                return digest
            break
    example = "sha-256=:<base64>:" if form is _FIELD else "sha-256=<base64>"
    raise Problem(
        400, "bad_digest", f"The header {name} must hold {example} of the content; other digests are not checked."
    )
