"""The desk's query of the people of claims: what of them is not sealed, for those who may look them up."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.allowed import Person, demand, in_reach, own_id
from api.auth import Principal
from api.context import Parts
from api.database import DatabaseAway
from api.refusals import lookup_away
from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS

Row = Mapping[str, Any]
_TOPICS: Mapping[Person, str] = {"member": REFERENCE_MEMBERS, "provider": REFERENCE_PROVIDERS}


async def people(parts: Parts, principal: Principal, kind: Person, ids: Sequence[str]) -> Mapping[str, Row]:
    """Members or providers by id: standing, cover and networks. Raises 403 and 503 problems.

    Who may look whom up is as at `GET /api/v1/members/{id}`, and so is what is recorded; others are left out.
    """
    demand(principal, kind)
    seen = [one for one in ids if in_reach(principal, kind, one)]
    refused = [one for one in ids if one not in seen]
    # A provider has no members of its own to look up: it asks by an identifier that the patient showed.
    if refused and not (kind == "member" and own_id(principal, kind) is None):
        parts.audit.read(principal, kind, refused, outcome="refused")
    if not seen:
        return {}
    try:
        found = await parts.people.unsealed(_TOPICS[kind], seen)
    except DatabaseAway:
        raise lookup_away() from None
    if found:
        parts.audit.read(principal, kind, list(found))
    return found
