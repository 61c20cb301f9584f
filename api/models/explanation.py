"""The explanation of a decision in words."""

from typing import Annotated

from pydantic import Field

from api.models.base import Answer, ClaimId, ClaimNumber, Day, Language, Moment, Money, Units
from api.models.claim import PendOfClaim, Place
from schemas.vocabulary import GroupCode, Status, Substatus


class ReferenceUsed(Answer):
    """The reference data that the decision was made with."""

    release: int | None
    plan_id: str | None
    plan_from: Day | None
    contract_id: str | None


class TotalsExplained(Answer):
    """Totals; of a claim that nothing was decided about, only what was charged."""

    charged: Money
    allowed: Money | None = None
    paid: Money | None = None
    member_responsibility: Money | None = None
    paid_out: Money | None = None


class PendExplained(PendOfClaim):
    """Why the claim waits."""

    words: str | None


class AppealExplained(Answer):
    """An appeal under way."""

    at: Moment
    due_date: Day | None


class ApprovalExplained(Answer):
    """What a person said on the pended claim."""

    at: Moment
    kind: str
    role: str


class FindingExplained(Answer):
    """What a rule found, in words."""

    code: str
    words: str | None
    place: Place
    text: str
    remedy: str | None


class StepExplained(Answer):
    """A step of the price."""

    rule: str
    version: int
    words: str | None
    before: Money
    after: Money
    detail: str | None


class AdjustmentExplained(Answer):
    """Why a line is not paid as charged, and who bears it."""

    code: Annotated[str, Field(examples=["CO-45"])]
    group: GroupCode
    reason: str
    words: str | None
    who: str
    amount: Money
    rule: str
    remark: str | None
    quantity: Units | None


class LineExplained(Answer):
    """A line with the rules that fired on it."""

    line_number: int
    service_code: str
    code_system: str
    service_date: Day | None
    quantity: Units
    quantity_denied: Units
    verdict: str
    benefit_id: str | None
    authorization_number: str | None
    charged: Money
    allowed: Money
    paid: Money
    member_responsibility: Money
    other_paid: Money
    steps: list[StepExplained]
    adjustments: list[AdjustmentExplained]
    findings: list[FindingExplained]
    what_would_change_it: list[str]


class Explanation(Answer):
    """Why a claim was decided as it was."""

    id: ClaimId
    claim_number: ClaimNumber
    version: int
    revision: int
    status: Status
    substatus: Substatus
    words: str
    language: Language
    currency: str
    reference: ReferenceUsed | None
    totals: TotalsExplained
    pend: PendExplained | None
    appeal: AppealExplained | None
    approvals: list[ApprovalExplained]
    findings: list[FindingExplained]
    lines: list[LineExplained]
    reversed: Annotated[list[LineExplained], Field(description="What a voided or replaced version had said, negated.")]
