"""What a 277CA names of a claim, out of the claim's loop as it stood in the file."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from schemas.claim import SubmittedClaim
from schemas.dates import parse_day, year_of
from schemas.edi import EdiClaim, EdiParty
from schemas.identifiers import claim_number
from schemas.money import EXPONENTS, MAXIMUM_MINOR, MoneyError, minor_of
from sources.answers.amounts import kept
from sources.answers.interchange import IDENTIFIER_MAX, NAME_MAX, REFERENCE_MAX
from sources.answers.lines import lines_of
from sources.x12.claim import ClaimRead
from sources.x12.envelope import element
from sources.x12.loops import ClaimLoop, Level
from sources.x12.subject import Subject, subject_of

# Guides of institutional claims: what CLM05 says of them is a type of bill.
_INSTITUTIONAL = ("005010X223", "004010X096")
CURRENCY_MAX = 3
NOBODY = EdiParty(False, "", "", "", "", "", "")


# The same submitter and providers come claim by claim.
@lru_cache(maxsize=1_024)
def party_of(name: tuple[str, ...]) -> EdiParty:
    """A party out of the elements of its NM1."""
    if not name:
        return NOBODY
    at = [element.strip() for element in name] + [""] * (10 - len(name))
    return EdiParty(
        at[2] == "1", at[3][:NAME_MAX], at[4][:NAME_MAX], at[5][:NAME_MAX], at[7][:10], at[8][:2],
        at[9][:IDENTIFIER_MAX],
    )  # fmt: skip


def claim_of(read: ClaimRead, guide: str, currency: str, received_at: int) -> EdiClaim:
    """A claim as it was read: with its id where a record was made of it, else with the codes that speak against it."""
    subject = subject_of(read.loop)
    claim = read.claim
    known = claim or read.predetermination
    # Amounts are in the currency that the claim's own levels name.
    currency = known.currency if known is not None else _currency_of(read.loop) or currency
    refused = () if claim is not None else tuple(dict.fromkeys(one.code for one in read.findings if one.fatal))
    first, last = _days_of(subject, claim)
    return EdiClaim(
        claim_id=claim.claim_id if claim is not None else None,
        claim_number=claim_number(claim.root_id, year_of(claim.service_from)) if claim is not None else None,
        control_number=subject.control_number[:REFERENCE_MAX],
        accepted_at=claim.accepted_at if claim is not None else received_at,
        charged=claim.total_charge if claim is not None else _minor(subject.charge, currency),
        currency=currency,
        service_from=first,
        service_to=last,
        bill_type=subject.bill_type[:4] or None if guide.startswith(_INSTITUTIONAL) else None,
        clearinghouse_trace=subject.clearinghouse_number[:REFERENCE_MAX] or None,
        provider=party_of(subject.provider),
        patient=_patient(subject),
        refused_for=refused,
        lines=lines_of(read, subject.lines),
        charge=kept(subject.charge),
        frequency_code=claim.frequency_code if claim is not None else None,
    )


def _patient(subject: Subject) -> EdiParty:
    """The patient, under the subscriber's number where the patient has none: members are known by it."""
    patient, subscriber = party_of(subject.patient), party_of(subject.subscriber)
    named = patient if patient.identifier else subscriber
    return EdiParty(
        True, patient.name, patient.first_name, patient.middle_name, patient.suffix, named.qualifier, named.identifier
    )


def _currency_of(loop: ClaimLoop) -> str:
    """What a level above the claim names (CUR02), the nearest first; empty for none."""
    level: Level | None = loop.level
    while level is not None:
        named = [element(segment, 2) for segment in level.segments if segment[0] == "CUR"]
        if named and named[-1]:
            return named[-1][:CURRENCY_MAX]
        level = level.parent
    return ""


def _minor(text: str, currency: str) -> int:
    """Minor units; whole ones of a currency that we cannot hold. 0 of what is no amount."""
    try:
        if currency in EXPONENTS:
            return minor_of(text, currency)
        amount = Decimal(text)
        return int(amount) if abs(amount) < MAXIMUM_MINOR and amount == amount.to_integral_value() else 0
    except (MoneyError, InvalidOperation):
        return 0


def _days_of(subject: Subject, claim: SubmittedClaim | None) -> tuple[int | None, int | None]:
    if claim is not None:
        return claim.service_from, claim.service_to
    days = [day for form, text in subject.dates for part in text.split("-") if (day := _day(form, part)) is not None]
    return (min(days), max(days)) if days else (None, None)


def _day(form: str, text: str) -> int | None:
    digits = text[:8]
    if form not in ("D8", "RD8", "DT") or not (len(digits) == 8 and digits.isascii() and digits.isdigit()):
        return None
    try:
        return parse_day(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        return None
