"""A submitted claim as rows of revision 0: what is known of it before any stage has looked at it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import calendar_of, day_at, moment_of
from schemas.money import decimal_of


def accepted_at(claim: SubmittedClaim) -> datetime:
    """When the claim was accepted, as an aware moment."""
    return moment_of(claim.accepted_at)


def claim_row(claim: SubmittedClaim, claim_number: str) -> tuple[Any, ...]:
    """Parameters of statements.RECEIVE."""
    return (
        UUID(claim.claim_id), claim_number, UUID(claim.root_id),
        claim.form, claim.settlement, claim.service_type,
        claim.member.member_id, claim.provider.provider_id, claim.submitter_id,
        calendar_of(claim.service_from), calendar_of(claim.service_to),
        claim.currency, decimal_of(claim.total_charge, claim.currency),
        claim.channel, claim.correlation_id or "",
        accepted_at(claim), calendar_of(day_at(claim.accepted_at, PAYER_UTC_OFFSET_MINUTES)),
    )  # fmt: skip


def item_rows(claim: SubmittedClaim) -> Iterator[tuple[Any, ...]]:
    """Parameters of statements.RECEIVE_ITEMS, one for each line; a line number that comes twice stands once."""
    for line in claim.lines:
        yield (
            UUID(claim.claim_id), line.line_number, line.service_code, line.code_system,
            _first_diagnosis(claim, line), list(line.modifiers), Decimal(line.units_milli).scaleb(-3),
            decimal_of(line.charge, claim.currency),
        )  # fmt: skip


def _first_diagnosis(claim: SubmittedClaim, line: ClaimLine) -> str | None:
    position = line.diagnosis_pointers[0] if line.diagnosis_pointers else 0
    return claim.diagnoses[position - 1].code if 0 < position <= len(claim.diagnoses) else None
