"""Reference data: members and coverage, providers, plans, fees; effective-dated and released by number."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.quick_init import quick_init
from schemas.reference_people import Contact as Contact
from schemas.reference_people import CoverageSegment as CoverageSegment
from schemas.reference_people import Member as Member
from schemas.reference_people import NetworkSegment as NetworkSegment
from schemas.reference_people import Provider as Provider
from schemas.vocabulary import (
    Allowable,
    Coordination,
    CopayScope,
    EditKind,
    FamilyLimit,
    Form,
    GroupCode,
    LimitPeriod,
    Measure,
    Method,
    MissingAuthorization,
    ServiceType,
    Severity,
    ShareKind,
    ShareOrder,
    Who,
)


@quick_init
@dataclass(frozen=True, slots=True)
class CoinsuranceCap:
    """The most that coinsurance takes of one claim."""

    service_types: tuple[ServiceType, ...]
    amount: int


@quick_init
@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of what a limit counts that has a coinsurance of its own."""

    until: int
    coinsurance: str


@quick_init
@dataclass(frozen=True, slots=True)
class Limit:
    """A benefit limit; what lies over it is the member's."""

    limit_id: str
    measure: Measure
    per: LimitPeriod
    who: Who
    amount: int | None = None
    benefits: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    tranches: tuple[Tranche, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class RoomClass:
    """A class of rooms in the terms of a plan."""

    name: str
    rank: int
    daily_amount: int | None = None


@quick_init
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
    places: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    sex: str | None = None
    diagnoses: tuple[str, ...] = ()
    network_only: bool = False
    waiting_days: int | None = None
    needs_referral: bool = False
    copay_scope: CopayScope = "line"
    out_of_network_coinsurance: str | None = None
    tier_coinsurances: tuple[str, ...] = ()
    room: bool = False


@quick_init
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
    further_network_ids: tuple[str, ...] = ()
    share_order: ShareOrder = "deductible_first"
    deductible_family_limit: FamilyLimit = "embedded"
    out_of_pocket_family_limit: FamilyLimit = "embedded"
    out_of_pocket_counts: tuple[ShareKind, ...] = (
        "deductible",
        "copay",
        "coinsurance",
    )
    benefit_year_starts: str = "01-01"
    waiting_days: int = 0
    missing_referral: MissingAuthorization = "deny"
    coinsurance_caps: tuple[CoinsuranceCap, ...] = ()
    limits: tuple[Limit, ...] = ()
    excluded_diagnoses: tuple[str, ...] = ()
    suspect_duplicates: Severity = "pend"
    coordination: Coordination = "standard"
    coordination_allowable: Allowable = "higher"
    room_class: str | None = None
    room_classes: tuple[RoomClass, ...] = ()
    room_pro_rata: bool = False
    review_above: int | None = None
    second_approval_above: int | None = None
    pend_days: int = 30
    appeal_days: int = 180


@quick_init
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


@quick_init
@dataclass(frozen=True, slots=True)
class ReferenceRelease:
    """A complete load of reference data; a reader may use it when it has read that many records."""

    release: int
    at: int
    source: str
    counts: Mapping[str, int]


@quick_init
@dataclass(frozen=True, slots=True)
class ContractTerm:
    """How a contract pays some services; the first term that fits a line is its term."""

    term_id: str
    service_types: tuple[ServiceType, ...]
    forms: tuple[Form, ...]
    codes: tuple[str, ...]
    drgs: tuple[str, ...]
    method: Method
    amount: int | None = None
    rate: str | None = None
    fee_schedule_id: str | None = None
    carve_out: bool = False


@quick_init
@dataclass(frozen=True, slots=True)
class Contract:
    """What a provider or network is paid; the key of the topic is contract id, first day and release."""

    release: int
    removed: bool
    contract_id: str
    provider_id: str | None
    network_id: str | None
    plan_ids: tuple[str, ...]
    currency: str
    effective_from: int
    effective_to: int | None = None
    lesser_of: bool = True
    multiple_procedure_codes: tuple[str, ...] = ()
    multiple_procedure_rates: tuple[str, ...] = ()
    terms: tuple[ContractTerm, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class Edit:
    """A coding edit; the key of the topic is edit id, first day and release."""

    release: int
    removed: bool
    edit_id: str
    kind: EditKind
    code: str
    other_code: str | None
    bypass_modifiers: tuple[str, ...]
    units_milli: int | None
    amount: int | None
    currency: str | None
    severity: Severity
    priority: int
    group: GroupCode
    reason: str
    plan_ids: tuple[str, ...]
    effective_from: int
    effective_to: int | None = None
