"""Events, commands and dead letters."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.claim import Payee
from schemas.quick_init import quick_init
from schemas.vocabulary import CommandKind, PayeeKind, Substatus, Verdict


@quick_init
@dataclass(frozen=True, slots=True)
class BusinessEvent:
    """A step of a claim's life, for other systems and the audit trail."""

    event_id: str
    event_type: str
    claim_id: str
    claim_number: str
    version: int
    revision: int
    sequence: int
    substatus: Substatus
    actor: str
    at: int
    correlation_id: str
    details: Mapping[str, str]


@quick_init
@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that a stage could not take, with its original bytes."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    stage: str
    code: str
    message: str
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class AuthorizationEvent:
    """A prior authorization or letter of guarantee was granted, changed or cancelled; keyed by member."""

    event_id: str
    authorization_number: str
    member_id: str
    provider_id: str | None
    service_codes: tuple[str, ...]
    valid_from: int
    valid_to: int
    units_milli: int | None
    amount: int | None
    currency: str | None
    state: str
    correlation_id: str | None
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """A payment was made or failed for a decided claim; keyed by root claim."""

    event_id: str
    claim_id: str
    payment_number: str
    method: str
    amount: int
    currency: str
    state: str
    paid_on: int
    correlation_id: str | None
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class AdjudicationEvent:
    """An outside adjudicator settled a pended claim; keyed by root claim."""

    event_id: str
    claim_id: str
    verdict: Verdict
    reason: str | None
    actor: str
    correlation_id: str | None
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class Command:
    """A person or scheduler asks for a move; keyed by root claim."""

    command_id: str
    kind: CommandKind
    claim_id: str
    actor: str
    role: str
    reason: str | None
    amount: int | None
    correlation_id: str | None
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A decision asks for a payment, or for money back."""

    request_id: str
    claim_id: str
    claim_number: str
    root_id: str
    version: int
    revision: int
    coverage_id: str
    provider_id: str | None
    payee_kind: PayeeKind
    payee: Payee | None
    amount: int
    currency: str
    at: int
    correlation_id: str


@quick_init
@dataclass(frozen=True, slots=True)
class ClaimDocument:
    """A document of a claim was stored or taken away; keyed by root claim. The greatest revision stands."""

    document_id: str
    revision: int
    removed: bool
    claim_id: str
    root_id: str
    kind: str
    file_name: str | None
    content_type: str
    size: int
    sha256: str
    submitter_id: str
    actor: str
    reason: str | None
    correlation_id: str | None
    at: int


@quick_init
@dataclass(frozen=True, slots=True)
class PeopleEvent:
    """A member or provider was created, changed or ended by a person; keyed by their id. Values are in the release."""

    event_id: str
    event_type: str
    record_id: str
    release: int
    fields: tuple[str, ...]
    actor: str
    role: str
    correlation_id: str | None
    at: int
