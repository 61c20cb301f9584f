"""Members and providers for tests of the service, as they are stored and as they are given."""

from dataclasses import replace
from typing import Any

from schemas.claim import Identifier, Payee
from schemas.dates import parse_day
from schemas.reference import Contact, CoverageSegment, Member, NetworkSegment, Provider

MEMBERS, PROVIDERS = "/api/v1/members", "/api/v1/providers"
NIK = "3174011203840001"
BUDI = Member(
    7, False, "MBR-1", (Identifier("nik", NIK),), "Budi Santoso", parse_day("1984-03-12"), "M", "self",
    (CoverageSegment("FAM-1", "GOLD", parse_day("2025-01-01"), None),), Contact(phone="+628123456789"),
    Payee("Budi Santoso", "BCA", "1234567890"),
)  # fmt: skip
SITI = replace(
    BUDI, member_id="MBR-2", identifiers=(Identifier("member_number", "22"),), name="Siti Rahayu", account=None
)
KLINIK = Provider(
    9, False, "PRV-1", (Identifier("npwp", "0123456789012345"),), "Klinik Sehat", "clinic",
    (NetworkSegment("NET", parse_day("2025-01-01"), None),), None, Payee("Klinik Sehat", "BCA", "99887766"),
)  # fmt: skip
ONE = f"{MEMBERS}/MBR-1"
MATCH = {"If-Match": '"7"'}


def member_json(**changes: Any) -> dict[str, Any]:
    """A new member as it is given."""
    made: dict[str, Any] = {
        "memberId": "MBR-9", "name": "Rizky Santoso", "birthDate": "2016-02-29", "sex": "M", "relationship": "child",
        "nationalId": "3174012902160004",
        "coverages": [{"coverageId": "FAM-1", "planId": "GOLD", "effectiveFrom": "2025-01-01"}],
        "contact": {"email": "rizky@example.org", "phone": "0812-3456-7890", "city": "Jakarta"},
    }  # fmt: skip
    return {name: value for name, value in (made | changes).items() if value is not ...}


def provider_json(**changes: Any) -> dict[str, Any]:
    """A new provider as it is given."""
    made: dict[str, Any] = {
        "providerId": "PRV-9", "name": "RS Baru", "kind": "hospital", "taxId": "01.234.567.8-901.000",
        "networks": [{"networkId": "NET", "effectiveFrom": "2025-01-01", "effectiveTo": "2026-12-31"}],
    }  # fmt: skip
    return {name: value for name, value in (made | changes).items() if value is not ...}
