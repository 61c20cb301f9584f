"""The claim as JSON from outside: the shape of `POST /api/v1/claims` and of a line of a JSON lines file.

Everything that a SubmittedClaim holds can be said; only member, provider, dates and items must be. What the front end
can judge (known member, plausible dates, code formats) is left to the validate stage: here stands what a record needs
in order to exist.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from config import limits
from schemas.intake_fields import (
    FORM_WORDS,
    SERVICE_WORDS,
    SETTLEMENT_WORDS,
    Amount,
    Attributes,
    ClaimType,
    Code,
    Currency,
    Day,
    OptionalCode,
    OptionalText,
    Position,
    Quantity,
    Text,
)
from schemas.intake_mistakes import with_all_mistakes
from schemas.money import EXPONENTS
from schemas.vocabulary import Form, ServiceType, Settlement


class Intake(BaseModel):
    """A part of a claim from outside: camelCase names, nothing coerced, unknown fields refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=to_camel,
        validate_by_name=False,
        hide_input_in_errors=True,
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself: nothing changes it, so that a default need not be copied for each claim."""
        return self


class IdentifierIntake(Intake):
    """An identifier in a named system, such as nik or npi."""

    system: Code
    value: Code


class MemberIntake(Intake):
    """The patient."""

    member_id: OptionalCode = None
    identifiers: list[IdentifierIntake] = Field(default_factory=list, max_length=limits.IDENTIFIERS_MAX)
    name: OptionalText = None
    birth_date: Day | None = None
    sex: Literal["F", "M", "U"] | None = None
    relationship: Literal["self", "spouse", "child", "other"] | None = None


class ProviderIntake(Intake):
    """The billing provider."""

    provider_id: OptionalCode = None
    identifiers: list[IdentifierIntake] = Field(default_factory=list, max_length=limits.IDENTIFIERS_MAX)
    name: OptionalText = None


class OtherProviderIntake(Intake):
    """A further provider."""

    # Those of a claim of X12 (sources/x12/keys.py) are among them: what is read from a file reads back as JSON.
    role: Literal[
        "rendering", "referring", "attending", "operating", "facility", "supervising", "ordering", "pay_to",
        "primary_care", "other_operating", "assistant_surgeon", "ambulance_pickup", "ambulance_dropoff",
        "purchased_from",
    ]  # fmt: skip
    identifiers: list[IdentifierIntake] = Field(default_factory=list, max_length=limits.IDENTIFIERS_MAX)
    name: OptionalText = None


class PayeeIntake(Intake):
    """Whom a reimbursement is paid to."""

    name: Text
    bank_code: OptionalCode = None
    account_number: OptionalCode = None


class DiagnosisIntake(Intake):
    """A diagnosis; its dot is left out when it is stored."""

    code: Code
    system: Literal["icd10", "icd10cm", "icd9cm"] = "icd10"
    role: Literal["principal", "admitting", "external_cause", "reason_for_visit", "other"] | None = None


class ItemIntake(Intake):
    """A billed service. `procedureCode` stands in for a missing `serviceCode`, as the seeds use either."""

    line_number: Position | None = None
    service_code: OptionalCode = None
    procedure_code: OptionalCode = None
    diagnosis_code: OptionalCode = None
    code_system: Literal["HC", "AD", "NDC", "RC", "LOCAL"] | None = None
    revenue_code: OptionalCode = None
    modifiers: list[Code] = Field(default_factory=list, max_length=limits.MODIFIERS_MAX)
    quantity: Quantity = Decimal(1)
    charged_amount: Amount
    service_date: Day | None = None
    service_date_to: Day | None = None
    diagnosis_pointers: list[Position] = Field(default_factory=list, max_length=limits.DIAGNOSES_MAX)
    place_of_service: OptionalCode = None
    authorization_number: OptionalCode = None
    tooth: OptionalCode = None
    attributes: Attributes = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_a_code(self) -> "ItemIntake":
        if self.service_code is None and self.procedure_code is None and self.revenue_code is None:
            raise PydanticCustomError("code_missing", "needs a serviceCode")
        return self


class PayerAdjustmentIntake(Intake):
    """An adjustment of an earlier payer."""

    line_number: Position | None = None
    group: Code
    reason: Code
    amount: Amount


class PayerLineIntake(Intake):
    """What an earlier payer paid of a line."""

    line_number: Position
    paid: Amount


class OtherPayerIntake(Intake):
    """What an earlier payer did; `allowed` is its allowed amount of the claim, `lines` what it paid of each line."""

    payer_id: Code
    sequence: Annotated[int, Field(ge=1, le=20)] = 1
    paid: Amount = Decimal(0)
    allowed: Amount | None = None
    lines: list[PayerLineIntake] = Field(default_factory=list, max_length=limits.CLAIM_LINES_MAX)
    adjustments: list[PayerAdjustmentIntake] = Field(default_factory=list, max_length=limits.CLAIM_LINES_MAX)


class AttachmentIntake(Intake):
    """A document of the claim."""

    attachment_id: Code
    kind: Code
    control_number: OptionalCode = None
    location: OptionalText = None


class ClaimIntake(Intake):
    """A claim. `memberId`, `providerId`, `serviceDate`, `claimType` and `items` are the seeds' fields."""

    claim_number: OptionalCode = None
    member_id: OptionalCode = None
    provider_id: OptionalCode = None
    service_date: Day | None = None
    service_date_to: Day | None = None
    claim_type: ClaimType | None = None
    form: Form | None = None
    settlement: Settlement | None = None
    service_type: ServiceType | None = None
    currency: Currency = "IDR"
    frequency_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]$")] = "1"
    original_reference: OptionalCode = None
    encounter: Annotated[bool, Field(description="Capitation pays for this care: it is never paid.")] = False
    member: MemberIntake = MemberIntake()
    provider: ProviderIntake = ProviderIntake()
    other_providers: list[OtherProviderIntake] = Field(default_factory=list, max_length=limits.IDENTIFIERS_MAX)
    payee: PayeeIntake | None = None
    payer_id: OptionalCode = None
    admission_date: Day | None = None
    discharge_date: Day | None = None
    place_of_service: OptionalCode = None
    bill_type: OptionalCode = None
    drg: OptionalCode = None
    room_class: OptionalCode = None
    diagnoses: list[DiagnosisIntake] = Field(default_factory=list, max_length=limits.DIAGNOSES_MAX)
    items: list[ItemIntake] = Field(min_length=1, max_length=limits.CLAIM_LINES_MAX)
    total_charge: Amount | None = None
    authorization_number: OptionalCode = None
    referral_number: OptionalCode = None
    other_payers: list[OtherPayerIntake] = Field(default_factory=list, max_length=limits.OTHER_PAYERS_MAX)
    attachments: list[AttachmentIntake] = Field(default_factory=list, max_length=limits.ATTACHMENTS_MAX)
    attributes: Attributes = Field(default_factory=dict)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The claim. Raises ValidationError that tells every mistake."""
        look = cls.__pydantic_validator__.validate_python
        try:
            claim: Self = look(obj, **options)
            return claim
        except ValidationError as error:
            raise with_all_mistakes(error, obj, look) from None

    @model_validator(mode="after")
    def _holds_together(self) -> "ClaimIntake":
        found = list(_contradictions(self))
        if found:
            raise PydanticCustomError("contradictions", "does not hold together", {"found": found})
        return self


def _contradictions(claim: ClaimIntake) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    member, provider = claim.member, claim.provider
    if claim.member_id is None and member.member_id is None and not member.identifiers:
        found.append(("member_missing", "memberId", "is missing; send it, or an identifier of the member"))
    if claim.member_id and member.member_id and claim.member_id != member.member_id:
        found.append(("member_contradicts", "member.memberId", "differs from memberId"))
    if claim.provider_id is None and provider == ProviderIntake():
        found.append(
            ("provider_missing", "providerId", "is missing; send it, or a provider with identifiers or a name")
        )
    if claim.provider_id and provider.provider_id and claim.provider_id != provider.provider_id:
        found.append(("provider_contradicts", "provider.providerId", "differs from providerId"))
    if claim.service_date is None and any(item.service_date is None for item in claim.items):
        found.append(("service_date_missing", "serviceDate", "is missing; send it on the claim or on every item"))
    word = claim.claim_type or ""
    # "dental" is a form and a service type: said as a claim type it settles the form only.
    stated = (("form", claim.form, FORM_WORDS.get(word)), ("settlement", claim.settlement, SETTLEMENT_WORDS.get(word)))
    for name, value, named in (*stated, ("serviceType", claim.service_type, _service_named(word))):
        if value and named and value != named:
            found.append(("claim_type_contradicts", name, f"differs from the {name} that claimType names"))
    numbers = [item.line_number for item in claim.items if item.line_number is not None]
    if numbers and (len(numbers) != len(claim.items) or len(set(numbers)) != len(numbers)):
        text = "must stand on all items and differ, or on none"
        found.append(("line_number_contradicts", "items.lineNumber", text))
    codes = {item.diagnosis_code for item in claim.items} - {None}
    if len(claim.diagnoses) + len(codes) > limits.DIAGNOSES_MAX:
        found.append(("too_many_diagnoses", "diagnoses", f"are more than {limits.DIAGNOSES_MAX} with those of items"))
    found += _payer_lines(claim, numbers)
    found += _too_fine(claim)
    return found


def _payer_lines(claim: ClaimIntake, numbers: list[int]) -> list[tuple[str, str, str]]:
    """Payments of other payers by line name lines of the claim, each once, and make up what that payer paid."""
    found: list[tuple[str, str, str]] = []
    known = set(numbers) or set(range(1, len(claim.items) + 1))
    for i, payer in enumerate(claim.other_payers):
        paid_lines = [line.line_number for line in payer.lines]
        if len(set(paid_lines)) != len(paid_lines) or not set(paid_lines) <= known:
            text = "must name lines of this claim, each once"
            found.append(("payer_line_contradicts", f"otherPayers[{i}].lines", text))
        if payer.lines and sum(line.paid for line in payer.lines) != payer.paid:
            found.append(("payer_paid_contradicts", f"otherPayers[{i}].paid", "is not the sum of its lines"))
    return found


def _service_named(word: str) -> ServiceType | None:
    return None if word in FORM_WORDS else SERVICE_WORDS.get(word)


def _too_fine(claim: ClaimIntake) -> list[tuple[str, str, str]]:
    exponent = EXPONENTS[claim.currency]
    amounts: list[tuple[str, Any]] = [("totalCharge", claim.total_charge)]
    amounts += [(f"items[{i}].chargedAmount", item.charged_amount) for i, item in enumerate(claim.items)]
    for i, payer in enumerate(claim.other_payers):
        amounts.append((f"otherPayers[{i}].paid", payer.paid))
        amounts.append((f"otherPayers[{i}].allowed", payer.allowed))
        amounts += [(f"otherPayers[{i}].lines[{j}].paid", line.paid) for j, line in enumerate(payer.lines)]
        amounts += [(f"otherPayers[{i}].adjustments[{j}].amount", a.amount) for j, a in enumerate(payer.adjustments)]
    return [
        ("amount_too_fine", place, f"has more decimals than {claim.currency} allows ({exponent})")
        for place, amount in amounts
        if amount is not None and amount.scaleb(exponent) != amount.scaleb(exponent).to_integral_value()
    ]
