"""Claims in lists, and statistics over many."""

from api.models.base import Answer, ClaimId, ClaimNumber, Day, Moment, Money
from api.models.claim import ItemOfClaim, Next
from schemas.vocabulary import Form, ServiceType, Settlement, Status, Substatus


class AdjudicationInList(Answer):
    """What the claim came to."""

    allowed_amount: Money
    paid_amount: Money
    member_responsibility: Money


class ClaimInList(Answer):
    """A claim without its items."""

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
    adjudication: AdjudicationInList | None


class ClaimsFound(Answer):
    """A page of claims, the last accepted first."""

    claims: list[ClaimInList]
    next: Next


class ItemsOfClaim(Answer):
    """The items of a claim."""

    id: ClaimId
    claim_number: ClaimNumber
    items: list[ItemOfClaim]


class GroupOfClaims(Answer):
    """Claims of one group; of the keys, those that were asked for, and always the currency."""

    status: Status | None = None
    substatus: Substatus | None = None
    form: Form | None = None
    currency: str
    provider: str | None = None
    day: Day | None = None
    claims: int
    total_charged: Money
    allowed_amount: Money | None
    paid_amount: Money | None
    member_responsibility: Money | None


class Statistics(Answer):
    """Claims counted and added up."""

    groups: list[GroupOfClaims]
