"""The stage adjudicate as a whole: what authorize left, what waits for a person, and what the person's word does."""

from dataclasses import replace
from typing import Any

import pytest

from agents.periods import payer_day
from agents.tables import REVIEWED
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.envelope import Approval, Authorized, AuthorizedLine, Envelope, Finding, Move, Pend, Undone
from schemas.vocabulary import Verdict
from tests.agents.desk import LATER, PASSED, Desk, balances, edit, lines_of, told
from tests.agents.world import BENEFIT, PLAN, claim, line

PENDING = edit("look", severity="pend", bypass_modifiers=("59",))
PANEL, BASIC, VISIT = line(9000, "80053"), line(5000, "80048"), line(15000)
NO_GRANT = Finding("A-AUTHORIZATION-MISSING", "lines[2]", "none", "an authorization covering 80053")


def verdict_of(envelope: Envelope) -> str:
    assert envelope.adjudicated is not None
    return envelope.adjudicated.verdict


def waiting() -> tuple[Desk, SubmittedClaim, Envelope]:
    """A claim of three lines, of which one was denied, one passed and one pended."""
    excluded = replace(BENEFIT, benefit_id="no", codes=("99213",), covered=False)
    desk = Desk(replace(PLAN, benefits=(excluded, BENEFIT)), edits=(PENDING,))
    billed = claim(VISIT, PANEL, BASIC)
    return desk, billed, desk.judge(billed)


def test_what_authorize_pended_stays_untouched() -> None:
    desk = Desk()
    pend = Pend("A-AUTHORIZATION-MISSING", "authorization", "authorize", 1, "none", "CO", "197")
    judged = desk.judge(claim(VISIT), replace(PASSED, verdict="pended"), pend=pend)
    assert (verdict_of(judged), lines_of(judged), judged.pend) == ("pended", (), pend)
    assert desk.keys() == []


def test_a_header_denial_denies_every_line_with_its_code() -> None:
    late = Authorized("denied", None, None, "CO", "29", (Finding("A-TIMELY-FILING", "accepted_at", "late"),))
    billed = claim(VISIT, PANEL)
    judged = Desk().judge(billed, late)
    assert told(judged) == ["denied CO-29 15000 A-TIMELY-FILING", "denied CO-29 9000 A-TIMELY-FILING"]
    assert verdict_of(judged) == "denied"
    assert balances(billed, judged)


def test_a_line_that_authorize_denied_stops_there() -> None:
    also = Finding("A-REFERRAL-MISSING", "lines[2]", "none")
    refused = AuthorizedLine(2, "denied", "CO", "197", None, (NO_GRANT, also))
    noted = AuthorizedLine(1, "passed", None, None, "A1", ())
    desk = Desk(edits=(edit("ptp"),))
    judged = desk.judge(claim(VISIT, PANEL, BASIC), replace(PASSED, lines=(noted, refused)))
    assert told(judged) == ["passed", "denied CO-197 9000 A-AUTHORIZATION-MISSING A-REFERRAL-MISSING", "passed"]
    assert [one.line_number for one in lines_of(judged)] == [1, 2, 3]
    assert lines_of(judged)[1].findings == (NO_GRANT, also)
    # The first of its findings is what denies it.
    assert lines_of(judged)[1].adjustments[0].rule == "A-AUTHORIZATION-MISSING"
    # Denied, it is no history: the next claim may bill it.
    assert told(desk.judge(claim(PANEL, number="C2"))) == ["passed"]


VERDICTS: list[tuple[str, tuple[ClaimLine, ...], Verdict]] = [
    # case, lines, verdict on the claim
    ("all pass", (PANEL, VISIT), "passed"),
    ("one is denied", (VISIT, VISIT), "passed"),
    ("all are denied", (line(100, "15780"), line(200, "15781")), "denied"),
    ("one pends", (PANEL, BASIC), "pended"),
    ("one pends, others are denied", (line(100, "15780"), PANEL, BASIC), "pended"),
    ("what would pend is denied", (line(100, "15780"), line(200, "15782")), "denied"),
]


@pytest.mark.parametrize(("lines", "verdict"), [pytest.param(*row[1:], id=row[0]) for row in VERDICTS])
def test_verdict_on_the_claim(lines: tuple[ClaimLine, ...], verdict: Verdict) -> None:
    excluded = replace(BENEFIT, benefit_id="no", codes=("1578*",), covered=False)
    beside = edit("beside", code="15782", other_code="15780", severity="pend")
    expensive = edit("dear", kind="charge_over", code="15782", amount=1, currency="USD", severity="pend")
    desk = Desk(replace(PLAN, benefits=(excluded, BENEFIT)), edits=(PENDING, beside, expensive))
    assert verdict_of(desk.judge(claim(*lines))) == verdict


