"""What other payers did, as JSON: by claim and by line, and nothing of it changes the identity of earlier claims."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.claim import OtherPayer, PayerLine, SubmittedClaim
from schemas.identifiers import content_digest
from schemas.intake import ClaimIntake, dump_json, parse_json, problems, to_json, to_submitted

PAYER: dict[str, Any] = {"payerId": "X", "paid": "60.00"}


def submitted(*payers: dict[str, Any], **fields: Any) -> SubmittedClaim:
    """A claim of two lines after those payers."""
    given = {
        "claimNumber": "C-1", "memberId": "M", "providerId": "P", "serviceDate": "2026-03-02", "currency": "USD",
        "claimType": "professional", "otherPayers": list(payers),
        "items": [{"serviceCode": c, "chargedAmount": a} for c, a in (("99213", "100.00"), ("85025", "20.00"))],
    }  # fmt: skip
    return read(dump_json(given | fields))


def read(text: str) -> SubmittedClaim:
    """The record of a claim as JSON."""
    intake = ClaimIntake.model_validate(parse_json(text.encode()))
    return to_submitted(
        intake, submitter_id="S", channel="file", correlation_id=None, accepted_at=0, idempotency_key=None
    )


def test_what_a_payer_paid_by_line() -> None:
    """In minor units; and written as JSON it reads back the same."""
    lines = [{"lineNumber": 1, "paid": "50.00"}, {"lineNumber": 2, "paid": "10.00"}]
    claim = submitted(PAYER | {"allowed": "75.50", "lines": lines})
    assert claim.other_payers == (OtherPayer("X", 1, 6_000, (), 7_550, (PayerLine(1, 5_000), PayerLine(2, 1_000))),)
    assert read(dump_json(to_json(claim))) == claim


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"allowed": "75.505"}, "amount_too_fine", "otherPayers[0].allowed"),
        ({"lines": [{"lineNumber": 1, "paid": "60.001"}]}, "amount_too_fine", "otherPayers[0].lines[0].paid"),
        ({"lines": [{"lineNumber": 1, "paid": "59.00"}]}, "payer_paid_contradicts", "otherPayers[0].paid"),
        ({"lines": [{"lineNumber": 3, "paid": "60.00"}]}, "payer_line_contradicts", "otherPayers[0].lines"),
        ({"lines": [{"lineNumber": 1, "paid": "30.00"}] * 2}, "payer_line_contradicts", "otherPayers[0].lines"),
        ({"lines": [{"paid": "60.00"}]}, "missing", "otherPayers[0].lines[0].lineNumber"),
        ({"allowed": "much"}, "number", "otherPayers[0].allowed"),
    ],
)
def test_what_contradicts_itself_is_told(change: dict[str, Any], code: str, place: str) -> None:
    """With its place; nothing is guessed."""
    with pytest.raises(ValidationError) as refused:
        submitted(PAYER | change)
    assert (code, place) in [(found.code, found.place) for found in problems(refused.value)]


def test_old_claims_keep_their_identity() -> None:
    """The digest is that of the release before these fields: a claim sent again then and now is one claim."""
    adjustments = [{"group": "CO", "reason": "45", "amount": "5.00"}]
    items = [{"serviceCode": "99213", "chargedAmount": "100.00"}]
    claim = submitted(PAYER | {"adjustments": adjustments}, items=items)
    assert content_digest(claim) == "6cbc2f28b1e956c6a5ee022d3dc64d0a"
    assert claim.claim_id == "55235c63-fb83-5e3b-8e5d-ef5a2305a2a8"


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_replacement_or_void_carries_items_and_the_root(frequency: str) -> None:
    """By the submitter's own number of the original, as it was sent."""
    original = submitted()
    later = submitted(claimNumber="C-2", frequencyCode=frequency, originalReference="C-1")
    assert (later.root_id, later.lines) == (original.claim_id, original.lines)
    assert later.claim_id != later.root_id
