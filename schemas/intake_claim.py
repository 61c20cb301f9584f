"""From the JSON of a claim to its record: defaults, the two taxonomies of claim types, diagnoses by position, ids."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from schemas.claim import (
    Attachment,
    ClaimLine,
    Diagnosis,
    Identifier,
    MemberReference,
    OtherPayer,
    OtherProvider,
    Payee,
    PayerAdjustment,
    PayerLine,
    ProviderReference,
    SubmittedClaim,
)
from schemas.dates import day_of
from schemas.identifiers import amendment_id, claim_id, claim_id_of, content_digest
from schemas.intake_fields import FORM_WORDS, SERVICE_WORDS, SETTLEMENT_WORDS
from schemas.intake_model import ClaimIntake, IdentifierIntake, ItemIntake, OtherPayerIntake
from schemas.money import minor_of
from schemas.structure import replaced
from schemas.vocabulary import Form, ServiceType

# Frequency codes of a replacement and of a void.
AMENDS = ("7", "8")
CODE_SYSTEMS: dict[Form, str] = {"professional": "HC", "institutional": "HC", "dental": "AD", "pharmacy": "NDC"}


def to_submitted(
    intake: ClaimIntake,
    *,
    submitter_id: str,
    channel: str,
    correlation_id: str | None,
    accepted_at: int,
    idempotency_key: str | None,
) -> SubmittedClaim:
    """The record of a claim that came as JSON; `accepted_at` in milliseconds since 1970-01-01 UTC.

    Ids come from the claim number, else from the idempotency key, else from the content.
    """
    currency, word = intake.currency, intake.claim_type or ""
    form = form_of(intake)
    diagnoses = _diagnoses(intake)
    lines = tuple(_line(intake, item, number, form, diagnoses) for number, item in enumerate(intake.items, 1))
    total = sum(line.charge for line in lines)
    first, last = day(intake.service_date), day(intake.service_date_to)
    others = [OtherProvider(o.role, _identifiers(o.identifiers), o.name) for o in intake.other_providers]
    claim = SubmittedClaim(
        "", "", submitter_id, intake.claim_number, idempotency_key,
        form=form,
        settlement=intake.settlement or SETTLEMENT_WORDS.get(word, "cashless"),
        service_type=intake.service_type or SERVICE_WORDS.get(word) or _service_type(intake, form),
        currency=currency,
        frequency_code=intake.frequency_code,
        original_reference=intake.original_reference,
        member=_member(intake),
        provider=_provider(intake),
        other_providers=tuple(others),
        payee=Payee(p.name, p.bank_code, p.account_number) if (p := intake.payee) else None,
        payer_id=intake.payer_id,
        service_from=min(line.service_from for line in lines) if first is None else first,
        service_to=max(line.service_to for line in lines) if last is None else last,
        admission_date=day(intake.admission_date),
        discharge_date=day(intake.discharge_date),
        place_of_service=intake.place_of_service, bill_type=intake.bill_type,
        drg=intake.drg, room_class=intake.room_class,
        diagnoses=diagnoses, lines=lines,
        total_charge=total if intake.total_charge is None else minor_of(intake.total_charge, currency),
        authorization_number=intake.authorization_number, referral_number=intake.referral_number,
        other_payers=tuple(_other_payer(payer, currency) for payer in intake.other_payers),
        attachments=_attachments(intake),
        attributes=intake.attributes,
        channel=channel, correlation_id=correlation_id, accepted_at=accepted_at,
        encounter=intake.encounter,
    )  # fmt: skip
    return with_ids(claim)


def with_ids(claim: SubmittedClaim) -> SubmittedClaim:
    """The claim with its own id and the id of its original, both computed from what the submitter sent."""
    number, key = claim.claim_control_number, claim.idempotency_key
    own = claim_id(claim.submitter_id, number, key, "" if number or key else content_digest(claim))
    root = root_of(claim.submitter_id, own, claim.frequency_code, claim.original_reference)
    return replaced(claim, claim_id=own, root_id=root)


def root_of(submitter_id: str, own: str, frequency_code: str, original_reference: str | None) -> str:
    """Id of the claim that one with that id stands for: the original it names, else itself."""
    if frequency_code == "1" or not original_reference:
        return own
    # A submitter names the original by the number we gave it, or by its own number of it.
    return claim_id_of(original_reference) or claim_id(submitter_id, original_reference, None, "")


def told_apart(claim: SubmittedClaim) -> SubmittedClaim:
    """The claim, with an id of its own where it replaces or voids the claim of its own number, as senders of X12 do.

    Its original keeps the id that the number gives, and a second, different replacement gets another one. Without an
    original_reference it names no original, and the front end says so.
    """
    number, original = claim.claim_control_number, claim.original_reference
    if claim.claim_id != claim.root_id or claim.frequency_code not in AMENDS or not number or not original:
        return claim
    own = amendment_id(claim.submitter_id, number, claim.frequency_code, content_digest(claim))
    return replaced(claim, claim_id=own)


def form_of(intake: ClaimIntake) -> Form:
    """The form: as stated, as the claim type says, or as the claim type and the room suggest."""
    if intake.form:
        return intake.form
    stay = intake.claim_type == "inpatient" or intake.admission_date or intake.room_class or intake.bill_type
    return FORM_WORDS.get(intake.claim_type or "") or ("institutional" if stay else "professional")


def _service_type(intake: ClaimIntake, form: Form) -> ServiceType:
    if form == "dental":
        return "dental"
    return "inpatient" if intake.admission_date or intake.room_class else "outpatient"


def day(calendar: date | None) -> int | None:
    """Days since 1970-01-01 of a date that may be missing."""
    return None if calendar is None else day_of(calendar)


def normal_code(code: str) -> str:
    """A diagnosis code as records hold it: capitals, no dot."""
    return code.replace(".", "").upper()


def _identifiers(given: Sequence[IdentifierIntake]) -> tuple[Identifier, ...]:
    return tuple(Identifier(identifier.system, identifier.value) for identifier in given)


def _member(intake: ClaimIntake) -> MemberReference:
    member = intake.member
    identifiers, birth_date = _identifiers(member.identifiers), day(member.birth_date)
    member_id = intake.member_id or member.member_id
    return MemberReference(member_id, identifiers, member.name, birth_date, member.sex, member.relationship)


def _provider(intake: ClaimIntake) -> ProviderReference:
    provider = intake.provider
    return ProviderReference(
        intake.provider_id or provider.provider_id, _identifiers(provider.identifiers), provider.name
    )


def _diagnoses(intake: ClaimIntake) -> tuple[Diagnosis, ...]:
    """The claim's diagnoses, and after them those that stand on items only (the seeds know no others)."""
    coded = [(normal_code(d.code), d.system, d.role) for d in intake.diagnoses]
    known = {code for code, _, _ in coded}
    for item in intake.items:
        if item.diagnosis_code and normal_code(item.diagnosis_code) not in known:
            known.add(normal_code(item.diagnosis_code))
            coded.append((normal_code(item.diagnosis_code), "icd10", None))
    return tuple(
        Diagnosis(code, system, role or ("other" if position else "principal"))
        for position, (code, system, role) in enumerate(coded)
    )


