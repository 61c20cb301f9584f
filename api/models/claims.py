"""Claims in lists, and statistics over many."""

from api.models.base import Answer, ClaimId, ClaimNumber, Day, Money
from api.models.claim import ClaimHead, ItemOfClaim, Next
from schemas.vocabulary import Form, Status, Substatus


class AdjudicationInList(Answer):
    """What the claim came to."""

    allowed_amount: Money
    paid_amount: Money
    member_responsibility: Money


class ClaimInList(ClaimHead):
    """A claim without its items."""

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
