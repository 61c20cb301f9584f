"""Whether a changed member or provider fits the rest of reference data: what a load checks over a whole folder."""

from collections.abc import Iterator

from schemas import topics
from schemas.envelope import Finding
from schemas.reference import Member, Provider
from schemas.reference_changes import PersonRecord, UnfitError
from sources.reference.known import Known


def check(record: PersonRecord, known: Known) -> None:
    """Raises UnfitError with all that does not fit; quotes no identifier: it is personal."""
    topic = topics.REFERENCE_MEMBERS if isinstance(record, Member) else topics.REFERENCE_PROVIDERS
    findings = [*_identifiers(record, topic, known)]
    if isinstance(record, Member):
        findings += _coverages(record, known)
    if findings:
        raise UnfitError(findings)


def _identifiers(record: PersonRecord, topic: str, known: Known) -> Iterator[Finding]:
    own = record.member_id if isinstance(record, Member) else record.provider_id
    for number, identifier in enumerate(record.identifiers):
        holder = known.holder(topic, identifier.system, identifier.value)
        if holder is not None and holder != own:
            what = "provider" if isinstance(record, Provider) else "member"
            text = f"another {what} has this {identifier.system}; it belongs to one {what}"
            yield Finding("identifier_taken", f"identifiers[{number}]", text)


def _coverages(member: Member, known: Known) -> Iterator[Finding]:
    for number, segment in enumerate(member.coverages):
        terms = known.terms(segment.plan_id)
        place = f"coverages[{number}]"
        if terms is None:
            yield Finding("plan_unknown", f"{place}.planId", "no plan has this id; load it first")
            continue
        had = known.terms_of_coverage(segment.coverage_id)
        if had is not None and had != terms:
            text = (
                f"this coverage is with payer {had.payer_id} in {had.currency}, the plan with {terms.payer_id} in "
                f"{terms.currency}; give the coverage an id of its own"
            )
            yield Finding("coverage_contradicts", f"{place}.coverageId", text)
