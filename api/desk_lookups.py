"""The desk's queries of one claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.auth import Principal
from api.context import Parts
from api.database import DatabaseAway
from api.problems import Mistake, Problem
from api.queries import StoredClaim
from api.refusals import claim_not_found, lookup_away
from api.representation import details
from api.scope import may_see
from schemas.audit import View
from schemas.decision import Decision
from schemas.identifiers import claim_id_of

# Of an event, what the provider or member of a claim may see.
DETAILS_OF_OUTSIDERS = frozenset({
    "command_id", "kind", "reason", "text", "currency", "charged", "allowed", "paid", "payment_number", "method",
    "amount",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """A claim as one of its root's. `since`: when the root became the caller's, by a correction; None: at its start."""

    stored: StoredClaim
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Trail:
    """A claim and what happened to it: rows by column name, oldest first."""

    stored: StoredClaim
    entries: Sequence[Mapping[str, Any]]


async def claim(parts: Parts, principal: Principal, name: str, view: View | None = "claim") -> StoredClaim:
    """The claim with this id or number, if it is any business of the caller's; raises a 404 or 503 problem.

    `view` is what the caller is shown of it, for the record of reads; None: nothing.
    """
    stored = await _seen(parts, principal, claim_id_of(name))
    if view is not None:
        parts.audit.read(principal, view, [str(stored.claim["id"])])
    return stored


async def family(parts: Parts, principal: Principal, name: str) -> Family:
    """The claim with this id or number, for what belongs to its root: commands and documents. 404 and 503 problems.

    Whose that is goes with the claim in force, as the chain has it (agents/register.py): a correction may have brought
    another provider or member in. Who names somebody else's claim as the original of their own has not made it theirs.
    """
    claim_id = claim_id_of(name)
    named = None if claim_id is None else await _found(parts, claim_id)
    if named is None:
        raise claim_not_found()
    if principal.sees_all:
        return Family(named, None)
    root_id = str(named.claim["root_id"])
    if root_id == str(named.claim["id"]):
        root = named
    else:
        _check_seen(parts, principal, named)
        found = await _found(parts, root_id)
        if found is None:  # an original that has not come has nothing of anybody's
            return Family(named, None)
        root = found
    in_force = await _latest(parts, root)
    _check_seen(parts, principal, in_force)
    return Family(named, None if _sees(principal, root) else in_force.claim["accepted_at"])


async def check_original(parts: Parts, principal: Principal, root_id: str) -> None:
    """Refuse an original that the caller names by our id or number and that is none of theirs, or is not there.

    Whose it is goes with the claim in force, as the chain has it (agents/register.py): a correction may have brought
    another provider or member in. All are one 422 problem: whose claim it is stays untold. Raises 503 while nobody can
    say.
    """
    root = await _found(parts, root_id)
    try:
        if root is not None:
            return _check_seen(parts, principal, await _latest(parts, root))
    except Problem as problem:
        if problem.status != 404:
            raise
    text = "names no claim of yours; send the claim number that we gave you, or your own claimNumber of it"
    mistake = Mistake("unknown_original", "originalReference", text)
    raise Problem(422, "invalid_claim", "The claim has a mistake; mend it and send it again.", mistakes=[mistake])


async def claim_in_force(parts: Parts, principal: Principal, name: str) -> StoredClaim:
    """The same, or what replaced it: a claim number names the original and all that came after."""
    stored = (await family(parts, principal, name)).stored
    later = stored.claim["replaced_by"]
    return stored if later is None else await _seen(parts, principal, str(later))


async def timeline(parts: Parts, principal: Principal, name: str) -> Trail:
    """A claim and the steps of its status."""
    stored = await claim(parts, principal, name, "timeline")
    try:
        return Trail(stored, await parts.store.timeline(str(stored.claim["id"])))
    except DatabaseAway:
        raise lookup_away() from None


async def events(parts: Parts, principal: Principal, name: str) -> Trail:
    """A claim and its audit trail; what staff wrote in their notes is for staff."""
    stored = await claim(parts, principal, name, "events")
    try:
        rows = await parts.store.events(str(stored.claim["id"]))
    except DatabaseAway:
        raise lookup_away() from None
    return Trail(stored, [dict(row) | {"details": _shown(row, principal)} for row in rows])


def _shown(row: Mapping[str, Any], principal: Principal) -> Mapping[str, object]:
    found = details(row["details"])
    if principal.sees_all:
        return found
    return {name: value for name, value in found.items() if name in DETAILS_OF_OUTSIDERS}


async def decision(parts: Parts, principal: Principal, name: str) -> tuple[StoredClaim, Decision | None]:
    """A claim and the record of its last decision."""
    stored = await claim(parts, principal, name, "explanation")
    try:
        record = await parts.store.decision(str(stored.claim["id"]))
    except DatabaseAway:
        raise lookup_away() from None
    return stored, None if record is None else parts.codec.decode(Decision, record)


async def _seen(parts: Parts, principal: Principal, claim_id: str | None) -> StoredClaim:
    stored = None if claim_id is None else await _found(parts, claim_id)
    if stored is None:
        raise claim_not_found()
    _check_seen(parts, principal, stored)
    return stored


async def _found(parts: Parts, claim_id: str) -> StoredClaim | None:
    try:
        return await parts.store.claim(claim_id)
    except DatabaseAway:
        raise lookup_away() from None


async def _latest(parts: Parts, stored: StoredClaim) -> StoredClaim:
    """What replaced it, or the claim itself where nothing did or the replacement is not in the store yet."""
    later = stored.claim["replaced_by"]
    return stored if later is None else await _found(parts, str(later)) or stored


def _check_seen(parts: Parts, principal: Principal, stored: StoredClaim) -> None:
    if not _sees(principal, stored):
        parts.audit.read(principal, "claim", [str(stored.claim["id"])], outcome="refused")
        raise claim_not_found()


def _sees(principal: Principal, stored: StoredClaim) -> bool:
    return may_see(principal, stored.claim["provider_id"], stored.claim["member_id"])
