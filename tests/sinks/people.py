"""Documents, members and providers for tests of the sink and of the service."""

from dataclasses import replace
from typing import Any

from schemas.claim import Identifier, Payee
from schemas.dates import parse_day
from schemas.events import ClaimDocument, PeopleEvent
from schemas.reference import Contact, CoverageSegment, Member, NetworkSegment, Provider
from tests.sinks.records import ACCEPTED, claim_id

NIK = "3174011203840001"
ACCOUNT = Payee("Budi Santoso", "BCA", "1234567890")


def member(number: int = 1, release: int = 1, **changes: Any) -> Member:
    """A covered person."""
    made = Member(
        release=release, removed=False, member_id=f"P-{number}",
        identifiers=(Identifier("nik", NIK[:-4] + f"{number:04d}"),), name=f"Budi Santoso {number}",
        birth_date=parse_day("1984-03-12"), sex="M", relationship="self",
        coverages=(CoverageSegment(f"F-{number}", "NUSA-GOLD", parse_day("2025-01-01"), None),),
        contact=Contact(email="budi@example.org", phone="+628123456789"), account=ACCOUNT,
    )  # fmt: skip
    return replace(made, **changes)


def provider(number: int = 1, release: int = 1, **changes: Any) -> Provider:
    """A clinic in a network."""
    made = Provider(
        release=release, removed=False, provider_id=f"C-{number}",
        identifiers=(Identifier("npwp", f"{number:016d}"),), name=f"Klinik Sehat {number}", kind="clinic",
        networks=(NetworkSegment("NET-NUSA", parse_day("2025-01-01"), None),), account=ACCOUNT,
    )  # fmt: skip
    return replace(made, **changes)


def document(number: int = 1, revision: int = 1, **changes: Any) -> ClaimDocument:
    """An invoice of a claim."""
    claim = claim_id(number)
    made = ClaimDocument(
        document_id=claim_id(10_000 + number), revision=revision, removed=False, claim_id=claim, root_id=claim,
        kind="invoice", file_name="faktur.pdf", content_type="application/pdf", size=9, sha256="0" * 64,
        submitter_id="P1", actor="ani", reason=None, correlation_id="c-1", at=ACCEPTED,
    )  # fmt: skip
    return replace(made, **changes)


def people_event(number: int = 1, **changes: Any) -> PeopleEvent:
    """A member was created."""
    made = PeopleEvent(
        claim_id(20_000 + number), "member.created", f"P-{number}", 1, ("name",), "ani", "admin", "c-1", ACCEPTED
    )
    return replace(made, **changes)
