"""A small payer for tests: one plan, its providers and families, and claims in a line of code."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.claim import ClaimLine, Diagnosis, Identifier, MemberReference, ProviderReference, SubmittedClaim
from schemas.codec import Codec
from schemas.dates import MILLISECONDS_A_DAY, parse_day
from schemas.decision import Decision
from schemas.events import AuthorizationEvent
from schemas.reference import (
    Benefit,
    CoverageSegment,
    Fee,
    Member,
    NetworkSegment,
    Plan,
    Provider,
    ReferenceRelease,
)
from streams.driver import Driver
from streams.topology import STAGES, Stage

CODEC = Codec()
DAY = parse_day("2026-03-02")
YEAR = (parse_day("2026-01-01"), parse_day("2026-12-31"))
BENEFIT = Benefit("visit", (), (), (), True, False, True, 0, "0")
PLAN = Plan(
    release=1,
    removed=False,
    plan_id="PLAN",
    name="Test plan",
    payer_id="PAYER",
    currency="USD",
    network_id="NET",
    effective_from=YEAR[0],
    effective_to=YEAR[1],
    fee_schedule_id="FEES",
    lesser_of=True,
    out_of_network_rate="0.50",
    timely_filing_days=180,
    missing_authorization="deny",
    deductible_individual=0,
    deductible_family=0,
    out_of_pocket_individual=None,
    out_of_pocket_family=None,
    benefits=(BENEFIT,),
)


def member(member_id: str, coverage: str = "FAM", start: int = YEAR[0], end: int | None = YEAR[1]) -> Member:
    """A member of a family, covered by PLAN for some days."""
    segments = (CoverageSegment(coverage, "PLAN", start, end),)
    return Member(1, False, member_id, (Identifier("nik", f"N-{member_id}"),), "Name", 0, "F", "self", segments)


def world(
    plan: Plan = PLAN,
    fees: Mapping[str, int] | None = None,
    members: Sequence[Member] = (),
    modifiers: Mapping[tuple[str, str | None], int] | None = None,
    stages: Sequence[Stage] = STAGES,
) -> Driver:
    """The chain in memory over reference data of one release: members M1 to M5 of family FAM, providers P1 and OUT."""
    return Driver(payer(plan, fees, members, modifiers), CODEC, stages)


def payer(
    plan: Plan = PLAN,
    fees: Mapping[str, int] | None = None,
    members: Sequence[Member] = (),
    modifiers: Mapping[tuple[str, str | None], int] | None = None,
) -> ReferenceStore:
    """The reference data of `world`, to which further releases may be added."""
    store = ReferenceStore(CODEC)
    people = [member(f"M{n}") for n in range(1, 6)] + list(members)
    networks = (NetworkSegment("NET", YEAR[0], None),)
    providers = [
        Provider(1, False, "P1", (Identifier("npi", "1234567893"),), "Clinic", "clinic", networks),
        Provider(1, False, "OUT", (Identifier("npi", "1000000004"),), "Elsewhere", "clinic", ()),
    ]
    amounts: dict[tuple[str, str | None], int] = {(code, None): amount for code, amount in (fees or {}).items()}
    amounts.update(modifiers or {})
    rows = [
        Fee(1, False, "FEES", "HC", code, modifier, YEAR[0], None, plan.currency, amount)
        for (code, modifier), amount in amounts.items()
    ]
    loads: list[tuple[str, Sequence[Any]]] = [
        (topics.REFERENCE_MEMBERS, people),
        (topics.REFERENCE_PROVIDERS, providers),
        (topics.REFERENCE_PLANS, [plan]),
        (topics.REFERENCE_FEES, rows),
    ]
    add_release(store, 1, loads)
    return store


def add_release(store: ReferenceStore, number: int, loads: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Add the records of a release, and the release itself."""
    for topic, records in loads:
        for record in records:
            store.add(topic, "", CODEC.encode(record))
    counts = {topic: len(records) for topic, records in loads}
    store.add(topics.REFERENCE_RELEASES, str(number), CODEC.encode(ReferenceRelease(number, 0, "test", counts)))


def line(
    charge: int, code: str = "99213", number: int = 1, units: int = 1, modifiers: tuple[str, ...] = ()
) -> ClaimLine:
    """A line on DAY; charge in minor units."""
    return ClaimLine(number, code, "HC", None, modifiers, units * 1000, charge, DAY, DAY, (1,), None, None, None, {})


def claim(
    *lines: ClaimLine, number: str = "C1", member_id: str = "M1", provider_id: str = "P1", **changes: Any
) -> SubmittedClaim:
    """An outpatient claim of those lines, numbered from 1, on DAY, accepted ten days later."""
    claim_id = str(uuid.uuid5(uuid.NAMESPACE_OID, number))
    numbered = tuple(replace(one, line_number=n) for n, one in enumerate(lines, start=1))
    given = SubmittedClaim(
        claim_id=claim_id,
        root_id=claim_id,
        submitter_id="S",
        claim_control_number=number,
        idempotency_key=None,
        form="professional",
        settlement="cashless",
        service_type="outpatient",
        currency="USD",
        frequency_code="1",
        original_reference=None,
        member=MemberReference(member_id, (), None, None, None, None),
        provider=ProviderReference(provider_id, (), None),
        other_providers=(),
        payee=None,
        payer_id=None,
        service_from=DAY,
        service_to=DAY,
        admission_date=None,
        discharge_date=None,
        place_of_service="11",
        bill_type=None,
        drg=None,
        room_class=None,
        diagnoses=(Diagnosis("J069", "icd10", "principal"),),
        lines=numbered,
        total_charge=sum(one.charge for one in numbered),
        authorization_number=None,
        referral_number=None,
        other_payers=(),
        attachments=(),
        attributes={},
        channel="api",
        correlation_id=None,
        accepted_at=(DAY + 10) * MILLISECONDS_A_DAY,
    )
    return replace(given, **changes)


def submit(chain: Driver, given: SubmittedClaim) -> Decision | None:
    """Send a claim through the chain; its decision, None when it left by another door."""
    before = len(chain.outputs[topics.CLAIMS_DECIDED])
    chain.pipe(topics.CLAIMS_SUBMITTED, given.root_id, given)
    decided: list[Decision] = chain.read(topics.CLAIMS_DECIDED)[before:]
    return decided[-1] if decided else None


def authorization(number: str = "A1", member_id: str = "M1", **changes: Any) -> AuthorizationEvent:
    """An approved authorization for DAY, any provider and any code."""
    event = AuthorizationEvent(
        f"E-{number}", number, member_id, None, (), DAY - 5, DAY + 5, None, None, None, "approved", None,
        (DAY + 20) * MILLISECONDS_A_DAY,
    )  # fmt: skip
    return replace(event, **changes)


def by_reason(decision: Decision) -> dict[str, int]:
    """Adjustments of a decision summed by group and reason, such as {"CO-45": 3000}."""
    sums: dict[str, int] = {}
    for one in decision.lines:
        for adjustment in one.adjustments:
            key = f"{adjustment.group}-{adjustment.reason}"
            sums[key] = sums.get(key, 0) + adjustment.amount
    return sums
