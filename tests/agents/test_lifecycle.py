"""A claim after its decision: pends, persons, voids, replacements, appeals and payments. Minor units of dollars."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agents.instructions import LEGAL, ROLES
from schemas import topics
from streams.driver import Driver
from tests.agents import stories
from tests.agents.stories import (
    balance_of_everything,
    command,
    latest,
    refusals,
    replacement,
    requests,
    state,
    void,
)
from tests.agents.world import BENEFIT, DAY, PLAN, by_reason, claim, line, member, submit, world

SHARED_COST = replace(PLAN, deductible_individual=10000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
NEEDS = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))
DENIES = replace(NEEDS, missing_authorization="deny")
LOOKED_AT = replace(PLAN, review_above=10000, second_approval_above=50000)
GIVEN = claim(line(15000))


# --- voids and replacements ------------------------------------------------------------------------------------------


def test_a_void_is_the_exact_negation() -> None:
    chain = world(SHARED_COST)
    first = submit(chain, GIVEN)
    assert first is not None
    submit(chain, void(GIVEN))
    gone = latest(chain, GIVEN)
    assert (*state(gone), gone.lines) == ("rejected", "voided", 0, ())
    assert [(e.account, e.who, e.amount) for e in gone.ledger] == [(e.account, e.who, -e.amount) for e in first.ledger]
    assert [(one.charge, one.paid, one.member_share) for one in gone.reversal] == [(-15000, -4000, -11000)]
    assert stories.balances(chain) == {}
    assert balance_of_everything(chain) == {}
    assert state(latest(chain, void(GIVEN))) == ("approved", "approved", 0)
    assert requests(chain) == [4000, -4000]


def test_a_void_before_its_original_waits() -> None:
    chain = world(SHARED_COST)
    assert submit(chain, void(GIVEN)) is None
    submit(chain, GIVEN)
    assert latest(chain, GIVEN).substatus == "voided"
    assert stories.balances(chain) == {}


def test_a_second_void_is_rejected_at_the_front_end() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    submit(chain, void(GIVEN))
    submit(chain, void(GIVEN, "V2"))
    assert [f.code for f in chain.read(topics.CLAIMS_REJECTED)[-1].findings] == ["V-ORIGINAL-VOIDED"]


def test_later_claims_keep_their_amounts_after_a_void() -> None:
    chain = world(SHARED_COST)
    other = claim(line(15000, "99214"), number="C2")
    submit(chain, GIVEN)
    submit(chain, other)
    submit(chain, void(GIVEN))
    assert latest(chain, other).paid == 12000
    third = submit(chain, claim(line(15000, "99215"), number="C3"))
    assert third is not None
    assert by_reason(third) == {"PR-1": 10000, "PR-2": 1000}, "the deductible is open again"


def test_a_replacement_is_decided_without_its_own_original() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    corrected = replacement(GIVEN, line(12000))
    decision = submit(chain, corrected)
    assert decision is not None
    assert (decision.version, by_reason(decision), decision.replaces) == (
        2,
        {"PR-1": 10000, "PR-2": 400},
        GIVEN.claim_id,
    )
    assert latest(chain, GIVEN).substatus == "replaced"
    assert requests(chain) == [4000, -2400], "the second request asks for the difference back"


def test_a_replacement_of_the_same_services_is_no_duplicate() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    decision = submit(chain, replacement(GIVEN, line(15000)))
    assert decision is not None
    assert decision.substatus == "approved"


def test_void_and_again_gives_the_identical_amounts() -> None:
    chain = world(SHARED_COST)
    first = submit(chain, GIVEN)
    submit(chain, void(GIVEN))
    again = submit(chain, claim(line(15000), number="AGAIN"))
    assert first is not None
    assert again is not None
    assert (again.lines, again.ledger) == (first.lines, first.ledger)


def test_a_repeat_after_a_void_gets_the_end_again() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    submit(chain, void(GIVEN))
    before = chain.outputs[topics.CLAIMS_DECIDED][-2:]
    submit(chain, GIVEN)
    assert chain.outputs[topics.CLAIMS_DECIDED][-1].value in [one.value for one in before]


# --- pends and persons -----------------------------------------------------------------------------------------------


def test_a_pended_claim_accounts_for_its_charge_and_posts_nothing() -> None:
    chain = world(NEEDS)
    decision = submit(chain, GIVEN)
    assert decision is not None
    assert decision.pend is not None
    assert (decision.substatus, decision.pend.queue, by_reason(decision)) == (
        "pended",
        "authorization",
        {"OA-133": 15000},
    )
    assert stories.balances(chain) == {}
    assert requests(chain) == []


SETTLED: list[tuple[str, Callable[[Driver], None], str, dict[str, int]]] = [
    # how, what happens, substatus, adjustments
    ("approved by a person", lambda c: command(c, GIVEN, "approve"), "approved", {}),
    ("denied by a person", lambda c: command(c, GIVEN, "deny"), "denied", {"CO-197": 15000}),
    ("released, and still without", lambda c: command(c, GIVEN, "release"), "pended", {"OA-133": 15000}),
    ("settled outside: passed", lambda c: stories.settled_outside(c, GIVEN, "passed"), "approved", {}),
    ("settled outside: denied", lambda c: stories.settled_outside(c, GIVEN, "denied"), "denied", {"CO-197": 15000}),
    ("voided", lambda c: c.pipe(topics.CLAIMS_SUBMITTED, GIVEN.root_id, void(GIVEN)), "voided", {}),
]


@pytest.mark.parametrize(("happens", "substatus", "adjustments"), [pytest.param(*r[1:], id=r[0]) for r in SETTLED])
def test_what_settles_a_pended_claim(
    happens: Callable[[Driver], None], substatus: str, adjustments: dict[str, int]
) -> None:
    chain = world(NEEDS)
    submit(chain, GIVEN)
    happens(chain)
    decision = latest(chain, GIVEN)
    assert (decision.substatus, by_reason(decision)) == (substatus, adjustments)
    happens(chain)
    if substatus not in ("pended", "voided"):
        assert latest(chain, GIVEN) == decision, "the same again does nothing"
        assert refusals(chain, GIVEN) == []


def test_who_approved_and_why_is_told() -> None:
    chain = world(NEEDS)
    submit(chain, GIVEN)
    command(chain, GIVEN, "approve", reason="letter seen")
    told = [e for e in stories.events(chain, GIVEN) if e.actor == "ani"]
    assert [(e.substatus, e.details["role"], e.details["note"]) for e in told] == [
        ("in_process", "claim_processor", "letter seen")
    ]
    assert [(a.actor, a.kind) for a in latest(chain, GIVEN).approvals] == [("ani", "approve")]


LOOKED: list[tuple[str, int, list[tuple[str, str]], str, str | None]] = [
    # case, charge, commands (kind, actor), substatus, queue or refusal
    ("below: nobody is asked", 10000, [], "approved", None),
    ("above: a person looks first", 10001, [], "pended", "high_value"),
    ("one person is enough", 50000, [("approve", "ani")], "approved", None),
    ("much: a second person", 50001, [("approve", "ani")], "pended", "second_approval"),
    ("the same person twice", 50001, [("approve", "ani"), ("approve", "ani")], "pended", "L-SAME-PERSON"),
    ("two persons", 50001, [("approve", "ani"), ("approve", "budi")], "approved", None),
    ("the second one denies", 50001, [("approve", "ani"), ("deny", "budi")], "denied", None),
]


@pytest.mark.parametrize(("charge", "commands", "substatus", "why"), [pytest.param(*r[1:], id=r[0]) for r in LOOKED])
def test_large_amounts(charge: int, commands: list[tuple[Any, str]], substatus: str, why: str | None) -> None:
    chain = world(LOOKED_AT)
    given = claim(line(charge))
    submit(chain, given)
    for number, (kind, actor) in enumerate(commands):
        command(chain, given, kind, actor=actor, command_id=f"c{number}")
    decision = latest(chain, given)
    assert decision.substatus == substatus
    queue = decision.pend.queue if decision.pend else None
    assert why in (queue, *refusals(chain, given)), (queue, refusals(chain, given))
    assert requests(chain) == ([charge] if substatus == "approved" else [])
    if substatus == "denied":
        assert by_reason(decision) == {"CO-A1": charge}


def test_what_needs_two_persons_needs_a_first_one() -> None:
    """A plan that names an amount for the second person only: nothing above it is paid without both."""
    chain = world(replace(PLAN, second_approval_above=50000))
    given = claim(line(50001))
    seen = []
    for actor in (None, "ani", "budi"):
        if actor is None:
            submit(chain, given)
        else:
            command(chain, given, "approve", actor=actor, command_id=actor)
        decision = latest(chain, given)
        seen.append((decision.substatus, decision.pend.queue if decision.pend else None))
    assert seen == [("pended", "high_value"), ("pended", "second_approval"), ("approved", None)]


# --- legal moves -----------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    # case, command, how, refusal
    ("approving what is approved", "approve", {}, "L-ILLEGAL-MOVE"),
    ("denying what is approved", "deny", {}, "L-ILLEGAL-MOVE"),
    ("upholding without an appeal", "uphold", {}, "L-ILLEGAL-MOVE"),
    ("overturning without an appeal", "overturn", {}, "L-ILLEGAL-MOVE"),
    ("no reason", "appeal", {"reason": " "}, "L-REASON-MISSING"),
    ("a role that may not", "void", {"role": "auditor"}, "L-ROLE"),
    ("an appeal a year later", "appeal", {"at": stories.LATER + 365 * 86_400_000}, "L-APPEAL-LATE"),
]


@pytest.mark.parametrize(("kind", "how", "code"), [pytest.param(*r[1:], id=r[0]) for r in REFUSED])
def test_what_is_refused_changes_nothing(kind: Any, how: dict[str, Any], code: str) -> None:
    chain = world()
    decision = submit(chain, GIVEN)
    command(chain, GIVEN, kind, **how)
    command(chain, GIVEN, kind, **how)
    assert refusals(chain, GIVEN) == [code]
    assert latest(chain, GIVEN) == decision


def test_every_command_has_its_states_and_roles() -> None:
    assert set(LEGAL) == set(ROLES)


def test_a_line_that_is_denied_by_itself_keeps_its_reason_when_a_person_denies_the_claim() -> None:
    needs = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))
    given = claim(line(15000), line(9000, "99214"), service_to=DAY + 3)
    second = replace(given.lines[1], service_from=DAY + 3, service_to=DAY + 3)
    given = replace(given, lines=(given.lines[0], second))
    chain = world(needs, members=[member("X1", "OTHER", DAY - 10, DAY + 1)])
    given = replace(given, member=replace(given.member, member_id="X1"))
    submit(chain, given)
    command(chain, given, "deny")
    assert by_reason(latest(chain, given)) == {"CO-197": 15000, "CO-27": 9000}


def test_a_void_under_the_id_of_another_command_ends_the_claim_all_the_same() -> None:
    chain = world(SHARED_COST)
    submit(chain, GIVEN)
    command(chain, GIVEN, "approve", command_id="same")
    command(chain, GIVEN, "void", command_id="same")
    command(chain, GIVEN, "void", command_id="same")
    assert (latest(chain, GIVEN).substatus, stories.balances(chain)) == ("voided", {})
    assert refusals(chain, GIVEN) == ["L-ILLEGAL-MOVE"]
