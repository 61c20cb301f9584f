"""Rows of the store as the JSON that callers see. Amounts are decimals with the digits of their currency."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from api.places import Places
from api.queries import StoredClaim
from schemas.money import EXPONENTS

# Substatuses in which nothing has been adjudicated yet: amounts of 0 would be a lie.
UNDECIDED = frozenset({"received", "front_end_rejected", "accepted", "in_process", "pended"})


def claim_of(stored: StoredClaim) -> dict[str, object]:
    """The claim with its items, adjustments, findings and, once adjudicated, its totals."""
    row = stored.claim
    return head_of(row) | {
        "items": _items(stored),
        "adjudication": _adjudication(stored),
        "findings": _findings(row["findings"], places_of(stored)),
        "rootId": str(row["root_id"]),
        "frequencyCode": row["frequency_code"],
        "replaces": None if row["replaces"] is None else str(row["replaces"]),
        "replacedBy": None if row["replaced_by"] is None else str(row["replaced_by"]),
        "paidOut": amount(row["paid_out"], row["currency"]),
        "pend": pend_of(row) if row["substatus"] == "pended" else None,
        "appealDue": day(row["appeal_due"]),
    }


def head_of(row: Mapping[str, Any]) -> dict[str, object]:
    """What is said of a claim wherever it is shown, in a list too."""
    return {
        "id": str(row["id"]),
        "claimNumber": row["claim_number"],
        "status": row["status"],
        "substatus": row["substatus"],
        "version": row["version"],
        "revision": row["revision"],
        "memberId": row["member_id"],
        "providerId": row["provider_id"],
        "serviceDate": row["service_date"].isoformat(),
        "serviceDateTo": row["service_to"].isoformat(),
        "submissionDate": row["accepted_day"].isoformat(),
        "createdAt": moment(row["accepted_at"]),
        "decidedAt": moment(row["decided_at"]),
        "claimType": row["form"],
        "form": row["form"],
        "settlement": row["settlement"],
        "serviceType": row["service_type"],
        "currency": row["currency"],
        "totalCharged": amount(row["total_charged"], row["currency"]),
    }


def pend_of(row: Mapping[str, Any]) -> dict[str, object]:
    """Why a claim waits, for whom and until when."""
    return {
        "code": row["pend_code"],
        "queue": row["pend_queue"],
        "dueDate": day(row["pend_due"]),
        "text": row["pend_text"],
    }


def pending_of(row: Mapping[str, Any]) -> dict[str, object]:
    """A claim of the work queue: whose claim it is, a look at the claim tells."""
    return {
        "id": str(row["id"]),
        "claimNumber": row["claim_number"],
        "version": row["version"],
        "revision": row["revision"],
        "form": row["form"],
        "serviceType": row["service_type"],
        "serviceDate": day(row["service_date"]),
        "providerId": row["provider_id"],
        "currency": row["currency"],
        "totalCharged": amount(row["total_charged"], row["currency"]),
        "createdAt": moment(row["accepted_at"]),
        "pend": pend_of(row),
    }


def items_of(stored: StoredClaim) -> dict[str, object]:
    """The items of a claim."""
    return {"id": str(stored.claim["id"]), "claimNumber": stored.claim["claim_number"], "items": _items(stored)}


def events_of(stored: StoredClaim, rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The audit trail of a claim, with the details that the desk shows."""
    return {
        "id": str(stored.claim["id"]),
        "claimNumber": stored.claim["claim_number"],
        "events": [
            {
                "eventId": str(row["event_id"]),
                "type": row["event_type"],
                "at": moment(row["at"]),
                "substatus": row["substatus"],
                "version": row["version"],
                "revision": row["revision"],
                "actor": row["actor"],
                "details": row["details"],
            }
            for row in rows
        ],
    }


def details(stored: object) -> Mapping[str, object]:
    """Details of an event as the sink stored them: texts by name."""
    parsed = json.loads(stored) if isinstance(stored, str) else stored
    return parsed if isinstance(parsed, dict) else {}


def day(found: date | None) -> str | None:
    """A calendar day, 2026-03-02."""
    return None if found is None else found.isoformat()


