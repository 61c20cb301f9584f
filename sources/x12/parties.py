"""People and organizations: an NM1 with what follows it as identifiers, a name, and attributes for the rest."""

from collections.abc import Mapping, Sequence

from config.limits import IDENTIFIERS_MAX, TEXT_CHARACTERS_MAX
from schemas.claim import Identifier, OtherProvider
from sources.x12.attributes import add
from sources.x12.keys import ROLES
from sources.x12.loops import Party
from sources.x12.notes import Notes
from sources.x12.segments import Elements
from sources.x12.values import Values, remember
from sources.x12.written import escaped, joined

# NM108 and REF01 as our names of identifier systems.
SYSTEMS: Mapping[str, str] = {
    "XX": "npi", "24": "tax_id", "FI": "tax_id", "EI": "tax_id", "34": "ssn", "SY": "ssn", "MI": "member_number",
    "II": "health_id", "0B": "license", "1G": "upin", "G2": "commercial_number", "LU": "location_number",
    "PI": "payer_number", "ZZ": "mutual_number", "46": "electronic_number",
}  # fmt: skip
IDENTIFYING = frozenset(("EI", "SY", "0B", "1G", "G2", "LU"))
# Numbers of the tax office: hyphens in them are decoration.
_HYPHENATED = frozenset(("EI", "SY"))
# A patient without an identifier of their own: the subscriber's says whose family it is, and not who.
SUBSCRIBER_NUMBER = "subscriber_number"
OTHER_PROVIDERS_MAX = 20


def name_of(segment: Elements, values: Values, notes: Notes, loop: str) -> str | None:
    """First and last name of a person, or the name of an organization."""
    last = segment[3] if len(segment) > 3 else ""
    first = segment[4] if len(segment) > 4 else ""
    name = f"{first} {last}" if first and last else first or last
    if len(name) > TEXT_CHARACTERS_MAX:
        return values.cut(segment, 3, name, TEXT_CHARACTERS_MAX, notes, loop)
    return name or None


def person_names(segment: Elements, prefix: str, attributes: dict[str, str]) -> None:
    """The parts of the name of a person: a remittance names them one by one."""
    size = len(segment)
    if size > 4 and (segment[2] == "1" or segment[4] or any(segment[5:8])):
        attributes[f"{prefix}.last_name"] = escaped(segment[3])
        if segment[4]:
            attributes[f"{prefix}.first_name"] = escaped(segment[4])
        if size > 5 and segment[5]:
            attributes[f"{prefix}.middle_name"] = escaped(segment[5])
        if size > 7 and segment[7]:
            attributes[f"{prefix}.suffix"] = escaped(segment[7])
    elif size > 3 and segment[2] == "1":
        attributes[f"{prefix}.last_name"] = escaped(segment[3])


def identifiers_of(party: Party, values: Values, notes: Notes, loop: str) -> tuple[Identifier, ...]:
    """NM109, then the REF that identify."""
    segment = party[0]
    found = []
    if len(segment) > 9 and (value := values.code(segment, 9, notes, loop)):
        found.append(Identifier(SYSTEMS.get(segment[8], "other"), value))
    for reference in party:
        if reference[0] == "REF" and len(reference) > 2 and reference[1] in IDENTIFYING:
            number = values.code(reference, 2, notes, loop)
            if number and reference[1] in _HYPHENATED:
                number = number.replace("-", "")
            if number and len(found) < IDENTIFIERS_MAX:
                found.append(Identifier(SYSTEMS[reference[1]], number))
    return tuple(found)


def rest_of(
    party: Party, prefix: str, attributes: dict[str, str], component: str, identifying: frozenset[str] = IDENTIFYING
) -> None:
    """What follows an NM1 and has no field: address, contact, taxonomy, further names and references."""
    street: Sequence[str] = ("", "")
    city: Sequence[str] = ()
    addressed = False
    for segment in party[1:]:
        name = segment[0]
        if name == "N3":
            street = (*segment[1:3], "")[:2]
            addressed = True
        elif name == "N4":
            city = segment[1:8]
            addressed = True
        elif name == "REF":
            if len(segment) < 3 or segment[1] not in identifying:
                add(
                    attributes,
                    f"{prefix}.ref.{escaped(segment[1][:3]) if len(segment) > 1 else ''}",
                    joined(segment[2:], component),
                )
        elif name == "PRV":
            taxonomy = f"{prefix}.taxonomy"
            if len(segment) == 4 and segment[2] in ("PXC", "ZZ") and segment[3] and taxonomy not in attributes:
                attributes[taxonomy] = escaped(segment[3])
            else:
                add(attributes, f"{prefix}.specialty", joined(segment[1:], component))
        elif name == "N2":
            add(attributes, f"{prefix}.more_names", joined(segment[1:], "\0"))
        elif name == "PER":
            add(attributes, f"{prefix}.contact", joined(segment[1:], component))
        elif name == "DMG":
            add(attributes, f"{prefix}.demographics", joined(segment[1:], component))
    if addressed:
        attributes[f"{prefix}.address"] = joined((*street, *city), "\0")


def whole_party(party: Party, prefix: str, attributes: dict[str, str], values: Values) -> None:
    """A party that has no field: its NM1 whole, and what follows."""
    add(attributes, f"{prefix}.nm1", joined(party[0][2:], values.component))
    rest_of(party, prefix, attributes, values.component, frozenset())


def providers_of(
    parties: list[Party], attributes: dict[str, str], values: Values, notes: Notes
) -> tuple[OtherProvider, ...]:
    """Further providers of 2310; what their records cannot hold goes into the attributes under their role."""
    found: list[OtherProvider] = []
    roles: dict[str, int] = {}
    for party in parties:
        code = party[0][1] if len(party[0]) > 1 else ""
        role = ROLES.get(code, code[:20])
        if len(found) == OTHER_PROVIDERS_MAX:
            text = f"more than {OTHER_PROVIDERS_MAX} further providers; the rest is left out"
            notes.note(party[0], "NM101", "PROVIDERS_MANY", text, "2310")
            break
        roles[role] = times = roles.get(role, 0) + 1
        provider, more = _provider(party, role, role if times == 1 else f"{role}.{times}", values, notes)
        found.append(provider)
        attributes.update(more)
    return tuple(found)


def _provider(
    party: Party, role: str, prefix: str, values: Values, notes: Notes
) -> tuple[OtherProvider, dict[str, str]]:
    """The same few providers stand on many claims: what was read of one is remembered."""
    key = ((prefix,), *map(tuple, party))
    known = values.people.get(key)
    if known is not None:
        return known
    before = len(notes.findings)
    attributes: dict[str, str] = {}
    provider = OtherProvider(
        role, identifiers_of(party, values, notes, "2310"), name_of(party[0], values, notes, "2310")
    )
    person_names(party[0], prefix, attributes)
    rest_of(party, prefix, attributes, values.component)
    if len(notes.findings) == before:
        remember(values.people, key, (provider, attributes))
    return provider, attributes


def line_parties(parties: list[Party], attributes: dict[str, str], values: Values) -> None:
    """Providers of a line (2420), whole, under their roles."""
    roles: dict[str, int] = {}
    for party in parties:
        code = party[0][1] if len(party[0]) > 1 else ""
        role = ROLES.get(code) or f"party.{escaped(code[:3])}"
        roles[role] = times = roles.get(role, 0) + 1
        whole_party(party, role if times == 1 else f"{role}.{times}", attributes, values)
