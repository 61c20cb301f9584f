"""People and organizations as NM1 and what follows it: names, identifiers, address, taxonomy, references."""

from collections.abc import Mapping, Sequence

from schemas.claim import Identifier, SubmittedClaim
from sources.x12.keys import ROLES
from sources.x12_writer.said import Said
from sources.x12_writer.segment import ELEMENT, clean, segment, written

# Systems of identifiers as NM108, and as REF01: the reader's table the other way.
QUALIFIERS: Mapping[str, str] = {
    "npi": "XX", "tax_id": "24", "ssn": "34", "member_number": "MI", "health_id": "II", "payer_number": "PI",
    "mutual_number": "ZZ", "electronic_number": "46", "other": "",
}  # fmt: skip
REFERENCES: Mapping[str, str] = {
    "tax_id": "EI", "ssn": "SY", "license": "0B", "upin": "1G", "commercial_number": "G2", "location_number": "LU",
}  # fmt: skip
# Systems whose numbers are the same with and without hyphens, so that a number with one stands in NM109.
_HYPHENATED = frozenset(("tax_id", "ssn"))
_STREET_ELEMENTS = 2
ROLE_CODES: Mapping[str, str] = {role: code for code, role in ROLES.items()}
# PRV01 by role.
TAXONOMIES: Mapping[str, str] = {
    "rendering": "PE", "referring": "RF", "primary_care": "RF", "attending": "AT", "assistant_surgeon": "AS",
}  # fmt: skip


def names(prefix: str, name: str | None, said: Said, person: bool = False) -> tuple[str, ...]:
    """NM102 to NM107. A party whose last name is known apart is a person, as is one that must be."""
    last_key = f"{prefix}.last_name"
    if said.has(last_key):
        parts = [said.take(f"{prefix}.{part}") for part in ("last_name", "first_name", "middle_name")]
        return ("1", *parts, "", said.take(f"{prefix}.suffix"))
    if not person:
        return ("2", clean(name), "", "", "", "")
    first, _, last = clean(name).rpartition(" ")
    return ("1", last, first, "", "", "")


def named(code: str, name: tuple[str, ...], qualifier: str, number: str) -> str:
    """An NM1; without a number it ends with the name."""
    return segment("NM1", code, *name, *((qualifier, number) if number else ()))


def identified(identifiers: Sequence[Identifier]) -> tuple[str, str, list[str]]:
    """NM108, NM109 and the REF of identifiers; those that X12 has no place for are left out (`unwritable`)."""
    qualifier = number = ""
    rest = list(identifiers)
    if rest and rest[0].system in QUALIFIERS:
        first = rest.pop(0)
        qualifier, number = QUALIFIERS[first.system], clean(first.value)
    references = [segment("REF", REFERENCES[one.system], clean(one.value)) for one in rest if one.system in REFERENCES]
    return qualifier, number, references


def unwritable(identifiers: Sequence[Identifier]) -> list[Identifier]:
    """Identifiers of a provider that X12 has no place for: of a list of its own, or a second NPI."""
    rest = list(identifiers)
    if rest and rest[0].system in QUALIFIERS:
        rest.pop(0)
    return [one for one in rest if one.system not in REFERENCES]


def following(
    prefix: str, said: Said, references: Sequence[str] = (), provider: str = "", levelled: bool = False
) -> str:
    """N2, PRV, N3, N4, DMG, REF and PER after an NM1, in the order of the guides.

    Without a prefix all attributes are of this party. `provider` is PRV01 of its taxonomy, unless that stands on the
    level (`levelled`).
    """
    start = f"{prefix}." if prefix else ""
    parts = [segment("N2", one) for one in said.take_list(f"{start}more_names")]
    if not levelled and (taxonomy := said.take(f"{start}taxonomy")):
        parts.append(segment("PRV", provider, "PXC", taxonomy))
    parts += [segment("PRV", one) for one in said.take_list(f"{start}specialty")]
    parts.append(_address(said.take(f"{start}address")))
    parts += [segment("DMG", one) for one in said.take_list(f"{start}demographics")]
    parts += references
    for key, code in said.patterned(f"{start}ref."):
        parts += [segment("REF", code, one) for one in said.take_list(key)]
    parts += [segment("PER", one) for one in said.take_list(f"{start}contact")]
    return "".join(parts)


def whole(code: str, prefix: str, said: Said, provider: str = "") -> str:
    """A party that has no field: its NM1 as it was, and what follows."""
    first, *more = said.take_list(f"{prefix}.nm1") or [""]
    text = segment("NM1", code, first) + following(prefix, said, (), provider)
    return text + "".join(segment("NM1", code, one) for one in more)


def line_parties(said: Said) -> str:
    """Parties of a line (2420), each under its role, the second of a role under `<role>.2`."""
    parts = []
    for key in said.keys(""):
        if not key.endswith(".nm1") or not said.has(key):
            continue
        prefix = key.removesuffix(".nm1")
        role = prefix.removeprefix("party.") if prefix.startswith("party.") else prefix
        role = role.rpartition(".")[0] if role.rpartition(".")[2].isdigit() and "." in role else role
        code = ROLE_CODES.get(role) or written(role)
        parts.append(whole(code, prefix, said, TAXONOMIES.get(role, "PE")))
    return "".join(parts)


def providers(claim: SubmittedClaim, said: Said) -> str:
    """Further providers of the claim (2310); a role that X12 does not have there is written by its own name."""
    parts = []
    times: dict[str, int] = {}
    for one in claim.other_providers:
        times[one.role] = number = times.get(one.role, 0) + 1
        prefix = one.role if number == 1 else f"{one.role}.{number}"
        qualifier, value, references = identified(one.identifiers)
        name = names(prefix, one.name, said)
        parts.append(named(ROLE_CODES.get(one.role) or clean(one.role), name, qualifier, value))
        parts.append(following(prefix, said, references, TAXONOMIES.get(one.role, "PE")))
    return "".join(parts)


def _address(address: str) -> str:
    if not address:
        return ""
    parts = address.split(ELEMENT)
    street, city = parts[:_STREET_ELEMENTS], parts[_STREET_ELEMENTS:]
    text = segment("N3", *street) if any(street) else ""
    return text + segment("N4", *city) if any(city) else text
