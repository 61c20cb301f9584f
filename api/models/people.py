"""Members and providers as they are told of."""

from typing import Annotated, Literal

from pydantic import Field

from api.models.base import Answer, Day, Moment


class IdentifierFound(Answer):
    """An identifier in a named system."""

    system: str
    value: str


class ContactFound(Answer):
    """How somebody is reached."""

    email: str | None
    phone: str | None
    address: str | None
    city: str | None
    province: str | None
    postal_code: str | None


class AccountFound(Answer):
    """An account that is paid to; its number is shown in full to those who may change it, else its last digits."""

    name: str
    bank_code: str | None
    account_number: str | None


class CoverageFound(Answer):
    """A time in which a member is covered."""

    coverage_id: str
    plan_id: str
    effective_from: Day
    effective_to: Day | None
    other_payer_first: bool
    enrolled_from: Day | None


class NetworkFound(Answer):
    """A time in which a provider belongs to a network."""

    network_id: str
    effective_from: Day
    effective_to: Day | None


Standing = Literal["active", "ended"]
ReleaseNumber = Annotated[int, Field(description="Release of reference data that brought this state; the entity tag.")]


class MemberFound(Answer):
    """A member."""

    member_id: str
    name: str
    birth_date: Day
    sex: str
    relationship: str
    status: Standing
    ended_on: Day | None
    identifiers: list[IdentifierFound]
    coverages: list[CoverageFound]
    contact: ContactFound | None
    account: AccountFound | None
    release: ReleaseNumber


class EligibilityFound(Answer):
    """What a provider is shown of a member whose identifier it knows: who that is, and when covered by which plan."""

    member_id: str
    name: str
    status: Standing
    coverages: list[CoverageFound]
    release: ReleaseNumber


class ProviderFound(Answer):
    """A provider."""

    provider_id: str
    name: str
    kind: str
    status: Standing
    ended_on: Day | None
    identifiers: list[IdentifierFound]
    networks: list[NetworkFound]
    contact: ContactFound | None
    account: AccountFound | None
    release: ReleaseNumber


Next = Annotated[str | None, Field(description="`cursor` of the next page; null on the last.")]


class MembersFound(Answer):
    """A page of members by id; of a provider's search, what it is shown of them."""

    members: list[MemberFound] | list[EligibilityFound]
    next: Next


class ProvidersFound(Answer):
    """A page of providers by id."""

    providers: list[ProviderFound]
    next: Next


class ChangeOfPerson(Answer):
    """Who changed which fields, in which release."""

    id: str
    type: str
    release: int
    fields: list[str]
    actor: str
    role: str
    at: Moment


class ChangesOfPerson(Answer):
    """What happened to a member or provider over HTTP, oldest first."""

    events: list[ChangeOfPerson]
