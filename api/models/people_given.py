"""Members and providers as they are given, and searched for."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from config import limits
from schemas.identity import identifier_fault, phone_is_valid
from schemas.intake_fields import Code, OptionalCode, OptionalText, Text
from schemas.intake_fields import Day as GivenDay
from schemas.intake_model import IdentifierIntake, Intake, PayeeIntake

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_ABROAD = re.compile(r"\+[1-9][0-9]{7,14}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
Sex = Literal["F", "M", "U"]
Relationship = Literal["self", "spouse", "child", "other"]
ProviderKind = Literal["hospital", "clinic", "physician", "dentist", "pharmacy", "optical"]
Found = list[tuple[str, str, str]]


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise PydanticCustomError("bad_id", "must be letters, digits and . _ / -")
    return value


def _phone(value: str) -> str:
    plain = re.sub(r"[\s().-]", "", value)
    if not (phone_is_valid(plain) or _ABROAD.fullmatch(plain)):
        raise PydanticCustomError("bad_phone", "must be a telephone number such as +628123456789")
    return plain


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise PydanticCustomError("bad_email", "must be an address of electronic mail")
    return value


# As in files of reference data.
PersonId = Annotated[Code, AfterValidator(_id)]
Phone = Annotated[Code, AfterValidator(_phone)]
Email = Annotated[Text, AfterValidator(_email)]


class ContactGiven(Intake):
    """How somebody is reached."""

    email: Email | None = None
    phone: Phone | None = None
    address: OptionalText = None
    city: OptionalCode = None
    province: OptionalCode = None
    postal_code: OptionalCode = None


class CoverageGiven(Intake):
    """A time in which a member is covered by a plan; days included."""

    coverage_id: PersonId
    plan_id: PersonId
    effective_from: GivenDay
    effective_to: GivenDay | None = None
    other_payer_first: bool = False
    enrolled_from: GivenDay | None = None


class NetworkGiven(Intake):
    """A time in which a provider belongs to a network; days included."""

    network_id: PersonId
    effective_from: GivenDay
    effective_to: GivenDay | None = None


class MemberGiven(Intake):
    """A member. Without `memberId` one is made of the first identifier; `nationalId` (NIK) is one of them."""

    member_id: Annotated[PersonId | None, Field(examples=["NUSA-0001"])] = None
    name: OptionalText = None
    first_name: Annotated[OptionalText, Field(description="With lastName, instead of name.")] = None
    last_name: OptionalText = None
    birth_date: GivenDay
    sex: Sex = "U"
    relationship: Relationship = "self"
    national_id: OptionalCode = None
    identifiers: list[IdentifierIntake] = Field(default_factory=list, max_length=limits.IDENTIFIERS_MAX)
    coverages: Annotated[list[CoverageGiven], Field(min_length=1, max_length=limits.SEGMENTS_PER_PERSON_MAX)]
    contact: ContactGiven | None = None
    account: PayeeIntake | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "MemberGiven":
        found = _names(self.name, self.first_name, self.last_name)
        found += _identifiers(self.identifiers, "nik", "nationalId", self.national_id)
        found += _times([(c.effective_from, c.effective_to) for c in self.coverages], "coverages")
        if self.member_id is None and self.national_id is None and not self.identifiers:
            found.append(("id_missing", "memberId", "is missing; send it, or an identifier to make one of"))
        for number, one in enumerate(self.coverages):
            if one.enrolled_from and one.effective_to and one.enrolled_from > one.effective_to:
                text = "is after effectiveTo; waiting periods count from it"
                found.append(("enrolled_late", f"coverages[{number}].enrolledFrom", text))
        _refuse(found)
        return self


class ProviderGiven(Intake):
    """A provider. Without `providerId` one is made of the first identifier; `taxId` (NPWP) is one of them."""

    provider_id: Annotated[PersonId | None, Field(examples=["RS-HARAPAN"])] = None
    name: Text
    kind: ProviderKind
    tax_id: OptionalCode = None
    identifiers: list[IdentifierIntake] = Field(default_factory=list, max_length=limits.IDENTIFIERS_MAX)
    networks: list[NetworkGiven] = Field(default_factory=list, max_length=limits.SEGMENTS_PER_PERSON_MAX)
    contact: ContactGiven | None = None
    account: PayeeIntake | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "ProviderGiven":
        found = _identifiers(self.identifiers, "npwp", "taxId", self.tax_id)
        if self.tax_id is None and not self.identifiers:
            found.append(
                ("identifier_missing", "identifiers", "is an empty list; send one, such as an npi, or a taxId")
            )
        by_network: dict[str, Found] = {}
        for network_id in dict.fromkeys(one.network_id for one in self.networks):
            times = [(n.effective_from, n.effective_to) for n in self.networks if n.network_id == network_id]
            by_network[network_id] = _times(times, "networks")
        _refuse(found + [one for times in by_network.values() for one in times])
        return self


class PeopleSearch(Intake):
    """Conditions that all hold. A provider's token may name one identifier of a member and nothing else."""

    identifiers: list[IdentifierIntake] = Field(default_factory=list, max_length=limits.SEARCH_IDENTIFIERS_MAX)
    name: Annotated[OptionalText, Field(description="Whole words of the name, in any order.")] = None
    include_ended: bool = False
    limit: Annotated[int, Field(ge=1, le=limits.PAGE_CLAIMS_MAX)] = 50
    cursor: OptionalText = None


def _names(name: str | None, first: str | None, last: str | None) -> Found:
    if name is None and (first is None or last is None):
        return [("name_missing", "name", "is missing; send it, or a firstName and a lastName")]
    if name is not None and (first is not None or last is not None):
        return [("name_contradicts", "name", "stands beside firstName or lastName; give one or the other")]
    return []


def _identifiers(given: list[IdentifierIntake], system: str, field: str, value: str | None) -> Found:
    found: Found = []
    pairs = [(f"identifiers[{number}]", one.system, one.value) for number, one in enumerate(given)]
    if value is not None:
        pairs.append((field, system, value))
    seen: set[tuple[str, str]] = set()
    for place, named, one in pairs:
        fault = identifier_fault(named, one)
        if fault is not None:
            found.append((fault.code, f"{place}.system" if fault.of == "system" else place, fault.text))
        elif (named, one) in seen:
            found.append(("identifier_twice", place, "stands twice"))
        seen.add((named, one))
    return found


def _times(times: list[tuple[GivenDay, GivenDay | None]], where: str) -> Found:
    found: Found = []
    for number, (first, last) in enumerate(times):
        if last is not None and last < first:
            found.append(("ends_before_it_begins", f"{where}[{number}].effectiveTo", "is before effectiveFrom"))
        for other_first, other_last in times[:number]:
            if (last is None or other_first <= last) and (other_last is None or first <= other_last):
                text = "overlaps another time; end the earlier one first"
                found.append(("overlaps", f"{where}[{number}].effectiveFrom", text))
                break
    return found


def _refuse(found: Found) -> None:
    if found:
        raise PydanticCustomError("contradictions", "does not hold together", {"found": found})