def test_a_pend_says_why_for_whom_and_until_when() -> None:
    desk, billed, judged = waiting()
    assert told(judged) == ["denied PR-96 15000 D-EXCLUDED", "passed", "pended D-EDIT"]
    text = "lines[3]: edit look: 80048 is not paid beside 80053, which is on line 2 of this claim"
    due_on = payer_day(billed.accepted_at) + PLAN.pend_days
    assert judged.pend == Pend("D-EDIT", "review", "adjudicate", due_on, text, "CO", "236")
    assert desk.kept(REVIEWED, billed.root_id) == judged


def test_a_pend_is_due_after_what_happened_last() -> None:
    desk = Desk(replace(PLAN, pend_days=7), edits=(PENDING,))
    judged = desk.judge(claim(PANEL, BASIC), moves=(Move("in_process", "authorize", LATER, "A-AUTHORIZATION-ARRIVED"),))
    assert judged.pend is not None
    assert judged.pend.due_on == payer_day(LATER) + 7


def test_lines_of_a_claim_that_waits_count() -> None:
    desk, _, _ = waiting()
    assert told(desk.judge(claim(PANEL, number="C2"))) == ["denied OA-18 9000 D-DUPLICATE"]


APPROVED = Approval("approve-1", "approve", "ani", "claim_processor", "seen", LATER)
DENIED = replace(APPROVED, command_id="deny-1", kind="deny")


def test_approved_it_goes_on_with_its_findings() -> None:
    desk, billed, _ = waiting()
    judged = desk.command("approve", billed)
    assert told(judged) == ["denied PR-96 15000 D-EXCLUDED", "passed", "passed D-EDIT"]
    assert (judged.kind, judged.claim_id, judged.pend, judged.approvals) == (
        "claim",
        billed.claim_id,
        None,
        (APPROVED,),
    )
    assert verdict_of(judged) == "passed"
    assert judged.moves == (Move("in_process", "adjudicate", LATER, "L-APPROVED", "ani", "claim_processor", "seen"),)
    assert desk.kept(REVIEWED, billed.root_id) is None
    assert told(desk.judge(claim(BASIC, number="C2"))) == ["denied OA-18 5000 D-DUPLICATE D-EDIT"]


def test_denied_by_a_person() -> None:
    desk, billed, _ = waiting()
    judged = desk.command("deny", billed)
    assert told(judged) == [
        "denied PR-96 15000 D-EXCLUDED",
        "denied CO-236 9000 L-DENIED",
        "denied CO-236 5000 D-EDIT L-DENIED",
    ]
    assert verdict_of(judged) == "denied"
    assert judged.adjudicated is not None
    assert [finding.text for finding in judged.adjudicated.findings] == ["denied by a person: seen"]
    assert (judged.pend, judged.approvals, judged.moves[-1].reason) == (None, (DENIED,), "L-DENIED")
    assert balances(billed, judged)
    # Nothing of it was paid, so it may be billed again.
    assert told(desk.judge(claim(PANEL, number="C2"))) == ["passed"]


def test_denied_by_a_person_takes_what_edits_had_left() -> None:
    units = edit("mue", kind="units_per_day", code="97110", units_milli=1000, reason="222")
    desk = Desk(edits=(PENDING, units))
    billed = claim(PANEL, BASIC, line(9000, "97110", units=3))
    assert told(desk.judge(billed))[2] == "passed CO-222 6000 D-EDIT"
    judged = desk.command("deny", billed)
    assert told(judged)[2] == "denied CO-236 9000 D-EDIT L-DENIED"
    assert lines_of(judged)[2].units_denied_milli == 0


def test_a_suspect_denied_by_a_person_is_a_duplicate() -> None:
    desk = Desk()
    desk.judge(claim(VISIT))
    second = claim(line(15001), number="C2")
    desk.judge(second)
    assert told(desk.command("deny", second)) == ["denied OA-18 15001 D-DUPLICATE-SUSPECT L-DENIED"]


