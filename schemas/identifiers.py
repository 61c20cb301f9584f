"""Ids that come from the submitter or from the content, never from a counter or a clock: safe to make twice."""

import hashlib
import json
import uuid
from typing import Any

from schemas.claim import SubmittedClaim
from schemas.structure import dumper

CLAIM_NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a01")
EVENT_NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a02")
# Crockford's base 32: no I, L, O or U, so that a number survives being read out over a telephone.
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_DIGITS = 26
_PLAIN = (str, int)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode
# How a claim came, not what it says.
_DELIVERY = ("claim_id", "root_id", "idempotency_key", "channel", "correlation_id", "accepted_at")


def claim_id(submitter_id: str, claim_control_number: str | None, idempotency_key: str | None, digest: str) -> str:
    """Id of a claim: of submitter and its own number, else of its idempotency key, else of the content's digest."""
    if claim_control_number:
        name = f"number\n{submitter_id}\n{claim_control_number}"
    elif idempotency_key:
        name = f"key\n{submitter_id}\n{idempotency_key}"
    else:
        name = f"content\n{submitter_id}\n{digest}"
    return str(uuid.uuid5(CLAIM_NAMESPACE, name))


def content_digest(claim: SubmittedClaim) -> str:
    """Hex digest of what was claimed, without ids, channel, correlation and time: equal for every copy of a claim.

    Over canonical JSON of what is there: a field that a later schema adds, at its empty default, changes no digest.
    """
    content = dumper(SubmittedClaim)(claim)
    for name in _DELIVERY:
        del content[name]
    return hashlib.blake2b(_CANONICAL(_present(content)).encode(), digest_size=16).hexdigest()


def _present(value: Any) -> Any:
    """Without what is empty: absent, null, empty and zero are one."""
    kind = type(value)
    if kind is dict:
        return {name: part if type(part) in _PLAIN else _present(part) for name, part in value.items() if part}
    return [_present(part) for part in value] if kind in (list, tuple) else value


def claim_number(claim: str, year: int) -> str:
    """The number that a person reads, `CLM-<year>-<26 digits>`: the claim id in other clothes, unique as it is."""
    value = uuid.UUID(claim).int
    digits = [_DIGITS[(value >> shift) & 31] for shift in range(5 * (_NUMBER_DIGITS - 1), -1, -5)]
    return f"CLM-{year}-{''.join(digits)}"


def claim_id_of(id_or_number: str) -> str | None:
    """The claim id behind an id or a claim number; None when it is neither."""
    text = id_or_number.strip()
    try:
        if not text.upper().startswith("CLM-"):
            return str(uuid.UUID(text))
        digits = text.upper().rsplit("-", 1)[1]
        value = 0
        for digit in digits:
            value = value << 5 | _DIGITS.index(digit)
        return str(uuid.UUID(int=value)) if len(digits) == _NUMBER_DIGITS else None
    except ValueError:
        return None


def event_id(claim: str, version: int, revision: int, sequence: int) -> str:
    """Id of a business event: the same step of the same decision has the same id for ever."""
    return str(uuid.uuid5(EVENT_NAMESPACE, f"{claim}\n{version}\n{revision}\n{sequence}"))
