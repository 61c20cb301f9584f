"""A loop 2300 as a SubmittedClaim with its findings: the claim of an imperfect sender is still a claim."""

from collections.abc import Callable
from dataclasses import dataclass

from config.limits import ATTACHMENTS_MAX
from schemas.claim import Attachment, SubmittedClaim
from schemas.intake import with_ids
from schemas.money import decimal_of
from schemas.vocabulary import ServiceType
from sources.x12.envelope import GUIDES, OLD_GUIDES
from sources.x12.findings import EdiFinding
from sources.x12.lines import diagnoses_of, kinds_of, lines_of, other_payers_of, periods_of
from sources.x12.loops import SUBSCRIBER, ClaimLoop
from sources.x12.parties import member_of, other_providers_of, payer_of, provider_of
from sources.x12.transaction import CLAIM_SEGMENTS_MAX
from sources.x12.values import Reader

# Places of service that make a claim more than outpatient (the public list of place of service codes).
SERVICE_TYPES: dict[str, ServiceType] = {"21": "inpatient", "51": "inpatient", "61": "inpatient", "23": "emergency"}


@dataclass(frozen=True, slots=True)
class ClaimRead:
    """A claim of a file: its record, or None when it cannot be one; the fatal finding says why."""

    segment: int
    control_number: str
    claim: SubmittedClaim | None
    findings: tuple[EdiFinding, ...]
    # As it stands in the file, so that an answer can name it whatever became of it (sources/x12/subject.py).
    loop: ClaimLoop
    # A predetermination of benefits as a record: nobody may send it as a claim to pay.
    predetermination: SubmittedClaim | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file does not say: currency, who submits where the file does not, when it was accepted, in what trace."""

    currency: str
    submitter_id: str | None
    accepted_at: Callable[[], int]
    correlation: Callable[[str], str]


def read_claim(loop: ClaimLoop, guide: str, submitter: str, terms: Terms) -> ClaimRead:
    """The claim of a loop; never raises for what a sender wrote."""
    reader = Reader(terms.currency)
    control_number = reader.code(loop.claim, 1) or ""
    _check_kind(loop, guide, reader)
    _check_header(loop, reader)
    claim = None
    if not any(finding.fatal for finding in reader.findings):
        claim = _record(loop, control_number, submitter, terms, reader)
    if any(finding.fatal for finding in reader.findings):
        claim = None
    return ClaimRead(loop.claim.number, control_number, claim, tuple(reader.findings), loop)


def _check_kind(loop: ClaimLoop, guide: str, reader: Reader) -> None:
    """Lines say what a claim is, more surely than the guide does; only professional ones are read."""
    known = next((kind for start, kind in (GUIDES | OLD_GUIDES).items() if guide.startswith(start)), None)
    kinds = kinds_of(loop)
    if len(kinds) > 1:
        text = f"the claim has {' and '.join(sorted(kinds))} lines; the claim was not sent"
        reader.note(loop.claim, "2400", "LINES_MIXED", text, fatal=True)
        return
    kind = min(kinds) if kinds else known or "professional"
    if known is not None and kind != known:
        text = f"the guide {guide} is for {known} claims, the lines are {kind}"
        reader.note(loop.claim, "ST03", "WRONG_SV", text)
    if kind != "professional":
        text = f"{kind} claims are not read yet; the claim was not sent"
        reader.note(loop.claim, "CLM", "CLAIM_UNREAD", text, fatal=True)


def _check_header(loop: ClaimLoop, reader: Reader) -> None:
    claim = loop.claim
    if not claim.get(1):
        reader.note(claim, "CLM01", "CLM01_MISSING", "the claim has no control number; no answer could name it", True)
    facility = claim.parts(5)
    if not facility[0]:
        reader.note(claim, "CLM05-1", "CLM05_MISSING", "the place of service is missing")
    elif len(facility[0]) > 2:
        text = "is no place of service of 2 characters; is the component separator that of ISA16?"
        reader.note(claim, "CLM05-1", "CLM05_1_BAD", text)
    if facility[0] and (len(facility) < 2 or not facility[1]):
        reader.note(claim, "CLM05-2", "CLM05_2", "the qualifier of the place of service (B) is missing")
    if claim.get(19) == "PB":
        reader.note(claim, "CLM19", "PREDETERMINATION", "a predetermination of benefits is no claim to pay", True)
    subscriber = loop.level_of(SUBSCRIBER)
    if subscriber is not None and (subscriber.insured is None or not subscriber.insured.get(9)):
        where = subscriber.insured or claim
        reader.note(where, "SBR09", "SBR09", "the claim filing indicator is missing, or in another position")
    if not loop.services:
        reader.note(claim, "2400", "NO_LINES", "the claim has no service lines")
    if loop.segments > CLAIM_SEGMENTS_MAX:
        text = f"the claim has more than {CLAIM_SEGMENTS_MAX} segments; it was not sent"
        reader.note(claim, "CLM", "CLAIM_LONG", text, fatal=True)


def _record(
    loop: ClaimLoop, control_number: str, submitter: str, terms: Terms, reader: Reader
) -> SubmittedClaim | None:
    periods = periods_of(loop, reader)
    known = [period for period in periods if period is not None]
    if not known:
        text = "no line has a date of service (DTP*472): the claim was not sent"
        reader.note(loop.claim, "DTP", "NO_SERVICE_DATE", text, fatal=True)
        return None
    first, last = min(min(period) for period in known), max(max(period) for period in known)
    diagnoses = diagnoses_of(loop, first, reader)
    lines = lines_of(loop, periods, len(diagnoses), (first, first), reader)
    charge = reader.amount(loop.claim, 2)
    total = sum(line.charge for line in lines)
    if charge != total:
        stated, summed = decimal_of(charge, terms.currency), decimal_of(total, terms.currency)
        reader.note(loop.claim, "CLM02", "BALANCE", f"the charge is {stated}, the lines make {summed}")
    facility = loop.claim.parts(5)
    references = {reference.get(1): reference for reference in reversed(loop.references)}
    numbers: dict[str, str | None] = {
        name: reader.code(references[name], 2) for name in ("F8", "G1", "9F", "EA") if name in references
    }
    submitter_id = terms.submitter_id or submitter
    claim = SubmittedClaim(
        "", "", submitter_id, control_number, None,
        "professional", "cashless", SERVICE_TYPES.get(facility[0], "outpatient"), terms.currency,
        reader.code(loop.claim, 5, facility[2] if len(facility) > 2 else "") or "1", numbers.get("F8"),
        member_of(loop, reader), provider_of(loop, reader), other_providers_of(loop, reader), None,
        payer_of(loop, reader), first, last,
        _day(loop, "435", reader), _day(loop, "096", reader),
        facility[0] if len(facility[0]) <= 2 and facility[0] else None, None, None, None,
        diagnoses, lines, charge, numbers.get("G1"), numbers.get("9F"),
        other_payers_of(loop, lines, reader), _attachments(loop, control_number, reader),
        {"medical_record_number": number} if (number := numbers.get("EA")) else {},
        "edi", terms.correlation(control_number), terms.accepted_at(),
    )  # fmt: skip
    return with_ids(claim)


def _day(loop: ClaimLoop, qualifier: str, reader: Reader) -> int | None:
    """Admission (435) or discharge (096), where it is a date; a time of day is none."""
    for segment in loop.dates:
        if segment.get(1) == qualifier and segment.get(2) != "TM":
            found = reader.days(segment)
            return found[0] if found else None
    return None


def _attachments(loop: ClaimLoop, control_number: str, reader: Reader) -> tuple[Attachment, ...]:
    return tuple(
        [
            Attachment(
                attachment_id=reader.code(segment, 6) or f"{control_number[:40]}-{place}",
                kind=reader.code(segment, 1) or "OZ",
                control_number=reader.code(segment, 6),
                location=reader.code(segment, 2),
            )
            for place, segment in enumerate(loop.attachments[:ATTACHMENTS_MAX], start=1)
        ]
    )
