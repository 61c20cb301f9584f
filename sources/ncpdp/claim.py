"""A transaction as a SubmittedClaim with its findings: billing (B1), reversal (B2) and rebill (B3).

A claim is named by pharmacy, prescription or service, fill and day, all that a reversal says of what it reverses.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from config.limits import CODE_CHARACTERS_MAX
from schemas.claim import Payee, SubmittedClaim
from schemas.intake import with_ids
from sources.ncpdp.attributes import attributes_of
from sources.ncpdp.lines import diagnoses_of, lines_of
from sources.ncpdp.parties import member_of, other_providers_of, pharmacy_of
from sources.ncpdp.payers import other_payers_of
from sources.ncpdp.transmission import CLAIM, INSURANCE, PATIENT, Header, Part, Transaction
from sources.ncpdp.values import Values
from sources.x12.claim import Terms
from sources.x12.findings import EdiFinding

# Transaction codes as frequency codes: original, void, replacement. S1 to S3 are the same for services.
FREQUENCIES: Mapping[str, str] = {"B1": "1", "B2": "8", "B3": "7", "S1": "1", "S2": "8", "S3": "7"}
# Types of a prior authorization (461-EU) whose number is one; other types are certifications and exemptions.
_AUTHORIZED = ("", "0", "1", "8")
_DIGEST_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class Batch:
    """The batch that a transmission stands in; empty where there is none."""

    sender: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRead:
    """A transaction as it was read: its claim, or None when it cannot be one; the fatal finding says why.

    As the item of the same name in sources/x12, without a loop of X12.
    """

    segment: int
    control_number: str
    claim: SubmittedClaim | None
    findings: tuple[EdiFinding, ...]


def read_transaction(
    transaction: Transaction, header: Header, batch: Batch, reference_number: str, terms: Terms
) -> ClaimRead:
    """The claim of a transaction; never raises for what a sender wrote."""
    values = Values(terms.currency)
    claim = transaction.part(CLAIM)
    control_number, original = _names(transaction, header, values)
    day = values.day(claim, "D1", header.date_of_service)
    if not transaction.has(CLAIM):
        values.note(claim, "", "CLAIM_SEGMENT_MISSING", "the transaction has no claim segment (AM07)", fatal=True)
    elif not claim.get("D2"):
        text = "the claim has no prescription number; no answer could name it"
        values.note(claim, "D2", "PRESCRIPTION_MISSING", text, fatal=True)
    if day is None:
        text = "the header has no date of service that is one; the claim was not sent"
        values.note(claim, "D1", "NO_SERVICE_DATE", text, fatal=True)
    made = None
    if day is not None and not any(finding.fatal for finding in values.findings):
        known = _header_attributes(claim, header, batch, reference_number)
        made = _record(transaction, header, (control_number, original), day, known, terms, values)
    # One fault is met again where a value is used twice.
    findings = tuple(dict.fromkeys(values.findings))
    fatal = any(finding.fatal for finding in findings)
    return ClaimRead(transaction.number, control_number, None if fatal else made, findings)


def _names(transaction: Transaction, header: Header, values: Values) -> tuple[str, str | None]:
    """Control number of the claim, and of its original where it amends one.

    Rebills of one prescription differ by a digest of what they say; the same one again is the same claim.
    """
    claim = transaction.part(CLAIM)
    fill = claim.get("D3").zfill(2)
    prescription = claim.get("D2").lstrip("0") or claim.get("D2")
    # A service has a number of its own list (455-EM is 2), which may be that of a prescription.
    kind = "S" if header.transaction_code.startswith("S") else ""
    name = values.code(claim, "D2", f"{header.provider}-{prescription}-{kind}{fill}-{header.date_of_service}") or ""
    frequency = FREQUENCIES.get(header.transaction_code, "1")
    if frequency == "1":
        return name, None
    suffix = "-8"
    if frequency == "7":
        said = repr([(part.segment, part.fields) for part in transaction.parts])
        suffix = f"-7-{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:_DIGEST_CHARACTERS]}"
    return f"{name[: CODE_CHARACTERS_MAX - len(suffix)]}{suffix}", name


def _header_attributes(claim: Part, header: Header, batch: Batch, reference_number: str) -> dict[str, str]:
    return {
        "transaction_code": header.transaction_code,
        "processor_control_number": header.processor_control_number,
        "software": header.software,
        "batch_sender": batch.sender,
        "batch_number": batch.number,
        "batch_reference": reference_number,
        "prescription_number": claim.get("D2")[:CODE_CHARACTERS_MAX],
    }


def _record(
    transaction: Transaction,
    header: Header,
    names: tuple[str, str | None],
    day: int,
    known: Mapping[str, str],
    terms: Terms,
    values: Values,
) -> SubmittedClaim:
    claim, patient = transaction.part(CLAIM), transaction.part(PATIENT)
    control_number, original = names
    frequency = FREQUENCIES[header.transaction_code]
    place = values.code(patient, "C7")
    diagnoses = diagnoses_of(transaction, values)
    lines = lines_of(transaction, day, place, len(diagnoses), frequency == "8", values)
    pharmacy = pharmacy_of(header, claim, values)
    member = member_of(transaction, values)
    submitter = terms.submitter_id or header.provider
    if not submitter:
        submitter = "file"
    payee = _payee(transaction, member.name, values)
    authorized = claim.get("EU").lstrip("0") in ("", *_AUTHORIZED)
    made = SubmittedClaim(
        "", "", submitter, control_number, None,
        "pharmacy", "reimbursement" if payee else "cashless", "outpatient", terms.currency, frequency, original,
        member, pharmacy, other_providers_of(transaction, values), payee,
        values.code(claim, "A1", header.bin), day, day, None, None,
        place, None, None, None,
        diagnoses, lines, sum(line.charge for line in lines),
        values.code(claim, "EV") if authorized else None, None,
        other_payers_of(transaction, values), (),
        attributes_of(transaction, known, values),
        "edi", terms.correlation(control_number), terms.accepted_at(),
    )  # fmt: skip
    return with_ids(made)


def _payee(transaction: Transaction, patient: str | None, values: Values) -> Payee | None:
    """Whom to pay where the benefit is not assigned to the pharmacy (391-MT is N): the cardholder, else the patient."""
    claim, insurance = transaction.part(CLAIM), transaction.part(INSURANCE)
    if claim.get("MT") != "N":
        return None
    parts = (values.text(insurance, "CC"), values.text(insurance, "CD"))
    name = values.text(insurance, "CD", " ".join(one for one in parts if one)) or patient
    if name is None:
        values.note(claim, "MT", "PAYEE_MISSING", "the member is to be paid, and nobody is named; the pharmacy is paid")
        return None
    return Payee(name, None, None)
