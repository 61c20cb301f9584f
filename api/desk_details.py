"""The desk's queries of details of many claims: for callers who choose what they want of each claim of a list."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from api.auth import Principal
from api.context import Parts
from api.database import DatabaseAway
from api.queries import StoredClaim
from api.refusals import lookup_away
from api.scope import scope_of

Row = Mapping[str, Any]


async def details(parts: Parts, principal: Principal, ids: Sequence[str]) -> Mapping[str, StoredClaim]:
    """Claims with their items and adjustments, by id; what is none of the caller's is left out."""
    try:
        found = await parts.details.details(scope_of(principal), ids)
    except DatabaseAway:
        raise lookup_away() from None
    if found:
        parts.audit.read(principal, "claim", list(found))
    return found


async def payments(parts: Parts, principal: Principal, ids: Sequence[str]) -> Mapping[str, Row]:
    """The last payment of each claim that was paid, by claim id: `at`, and `details` as texts by name."""
    try:
        found = await parts.details.payments(scope_of(principal), ids)
    except DatabaseAway:
        raise lookup_away() from None
    if found:
        parts.audit.read(principal, "claim", list(found))
    return {claim_id: dict(row) | {"details": _texts(row["details"])} for claim_id, row in found.items()}


async def lines(parts: Parts, principal: Principal, ids: Sequence[str]) -> Mapping[str, int]:
    """How many lines each claim has, by claim id: nothing of them is read."""
    try:
        return await parts.details.lines(scope_of(principal), ids)
    except DatabaseAway:
        raise lookup_away() from None


def _texts(stored: object) -> Mapping[str, object]:
    found = json.loads(stored) if isinstance(stored, str) else stored
    return found if isinstance(found, dict) else {}
