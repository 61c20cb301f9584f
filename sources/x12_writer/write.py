"""Claims to an X12 file, streamed: envelopes with their counts, the hierarchy, a claim at a time."""

from collections.abc import Iterable, Iterator

from schemas.claim import SubmittedClaim
from sources.x12 import keys
from sources.x12.header import ENCOUNTERS
from sources.x12_writer.claim import claim_loop
from sources.x12_writer.envelope import GUIDES, Envelope, group_header, interchange_header, transaction_header
from sources.x12_writer.levels import Above, above
from sources.x12_writer.parties import unwritable
from sources.x12_writer.said import Said
from sources.x12_writer.segment import TERMINATOR, finished, segment

# The guides recommend no more claims in one transaction.
CLAIMS_OF_TRANSACTION_MAX = 5_000
_USUAL_TYPE, _USUAL_PURPOSE = "CH", "00"
_NOTHING = Above("", "", "")


class NotInX12Error(ValueError):
    """A claim that no guide of X12 is for; the text says why."""


def write(claims: Iterable[SubmittedClaim], envelope: Envelope) -> Iterator[bytes]:
    """One interchange of all claims, in their order, piece by piece; at most one claim is in memory.

    Claims in a row of the same form share a group, of the same submitter a transaction, of the same provider,
    subscriber and patient a level. Amounts are in the currency of the claim, named (CUR) where it is not that of the
    envelope. Raises NotInX12Error for a pharmacy claim and for one without a control number.
    """
    writer = _Writer(envelope)
    yield finished(interchange_header(envelope), envelope.separators).encode()
    for claim in claims:
        yield finished(writer.add(claim), envelope.separators).encode()
    yield finished(writer.end(), envelope.separators).encode()


def unwritten(claim: SubmittedClaim) -> list[str]:
    """What of the claim X12 has no place for: names of fields, and keys of attributes of the claim and its lines."""
    said = Said(claim.attributes)
    above(claim, said, claim.currency)
    _kind(claim, said)
    left = claim_loop(claim, said)[1]
    named = [claim.provider.identifiers, *(other.identifiers for other in claim.other_providers)]
    left += [f"identifier {one.system}" for identifiers in named for one in unwritable(identifiers)]
    fields = {
        "idempotency_key": claim.idempotency_key,
        "room_class": claim.room_class,
        "member_id": claim.member.member_id, "provider_id": claim.provider.provider_id,
        # CLM08 says that the subscriber is to be paid, and not where.
        "payee": claim.payee and (claim.payee.bank_code or claim.payee.account_number),
        "diagnosis_pointers": claim.form == "institutional" and any(line.diagnosis_pointers for line in claim.lines),
    }  # fmt: skip
    return [*(name for name, value in fields.items() if value), *left]


class _Writer:
    """Where in the file we are: open envelopes, their counts and control numbers, open levels."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self._guide = ""
        self._transaction: tuple[str, str, str] | None = None
        self._groups = self._transactions = self._of_group = 0
        self._segments = self._claims = self._levels = 0
        self._above = _NOTHING
        self._billing_number = self._subscriber_number = 0

    def add(self, claim: SubmittedClaim) -> str:
        """The segments of a claim with all that opens or closes before it."""
        guide = GUIDES.get(claim.form)
        if guide is None:
            raise NotInX12Error(f"a {claim.form} claim has no guide of X12; write professional, institutional, dental")
        if not claim.claim_control_number:
            raise NotInX12Error("a claim without a control number (claimNumber) cannot be written: no answer names it")
        said = Said(claim.attributes)
        standing = (claim.submitter_id, *_kind(claim, said))
        opened = self._open(guide, standing)
        levels = above(claim, said, self._envelope.currency)
        text = f"{self._levels_of(levels)}{claim_loop(claim, said)[0]}"
        self._segments += text.count(TERMINATOR)
        self._claims += 1
        return f"{opened}{text}"

    def end(self) -> str:
        """The trailers of all that is open."""
        closed = self._close_group()
        return f"{closed}{segment('IEA', str(self._groups), self._envelope.control)}"

    def _open(self, guide: str, standing: tuple[str, str, str]) -> str:
        """Headers that the next claim needs."""
        text = ""
        if guide != self._guide:
            text = self._close_group()
            self._guide, self._of_group = guide, 0
            self._groups += 1
            text += group_header(self._envelope, guide, self._groups)
        if standing != self._transaction or self._claims >= CLAIMS_OF_TRANSACTION_MAX:
            text += self._close_transaction()
            submitter, purpose, kind = standing
            self._transaction, self._above = standing, _NOTHING
            self._transactions += 1
            self._of_group += 1
            self._claims = self._levels = 0
            header = transaction_header(self._envelope, guide, self._transactions, submitter, purpose, kind)
            self._segments = header.count(TERMINATOR)
            text += header
        return text

    def _levels_of(self, levels: Above) -> str:
        """HL of the levels that are not open yet."""
        known = self._above
        self._above = levels
        text = ""
        if levels.billing != known.billing or not self._levels:
            self._billing_number = self._levels = self._levels + 1
            text = segment("HL", str(self._levels), "", "20", "1") + levels.billing
            known = _NOTHING
        has_patient = bool(levels.patient)
        if levels.subscriber != known.subscriber or has_patient != bool(known.patient):
            self._subscriber_number = self._levels = self._levels + 1
            parent = str(self._billing_number)
            text += segment("HL", str(self._levels), parent, "22", "1" if has_patient else "0") + levels.subscriber
            known = _NOTHING
        if has_patient and levels.patient != known.patient:
            self._levels += 1
            text += segment("HL", str(self._levels), str(self._subscriber_number), "23", "0") + levels.patient
        return text

    def _close_transaction(self) -> str:
        if self._transaction is None:
            return ""
        self._transaction = None
        return segment("SE", str(self._segments + 1), f"{self._transactions:04d}")

    def _close_group(self) -> str:
        if not self._guide:
            return ""
        closed = self._close_transaction()
        self._guide = ""
        return closed + segment("GE", str(self._of_group), str(self._groups))


def _kind(claim: SubmittedClaim, said: Said) -> tuple[str, str]:
    """BHT02 and BHT06."""
    purpose = said.take(keys.TRANSACTION_PURPOSE)
    kind = ENCOUNTERS if claim.encounter else said.take(keys.TRANSACTION_TYPE)
    return purpose or _USUAL_PURPOSE, kind or _USUAL_TYPE
