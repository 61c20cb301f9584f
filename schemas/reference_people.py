"""Members with their coverage and providers with their networks, as a release holds them."""

from dataclasses import dataclass

from schemas.claim import Identifier, Payee
from schemas.quick_init import quick_init


@quick_init
@dataclass(frozen=True, slots=True)
class CoverageSegment:
    """A time in which a member was covered."""

    coverage_id: str
    plan_id: str
    effective_from: int
    effective_to: int | None
    other_payer_first: bool = False
    enrolled_from: int | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Contact:
    """How a member or provider is reached."""

    email: str | None = None
    phone: str | None = None
    address: str | None = None
    city: str | None = None
    province: str | None = None
    postal_code: str | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Member:
    """A covered person; the key of the topic is member id and release."""

    release: int
    removed: bool
    member_id: str
    identifiers: tuple[Identifier, ...]
    name: str
    birth_date: int
    sex: str
    relationship: str
    coverages: tuple[CoverageSegment, ...]
    contact: Contact | None = None
    account: Payee | None = None
    ended_on: int | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class NetworkSegment:
    """A time in which a provider belonged to a network."""

    network_id: str
    effective_from: int
    effective_to: int | None


@quick_init
@dataclass(frozen=True, slots=True)
class Provider:
    """A provider; the key of the topic is provider id and release."""

    release: int
    removed: bool
    provider_id: str
    identifiers: tuple[Identifier, ...]
    name: str
    kind: str
    networks: tuple[NetworkSegment, ...]
    contact: Contact | None = None
    account: Payee | None = None
    ended_on: int | None = None
