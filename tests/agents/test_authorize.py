"""Eligibility line by line, waiting periods, referral and prior authorization: passed or denied."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import OtherPayer, OtherProvider, SubmittedClaim
from schemas.envelope import Grant
from schemas.events import AuthorizationEvent
from schemas.reference import Benefit, CoverageSegment, Plan
from tests.agents.judged import (
    DENIES,
    NEEDS,
    PENDS,
    REFERS,
    authorized,
    claimed,
    codes,
    cover,
    covered,
    lines_of,
    on,
    pipe,
    two_stages,
)
from tests.agents.world import BENEFIT, DAY, PLAN, authorization, claim, line

GIVEN = claim(line(15000))
OTHER_PAYER = OtherPayer("FIRST", 1, 100, (), None, ())
HEADERS: list[tuple[str, Plan, tuple[CoverageSegment, ...], dict[str, Any], str]] = [
    # case, plan, cover, changes of the claim, what the header says and by which rule
    ("covered on the day", PLAN, (cover(DAY, DAY),), {}, "passed"),
    ("no end", PLAN, (cover(DAY - 100, None),), {}, "passed"),
    ("ended the day before", PLAN, (cover(DAY - 100, DAY - 1),), {}, "CO-27 A-COVERAGE-ENDED"),
    ("in a gap", PLAN, (cover(DAY - 100, DAY - 1), cover(DAY + 1, None)), {}, "CO-27 A-COVERAGE-ENDED"),
    ("begins the day after", PLAN, (cover(DAY + 1, None),), {}, "CO-26 A-COVERAGE-NOT-BEGUN"),
    ("no version of the plan", replace(PLAN, effective_from=DAY + 1), (cover(DAY, None),), {}, "CO-27 A-PLAN-MISSING"),
    ("filed on the last day", replace(PLAN, timely_filing_days=10), (cover(DAY, None),), {}, "passed"),
    ("filed a day late", replace(PLAN, timely_filing_days=9), (cover(DAY, None),), {}, "CO-29 A-TIMELY-FILING"),
    ("another payer first", PLAN, (cover(DAY, None, other_payer_first=True),), {}, "CO-22 A-OTHER-PAYER-FIRST"),
    ("an encounter", PLAN, (cover(DAY, None),), {"encounter": True}, "CO-24 A-ENCOUNTER"),
    ("an encounter without cover", PLAN, (cover(DAY + 1, None),), {"encounter": True}, "CO-24 A-ENCOUNTER"),
    ("an encounter without a plan", replace(PLAN, effective_from=DAY + 1), (cover(DAY, None),), {"encounter": True}, "CO-24 A-ENCOUNTER"),
    ("an encounter, late, after another payer", replace(PLAN, timely_filing_days=9), (cover(DAY, None, other_payer_first=True),), {"encounter": True}, "CO-24 A-ENCOUNTER"),
    ("another payer first, and it paid", PLAN, (cover(DAY, None, other_payer_first=True),), {"other_payers": (OTHER_PAYER,)}, "passed"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "segments", "changes", "expected"), [pytest.param(*r[1:], id=r[0]) for r in HEADERS])
def test_header(plan: Plan, segments: tuple[CoverageSegment, ...], changes: dict[str, Any], expected: str) -> None:
    (envelope,) = pipe(two_stages(plan, [covered(*segments)]), claim(line(1), member_id="X1", **changes))
    part = authorized(envelope)
    if expected == "passed":
        assert (part.verdict, part.plan_id, part.plan_from, part.lines) == ("passed", "PLAN", plan.effective_from, ())
        return
    assert (part.verdict, f"{part.reason_group}-{part.reason} {part.findings[-1].code}") == ("denied", expected)
    assert all(finding.remedy for finding in part.findings), "what would change the answer"


def test_every_finding_is_told_and_the_deciding_one_comes_last() -> None:
    late = replace(DENIES, timely_filing_days=1)
    (envelope,) = pipe(
        two_stages(late, [covered(cover(DAY, None, other_payer_first=True))]), claim(line(1), member_id="X1")
    )
    assert codes(envelope) == ["A-AUTHORIZATION-MISSING", "A-OTHER-PAYER-FIRST", "A-TIMELY-FILING"]
    assert (authorized(envelope).reason, envelope.pend) == ("29", None)


LINE_DAYS: list[tuple[str, tuple[CoverageSegment, ...], dict[int, str]]] = [
    # case, cover, what the lines on DAY, DAY + 1 and DAY + 2 come to
    ("one segment", (cover(DAY, DAY + 2),), {}),
    ("two segments that meet", (cover(DAY, DAY), cover(DAY + 1, None)), {}),
    ("ends between", (cover(DAY, DAY + 1),), {3: "denied CO-27"}),
    ("a gap between", (cover(DAY, DAY), cover(DAY + 2, None)), {2: "denied CO-27"}),
    ("another coverage follows", (cover(DAY, DAY), cover(DAY + 1, None, "B")), {2: "denied CO-27", 3: "denied CO-27"}),
]


@pytest.mark.parametrize(("segments", "expected"), [pytest.param(*row[1:], id=row[0]) for row in LINE_DAYS])
def test_each_line_is_covered_on_its_own_day(segments: tuple[CoverageSegment, ...], expected: dict[int, str]) -> None:
    given = claimed(on(DAY), on(DAY + 1), on(DAY + 2), member_id="X1")
    (envelope,) = pipe(two_stages(members=[covered(*segments)]), given)
    assert (authorized(envelope).verdict, lines_of(envelope)) == ("passed", expected)


def test_a_line_under_another_coverage_says_so() -> None:
    person = covered(cover(DAY, DAY), cover(DAY + 1, None, "B"))
    (envelope,) = pipe(two_stages(members=[person]), claimed(on(DAY), on(DAY + 1), member_id="X1"))
    assert codes(envelope) == ["A-COVERAGE-OTHER"]


WAITING_PERIODS: list[tuple[str, int, int | None, tuple[CoverageSegment, ...], bool]] = [
    # case, days of the plan, of the benefit, cover, does the line wait
    ("none", 0, None, (cover(DAY, None),), False),
    ("last day of it", 30, None, (cover(DAY - 29, None),), True),
    ("first day after it", 30, None, (cover(DAY - 30, None),), False),
    ("the benefit's is longer", 30, 60, (cover(DAY - 30, None),), True),
    ("the benefit's alone", 0, 60, (cover(DAY - 30, None),), True),
    ("the benefit exempts", 30, 0, (cover(DAY, None),), False),
    ("counts from enrolment", 30, None, (cover(DAY, None, enrolled_from=DAY - 30),), False),
    ("enrolled after cover began", 30, None, (cover(DAY - 40, None, enrolled_from=DAY - 10),), True),
    ("a renewal without a gap", 30, None, (cover(DAY - 30, DAY - 1), cover(DAY, None)), False),
    ("a renewal after a gap", 30, None, (cover(DAY - 30, DAY - 2), cover(DAY, None)), True),
    ("renewed twice", 30, None, (cover(DAY, None), cover(DAY - 10, DAY - 1), cover(DAY - 30, DAY - 11)), False),
    ("renewed twice, in order", 30, None, (cover(DAY - 30, DAY - 11), cover(DAY - 10, DAY - 1), cover(DAY, None)), False),
    ("cover under another coverage counts for nothing", 30, None, (cover(DAY - 30, DAY - 1, "B"), cover(DAY, None)), True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "own", "segments", "waits"), [pytest.param(*row[1:], id=row[0]) for row in WAITING_PERIODS]
)
def test_waiting_period(days: int, own: int | None, segments: tuple[CoverageSegment, ...], waits: bool) -> None:
    plan = replace(PLAN, waiting_days=days, benefits=(replace(BENEFIT, waiting_days=own),))
    (envelope,) = pipe(two_stages(plan, [covered(*segments)]), claim(line(1), member_id="X1", service_type="emergency"))
    assert (codes(envelope), lines_of(envelope)) == (
        (["A-WAITING-PERIOD"], {1: "denied PR-179"}) if waits else ([], {})
    )


def test_a_line_waits_by_the_cover_of_its_own_day() -> None:
    plan = replace(PLAN, waiting_days=5)
    person = covered(cover(DAY - 20, DAY), cover(DAY + 2, None))
    (envelope,) = pipe(
        two_stages(plan, [person]), claimed(on(DAY), on(DAY + 1), on(DAY + 2), on(DAY + 7), member_id="X1")
    )
    assert lines_of(envelope) == {2: "denied CO-27", 3: "denied PR-179"}


TEXTS: list[tuple[str, tuple[CoverageSegment, ...], str, str]] = [
    # case, cover, text, remedy
    ("ended", (cover(DAY - 9, DAY - 8), cover(DAY - 3, DAY - 1)), "coverage ended on 2026-03-01, the service was on 2026-03-02", "cover under A on 2026-03-02"),
    ("not begun", (cover(DAY + 1, None),), "coverage had not begun on 2026-03-02", "cover under A on 2026-03-02"),
    ("waiting", (cover(DAY - 9, None),), "cover began on 2026-02-21 and this is paid after 10 days, from 2026-03-03 on", "a service on or after 2026-03-03"),
]  # fmt: skip


@pytest.mark.parametrize(("segments", "text", "remedy"), [pytest.param(*row[1:], id=row[0]) for row in TEXTS])
def test_what_is_said_and_what_would_help(segments: tuple[CoverageSegment, ...], text: str, remedy: str) -> None:
    (envelope,) = pipe(two_stages(replace(PLAN, waiting_days=10), [covered(*segments)]), claim(line(1), member_id="X1"))
    part = authorized(envelope)
    (finding,) = part.findings or [finding for one in part.lines for finding in one.findings]
    assert (finding.text, finding.remedy) == (text, remedy)


REFERRING = OtherProvider("referring", (), None)
REFERRALS: list[tuple[str, SubmittedClaim, dict[int, str]]] = [
    # case, claim, lines
    ("none", GIVEN, {1: "denied CO-243"}),
    ("a number", replace(GIVEN, referral_number="R"), {}),
    ("a referring provider", replace(GIVEN, other_providers=(REFERRING,)), {}),
    ("another provider", replace(GIVEN, other_providers=(replace(REFERRING, role="rendering"),)), {1: "denied CO-243"}),
    ("another service", claim(line(1, "80053")), {}),
    ("one line of two", claim(line(1, "80053"), line(1)), {2: "denied CO-243"}),
]


@pytest.mark.parametrize(("given", "expected"), [pytest.param(*row[1:], id=row[0]) for row in REFERRALS])
def test_referral(given: SubmittedClaim, expected: dict[int, str]) -> None:
    (envelope,) = pipe(two_stages(REFERS), given)
    assert lines_of(envelope) == expected
    assert codes(envelope) == ["A-REFERRAL-MISSING"] * len(expected)


MATCHES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    # case, changes of the authorization, of the line, does it cover the line
    ("any provider, any code", {}, {}, True),
    ("this provider and code", {"provider_id": "P1", "service_codes": ("99213", "99214")}, {}, True),
    ("another provider", {"provider_id": "OUT"}, {}, False),
    ("another code", {"service_codes": ("99214",)}, {}, False),
    ("ends before", {"valid_to": DAY - 1}, {}, False),
    ("on its last day", {"valid_to": DAY}, {}, True),
    ("begins after", {"valid_from": DAY + 1}, {}, False),
    ("a line that outlasts it", {"valid_to": DAY}, {"service_to": DAY + 1}, False),
    ("cancelled", {"state": "cancelled"}, {}, False),
    ("another member", {"member_id": "M2"}, {}, False),
    ("its number on the line", {}, {"authorization_number": "A1"}, True),
    ("another number on the line", {}, {"authorization_number": "A2"}, False),
    ("money of the claim's currency", {"amount": 1, "currency": "USD"}, {}, True),
    ("money of another currency", {"amount": 1, "currency": "IDR"}, {}, False),
]


@pytest.mark.parametrize(("changes", "own", "matches"), [pytest.param(*row[1:], id=row[0]) for row in MATCHES])
def test_authorization_matches(changes: dict[str, Any], own: dict[str, Any], matches: bool) -> None:
    chain = two_stages(DENIES)
    pipe(chain, authorization(**changes))
    (envelope,) = pipe(chain, claimed(replace(line(15000), **own)))
    assert lines_of(envelope) == {1: "A1" if matches else "denied CO-197"}


def limited(number: str, codes: tuple[str, ...] = (), **changes: Any) -> AuthorizationEvent:
    """An authorization of some codes."""
    return authorization(number, service_codes=codes, **changes)


COVERED_LINES: list[tuple[str, tuple[AuthorizationEvent, ...], SubmittedClaim, dict[int, str]]] = [
    # case, authorizations, claim, numbers of lines
    ("each line its own", (limited("A1", ("99213",)), limited("A2", ("99214",))), claim(line(1), line(1, "99214")), {1: "A1", 2: "A2"}),
    ("one line has none", (limited("A1", ("99213",)),), claim(line(1), line(1, "99214")), {1: "A1", 2: "denied CO-197"}),
    ("a line that needs none", (limited("A1"),), claim(line(1, "80053"), line(1)), {2: "A1"}),
    ("the latest of two", (limited("A1"), limited("A2")), claim(line(1)), {1: "A2"}),
    ("changed, it is the latest", (limited("A1"), limited("A2"), limited("A1")), claim(line(1)), {1: "A1"}),
    ("cancelled after it was granted", (limited("A1"), limited("A1", state="cancelled")), claim(line(1)), {1: "denied CO-197"}),
    ("the number on the claim", (limited("A1"), limited("A2")), claim(line(1), authorization_number="A1"), {1: "A1"}),
    ("an unknown number on the claim", (limited("A1"),), claim(line(1), authorization_number="A2"), {1: "denied CO-197"}),
    ("the line's number before the claim's", (limited("A1"), limited("A2")), claimed(on(DAY, authorization_number="A2"), authorization_number="A1"), {1: "A2"}),
]  # fmt: skip


@pytest.mark.parametrize(("events", "given", "expected"), [pytest.param(*row[1:], id=row[0]) for row in COVERED_LINES])
def test_authorizations_cover_lines(
    events: tuple[AuthorizationEvent, ...], given: SubmittedClaim, expected: dict[int, str]
) -> None:
    (envelope,) = pipe(two_stages(DENIES), *events, given)
    assert lines_of(envelope) == expected


def test_what_authorizations_grant_goes_along_once_each() -> None:
    events = (
        limited("A1", ("99213",), units_milli=3000),
        limited("A2", ("99214",), amount=50000),
        limited("A3", ("99215",)),
    )
    benefits = (replace(NEEDS, codes=()),)
    given = claim(line(1), line(2), line(3, "99214"), line(4, "99215"))
    (envelope,) = pipe(two_stages(replace(DENIES, benefits=benefits)), *events, given)
    assert authorized(envelope).grants == (Grant("A1", 3000, None), Grant("A2", None, 50000))
    assert authorized(envelope).authorization_number == "A1"


def test_a_denied_line_uses_nothing_of_its_authorization() -> None:
    chain = two_stages(replace(DENIES, waiting_days=400))
    (envelope,) = pipe(chain, limited("A1", units_milli=3000), GIVEN)
    assert lines_of(envelope) == {1: "denied PR-179"}
    part = authorized(envelope)
    assert (part.grants, part.authorization_number, part.lines[0].authorization_number) == ((), None, None)


def test_a_missing_authorization_says_what_would_help() -> None:
    (envelope,) = pipe(two_stages(DENIES), claimed(on(DAY), on(DAY, code="99214", until=DAY + 2)))
    remedies = [finding.remedy for one in authorized(envelope).lines for finding in one.findings]
    assert remedies == [
        "an authorization covering 99213 on 2026-03-02",
        "an authorization covering 99214 from 2026-03-02 to 2026-03-04",
    ]


@pytest.mark.parametrize(
    "benefits", [(), (replace(NEEDS, covered=False, needs_referral=True), replace(NEEDS, codes=("D",)))]
)
def test_what_the_plan_does_not_cover_needs_no_authorization(benefits: tuple[Benefit, ...]) -> None:
    (envelope,) = pipe(two_stages(replace(PENDS, benefits=benefits, waiting_days=1)), GIVEN)
    assert (authorized(envelope).verdict, lines_of(envelope)) == ("passed", {}), "adjudicate says what is not covered"


def test_a_line_that_is_denied_waits_for_nothing() -> None:
    person = covered(cover(DAY, DAY))
    given = claimed(on(DAY, code="80053"), on(DAY + 1), member_id="X1")
    (envelope,) = pipe(two_stages(PENDS, [person]), given)
    assert (authorized(envelope).verdict, envelope.pend, lines_of(envelope)) == ("passed", None, {2: "denied CO-27"})
    assert codes(envelope) == ["A-COVERAGE-ENDED", "A-AUTHORIZATION-MISSING"]
