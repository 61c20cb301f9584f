"""Submitted claims as rows of revision 0: what is known of them before any stage has looked at them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from api.statements_receive import CLAIM, ITEM
from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import day_at, moment_of, text_of
from schemas.json_text import dump_json
from schemas.money import decimal_of

# A claim, its number, and the digest of its content.
Received = tuple[SubmittedClaim, str, str]


def json_of(received: Sequence[Received]) -> tuple[str, str]:
    """Parameters of statements_receive.RECEIVE: the claims and their lines. A claim that comes twice stands once."""
    once = {claim.claim_id: (claim, number, digest) for claim, number, digest in received}
    rows = [(*claim_row(claim, number), digest) for claim, number, digest in once.values()]
    items = [row for claim, _, _ in once.values() for row in item_rows(claim)]
    return _objects(CLAIM, rows), _objects(ITEM, items)


def _objects(columns: tuple[tuple[str, str], ...], rows: Iterable[tuple[object, ...]]) -> str:
    names = [name for name, _ in columns]
    return dump_json([dict(zip(names, row, strict=True)) for row in rows])


def claim_row(claim: SubmittedClaim, claim_number: str) -> tuple[object, ...]:
    """The claim in the order of statements_receive.CLAIM, but for the digest."""
    return (
        claim.claim_id, claim_number, claim.root_id,
        claim.form, claim.settlement, claim.service_type,
        claim.member.member_id, claim.provider.provider_id, claim.submitter_id,
        text_of(claim.service_from), text_of(claim.service_to),
        claim.currency, decimal_of(claim.total_charge, claim.currency),
        claim.channel, claim.correlation_id or "",
        moment_of(claim.accepted_at).isoformat(),
        text_of(day_at(claim.accepted_at, PAYER_UTC_OFFSET_MINUTES)),
    )  # fmt: skip


def item_rows(claim: SubmittedClaim) -> Iterator[tuple[object, ...]]:
    """The lines in the order of statements_receive.ITEM; a line number that comes twice stands once."""
    for line in claim.lines:
        yield (
            claim.claim_id, line.line_number, line.service_code, line.code_system,
            _first_diagnosis(claim, line), line.modifiers, Decimal(line.units_milli).scaleb(-3),
            decimal_of(line.charge, claim.currency),
        )  # fmt: skip


def _first_diagnosis(claim: SubmittedClaim, line: ClaimLine) -> str | None:
    position = line.diagnosis_pointers[0] if line.diagnosis_pointers else 0
    return claim.diagnoses[position - 1].code if 0 < position <= len(claim.diagnoses) else None
