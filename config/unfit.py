"""Secrets that a process does not start with: too short, known to everybody, or fetched in clear."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from config.sealing_keys import DEVELOPMENT_INDEX_KEY, DEVELOPMENT_KEYS, parse_keys

if TYPE_CHECKING:
    from config.settings import Settings

# A key of HMAC-SHA-256 is as long as its hash (RFC 7518, 3.2).
SECRET_BYTES_MIN = 32
DEVELOPMENT_SECRET = "development-only-secret-of-32-bytes-or-more"  # noqa: S105 - refused outside development
_MAKES_ONE = "`claims keys new` makes one"


def unfit_secrets(settings: "Settings") -> list[str]:
    """What is wrong with each of them, all at once; outside development every secret must have been chosen."""
    found = [*_short_secret(settings)]
    if settings.environment != "development":
        found += [*_known_secrets(settings), *_keys_in_clear(settings)]
    return found


def _short_secret(settings: "Settings") -> Iterator[str]:
    """Whoever has one token finds a short secret by trying."""
    length = len(settings.api.jwt_secret.get_secret_value().encode())
    if settings.api.jwt_algorithm == "HS256" and length < SECRET_BYTES_MIN:
        yield f"CLAIMS_API__JWT_SECRET has {length} bytes and needs {SECRET_BYTES_MIN} or more; {_MAKES_ONE}"


def _known_secrets(settings: "Settings") -> Iterator[str]:
    """Secrets that everybody knows who can read this repository."""
    secret = settings.api.jwt_secret.get_secret_value()
    if settings.api.jwt_algorithm == "HS256" and secret == DEVELOPMENT_SECRET:
        yield f"CLAIMS_API__JWT_SECRET must be set outside development, 32 bytes or more; {_MAKES_ONE}"
    known = set(parse_keys(DEVELOPMENT_KEYS).values())
    if known & set(parse_keys(settings.sealing.keys.get_secret_value()).values()):
        yield f"CLAIMS_SEALING__KEYS must be set outside development, id:key; {_MAKES_ONE}"
    if settings.sealing.index_key.get_secret_value() == DEVELOPMENT_INDEX_KEY:
        yield f"CLAIMS_SEALING__INDEX_KEY must be set outside development; {_MAKES_ONE}"


def _keys_in_clear(settings: "Settings") -> Iterator[str]:
    """A key set comes over TLS or from a file: who changes it on the way mints tokens."""
    if (settings.api.jwks or "").startswith("http://"):
        yield "CLAIMS_API__JWKS must be an https URL or a file outside development"
