"""Ids that come from the submitter or from the content, never from a counter or a clock: safe to make twice."""

import hashlib
import json
import uuid

from schemas.claim import SubmittedClaim
from schemas.present import presenter

CLAIM_NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a01")
EVENT_NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a02")
# The digit of an id that holds the variant of RFC 9562 in its upper two bits.
_VARIANTS = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
# Crockford's base 32: no I, L, O or U, so that a number survives being read out over a telephone.
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_DIGITS = 26
_PAIRS = tuple(first + second for first in _DIGITS for second in _DIGITS)
_CANONICAL = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
# How a claim came, not what it says.
_DELIVERY = ("claim_id", "root_id", "idempotency_key", "channel", "correlation_id", "accepted_at")
_content = presenter(SubmittedClaim, _DELIVERY)


def claim_id(submitter_id: str, claim_control_number: str | None, idempotency_key: str | None, digest: str) -> str:
    """Id of a claim: of submitter and its own number, else of its idempotency key, else of the content's digest."""
    if claim_control_number:
        name = f"number\n{submitter_id}\n{claim_control_number}"
    elif idempotency_key:
        name = f"key\n{submitter_id}\n{idempotency_key}"
    else:
        name = f"content\n{submitter_id}\n{digest}"
    return _named(CLAIM_NAMESPACE, name)


def amendment_id(submitter_id: str, claim_control_number: str, frequency_code: str, digest: str) -> str:
    """Id of what replaces or voids a claim under that claim's own number: the same content has the same id again."""
    return _named(CLAIM_NAMESPACE, f"amendment\n{submitter_id}\n{claim_control_number}\n{frequency_code}\n{digest}")


def content_digest(claim: SubmittedClaim) -> str:
    """Hex digest of what was claimed, without ids, channel, correlation and time: equal for every copy of a claim.

    Over canonical JSON of what is there: a field that a later schema adds, at its empty default, changes no digest.
    """
    return hashlib.blake2b(_CANONICAL(_content(claim)).encode(), digest_size=16).hexdigest()


def claim_number(claim: str, year: int) -> str:
    """The number that a person reads, `CLM-<year>-<26 digits>`: the claim id in other clothes, unique as it is."""
    value = uuid.UUID(claim).int
    digits = [_PAIRS[(value >> shift) & 1023] for shift in range(5 * (_NUMBER_DIGITS - 2), -1, -10)]
    return f"CLM-{year}-{''.join(digits)}"


def claim_id_of(id_or_number: str) -> str | None:
    """The claim id behind an id or a claim number; None when it is neither."""
    text = id_or_number.strip()
    try:
        if not text.upper().startswith("CLM-"):
            return str(uuid.UUID(text))
        digits = text.upper().rsplit("-", 1)[1]
        if len(digits) != _NUMBER_DIGITS:
            return None  # before they are added up: a number of a million digits takes minutes
        value = 0
        for digit in digits:
            value = value << 5 | _DIGITS.index(digit)
        return str(uuid.UUID(int=value))
    except ValueError:
        return None


def event_id(claim: str, version: int, revision: int, sequence: int) -> str:
    """Id of a business event: the same step of the same decision has the same id for ever."""
    name = f"{claim}\n{version}\n{revision}\n{sequence}"
    return _named(EVENT_NAMESPACE, name)


def _named(namespace: uuid.UUID, name: str) -> str:
    # What uuid.uuid5 does (RFC 9562, version 5), in a third of its time: every decision makes three of them.
    text = hashlib.sha1(namespace.bytes + name.encode(), usedforsecurity=False).hexdigest()
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{_VARIANTS[text[16]]}{text[17:20]}-{text[20:32]}"