def timeline_of(stored: StoredClaim, entries: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The steps of a claim's status, oldest first."""
    return {
        "id": str(stored.claim["id"]),
        "claimNumber": stored.claim["claim_number"],
        "status": stored.claim["status"],
        "substatus": stored.claim["substatus"],
        "timeline": [step_of(entry) for entry in entries],
    }


def step_of(entry: Mapping[str, Any]) -> dict[str, object]:
    """A step of a claim's status."""
    return {
        "at": moment(entry["at"]),
        "status": entry["status"],
        "substatus": entry["substatus"],
        "version": entry["version"],
        "revision": entry["revision"],
        "actor": entry["actor"],
        "reason": entry["reason"],
    }


def amount(value: Decimal | None, currency: str) -> Decimal | None:
    """The amount with the digits of its currency: whole for the Rupiah, two decimals for the dollar."""
    return None if value is None else value.quantize(Decimal(1).scaleb(-EXPONENTS.get(currency, 2)))


def moment(at: datetime | None) -> str | None:
    """A moment as callers see it: UTC to the millisecond, 2026-03-02T04:05:06.789Z."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def places_of(stored: StoredClaim) -> Places:
    """How findings of this claim name their places."""
    return Places(row["line_number"] for row in stored.items)


def stored_findings(stored: object) -> list[dict[str, Any]]:
    """Findings as the sink stored them: a list of code, place and text."""
    parsed = json.loads(stored, parse_float=Decimal) if isinstance(stored, str) else stored
    return [one for one in parsed if isinstance(one, dict)] if isinstance(parsed, list) else []


def _findings(stored: object, places: Places) -> list[dict[str, Any]]:
    return [one | {"place": places.shown(str(one.get("place", "")))} for one in stored_findings(stored)]


def _items(stored: StoredClaim) -> list[dict[str, object]]:
    currency = stored.claim["currency"]
    adjustments: dict[int, list[dict[str, object]]] = {}
    for row in stored.adjustments:
        adjustments.setdefault(row["line_number"], []).append(
            {
                "group": row["group_code"],
                "reason": row["reason"],
                "amount": amount(row["amount"], currency),
                "rule": row["rule"],
                "remark": row["remark"],
                "quantity": None if row["quantity"] is None else _plain(row["quantity"]),
            }
        )
    places = places_of(stored)
    return [_item(row, currency, adjustments.get(row["line_number"], []), places) for row in stored.items]


def _item(
    row: Mapping[str, Any], currency: str, adjustments: list[dict[str, object]], places: Places
) -> dict[str, object]:
    return {
        "lineNumber": row["line_number"],
        "serviceCode": row["service_code"],
        "codeSystem": row["code_system"],
        "procedureCode": row["procedure_code"],
        "diagnosisCode": row["diagnosis_code"],
        "modifiers": list(row["modifiers"]),
        "quantity": _plain(row["quantity"]),
        "quantityDenied": _plain(row["units_denied"]),
        "serviceDate": day(row["service_date"]),
        "authorizationNumber": row["authorization_number"],
        "verdict": row["verdict"],
        "benefitId": row["benefit_id"],
        "chargedAmount": amount(row["charged_amount"], currency),
        "allowedAmount": amount(row["allowed_amount"], currency),
        "paidAmount": amount(row["paid_amount"], currency),
        "memberResponsibility": amount(row["member_share"], currency),
        "otherPaidAmount": amount(row["other_paid"], currency),
        "adjustments": adjustments,
        "findings": _findings(row["findings"], places),
    }


def _plain(quantity: Decimal) -> Decimal:
    """1.000 units are 1, and 2.500 are 2.5."""
    whole = quantity.to_integral_value()
    return whole if whole == quantity else quantity.normalize()


def _adjudication(stored: StoredClaim) -> dict[str, object] | None:
    row = stored.claim
    if row["substatus"] in UNDECIDED or row["total_allowed"] is None:
        return None
    currency = row["currency"]
    by_reason: dict[tuple[str, str], Decimal] = {}
    for found in stored.adjustments:
        key = found["group_code"], found["reason"]
        by_reason[key] = by_reason.get(key, Decimal(0)) + found["amount"]
    return {
        "allowedAmount": amount(row["total_allowed"], currency),
        "paidAmount": amount(row["total_paid"], currency),
        "memberResponsibility": amount(row["total_member_share"], currency),
        "adjustments": [
            {"group": group, "reason": reason, "amount": amount(total, currency)}
            for (group, reason), total in sorted(by_reason.items())
        ],
    }
