"""What all answers have in common: camelCase names, every name always there, nothing that is not listed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel


class Answer(BaseModel):
    """An object of an answer. A field without a default is always there, as null where there is nothing to say."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=False, hide_input_in_errors=True
    )


Money = Annotated[
    Decimal,
    WithJsonSchema({"type": "number"}),
    Field(description="With the digits of the currency: 150000 in IDR, 150.00 in USD. Exact: read it as a decimal."),
]
Units = Annotated[Decimal, WithJsonSchema({"type": "number"}), Field(description="Units, with three decimals at most.")]
Day = Annotated[date, Field(examples=["2026-03-02"])]
Moment = Annotated[datetime, Field(description="UTC, to the millisecond.", examples=["2026-03-02T04:05:06.789Z"])]
ClaimId = Annotated[UUID, Field(examples=["770e8400-e29b-41d4-a716-446655440002"])]
ClaimNumber = Annotated[str, Field(examples=["CLM-2026-3Q1S2002"])]
Language = Literal["en", "id"]
