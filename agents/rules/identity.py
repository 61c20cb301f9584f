"""Who the claim is about: the member and the provider behind the ids and identifiers that a submitter gave."""

from agents.contract import Reference
from schemas.claim import MemberReference, ProviderReference
from schemas.envelope import Finding
from schemas.identity import npi_check_digit_fits
from schemas.reference import CoverageSegment, Member, Provider


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


def warnings_of(provider: ProviderReference) -> tuple[Finding, ...]:
    """What is odd about the provider's identifiers and no reason to reject: public samples mostly have made-up NPIs."""
    for number, identifier in enumerate(provider.identifiers, start=1):
        if identifier.system == "npi" and not npi_check_digit_fits(identifier.value):
            place = f"provider.identifiers[{number}]"
            return (Finding("V-NPI-CHECK-DIGIT", place, "the check digit of the NPI does not fit"),)
    return ()
