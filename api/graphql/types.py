"""The seeds' types: Claim, ClaimItem, Adjudication, Payment, and claims as a connection."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, get_args

import strawberry

from api.graphql.asking import Asking
from api.graphql.people import Member, Provider
from api.problems import Problem
from api.representation import amount
from schemas.vocabulary import Status

ClaimStatus = Enum("ClaimStatus", {status.upper(): status for status in get_args(Status)})  # type: ignore[misc]
strawberry.enum(ClaimStatus, description="The status that a submitter sees.")


@strawberry.type(description="Why a line is not paid as charged, in the codes of the industry.")
class Adjustment:
    """A difference between the charge and what is paid."""

    group: str
    reason: str
    amount: Decimal


@strawberry.type(description="A billed service and what became of it.")
class ClaimItem:
    """A line of a claim."""

    line_number: int
    service_code: str | None
    code_system: str | None
    procedure_code: str | None
    diagnosis_code: str | None
    quantity: Decimal
    service_date: date | None
    verdict: str | None
    charged_amount: Decimal
    allowed_amount: Decimal | None
    paid_amount: Decimal | None
    member_responsibility: Decimal | None
    adjustments: list[Adjustment]


@strawberry.type(description="What a decided claim came to.")
class Adjudication:
    """Totals of a decision."""

    adjudicated_at: datetime | None
    allowed_amount: Decimal
    paid_amount: Decimal
    member_responsibility: Decimal
    adjustments: list[Adjustment]


@strawberry.type(description="The last payment of a claim.")
class Payment:
    """A payment that was made."""

    payment_number: str
    payment_date: datetime = strawberry.field(description="When we were told of it.")
    payment_amount: Decimal
    payment_method: str


@strawberry.type(description="A claim as it stands now.")
class Claim:
    """A row of claims; what is not in the row is fetched for all claims of the answer at once."""

    row: strawberry.Private[Mapping[str, Any]]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """The id of this version of the claim."""
        return strawberry.ID(str(self.row["id"]))

    @strawberry.field
    def claim_number(self) -> str:
        """The number that people use."""
        return str(self.row["claim_number"])

    @strawberry.field
    def member(self) -> Member:
        """The patient."""
        return Member(id=_id(self.row["member_id"]))

    @strawberry.field
    def provider(self) -> Provider:
        """The billing provider."""
        return Provider(id=_id(self.row["provider_id"]))

    @strawberry.field
    def service_date(self) -> date:
        """The first day of service."""
        found: date = self.row["service_date"]
        return found

    @strawberry.field
    def submission_date(self) -> date:
        """The day on which it was accepted, on the payer's calendar."""
        found: date = self.row["accepted_day"]
        return found

    @strawberry.field
    def status(self) -> ClaimStatus:
        """The status that a submitter sees."""
        return ClaimStatus(self.row["status"])

    @strawberry.field
    def substatus(self) -> str:
        """The state behind the status."""
        return str(self.row["substatus"])

    @strawberry.field
    def version(self) -> int:
        """Counts what replaced or reversed it."""
        return int(self.row["version"])

    @strawberry.field
    def claim_type(self) -> str:
        """professional, institutional, dental or pharmacy."""
        return str(self.row["form"])

    @strawberry.field
    def currency(self) -> str:
        """The currency of all its amounts."""
        return str(self.row["currency"])

    @strawberry.field
    def total_charged(self) -> Decimal:
        """What was billed."""
        found = amount(self.row["total_charged"], self.row["currency"])
        assert found is not None, "every claim has a total"
        return found

    @strawberry.field
    async def items(self, info: Asking) -> list[ClaimItem]:
        """The billed services."""
        lines = (await self._whole(info))["items"]
        info.context.answered.take(len(lines))
        return info.context.turns.each(_item(line) for line in lines)

    @strawberry.field
    async def adjudication(self, info: Asking) -> Adjudication | None:
        """null until the claim is decided."""
        found = (await self._whole(info))["adjudication"]
        if found is None:
            return None
        return Adjudication(
            adjudicated_at=self.row["decided_at"],
            allowed_amount=found["allowedAmount"],
            paid_amount=found["paidAmount"],
            member_responsibility=found["memberResponsibility"],
            adjustments=[_adjustment(adjustment) for adjustment in found["adjustments"]],
        )

    @strawberry.field
    async def payment(self, info: Asking) -> Payment | None:
        """null until it is paid."""
        found = await info.context.payments.load(str(self.row["id"]))
        if found is None:
            return None
        said = found["details"]
        return Payment(
            payment_number=str(said["payment_number"]),
            payment_date=found["at"],
            payment_amount=Decimal(said["amount"]),
            payment_method=str(said["method"]),
        )

    async def _whole(self, info: Asking) -> dict[str, Any]:
        """The claim in REST's JSON, with its items."""
        found = await info.context.whole(str(self.row["id"]))
        if found is None:
            raise Problem(404, "claim_not_found", "The claim is no longer there; ask again.")
        return found


@strawberry.type(description="A claim in a list.")
class ClaimEdge:
    """A claim, and where the list goes on after it."""

    node: Claim
    cursor: str


@strawberry.type(description="Where a page ends.")
class PageInfo:
    """As Relay has it; pages go forward only."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A page of claims, the last accepted first.")
class ClaimConnection:
    """As Relay has it."""

    edges: list[ClaimEdge]
    page_info: PageInfo


def _id(value: str | None) -> strawberry.ID | None:
    return None if value is None else strawberry.ID(value)


def _item(item: Mapping[str, Any]) -> ClaimItem:
    return ClaimItem(
        line_number=item["lineNumber"],
        service_code=item["serviceCode"],
        code_system=item["codeSystem"],
        procedure_code=item["procedureCode"],
        diagnosis_code=item["diagnosisCode"],
        quantity=item["quantity"],
        service_date=None if item["serviceDate"] is None else date.fromisoformat(item["serviceDate"]),
        verdict=item["verdict"],
        charged_amount=item["chargedAmount"],
        allowed_amount=item["allowedAmount"],
        paid_amount=item["paidAmount"],
        member_responsibility=item["memberResponsibility"],
        adjustments=[_adjustment(adjustment) for adjustment in item["adjustments"]],
    )


def _adjustment(adjustment: Mapping[str, Any]) -> Adjustment:
    return Adjustment(group=adjustment["group"], reason=adjustment["reason"], amount=adjustment["amount"])
