"""The claim as it was submitted. Mirrors the Avro records of the same names, whose docs say what each field holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.quick_init import quick_init
from schemas.vocabulary import Form, ServiceType, Settlement


@quick_init
@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a member or provider in a named system."""

    system: str
    value: str


@quick_init
@dataclass(frozen=True, slots=True)
class MemberReference:
    """The patient, as the submitter names them."""

    member_id: str | None
    identifiers: tuple[Identifier, ...]
    name: str | None
    birth_date: int | None
    sex: str | None
    relationship: str | None


@quick_init
@dataclass(frozen=True, slots=True)
class ProviderReference:
    """A provider, as the submitter names it."""

    provider_id: str | None
    identifiers: tuple[Identifier, ...]
    name: str | None


@quick_init
@dataclass(frozen=True, slots=True)
class OtherProvider:
    """A further provider on the claim."""

    role: str
    identifiers: tuple[Identifier, ...]
    name: str | None


@quick_init
@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a reimbursement is paid to."""

    name: str
    bank_code: str | None
    account_number: str | None


@quick_init
@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis of the claim; lines point to it by position, counted from 1."""

    code: str
    system: str
    role: str


@quick_init
@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One billed service."""

    line_number: int
    service_code: str
    code_system: str
    revenue_code: str | None
    modifiers: tuple[str, ...]
    units_milli: int
    charge: int
    service_from: int
    service_to: int
    diagnosis_pointers: tuple[int, ...]
    place_of_service: str | None
    authorization_number: str | None
    tooth: str | None
    attributes: Mapping[str, str]


@quick_init
@dataclass(frozen=True, slots=True)
class PayerAdjustment:
    """An adjustment that an earlier payer made."""

    line_number: int | None
    group: str
    reason: str
    amount: int


@quick_init
@dataclass(frozen=True, slots=True)
class PayerLine:
    """What an earlier payer paid of a line."""

    line_number: int
    paid: int


@quick_init
@dataclass(frozen=True, slots=True)
class OtherPayer:
    """What an earlier payer did with the claim."""

    payer_id: str
    sequence: int
    paid: int
    adjustments: tuple[PayerAdjustment, ...]
    allowed: int | None = None
    lines: tuple[PayerLine, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class Attachment:
    """A document that belongs to the claim."""

    attachment_id: str
    kind: str
    control_number: str | None
    location: str | None


@quick_init
@dataclass(frozen=True, slots=True)
class SubmittedClaim:
    """A claim as a provider, member or gateway submitted it."""

    claim_id: str
    root_id: str
    submitter_id: str
    claim_control_number: str | None
    idempotency_key: str | None
    form: Form
    settlement: Settlement
    service_type: ServiceType
    currency: str
    frequency_code: str
    original_reference: str | None
    member: MemberReference
    provider: ProviderReference
    other_providers: tuple[OtherProvider, ...]
    payee: Payee | None
    payer_id: str | None
    service_from: int
    service_to: int
    admission_date: int | None
    discharge_date: int | None
    place_of_service: str | None
    bill_type: str | None
    drg: str | None
    room_class: str | None
    diagnoses: tuple[Diagnosis, ...]
    lines: tuple[ClaimLine, ...]
    total_charge: int
    authorization_number: str | None
    referral_number: str | None
    other_payers: tuple[OtherPayer, ...]
    attachments: tuple[Attachment, ...]
    attributes: Mapping[str, str]
    channel: str
    correlation_id: str | None
    accepted_at: int
    encounter: bool = False