def _line(
    intake: ClaimIntake, item: ItemIntake, number: int, form: Form, diagnoses: tuple[Diagnosis, ...]
) -> ClaimLine:
    service_code = item.service_code or item.procedure_code
    attributes = item.attributes
    if item.procedure_code and item.procedure_code != service_code:
        attributes = attributes | {"procedure_code": item.procedure_code}
    first = item.service_date or intake.service_date
    last = item.service_date_to or item.service_date or intake.service_date_to or first
    assert first is not None
    assert last is not None
    return ClaimLine(
        line_number=item.line_number or number,
        service_code=service_code or item.revenue_code or "",
        code_system=item.code_system or (CODE_SYSTEMS[form] if service_code else "RC"),
        revenue_code=item.revenue_code,
        modifiers=tuple(item.modifiers),
        units_milli=int(item.quantity * Decimal(1000)),
        charge=minor_of(item.charged_amount, intake.currency),
        service_from=day_of(first),
        service_to=day_of(last),
        diagnosis_pointers=_pointers(item, diagnoses),
        place_of_service=item.place_of_service,
        authorization_number=item.authorization_number,
        tooth=item.tooth,
        attributes=attributes,
    )


def _pointers(item: ItemIntake, diagnoses: tuple[Diagnosis, ...]) -> tuple[int, ...]:
    pointers = tuple(item.diagnosis_pointers)
    if item.diagnosis_code is None:
        return pointers
    code = normal_code(item.diagnosis_code)
    if any(0 < pointer <= len(diagnoses) and diagnoses[pointer - 1].code == code for pointer in pointers):
        return pointers
    return (next(i for i, diagnosis in enumerate(diagnoses, 1) if diagnosis.code == code), *pointers)


def _attachments(intake: ClaimIntake) -> tuple[Attachment, ...]:
    return tuple(Attachment(a.attachment_id, a.kind, a.control_number, a.location) for a in intake.attachments)


def _other_payer(payer: OtherPayerIntake, currency: str) -> OtherPayer:
    adjustments = tuple(
        PayerAdjustment(a.line_number, a.group, a.reason, minor_of(a.amount, currency)) for a in payer.adjustments
    )
    allowed = None if payer.allowed is None else minor_of(payer.allowed, currency)
    lines = tuple(PayerLine(line.line_number, minor_of(line.paid, currency)) for line in payer.lines)
    return OtherPayer(payer.payer_id, payer.sequence, minor_of(payer.paid, currency), adjustments, allowed, lines)
