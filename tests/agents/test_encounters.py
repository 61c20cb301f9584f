"""Encounters: care that capitation pays for is decided, told, and never paid. Minor units of dollars."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.reference import Plan
from schemas.vocabulary import CommandKind
from streams.driver import Driver
from tests.agents import stories
from tests.agents.stories import (
    balance_of_everything,
    command,
    latest,
    payment,
    refusals,
    replacement,
    requests,
    settled_outside,
    state,
    void,
)
from tests.agents.world import BENEFIT, PLAN, by_reason, claim, line, submit, world

# The member bears 100.00 and a fifth of the rest, so each payment shows whether something was counted before.
SHARED_COST = replace(PLAN, deductible_individual=10000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
WAITS = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))
LINES = (line(15000), line(5000, "85025"))
ENCOUNTER = claim(*LINES, encounter=True)
DENIED = ("rejected", "denied", 0)


def reported(plan: Plan = SHARED_COST) -> Driver:
    """The encounter, decided."""
    chain = world(plan)
    assert submit(chain, ENCOUNTER) is not None
    return chain


@pytest.mark.parametrize("plan", [SHARED_COST, WAITS, replace(PLAN, review_above=1)])
def test_all_lines_are_denied_as_paid_by_capitation(plan: Plan) -> None:
    chain = reported(plan)
    decision = latest(chain, ENCOUNTER)
    assert (*state(decision), decision.member_share, decision.pend) == (*DENIED, 0, None)
    assert [(one.verdict, [(a.group, a.reason, a.amount) for a in one.adjustments]) for one in decision.lines] == [
        ("denied", [("CO", "24", 15000)]),
        ("denied", [("CO", "24", 5000)]),
    ]
    assert (decision.ledger, stories.balances(chain), requests(chain)) == ((), {}, [])
    assert balance_of_everything(chain) == {"charged": 20000, "CO-24": 20000}


def test_it_is_accepted_at_the_front_end() -> None:
    assert reported().read(topics.CLAIMS_REJECTED) == []


def test_nothing_of_it_counts_for_the_claims_after_it() -> None:
    """The same services, claimed: no duplicate, and the whole deductible is still to be borne."""
    chain = reported()
    decision = submit(chain, claim(*LINES, number="C2"))
    assert decision is not None
    assert (*state(decision), by_reason(decision)) == ("approved", "approved", 8000, {"PR-1": 10000, "PR-2": 2000})


Deed = Callable[[Driver, SubmittedClaim], None]


def asks(*kinds: CommandKind) -> Deed:
    """A person asks for these moves, one after the other."""

    def deed(chain: Driver, about: SubmittedClaim) -> None:
        for kind in kinds:
            command(chain, about, kind)

    return deed


NEVER_PAID: list[tuple[str, Deed, str, list[str]]] = [
    # case, what is tried, the state after it, what was refused
    ("approve", asks("approve"), "denied", ["L-ILLEGAL-MOVE"]),
    ("release", asks("release"), "denied", ["L-ILLEGAL-MOVE"]),
    ("overturn", asks("overturn"), "denied", ["L-ILLEGAL-MOVE"]),
    ("appeal and overturn", asks("appeal", "overturn"), "appealed", ["L-ENCOUNTER"]),
    ("appeal and approve", asks("appeal", "approve"), "appealed", ["L-ILLEGAL-MOVE"]),
    ("appeal, overturn, uphold", asks("appeal", "overturn", "uphold"), "upheld", ["L-ENCOUNTER"]),
    ("an outside adjudicator", lambda chain, about: settled_outside(chain, about, "passed"), "denied", ["L-ILLEGAL-MOVE"]),
    ("a payment", lambda chain, about: payment(chain, about, 20000), "denied", ["L-NOT-PAYABLE"]),
]  # fmt: skip


@pytest.mark.parametrize(("deed", "substatus", "refused"), [pytest.param(*row[1:], id=row[0]) for row in NEVER_PAID])
@pytest.mark.parametrize("plan", [SHARED_COST, WAITS], ids=["plain", "with authorizations"])
def test_no_command_pays_it(plan: Plan, deed: Deed, substatus: str, refused: list[str]) -> None:
    chain = reported(plan)
    deed(chain, ENCOUNTER)
    decision = latest(chain, ENCOUNTER)
    assert (decision.substatus, decision.paid, refusals(chain, ENCOUNTER)) == (substatus, 0, refused)
    assert (requests(chain), stories.balances(chain)) == ([], {})


def test_an_appeal_that_was_refused_leaves_nothing_to_compare_with() -> None:
    chain = reported(PLAN)
    asks("appeal", "overturn")(chain, ENCOUNTER)
    decision = submit(chain, claim(*LINES, number="C2"))
    assert decision is not None
    assert state(decision) == ("approved", "approved", 20000)


def test_a_void_ends_it() -> None:
    chain = reported()
    submit(chain, void(ENCOUNTER))
    assert (latest(chain, ENCOUNTER).substatus, latest(chain, void(ENCOUNTER)).substatus) == ("voided", "approved")
    assert (balance_of_everything(chain), requests(chain)) == ({}, [])


REPLACED: list[tuple[str, bool, bool, tuple[str, str, int], list[int]]] = [
    # case, the original is an encounter, the replacement is one, what that comes to, payments asked for
    ("an encounter by a claim", True, False, ("approved", "approved", 8000), [8000]),
    ("a claim by an encounter", False, True, DENIED, [8000, -8000]),
    ("an encounter by an encounter", True, True, DENIED, []),
]


@pytest.mark.parametrize(("first", "second", "expected", "asked"), [pytest.param(*r[1:], id=r[0]) for r in REPLACED])
def test_replacements(first: bool, second: bool, expected: tuple[str, str, int], asked: list[int]) -> None:
    chain = world(SHARED_COST)
    original = claim(*LINES, encounter=first)
    submit(chain, original)
    later = replacement(original, *LINES, encounter=second)
    submit(chain, later)
    decision = latest(chain, later)
    assert (*state(decision), requests(chain)) == (*expected, asked)
    assert bool(stories.balances(chain)) is (decision.paid > 0)


def test_a_replacement_follows_an_appeal_that_was_refused() -> None:
    chain = reported()
    asks("appeal", "overturn")(chain, ENCOUNTER)
    later = replacement(ENCOUNTER, *LINES)
    submit(chain, later)
    assert state(latest(chain, later)) == ("approved", "approved", 8000)
    assert latest(chain, ENCOUNTER).substatus == "replaced"
