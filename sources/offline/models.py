"""What a file may hold besides claims: commands, authorizations, payments and words of an outside adjudicator.

The names are those of the records in camelCase; texts, days, amounts and quantities are those of a claim.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.intake_fields import Amount, Code, Currency, Day, OptionalCode, OptionalText, Quantity
from schemas.intake_model import Intake
from schemas.vocabulary import CommandKind

SERVICE_CODES_MAX = 200


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            return moment
    raise PydanticCustomError("moment", "must be a moment with its zone, such as 2026-03-02T10:00:00Z")


Moment = Annotated[datetime, BeforeValidator(_moment)]


class Delivery(Intake):
    """What a file may say beside a claim: who submitted it, and when it was accepted."""

    submitter_id: OptionalCode = None
    accepted_at: Moment | None = None


class CommandIntake(Intake):
    """A person or scheduler asks for a move. `claimId`: our id or number, or the submitter's own number."""

    command_id: OptionalCode = None
    kind: CommandKind
    claim_id: Code
    submitter_id: OptionalCode = None
    actor: Code
    role: Code
    reason: OptionalText = None
    at: Moment | None = None


class AdjudicationIntake(Intake):
    """An outside adjudicator settles a pended claim."""

    event_id: OptionalCode = None
    claim_id: Code
    submitter_id: OptionalCode = None
    verdict: Literal["passed", "denied"]
    reason: OptionalText = None
    actor: Code
    at: Moment | None = None


class AuthorizationIntake(Intake):
    """A prior authorization was granted, changed or cancelled."""

    authorization_number: Code
    member_id: Code
    provider_id: OptionalCode = None
    service_codes: list[Code] = Field(default=[], max_length=SERVICE_CODES_MAX)
    valid_from: Day
    valid_to: Day
    units: Quantity | None = None
    amount: Amount | None = None
    currency: Currency | None = None
    state: Literal["approved", "cancelled"] = "approved"
    at: Moment | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "AuthorizationIntake":
        if self.valid_to < self.valid_from:
            raise PydanticCustomError("period", "has a validTo before its validFrom")
        if self.amount is not None and self.currency is None:
            raise PydanticCustomError("currency_missing", "has an amount and no currency")
        if (self.units is not None and self.units <= 0) or (self.amount is not None and self.amount < 0):
            raise PydanticCustomError("not_positive", "grants units above 0 and an amount of 0 or more")
        return self


class PaymentIntake(Intake):
    """A payment was made or failed."""

    event_id: OptionalCode = None
    claim_id: Code
    submitter_id: OptionalCode = None
    payment_number: Code
    method: Code = "transfer"
    amount: Amount
    currency: Currency
    state: Literal["paid", "failed"] = "paid"
    paid_on: Day
    at: Moment | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "PaymentIntake":
        if self.amount == Decimal(0):
            raise PydanticCustomError("not_positive", "has an amount of 0")
        return self
