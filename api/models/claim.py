"""A claim as it is answered, and what happened to it."""

from typing import Annotated

from pydantic import Field

from api.models.base import Answer, ClaimId, ClaimNumber, Day, Moment, Money, Units
from schemas.vocabulary import CommandKind, Form, GroupCode, ServiceType, Settlement, Status, Substatus

Place = Annotated[
    str,
    Field(description="Where in the claim as it was sent; items count from 0.", examples=["items[0].chargedAmount"]),
]
Next = Annotated[str | None, Field(description="`cursor` of the next page; null on the last.")]


class Submitted(Answer):
    """A claim that was accepted: all replicas of the broker have it."""

    id: ClaimId
    claim_number: ClaimNumber
    status: Status
    created_at: Moment


class FindingOnClaim(Answer):
    """Something that a rule found."""

    code: str
    place: Place
    text: str
    remedy: Annotated[str | None, Field(description="What would change the outcome.")] = None


class AdjustmentOfLine(Answer):
    """Why a line is not paid as charged, in the codes of the industry (CARC, RARC)."""

    group: GroupCode
    reason: str
    amount: Money
    rule: str
    remark: str | None
    quantity: Units | None


class ItemOfClaim(Answer):
    """A billed service and what became of it."""

    line_number: int
    service_code: str | None
    code_system: str | None
    procedure_code: str | None
    diagnosis_code: str | None
    modifiers: list[str]
    quantity: Units
    quantity_denied: Units
    service_date: Day | None
    authorization_number: str | None
    verdict: str | None
    benefit_id: str | None
    charged_amount: Money
    allowed_amount: Money | None
    paid_amount: Money | None
    member_responsibility: Money | None
    other_paid_amount: Money | None
    adjustments: list[AdjustmentOfLine]
    findings: list[FindingOnClaim]


class AdjustmentTotal(Answer):
    """Adjustments of all lines under one reason."""

    group: GroupCode
    reason: str
    amount: Money


class AdjudicationOfClaim(Answer):
    """What the claim came to."""

    allowed_amount: Money
    paid_amount: Money
    member_responsibility: Money
    adjustments: list[AdjustmentTotal]


class PendOfClaim(Answer):
    """Why a claim waits, for whom and until when."""

    code: str | None
    queue: str | None
    due_date: Day | None
    text: str | None


class ClaimHead(Answer):
    """What is said of a claim wherever it is shown, in a list too."""

    id: ClaimId
    claim_number: ClaimNumber
    status: Status
    substatus: Substatus
    version: int
    revision: int
    member_id: str | None
    provider_id: str | None
    service_date: Day
    service_date_to: Day
    submission_date: Day
    created_at: Moment
    decided_at: Moment | None
    claim_type: Form
    form: Form
    settlement: Settlement
    service_type: ServiceType | None
    currency: str
    total_charged: Money


class ClaimFound(ClaimHead):
    """A claim. `status` is the seeds' word, `substatus` the state behind it."""

    items: list[ItemOfClaim]
    adjudication: Annotated[AdjudicationOfClaim | None, Field(description="null until the claim is decided.")]
    findings: list[FindingOnClaim]
    root_id: ClaimId
    frequency_code: Annotated[str | None, Field(description="null until the claim is decided.")]
    replaces: ClaimId | None
    replaced_by: ClaimId | None
    paid_out: Money | None
    pend: PendOfClaim | None
    appeal_due: Day | None


class TimelineStep(Answer):
    """A step of a claim's status."""

    at: Moment
    status: Status
    substatus: Substatus
    version: int
    revision: int
    actor: str | None
    reason: str | None


class Timeline(Answer):
    """The steps of a claim's status, oldest first."""

    id: ClaimId
    claim_number: ClaimNumber
    status: Status
    substatus: Substatus
    timeline: list[TimelineStep]


class EventOfClaim(Answer):
    """An entry of the audit trail. `details` are texts by name; outsiders see some of them only."""

    event_id: str
    type: Annotated[str, Field(examples=["claim.approved"])]
    at: Moment
    substatus: Substatus
    version: int
    revision: int
    actor: str | None
    details: dict[str, str | None]


class EventsOfClaim(Answer):
    """The audit trail of a claim, oldest first."""

    id: ClaimId
    claim_number: ClaimNumber
    events: list[EventOfClaim]


class CommandAccepted(Answer):
    """A command that all replicas have. What comes of it is an event of the claim with this `commandId`."""

    command_id: str
    kind: CommandKind
    claim_id: ClaimId
    claim_number: ClaimNumber
    actor: str
    role: str
    at: Moment


class ClaimWaiting(Answer):
    """A pended claim in the work queue."""

    id: ClaimId
    claim_number: ClaimNumber
    version: int
    revision: int
    form: Form
    service_type: ServiceType | None
    service_date: Day
    provider_id: str | None
    currency: str
    total_charged: Money
    created_at: Moment
    pend: PendOfClaim


class WorkQueue(Answer):
    """A page of pended claims, what is due first."""

    claims: list[ClaimWaiting]
    next: Next
