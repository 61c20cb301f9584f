"""Stories in which the chain once decided otherwise than the rules: each was a few dollars on somebody's claim."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.reference import CoinsuranceCap
from tests.agents.world import BENEFIT, PLAN, claim, line
from tests.oracle.comparison import differences
from tests.oracle.figures import Payer
from tests.properties.chain import booked, told
from tests.properties.payers import DAY, END, START, people, providers
from tests.properties.stories import Event, following

JUNE_30 = DAY + 1


def billed(number: str, *lines: ClaimLine) -> SubmittedClaim:
    """A claim of F1 over the days of its lines."""
    days = [one.service_from for one in lines]
    at = (max(days) + 10) * MILLISECONDS_A_DAY
    changes: dict[str, Any] = {"service_from": min(days), "service_to": max(days), "accepted_at": at}
    return claim(*lines, number=number, member_id="F1", **changes)


def on(day: int, charge: int, code: str) -> ClaimLine:
    """A line of a day."""
    return replace(line(charge, code), service_from=day, service_to=day)


MET = billed("met", on(JUNE_30 - 2, 5_000, "99213"))
ACROSS = billed("across", on(JUNE_30, 10_000, "80050"), on(JUNE_30 + 1, 10_000, "80053"))
MORNING, EVENING = billed("am", on(JUNE_30, 900, "80050")), billed("pm", on(JUNE_30, 900, "80053"))
YEAR = {"benefit_year_starts": "07-01", "out_of_pocket_individual": 1_000}
CAP = {"coinsurance_caps": (CoinsuranceCap((), 1_500),)}

# The maximum gives back what a line owed; a cap or copay of the claim or day must not count that as taken.
FOUND: list[tuple[str, dict[str, Any], dict[str, Any], list[Event]]] = [
    ("a cap of coinsurance in the next benefit year", {**YEAR, **CAP}, {}, [MET, ACROSS]),
    (
        "a copay of an admission in the next benefit year",
        YEAR,
        {"copay": 500, "copay_scope": "admission"},
        [MET, ACROSS],
    ),
    (
        "a copay of a day after a void",
        {"out_of_pocket_individual": 1_000},
        {"copay": 500, "copay_scope": "day"},
        [MET, MORNING, following(MET, MET, "V", "8"), EVENING],
    ),
]


@pytest.mark.parametrize(("plan", "benefit", "story"), [pytest.param(*row[1:], id=row[0]) for row in FOUND])
def test_decided_as_the_rules_say(plan: dict[str, Any], benefit: dict[str, Any], story: list[Event]) -> None:
    given: dict[str, Any] = {"suspect_duplicates": "warn", "fee_schedule_id": None, **plan}
    benefits = (replace(BENEFIT, coinsurance="0.2", **benefit),)
    payer = Payer(
        replace(PLAN, effective_from=START, effective_to=END, benefits=benefits, **given), people(), providers()
    )
    assert differences(booked(payer, story), told(payer, story)) == []
