"""People and organizations of an 837 as references: patient, billing provider, further providers, payer."""

from collections.abc import Mapping

from schemas.claim import Identifier, MemberReference, OtherProvider, ProviderReference
from schemas.identity import npi_check_digit_fits
from sources.x12.loops import BILLING, PATIENT, SUBSCRIBER, ClaimLoop, Party
from sources.x12.segments import Segment
from sources.x12.values import Reader

# NM108 and REF01 as our names of identifier systems.
SYSTEMS: Mapping[str, str] = {
    "XX": "npi", "24": "tax_id", "EI": "tax_id", "34": "ssn", "SY": "ssn", "MI": "member_number", "II": "health_id",
    "0B": "license", "1G": "upin", "G2": "commercial_number", "LU": "location_number", "PI": "payer_number",
}  # fmt: skip
ROLES: Mapping[str, str] = {
    "82": "rendering", "DN": "referring", "P3": "referring", "77": "facility", "DQ": "supervising", "DK": "ordering",
}  # fmt: skip
RELATIONSHIPS: Mapping[str, str] = {"18": "self", "01": "spouse", "19": "child"}
_IDENTIFIERS_OF_PROVIDERS = ("EI", "SY", "0B", "1G", "G2", "LU")
_SEXES = ("F", "M", "U")
# A patient without an identifier of their own: the subscriber's says whose family it is, and not who.
SUBSCRIBER_NUMBER = "subscriber_number"
OTHER_PROVIDERS_MAX = 20


def member_of(loop: ClaimLoop, reader: Reader) -> MemberReference:
    """The patient: of 2000C where the claim stands under one, else the subscriber of 2000B."""
    subscriber, patient = loop.level_of(SUBSCRIBER), loop.level_of(PATIENT)
    insured = subscriber.party("IL") if subscriber is not None else Party()
    if insured.name is None:
        text = "no subscriber (NM1*IL in 2010BA) stands above the claim; none is taken from an earlier one"
        reader.note(loop.claim, "2010BA", "NO_SUBSCRIBER", text)
    elif not insured.name.get(9):
        reader.note(insured.name, "NM109", "NO_MEMBER_NUMBER", "the subscriber has no member number")
    if patient is None:
        relationship = subscriber.insured.get(2) if subscriber is not None and subscriber.insured else ""
        return _reference(insured, _own(insured, reader), RELATIONSHIPS.get(relationship, "self"), reader)
    person = patient.party("QC")
    if person.name is None:
        reader.note(loop.claim, "2010CA", "NO_PATIENT", "level 23 stands above the claim and names no patient (NM1*QC)")
    identifiers = _own(person, reader)
    if not identifiers and insured.name is not None and (number := reader.code(insured.name, 9)):
        identifiers = (Identifier(SUBSCRIBER_NUMBER, number),)
    relationship = RELATIONSHIPS.get(patient.patient.get(1), "other") if patient.patient else "other"
    return _reference(person, identifiers, relationship, reader)


def _own(party: Party, reader: Reader) -> tuple[Identifier, ...]:
    if party.name is None or (value := reader.code(party.name, 9)) is None:
        return ()
    return (Identifier(SYSTEMS.get(party.name.get(8), "member_number"), value),)


def _reference(party: Party, identifiers: tuple[Identifier, ...], relationship: str, reader: Reader) -> MemberReference:
    sex = party.demographics.get(3) if party.demographics else ""
    return MemberReference(
        member_id=None,
        identifiers=identifiers,
        name=_name(party.name, reader),
        birth_date=reader.day(party.demographics, 1, 2),
        sex=sex if sex in _SEXES else None,
        relationship=relationship,
    )


def provider_of(loop: ClaimLoop, reader: Reader) -> ProviderReference:
    """The billing provider of 2010AA."""
    level = loop.level_of(BILLING)
    party = level.party("85") if level is not None else Party()
    if party.name is None or not party.name.get(9):
        text = "no billing provider with an identifier (NM1*85, NM109) stands above the claim"
        reader.note(loop.claim if party.name is None else party.name, "2010AA NM109", "NO_BILLING_NPI", text)
    elif party.name.get(8) != "XX":
        text = f"NM108 of the billing provider is {party.name.get(8) or '(empty)'}; guides of 5010 want XX, an NPI"
        reader.note(party.name, "2010AA NM108", "NPI_QUAL", text)
    elif not npi_check_digit_fits(party.name.get(9)):
        text = f"the check digit of the billing provider's NPI {party.name.get(9)[:10]} does not fit"
        reader.note(party.name, "2010AA NM109", "NPI_CHECKDIGIT", text)
    return ProviderReference(None, _identifiers(party, reader), _name(party.name, reader))


def other_providers_of(loop: ClaimLoop, reader: Reader) -> tuple[OtherProvider, ...]:
    """Further providers of 2310, and the pay-to address of 2010AB where it names one."""
    found = [
        OtherProvider(ROLES[party.name.get(1)], _identifiers(party, reader), _name(party.name, reader))
        for party in loop.parties
        if party.name is not None and party.name.get(1) in ROLES
    ]
    if len(found) > OTHER_PROVIDERS_MAX:
        text = f"more than {OTHER_PROVIDERS_MAX} further providers; the rest is left out"
        reader.note(loop.claim, "2310", "PROVIDERS_MANY", text)
    return tuple(found[:OTHER_PROVIDERS_MAX])


def payer_of(loop: ClaimLoop, reader: Reader) -> str | None:
    """Id of the payer that the claim is sent to (2010BB)."""
    level = loop.level_of(SUBSCRIBER)
    party = level.party("PR") if level is not None else Party()
    return reader.code(party.name, 9) if party.name is not None else None


def _identifiers(party: Party, reader: Reader) -> tuple[Identifier, ...]:
    found = []
    if party.name is not None and (value := reader.code(party.name, 9)):
        found.append(Identifier(SYSTEMS.get(party.name.get(8), "other"), value))
    found += [
        Identifier(SYSTEMS[reference.get(1)], value.replace("-", ""))
        for reference in party.references[:10]
        if reference.get(1) in _IDENTIFIERS_OF_PROVIDERS and (value := reader.code(reference, 2))
    ]
    return tuple(found)


def _name(segment: Segment | None, reader: Reader) -> str | None:
    if segment is None:
        return None
    parts = (segment.get(4), segment.get(3))
    return reader.text(segment, 3, " ".join(part for part in parts if part))
