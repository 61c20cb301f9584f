"""Messages as the desk takes them, and rows of the desk as messages."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from api.filters import PAGE_DEFAULT, ClaimFilter, Page
from api.grpc_door import claims_pb2 as messages
from api.grpc_door.names import CLAIM, ITEM
from api.problems import Mistake, Problem
from api.queries import StoredClaim
from api.representation import claim_of
from schemas.vocabulary import Status


def given_of(request: messages.SubmitClaimRequest) -> bytes | dict[str, object]:
    """The claim as the desk takes it: the JSON that was sent, or the fields; an empty field was not sent."""
    fields = _said(request, CLAIM)
    items = [_said(item, ITEM) | ({"modifiers": list(item.modifiers)} if item.modifiers else {})
             for item in request.items]  # fmt: skip
    if not request.claim_json:
        return fields | {"items": items}
    if fields or items:
        mistake = Mistake("twice", "claim_json", "send the claim as claim_json or in fields, not both")
        raise Problem(422, "invalid_claim", "The claim is there twice.", mistakes=[mistake])
    return bytes(request.claim_json)


def filter_of(request: messages.ListClaimsRequest) -> tuple[ClaimFilter, Page]:
    """What a list is asked for; raises a 400 problem that names every mistake."""
    mistakes: list[Mistake] = []
    statuses = get_args(Status)
    if request.status and request.status not in statuses:
        mistakes.append(Mistake("bad_value", "status", f"must be any of: {', '.join(statuses)}"))
    day_from = _day(request.date_from, "date_from", mistakes)
    day_to = _day(request.date_to, "date_to", mistakes)
    if mistakes:
        raise Problem(400, "bad_query", "The request has mistakes; mend them.", mistakes=mistakes)
    where = ClaimFilter(
        statuses=tuple(status for status in statuses if status == request.status),
        member_id=request.member_id or None,
        provider_id=request.provider_id or None,
        service_from=day_from,
        service_to=day_to,
    )
    return where, Page(request.size or PAGE_DEFAULT, request.page or None)


def claim_message(stored: StoredClaim) -> messages.Claim:
    """A claim as a message."""
    said: Mapping[str, Any] = claim_of(stored)
    found = said["adjudication"]
    return messages.Claim(
        id=said["id"], claim_number=said["claimNumber"], status=said["status"], substatus=said["substatus"],
        member_id=said["memberId"] or "", provider_id=said["providerId"] or "", service_date=said["serviceDate"],
        submission_date=said["submissionDate"], claim_type=said["claimType"], currency=said["currency"],
        total_charged=str(said["totalCharged"]), items=[_item(item) for item in said["items"]],
        adjudication=None if found is None else messages.Adjudication(
            allowed_amount=str(found["allowedAmount"]), paid_amount=str(found["paidAmount"]),
            member_responsibility=str(found["memberResponsibility"]),
        ),
        version=said["version"],
    )  # fmt: skip


def _item(item: Mapping[str, Any]) -> messages.ClaimItem:
    return messages.ClaimItem(
        line_number=item["lineNumber"], service_code=item["serviceCode"] or "",
        diagnosis_code=item["diagnosisCode"] or "", quantity=str(item["quantity"]), verdict=item["verdict"] or "",
        charged_amount=str(item["chargedAmount"]), allowed_amount=_text(item["allowedAmount"]),
        paid_amount=_text(item["paidAmount"]), member_responsibility=_text(item["memberResponsibility"]),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _said(message: Any, names: Mapping[str, str]) -> dict[str, object]:
    return {name: value for name, ours in names.items() if (value := getattr(message, ours)) != ""}


def _day(text: str, place: str, mistakes: list[Mistake]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        mistakes.append(Mistake("bad_value", place, "must be a day such as 2026-03-02"))
        return None