def test_released_it_is_judged_again_against_the_state_of_now() -> None:
    desk = Desk()
    first, second = claim(VISIT), claim(line(15001), number="C2")
    desk.judge(first)
    assert told(desk.judge(second)) == ["pended D-DUPLICATE-SUSPECT"]
    still = desk.command("release", second)
    assert told(still) == ["pended D-DUPLICATE-SUSPECT"]
    assert still.pend is not None
    assert still.pend.due_on == payer_day(LATER) + PLAN.pend_days
    desk.void(first)
    judged = desk.command("release", second)
    assert told(judged) == ["passed"]
    assert (judged.pend, judged.approvals, [move.reason for move in judged.moves]) == (None, (), ["L-RELEASED"] * 2)


def test_an_outside_adjudicator_settles_what_waits() -> None:
    desk, billed, _ = waiting()
    assert told(desk.settle_outside("passed", billed))[2] == "passed D-EDIT"
    desk, billed, _ = waiting()
    assert told(desk.settle_outside("denied", billed))[2] == "denied CO-236 5000 D-EDIT L-DENIED"


PASSING: list[tuple[str, Any, dict[str, Any]]] = [
    # case, command, how it is asked: the claim goes on waiting, price refuses
    ("no reason", "approve", {"reason": None}),
    ("not of staff", "approve", {"role": "provider"}),
    ("no appeal before a decision", "appeal", {}),
    ("nothing to overturn", "overturn", {}),
    ("nothing to uphold", "uphold", {}),
]


@pytest.mark.parametrize(("kind", "asked"), [pytest.param(*row[1:], id=row[0]) for row in PASSING])
def test_instructions_that_are_not_carried_out_here(kind: Any, asked: dict[str, Any]) -> None:
    desk, billed, judged = waiting()
    passed = desk.command(kind, billed, **asked)
    assert (passed.kind, passed.adjudicated, passed.moves) == ("command", None, ())
    assert desk.kept(REVIEWED, billed.root_id) == judged


def test_an_instruction_for_a_claim_that_does_not_wait_here_passes() -> None:
    desk = Desk()
    billed = claim(VISIT)
    desk.judge(billed)
    before = desk.keys()
    for kind in ("approve", "deny", "release", "appeal", "uphold"):
        assert desk.command(kind, billed).kind == "command"
    assert desk.settle_outside("passed", billed).kind == "adjudication"
    assert desk.keys() == before
    assert told(desk.judge(claim(VISIT, number="C2"))) == ["denied OA-18 15000 D-DUPLICATE"]


def test_an_instruction_is_carried_out_once() -> None:
    desk, billed, _ = waiting()
    assert desk.command("approve", billed).kind == "claim"
    assert desk.command("approve", billed).kind == "command"


@pytest.mark.parametrize("door", ["claim", "command"])
def test_a_void_ends_the_wait(door: str) -> None:
    desk, billed, _ = waiting()
    ended = desk.void(billed) if door == "claim" else desk.command("void", billed)
    assert (ended.adjudicated, ended.undoes is not None) == (None, True)
    assert desk.keys() == []
    assert desk.command("approve", billed).kind == "command"


def test_a_malformed_void_leaves_the_claim_waiting() -> None:
    desk, billed, judged = waiting()
    desk.command("void", billed, reason=" ")
    assert desk.kept(REVIEWED, billed.root_id) == judged


def test_a_replacement_that_waits_undoes_only_once() -> None:
    desk = Desk(edits=(PENDING,))
    original = claim(VISIT)
    desk.judge(original)
    pended = desk.replace(original, claim(PANEL, BASIC, number="C2"))
    assert pended.undoes == Undone(original.claim_id, 1, "replaced", True)
    resumed = desk.command("approve", original)
    assert (resumed.kind, resumed.version, resumed.undoes) == ("replacement", 2, None)


def test_a_replacement_of_a_claim_that_waits_is_judged_alone() -> None:
    desk, billed, _ = waiting()
    assert told(desk.replace(billed, claim(PANEL, number="C2"))) == ["passed"]
    assert desk.kept(REVIEWED, billed.root_id) is None


def test_the_receipt_names_each_removal() -> None:
    _, _, judged = waiting()
    steps = [[(s.rule, s.before, s.after, s.detail) for s in one.steps] for one in lines_of(judged)]
    assert steps == [
        [("D-EXCLUDED", 15000, 0, None)],
        [],
        [],
    ]


def test_the_same_input_gives_the_same_answer() -> None:
    assert waiting()[2] == waiting()[2]
