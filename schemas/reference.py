"""Reference data: members and coverage, providers, plans, fees; effective-dated and released by number."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.claim import Identifier
from schemas.vocabulary import Form, MissingAuthorization, ServiceType


@dataclass(frozen=True, slots=True)
class CoverageSegment:
    """A time in which a member was covered."""

    coverage_id: str
    plan_id: str
    effective_from: int
    effective_to: int | None


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


@dataclass(frozen=True, slots=True)
class NetworkSegment:
    """A time in which a provider belonged to a network."""

    network_id: str
    effective_from: int
    effective_to: int | None


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


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a plan pays for; the first benefit that matches a line is its benefit."""

    benefit_id: str
    service_types: tuple[ServiceType, ...]
    forms: tuple[Form, ...]
    codes: tuple[str, ...]
    covered: bool
    needs_authorization: bool
    deductible_applies: bool
    copay: int
    coinsurance: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan version; the key of the topic is plan id, first day and release."""

    release: int
    removed: bool
    plan_id: str
    name: str
    payer_id: str
    currency: str
    network_id: str
    effective_from: int
    effective_to: int | None
    fee_schedule_id: str | None
    lesser_of: bool
    out_of_network_rate: str
    timely_filing_days: int | None
    missing_authorization: MissingAuthorization
    deductible_individual: int
    deductible_family: int
    out_of_pocket_individual: int | None
    out_of_pocket_family: int | None
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee; the key of the topic is schedule, code system, code, modifier, first day and release."""

    release: int
    removed: bool
    fee_schedule_id: str
    code_system: str
    service_code: str
    modifier: str | None
    effective_from: int
    effective_to: int | None
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReferenceRelease:
    """A complete load of reference data; a reader may use it when it has read that many records."""

    release: int
    at: int
    source: str
    counts: Mapping[str, int]
