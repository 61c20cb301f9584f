"""Eligibility on the day of service, and prior authorization: passed, denied, pended, released."""

from dataclasses import replace
from typing import Any

import pytest

from agents import authorize as stage
from schemas import topics
from schemas.decision import Decision
from tests.agents.world import BENEFIT, DAY, PLAN, YEAR, authorization, by_reason, claim, line, member, submit, world

NEEDS = replace(BENEFIT, needs_authorization=True)
DENIES = replace(PLAN, benefits=(NEEDS,))
PENDS = replace(DENIES, missing_authorization="pend")
GIVEN = claim(line(15000))

ELIGIBILITY: list[tuple[str, int, int | None, dict[str, int]]] = [
    # case, first and last day of coverage, adjustments
    ("covered on the day", DAY, DAY, {}),
    ("no end", DAY - 100, None, {}),
    ("ended the day before", DAY - 100, DAY - 1, {"CO-27": 15000}),
    ("begins the day after", DAY + 1, None, {"CO-26": 15000}),
]


@pytest.mark.parametrize(("start", "end", "adjustments"), [pytest.param(*r[1:], id=r[0]) for r in ELIGIBILITY])
def test_coverage_on_the_day_of_service(start: int, end: int | None, adjustments: dict[str, int]) -> None:
    chain = world(members=[member("X1", "OTHER", start, end)])
    decision = submit(chain, claim(line(15000), member_id="X1"))
    assert decision is not None
    assert by_reason(decision) == adjustments
    assert decision.substatus == ("denied" if adjustments else "approved")


@pytest.mark.parametrize(("days", "adjustments"), [(10, {}), (9, {"CO-29": 15000})])
def test_timely_filing(days: int, adjustments: dict[str, int]) -> None:
    decision = submit(world(replace(PLAN, timely_filing_days=days)), GIVEN)
    assert decision is not None
    assert by_reason(decision) == adjustments


def test_no_version_of_the_plan_on_the_day() -> None:
    decision = submit(world(replace(PLAN, effective_from=YEAR[1])), GIVEN)
    assert decision is not None
    assert [f.code for f in decision.findings] == ["A-PLAN-MISSING"]


MATCHES: list[tuple[str, dict[str, Any], bool]] = [
    # case, changes of the authorization, does it match
    ("any provider, any code", {}, True),
    ("this provider and code", {"provider_id": "P1", "service_codes": ("99213", "99214")}, True),
    ("another provider", {"provider_id": "OUT"}, False),
    ("another code", {"service_codes": ("99214",)}, False),
    ("before", {"valid_to": DAY - 1}, False),
    ("after", {"valid_from": DAY + 1}, False),
    ("cancelled", {"state": "cancelled"}, False),
    ("another member", {"member_id": "M2"}, False),
]


@pytest.mark.parametrize(("changes", "matches"), [pytest.param(*row[1:], id=row[0]) for row in MATCHES])
def test_authorization_matches(changes: dict[str, Any], matches: bool) -> None:
    chain = world(DENIES)
    event = authorization(**changes)
    chain.pipe(topics.AUTHORIZATION_EVENTS, event.member_id, event)
    decision = submit(chain, GIVEN)
    assert decision is not None
    assert by_reason(decision) == ({} if matches else {"CO-197": 15000})


def test_the_number_on_the_claim_narrows_the_match() -> None:
    chain = world(DENIES)
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization("A1"))
    decision = submit(chain, replace(GIVEN, authorization_number="A2"))
    assert decision is not None
    assert decision.substatus == "denied"


def pended_and_released() -> list[Decision]:
    chain = world(PENDS)
    submit(chain, GIVEN)
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization())
    decisions: list[Decision] = chain.read(topics.CLAIMS_DECIDED)
    return decisions


def test_a_pended_claim_is_released_by_the_authorization_that_arrives() -> None:
    pended, released = pended_and_released()
    assert (pended.substatus, pended.revision, pended.paid, by_reason(pended)) == ("pended", 1, 0, {"OA-133": 15000})
    assert (released.substatus, released.revision, released.paid) == ("approved", 2, 15000)
    assert pended.ledger == ()


def test_a_release_is_told_by_events_once() -> None:
    chain = world(PENDS)
    submit(chain, GIVEN)
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization())
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization("A2"))
    events = [(e.event_type, e.revision) for e in chain.read(topics.CLAIMS_EVENTS)]
    assert events == [
        ("claim.accepted", 1),
        ("claim.pended", 1),
        ("claim.in_process", 2),
        ("claim.approved", 2),
    ]


def test_an_authorization_that_does_not_match_releases_nothing() -> None:
    chain = world(PENDS)
    submit(chain, GIVEN)
    submit(chain, claim(line(20000), number="C2"))
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization(service_codes=("1",)))
    assert len(chain.read(topics.CLAIMS_DECIDED)) == 2


def test_one_of_two_waiting_claims_is_released() -> None:
    chain = world(PENDS)
    submit(chain, GIVEN)
    submit(chain, claim(line(20000, "99214"), number="C2"))
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization(service_codes=("99214",)))
    assert [d.substatus for d in chain.read(topics.CLAIMS_DECIDED)] == ["pended", "pended", "approved"]
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization("A2"))
    assert chain.read(topics.CLAIMS_DECIDED)[-1].claim_id == GIVEN.claim_id


def test_too_many_waiting_claims_are_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "PENDED_CLAIMS_PER_MEMBER_MAX", 1)
    chain = world(PENDS)
    submit(chain, GIVEN)
    decision = submit(chain, claim(line(20000), number="C2"))
    assert decision is not None
    assert (decision.substatus, by_reason(decision)) == ("denied", {"CO-197": 20000})


def test_a_line_without_need_of_authorization_passes() -> None:
    decision = submit(world(PENDS), claim(line(15000), service_type="dental"))
    assert decision is not None
    plan = replace(PENDS, benefits=(replace(NEEDS, service_types=("inpatient",)), BENEFIT))
    decision = submit(world(plan), GIVEN)
    assert decision is not None
    assert decision.substatus == "approved"
