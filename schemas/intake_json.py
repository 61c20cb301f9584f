"""From a claim's record to the API's JSON: what `intake_claim` reads, written so that it reads back the same."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from schemas.claim import ClaimLine, Identifier, OtherPayer, SubmittedClaim
from schemas.dates import text_of
from schemas.money import decimal_of


def to_json(claim: SubmittedClaim) -> dict[str, Any]:
    """The claim as the API takes it (camelCase; amounts Decimal; empty fields left out); write it by `dump_json`."""
    member, provider, payee = claim.member, claim.provider, claim.payee
    return _filled({
        "claimNumber": claim.claim_control_number,
        "memberId": member.member_id,
        "providerId": provider.provider_id,
        "serviceDate": text_of(claim.service_from),
        "serviceDateTo": text_of(claim.service_to),
        "claimType": claim.form,
        "settlement": claim.settlement,
        "serviceType": claim.service_type,
        "currency": claim.currency,
        "frequencyCode": claim.frequency_code,
        "originalReference": claim.original_reference,
        "encounter": claim.encounter or None,
        "member": _filled({
            "identifiers": _identifiers(member.identifiers), "name": member.name, "birthDate": _day(member.birth_date),
            "sex": member.sex, "relationship": member.relationship,
        }),
        "provider": _filled({"identifiers": _identifiers(provider.identifiers), "name": provider.name}),
        "otherProviders": [
            _filled({"role": o.role, "identifiers": _identifiers(o.identifiers), "name": o.name})
            for o in claim.other_providers
        ],
        "payee": payee and _filled({
            "name": payee.name, "bankCode": payee.bank_code, "accountNumber": payee.account_number,
        }),
        "payerId": claim.payer_id,
        "admissionDate": _day(claim.admission_date), "dischargeDate": _day(claim.discharge_date),
        "placeOfService": claim.place_of_service, "billType": claim.bill_type,
        "drg": claim.drg, "roomClass": claim.room_class,
        "diagnoses": [{"code": d.code, "system": d.system, "role": d.role} for d in claim.diagnoses],
        "items": [_item(claim, line) for line in claim.lines],
        "totalCharge": decimal_of(claim.total_charge, claim.currency),
        "authorizationNumber": claim.authorization_number, "referralNumber": claim.referral_number,
        "otherPayers": [_other_payer(payer, claim.currency) for payer in claim.other_payers],
        "attachments": [_filled({
            "attachmentId": a.attachment_id, "kind": a.kind, "controlNumber": a.control_number, "location": a.location,
        }) for a in claim.attachments],
        "attributes": dict(claim.attributes),
    })  # fmt: skip


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != [] and value != {}}


def _day(day: int | None) -> str | None:
    return None if day is None else text_of(day)


def _identifiers(identifiers: Sequence[Identifier]) -> list[dict[str, str]]:
    return [{"system": identifier.system, "value": identifier.value} for identifier in identifiers]


def _item(claim: SubmittedClaim, line: ClaimLine) -> dict[str, Any]:
    first = line.diagnosis_pointers[0] if line.diagnosis_pointers else 0
    return _filled({
        "lineNumber": line.line_number,
        "serviceCode": line.service_code,
        "codeSystem": line.code_system,
        "diagnosisCode": claim.diagnoses[first - 1].code if 0 < first <= len(claim.diagnoses) else None,
        "revenueCode": line.revenue_code,
        "modifiers": list(line.modifiers),
        "quantity": _quantity(line.units_milli),
        "chargedAmount": decimal_of(line.charge, claim.currency),
        "serviceDate": text_of(line.service_from),
        "serviceDateTo": text_of(line.service_to),
        "diagnosisPointers": list(line.diagnosis_pointers),
        "placeOfService": line.place_of_service,
        "authorizationNumber": line.authorization_number,
        "tooth": line.tooth,
        "attributes": dict(line.attributes),
    })  # fmt: skip


def _quantity(units_milli: int) -> int | Decimal:
    whole, rest = divmod(units_milli, 1000)
    return Decimal(units_milli).scaleb(-3).normalize() if rest else whole


def _other_payer(payer: OtherPayer, currency: str) -> dict[str, Any]:
    return _filled({
        "payerId": payer.payer_id,
        "sequence": payer.sequence,
        "paid": decimal_of(payer.paid, currency),
        "allowed": None if payer.allowed is None else decimal_of(payer.allowed, currency),
        "lines": [{"lineNumber": line.line_number, "paid": decimal_of(line.paid, currency)} for line in payer.lines],
        "adjustments": [_filled({
            "lineNumber": a.line_number, "group": a.group, "reason": a.reason, "amount": decimal_of(a.amount, currency),
        }) for a in payer.adjustments],
    })  # fmt: skip
