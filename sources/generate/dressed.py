"""Claims in the clothes that guides of X12 want: names in parts, addresses, tax numbers, indicators, attending doctors.

All of it comes from what the claim says already, so that the same claim is always dressed the same. A patient with a
number of their own is the subscriber, as the guides say.
"""

from dataclasses import replace
from functools import lru_cache

from schemas.claim import Identifier, OtherProvider, SubmittedClaim

_STREETS = ("MAIN ST", "OAK AVE", "LAKE DR", "2ND ST", "PARK BLVD", "HILL RD", "RIVER LN")
_CITIES = (
    "CHICAGO*IL*606011234", "AUSTIN*TX*787011234", "DENVER*CO*802021234", "ALBANY*NY*122071234",
    "PORTLAND*OR*972041234", "ATLANTA*GA*303031234", "PHOENIX*AZ*850041234", "BOSTON*MA*021081234",
)  # fmt: skip
# Codes of the public list of provider taxonomies: family medicine, general hospital, dentist.
_TAXONOMIES = {"professional": "207Q00000X", "institutional": "282N00000X", "dental": "122300000X"}
_INDICATORS = {"accepts_assignment": "A", "benefits_assigned": "Y", "information_release": "Y"}
_SUBSCRIBER = {"payer_responsibility": "P", "claim_filing": "CI"}
# Doctors of the hospitals, and NPIs of theirs (made up, with a check digit that fits).
_ATTENDING = (("WELBY", "MARCUS", "1245319599"), ("GREY", "ELLIS", "1881690014"), ("HOUSE", "GREGORY", "1538144910"))
_TAX_DIGITS = 9


def dressed(claim: SubmittedClaim) -> SubmittedClaim:
    """The claim with what a valid file of its form says besides."""
    number = _number(claim.member.identifiers[0].value) if claim.member.identifiers else 0
    attributes = {
        **_names("patient", claim.member.name or ""), "patient.address": _address(number),
        **_billing(claim.provider.identifiers[0].value if claim.provider.identifiers else "", claim.form),
        **_SUBSCRIBER, **_INDICATORS, "payer.name": claim.payer_id or "PAYER",
    }  # fmt: skip
    others, lines = claim.other_providers, claim.lines
    if claim.form == "institutional":
        attributes |= _stay(claim, number)
        # Lines of a hospital's bill point to no diagnosis.
        lines = tuple([replace(line, diagnosis_pointers=()) for line in lines])
        last, first, npi = _ATTENDING[number % len(_ATTENDING)]
        others = (OtherProvider("attending", (Identifier("npi", npi),), f"{first} {last}"),)
        attributes |= {"attending.last_name": last, "attending.first_name": first}
    else:
        attributes["provider_signature"] = "Y"
    tax = (
        Identifier("tax_id", claim.provider.identifiers[0].value[:_TAX_DIGITS]) if claim.provider.identifiers else None
    )
    provider = replace(claim.provider, identifiers=(*claim.provider.identifiers, *((tax,) if tax else ())))
    return replace(
        claim,
        member=replace(claim.member, relationship="self"),
        provider=provider,
        other_providers=others,
        lines=lines,
        attributes={**claim.attributes, **attributes},
    )


def _names(prefix: str, name: str) -> dict[str, str]:
    first, _, last = name.rpartition(" ")
    return {f"{prefix}.last_name": last} | ({f"{prefix}.first_name": first} if first else {})


def _stay(claim: SubmittedClaim, number: int) -> dict[str, str]:
    """Type and source of the admission, status of the patient, and for a stay its hours."""
    found = {"admission_type": "3", "admission_source": "1", "patient_status": "01"}
    if claim.admission_date is not None:
        found["admission_hour"] = f"{6 + number % 16:02d}:15"
    if claim.discharge_date is not None:
        found["discharge_hour"] = f"{9 + number % 8:02d}:30"
    return found


@lru_cache(maxsize=1024)
def _billing(npi: str, form: str) -> dict[str, str]:
    return {"billing.address": _address(_number(npi)), "billing.taxonomy": _TAXONOMIES.get(form, "207Q00000X")}


def _address(number: int) -> str:
    """As attributes have it: street, a second line, city, state, postal code."""
    street = _STREETS[number % len(_STREETS)]
    return f"{100 + number % 900} {street}**{_CITIES[number // 7 % len(_CITIES)]}"


def _number(text: str) -> int:
    return int("".join(digit for digit in text if digit.isascii() and digit.isdigit()) or "0")
