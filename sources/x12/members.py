"""The patient of a claim as a reference: the subscriber, or a person of the subscriber's family."""

from schemas.claim import Identifier, MemberReference
from sources.x12 import keys
from sources.x12.notes import Notes
from sources.x12.parties import SUBSCRIBER_NUMBER, SYSTEMS, name_of, person_names, rest_of
from sources.x12.segments import Elements
from sources.x12.values import Values
from sources.x12.written import date_text, escaped, joined

_SEXES = frozenset(("F", "M", "U", ""))
_NONE: frozenset[str] = frozenset()


def person(
    party: tuple[Elements, ...],
    prefix: str,
    relationship: str,
    loop: str,
    attributes: dict[str, str],
    values: Values,
    notes: Notes,
) -> MemberReference:
    """A person by NM1, DMG and what follows; attributes hold what the reference cannot."""
    if not party:
        return MemberReference(None, (), None, None, None, relationship)
    segment = party[0]
    number = values.code(segment, 9, notes, loop)
    own = (Identifier(SYSTEMS.get(segment[8], "member_number"), number),) if number else ()
    person_names(segment, prefix, attributes)
    birth, sex, told = None, None, False
    others: list[Elements] = [segment]
    for one in party:
        if one[0] == "DMG" and not told:
            told = True
            birth = values.day(one, 1, 2, notes, loop)
            sex = one[3] if len(one) > 3 else ""
            if len(one) > 4 or sex not in _SEXES or (birth is None and any(one[2:3])):
                attributes[f"{prefix}.demographics"] = joined(one[1:], values.component)
            sex = sex if sex in _SEXES and sex else None
        elif one is not segment:
            others.append(one)
    if len(others) > 1:
        rest_of(others, prefix, attributes, values.component, _NONE)
    return MemberReference(None, own, name_of(segment, values, notes, loop), birth, sex, relationship)


def dependent(
    party: tuple[Elements, ...],
    insured: tuple[Elements, ...],
    relationship: str,
    attributes: dict[str, str],
    values: Values,
    notes: Notes,
) -> MemberReference:
    """A patient who is not the subscriber, whom the attributes then name."""
    number: tuple[Identifier, ...] = ()
    if insured:
        number = person(insured, keys.SUBSCRIBER, "", "2010BA", attributes, values, notes).identifiers
        _subscriber(insured, attributes)
    found = person(party, keys.PATIENT, relationship, "2010CA", attributes, values, notes)
    if found.identifiers or not number:
        return found
    # The subscriber's number must not find the subscriber as the patient.
    own = (Identifier(SUBSCRIBER_NUMBER, number[0].value),)
    return MemberReference(None, own, found.name, found.birth_date, found.sex, found.relationship)


def _subscriber(party: tuple[Elements, ...], attributes: dict[str, str]) -> None:
    """What is a field of the patient, of the subscriber: name of an organization, number, birth and sex."""
    segment, prefix = party[0], keys.SUBSCRIBER
    if f"{prefix}.last_name" not in attributes and len(segment) > 3 and segment[3]:
        attributes[f"{prefix}.name"] = escaped(segment[3])
    if len(segment) > 9 and segment[9]:
        attributes[f"{prefix}.number"] = escaped(segment[9])
        if segment[8] != "MI":
            attributes[f"{prefix}.number_qualifier"] = escaped(segment[8])
    demographics = next((one for one in party if one[0] == "DMG"), [])
    if len(demographics) > 2 and demographics[2]:
        attributes[f"{prefix}.birth_date"] = date_text(demographics[1], demographics[2])
    if len(demographics) > 3 and demographics[3]:
        attributes[f"{prefix}.sex"] = escaped(demographics[3])
