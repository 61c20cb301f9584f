"""The names that a letter may say: those that its reader may look up, and those of hospitals, clinics and shops.

Names are sealed in Postgres. Who may see one is as at `GET /api/v1/members/{id}` and `/api/v1/providers/{id}`, and so
is what is recorded. The name of a provider that is no person is none of a person: whoever sees the letter sees it.
"""

from dataclasses import dataclass

from api.allowed import Person, in_reach, is_permitted
from api.audit import Auditor
from api.auth import Principal
from api.database import DatabaseAway
from api.people_store import PeopleStore
from schemas.decision import Decision
from schemas.reference import Provider
from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS

# Kinds of providers that are persons, whose names are theirs.
PERSONS = frozenset({"physician", "dentist"})


@dataclass(frozen=True, slots=True)
class Names:
    """Names; None for one that is not known, or that the reader may not see."""

    member: str | None
    provider: str | None


async def names_of(decision: Decision, principal: Principal, people: PeopleStore, audit: Auditor) -> Names:
    """The names for the letter about a decision. While nobody can be looked up it has ids alone: it is right so too."""
    try:
        return Names(
            await _member(decision.member_id, principal, people, audit),
            await _provider(decision.provider_id, principal, people, audit),
        )
    except DatabaseAway:
        return Names(None, None)


def _may_look_up(principal: Principal, person: Person, record_id: str) -> bool:
    return is_permitted(principal, person) and in_reach(principal, person, record_id)


async def _member(member_id: str, principal: Principal, people: PeopleStore, audit: Auditor) -> str | None:
    if not _may_look_up(principal, "member", member_id):
        return None
    record = await people.record(REFERENCE_MEMBERS, member_id)
    if record is None:
        return None
    audit.read(principal, "member", [member_id])
    return record.name


async def _provider(provider_id: str | None, principal: Principal, people: PeopleStore, audit: Auditor) -> str | None:
    if provider_id is None:
        return None
    record = await people.record(REFERENCE_PROVIDERS, provider_id)
    if not isinstance(record, Provider):
        return None
    if record.kind in PERSONS and not _may_look_up(principal, "provider", provider_id):
        return None
    audit.read(principal, "provider", [provider_id])
    return record.name
