"""The levels above a claim as text without their HL: billing provider (2000A), subscriber (2000B), patient (2000C).

Claims in a row whose levels have the same text stand under the same levels: that is how they are grouped.
"""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.claim import SubmittedClaim
from sources.x12 import keys
from sources.x12.parties import SUBSCRIBER_NUMBER
from sources.x12_writer.dates import date_elements
from sources.x12_writer.parties import QUALIFIERS, following, identified, named, names, whole
from sources.x12_writer.said import Said
from sources.x12_writer.segment import clean, day, segment, written

RELATIONSHIPS: Mapping[str, str] = {"self": "18", "spouse": "01", "child": "19", "other": "G8"}
# Parties of the billing level; whatever else stood above a claim is written on the subscriber's.
_BILLING_PARTIES: Mapping[str, str] = {"pay_to": "87", "pay_to_plan": "PE", "party.85": "85"}
_RESPONSIBLE = ("responsible", "QD")


class Above(NamedTuple):
    """Texts of the levels above a claim; `patient` is empty where the subscriber is the patient."""

    billing: str
    subscriber: str
    patient: str


def above(claim: SubmittedClaim, said: Said, file_currency: str) -> Above:
    """The levels of a claim; takes their attributes."""
    is_dependent = _is_dependent(claim, said)
    billing = _billing(claim, said, file_currency)
    patient = _patient(claim, said) if is_dependent else ""
    return Above(billing, _subscriber(claim, said, is_dependent), patient)


def _is_dependent(claim: SubmittedClaim, said: Said) -> bool:
    identifiers = claim.member.identifiers
    return (bool(identifiers) and identifiers[0].system == SUBSCRIBER_NUMBER) or said.has_any("subscriber.")


def _billing(claim: SubmittedClaim, said: Said, file_currency: str) -> str:
    taxonomy = said.take("billing.taxonomy")
    parts = [segment("PRV", "BI", "PXC", taxonomy)] if taxonomy else []
    if claim.currency != file_currency:
        parts.append(segment("CUR", "85", claim.currency))
    qualifier, number, references = identified(claim.provider.identifiers)
    name = names("billing", claim.provider.name, said)
    rest = following("billing", said, references, levelled=True)
    if number or rest or any(name[1:]):
        parts.append(named("85", name, qualifier, number) + rest)
    for prefix, code in _BILLING_PARTIES.items():
        if said.has_any(f"{prefix}."):
            parts.append(whole(code, prefix, said))
    return "".join(parts)


def _subscriber(claim: SubmittedClaim, said: Said, is_dependent: bool) -> str:
    if is_dependent:
        relationship, person = "", _insured(claim, said)
    else:
        relationship = said.take("relationship_code") or _relationship(claim)
        person = _person(claim, said, "IL")
    insured = segment("SBR", *said.placed(["", relationship], keys.SBR_POSITIONS, "sbr"))
    details = "" if is_dependent else _details("", said)
    further = "".join(_further(said))
    return f"{insured}{details}{person}{_payer(claim, said)}{further}"


def _insured(claim: SubmittedClaim, said: Said) -> str:
    """The subscriber of a dependent, by the attributes that say who it is."""
    number = said.take("subscriber.number")
    if not number and claim.member.identifiers and claim.member.identifiers[0].system == SUBSCRIBER_NUMBER:
        number = clean(claim.member.identifiers[0].value)
    qualifier = said.take("subscriber.number_qualifier") or "MI"
    name = names("subscriber", said.take("subscriber.name"), said)
    text = named("IL", name, qualifier, number)
    born, sex = said.take_raw("subscriber.birth_date"), said.take("subscriber.sex")
    form, birth = date_elements(born) if born else ("", "")
    if said.has("subscriber.demographics"):
        return text + following("subscriber", said)
    demographics = segment("DMG", form, birth, sex) if birth or sex else ""
    return text + _with_demographics("subscriber", said, demographics)


def _person(claim: SubmittedClaim, said: Said, code: str) -> str:
    """The patient as NM1 with address and demographics."""
    member = claim.member
    own = [one for one in member.identifiers if one.system != SUBSCRIBER_NUMBER]
    number = clean(own[0].value) if own else clean(member.member_id)
    qualifier = QUALIFIERS.get(own[0].system, "MI") if own else "MI"
    text = named(code, names("patient", member.name, said), qualifier, number)
    if said.has("patient.demographics"):
        return text + following("patient", said)
    birth = "" if member.birth_date is None else day(member.birth_date)
    sex = clean(member.sex)
    demographics = segment("DMG", "D8" if birth else "", birth, sex) if birth or sex else ""
    return text + _with_demographics("patient", said, demographics)


def _with_demographics(prefix: str, said: Said, demographics: str) -> str:
    """DMG stands after the address and before the references."""
    return following(prefix, said, [demographics] if demographics else [])


def _patient(claim: SubmittedClaim, said: Said) -> str:
    code = said.take("relationship_code") if said.has("relationship_code") else _relationship(claim)
    return _details(code, said, always=True) + _person(claim, said, "QC")


def _details(code: str, said: Said, always: bool = False) -> str:
    """PAT: relationship of a dependent, death, weight, pregnancy."""
    status = said.take("patient.status").split("\x1d")
    death = said.take_raw("patient.death_date")
    weight = said.take("patient.weight")
    pregnant = said.take("patient.pregnant")
    unit, _, pounds = weight.rpartition("\x1d")
    form, died = date_elements(death) if death else ("", "")
    text = segment(
        "PAT", code, *(*status, "", "", "")[:3], form, died, (unit or "01") if pounds else "", pounds, pregnant
    )
    return text if always or any((any(status), death, weight, pregnant)) else ""


def _payer(claim: SubmittedClaim, said: Said) -> str:
    name = ("2", said.take("payer.name"), "", "", "", "")
    qualifier = said.take("payer.id_qualifier") or "PI"
    rest = following("payer", said)
    number = clean(claim.payer_id)
    return named("PR", name, qualifier, number) + rest if number or name[1] or rest else ""


def _further(said: Said) -> list[str]:
    """Parties of levels that no field and no other level has."""
    prefix, code = _RESPONSIBLE
    parts = [whole(code, prefix, said)] if said.has_any(f"{prefix}.") else []
    codes = dict.fromkeys(key.split(".")[1] for key in said.keys("party."))
    return parts + [whole(written(code), f"party.{code}", said) for code in codes]


def _relationship(claim: SubmittedClaim) -> str:
    return RELATIONSHIPS.get(claim.member.relationship or "self", "G8")
