"""Submitted claims as rows of revision 0: what is known of them before any stage has looked at them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.statements_receive import CLAIM, ITEM, SEPARATOR
from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import calendar_of, day_at, moment_of
from schemas.money import decimal_of

# A claim, its number, and the digest of its content.
Received = tuple[SubmittedClaim, str, str]


def columns_of(received: Sequence[Received]) -> list[Sequence[Any]]:
    """Parameters of statements_receive.RECEIVE: an array for each column. A claim that comes twice stands once."""
    once = {claim.claim_id: (claim, number, digest) for claim, number, digest in received}
    rows = [(*claim_row(claim, number), digest) for claim, number, digest in once.values()]
    items = [row for claim, _, _ in once.values() for row in item_rows(claim)]
    return [*_columns(rows, len(CLAIM)), *_columns(items, len(ITEM))]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def claim_row(claim: SubmittedClaim, claim_number: str) -> tuple[Any, ...]:
    """The claim in the order of statements_receive.CLAIM, but for the digest."""
    return (
        UUID(claim.claim_id), claim_number, UUID(claim.root_id),
        claim.form, claim.settlement, claim.service_type,
        claim.member.member_id, claim.provider.provider_id, claim.submitter_id,
        calendar_of(claim.service_from), calendar_of(claim.service_to),
        claim.currency, decimal_of(claim.total_charge, claim.currency),
        claim.channel, claim.correlation_id or "",
        moment_of(claim.accepted_at), calendar_of(day_at(claim.accepted_at, PAYER_UTC_OFFSET_MINUTES)),
    )  # fmt: skip


def item_rows(claim: SubmittedClaim) -> Iterator[tuple[Any, ...]]:
    """The lines in the order of statements_receive.ITEM; a line number that comes twice stands once."""
    for line in claim.lines:
        yield (
            UUID(claim.claim_id), line.line_number, line.service_code, line.code_system,
            _first_diagnosis(claim, line), SEPARATOR.join(line.modifiers), Decimal(line.units_milli).scaleb(-3),
            decimal_of(line.charge, claim.currency),
        )  # fmt: skip


def _first_diagnosis(claim: SubmittedClaim, line: ClaimLine) -> str | None:
    position = line.diagnosis_pointers[0] if line.diagnosis_pointers else 0
    return claim.diagnoses[position - 1].code if 0 < position <= len(claim.diagnoses) else None
