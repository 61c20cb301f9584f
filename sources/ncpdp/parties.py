"""People and pharmacies of a transmission as references: patient, pharmacy, prescriber, pharmacist, facility."""

from collections.abc import Mapping

from schemas.claim import Identifier, MemberReference, OtherProvider, ProviderReference
from schemas.identity import npi_check_digit_fits
from sources.ncpdp.fields import FACILITY
from sources.ncpdp.transmission import INSURANCE, PATIENT, PHARMACY, PRESCRIBER, Header, Part, Transaction
from sources.ncpdp.values import Values
from sources.x12.parties import SUBSCRIBER_NUMBER

# Qualifiers of providers (202-B2, 466-EZ, 465-EY) and of patients (331-CX) as our names of identifier systems.
PROVIDER_SYSTEMS: Mapping[str, str] = {
    "01": "npi", "05": "medicaid_number", "06": "upin", "07": "ncpdp", "08": "license", "11": "tax_id", "12": "dea",
    "14": "commercial_number",
}  # fmt: skip
PATIENT_SYSTEMS: Mapping[str, str] = {
    "01": "ssn", "04": "member_number", "06": "medicaid_number", "08": "passport", "09": "medicare_number",
    "10": "employer_number", "11": "member_number",
}  # fmt: skip
RELATIONSHIPS: Mapping[str, str] = {"1": "self", "2": "spouse", "3": "child", "4": "other"}
# Person codes of the cardholder; any other says that the patient is somebody else of the family.
_CARDHOLDER_CODES = ("", "1")
_SEXES: Mapping[str, str] = {"1": "M", "2": "F", "M": "M", "F": "F"}
# Cardholder and person code together: the identifier of a member by which payers of pharmacies know a family.
PERSON_NUMBER = "person_number"


def member_of(transaction: Transaction, values: Values) -> MemberReference:
    """The patient: AM01 where it says who it is, with the cardholder's number of AM04."""
    patient, insurance = transaction.part(PATIENT), transaction.part(INSURANCE)
    relationship = _relationship(insurance)
    sex = patient.get("C5")
    return MemberReference(
        member_id=None,
        identifiers=_member_identifiers(patient, insurance, relationship, values),
        name=_name(patient, "CA", "CB", values),
        birth_date=values.day(patient, "C4", patient.get("C4")),
        sex=_SEXES.get(sex, "U") if sex else None,
        relationship=relationship,
    )


def _relationship(insurance: Part) -> str | None:
    """As stated (306-C6); else that of the cardholder, unless the person code is another's."""
    stated = insurance.get("C6").lstrip("0")
    if stated:
        return RELATIONSHIPS.get(stated, "other")
    return "self" if insurance.get("C3").lstrip("0") in _CARDHOLDER_CODES else None


def _member_identifiers(
    patient: Part, insurance: Part, relationship: str | None, values: Values
) -> tuple[Identifier, ...]:
    """The cardholder's number says who it is of the cardholder alone; of a dependent, whose family it is."""
    cardholder, person = values.code(insurance, "C2"), values.code(insurance, "C3")
    own = values.code(patient, "CY")
    found = []
    if cardholder and relationship == "self":
        found.append(Identifier("member_number", cardholder))
    if own:
        found.append(Identifier(PATIENT_SYSTEMS.get(patient.get("CX"), "patient_number"), own))
    if cardholder and person:
        found.append(Identifier(PERSON_NUMBER, f"{cardholder[:40]}-{person[:9]}"))
    if cardholder and relationship != "self" and not own:
        found.append(Identifier(SUBSCRIBER_NUMBER, cardholder))
    if not cardholder:
        values.note(insurance, "C2", "NO_MEMBER_NUMBER", "the cardholder's number is missing")
    return tuple(dict.fromkeys(found))


def pharmacy_of(header: Header, part: Part, values: Values) -> ProviderReference:
    """The pharmacy of the header; `part` is where findings on it stand."""
    system = PROVIDER_SYSTEMS.get(header.provider_qualifier, "other")
    number = values.code(part, "B1", header.provider)
    if number is None:
        values.note(part, "B1", "NO_PHARMACY", "the header names no pharmacy")
        return ProviderReference(None, (), None)
    if system == "npi" and not npi_check_digit_fits(number):
        text = f"the check digit of the pharmacy's NPI {number[:10]} does not fit"
        values.note(part, "B1", "NPI_CHECKDIGIT", text)
    return ProviderReference(None, (Identifier(system, number),), None)


def other_providers_of(transaction: Transaction, values: Values) -> tuple[OtherProvider, ...]:
    """The prescriber as the ordering provider, the pharmacist as the rendering one, and a facility."""
    prescriber, pharmacist = transaction.part(PRESCRIBER), transaction.part(PHARMACY)
    facility = transaction.part(FACILITY)
    found = []
    for role, part, qualifier, number, name in (
        ("ordering", prescriber, "EZ", "DB", _name(prescriber, "2J", "DR", values)),
        ("rendering", pharmacist, "EY", "E9", None),
        ("facility", facility, "", "8C", values.text(facility, "3Q")),
    ):
        value = values.code(part, number)
        system = PROVIDER_SYSTEMS.get(part.get(qualifier), "other")
        if value or name:
            found.append(OtherProvider(role, (Identifier(system, value),) if value else (), name))
    return tuple(found)


def _name(part: Part, first: str, last: str, values: Values) -> str | None:
    parts = (values.text(part, first), values.text(part, last))
    return values.text(part, last, " ".join(one for one in parts if one))
