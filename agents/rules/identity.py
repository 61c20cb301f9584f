"""Who the claim is about: the member and the provider behind the ids and identifiers that a submitter gave."""

from collections.abc import Sequence
from functools import lru_cache

from agents.contract import Reference
from schemas.claim import Identifier, MemberReference, ProviderReference, SubmittedClaim
from schemas.envelope import Finding
from schemas.identity import identifier_fault, npi_check_digit_fits
from schemas.reference import CoverageSegment, Member, Provider

# The same providers claim again and again.
_npi_fits = lru_cache(maxsize=65_536)(npi_check_digit_fits)


def member_of(named: MemberReference, reference: Reference) -> Member | None:
    """The member by our id, else by the first identifier that is known."""
    if named.member_id is not None:
        return reference.member(named.member_id)
    for identifier in named.identifiers:
        found = reference.member_by(identifier.system, identifier.value)
        if found is not None:
            return found
    return None


def provider_of(named: ProviderReference, reference: Reference) -> Provider | None:
    """The provider by our id, else by the first identifier that is known."""
    if named.provider_id is not None:
        return reference.provider(named.provider_id)
    for identifier in named.identifiers:
        found = reference.provider_by(identifier.system, identifier.value)
        if found is not None:
            return found
    return None


def unknown_member(named: MemberReference) -> list[Finding]:
    """The findings on a claim whose member nobody is: that, and each identifier that cannot be anybody's."""
    text = "no member has this id or any of these identifiers"
    identifiers = named.identifiers if named.member_id is None else ()
    return _unknown("V-MEMBER-UNKNOWN", "member", text, identifiers)


def unknown_provider(named: ProviderReference) -> list[Finding]:
    """The same of a cashless claim's provider."""
    text = "no provider has this id or any of these identifiers; a cashless claim needs a known one"
    identifiers = named.identifiers if named.provider_id is None else ()
    return _unknown("V-PROVIDER-UNKNOWN", "provider", text, identifiers)


def _unknown(code: str, place: str, text: str, looked_for: Sequence[Identifier]) -> list[Finding]:
    found = [Finding(code, place, text)]
    for number, identifier in enumerate(looked_for, start=1):
        fault = identifier_fault(identifier.system, identifier.value)
        if fault is not None:
            found.append(Finding(code, f"{place}.identifiers[{number}].{fault.of}", fault.text))
    return found


def coverage_of(member: Member, day: int) -> CoverageSegment | None:
    """The segment that decides to which family's history the claim belongs.

    The one in force on the day, else the last that began before it, else the first: a claim outside coverage is
    denied by authorize, under the coverage it was most likely meant for.
    """
    begun = [segment for segment in member.coverages if segment.effective_from <= day]
    in_force = [segment for segment in begun if segment.effective_to is None or day <= segment.effective_to]
    if in_force:
        return in_force[-1]
    if begun:
        return begun[-1]
    return member.coverages[0] if member.coverages else None


def coverage_ids(member: Member) -> tuple[str, ...]:
    """Every coverage the member ever had, in order, each once."""
    return tuple(dict.fromkeys(segment.coverage_id for segment in member.coverages))


def warnings_of(claim: SubmittedClaim, member: Member) -> tuple[Finding, ...]:
    """What is odd about the people on the claim, and no reason to reject it.

    Public samples mostly have made-up NPIs; a date of birth that differs from ours is more often a slip than another
    person.
    """
    found: list[Finding] = []
    for number, identifier in enumerate(claim.provider.identifiers, start=1):
        if identifier.system == "npi" and not _npi_fits(identifier.value):
            place = f"provider.identifiers[{number}]"
            found.append(Finding("V-NPI-CHECK-DIGIT", place, "the check digit of the NPI does not fit"))
            break
    named = claim.member
    if named.birth_date is not None and named.birth_date != member.birth_date:
        text = "differs from our record, which counts; tell the member services which is right"
        found.append(Finding("V-MEMBER-BIRTH-DATE", "member.birth_date", text))
    if named.sex in ("F", "M") and member.sex in ("F", "M") and named.sex != member.sex:
        text = "differs from our record, which counts; tell the member services which is right"
        found.append(Finding("V-MEMBER-SEX", "member.sex", text))
    return tuple(found)
