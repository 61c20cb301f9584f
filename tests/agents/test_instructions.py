"""Who may ask for what, when it is legal, and how a command and a word from outside read alike."""

from dataclasses import replace

import pytest

from agents.instructions import (
    DONE,
    LEGAL,
    ROLES,
    Instruction,
    approval_of,
    form_refusal,
    instruction_of,
    move_of,
    state_refusal,
)
from agents.periods import payer_day
from schemas.envelope import Approval, Envelope, Move
from schemas.events import AdjudicationEvent, Command
from schemas.status import STATUS_OF
from schemas.vocabulary import CommandKind, Kind, Substatus
from tests.agents.world import CODEC, DAY

WISH = Instruction("c-1", "approve", "ani", "claim_processor", "looked at it", 1)
COMMAND = Command("c-1", "approve", "claim", "ani", "claim_processor", "looked at it", None, None, 1)
WORD = AdjudicationEvent("a-1", "claim", "passed", None, "outside", None, 1)


def carrying(kind: Kind, record: object) -> Envelope:
    """An envelope around a command or a word from outside."""
    return Envelope(kind, "claim", "", "claim", 1, "FAM", "c", 1, 1, CODEC.encode(record), None, None, None, ())


READ: list[tuple[str, Kind, object, Instruction]] = [
    # case, kind, record, instruction
    ("a command", "command", COMMAND, WISH),
    ("passed outside", "adjudication", WORD, Instruction("a-1", "approve", "outside", "adjudicator", "passed", 1)),
    ("denied outside", "adjudication", replace(WORD, verdict="denied", reason="no"), Instruction("a-1", "deny", "outside", "adjudicator", "no", 1)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "record", "expected"), [pytest.param(*row[1:], id=row[0]) for row in READ])
def test_read_alike(kind: Kind, record: object, expected: Instruction) -> None:
    assert instruction_of(carrying(kind, record), CODEC) == expected


FORMS: list[tuple[CommandKind, str, str | None, str | None]] = [
    # kind, role, reason, code of the refusal
    ("approve", "claim_processor", "yes", None),
    ("approve", "admin", "yes", None),
    ("approve", "super_admin", "yes", None),
    ("approve", "adjudicator", "yes", None),
    ("approve", "scheduler", "yes", "L-ROLE"),
    ("approve", "provider", "yes", "L-ROLE"),
    ("approve", "member", "yes", "L-ROLE"),
    ("approve", "claim_processor", None, "L-REASON-MISSING"),
    ("approve", "claim_processor", "  ", "L-REASON-MISSING"),
    ("deny", "adjudicator", "no", None),
    ("deny", "scheduler", "due", None),
    ("deny", "provider", "no", "L-ROLE"),
    ("deny", "scheduler", None, "L-REASON-MISSING"),
    ("release", "scheduler", None, None),
    ("release", "claim_processor", None, None),
    ("release", "adjudicator", None, "L-ROLE"),
    ("void", "provider", "wrong patient", None),
    ("void", "member", "wrong patient", None),
    ("void", "scheduler", "wrong patient", "L-ROLE"),
    ("void", "provider", None, "L-REASON-MISSING"),
    ("appeal", "member", "it was needed", None),
    ("appeal", "scheduler", "it was needed", "L-ROLE"),
    ("appeal", "member", None, "L-REASON-MISSING"),
    ("uphold", "scheduler", "overdue", None),
    ("uphold", "member", "overdue", "L-ROLE"),
    ("uphold", "admin", None, "L-REASON-MISSING"),
    ("overturn", "admin", "it was needed", None),
    ("overturn", "scheduler", "it was needed", "L-ROLE"),
    ("overturn", "admin", None, "L-REASON-MISSING"),
]


@pytest.mark.parametrize(("kind", "role", "reason", "code"), FORMS)
def test_form(kind: CommandKind, role: str, reason: str | None, code: str | None) -> None:
    refusal = form_refusal(WISH._replace(kind=kind, role=role, reason=reason))
    assert (refusal.code if refusal else None) == code


def test_a_role_that_may_not_is_told_who_may() -> None:
    refusal = form_refusal(WISH._replace(kind="release", role="member"))
    assert refusal is not None
    assert refusal.place == "role"
    assert refusal.text == "the role member may not release a claim; admin, claim_processor, scheduler, super_admin may"


STATES: list[tuple[CommandKind, str]] = [
    # what is asked, states in which it may be
    ("approve", "pended"),
    ("deny", "pended"),
    ("release", "pended"),
    ("void", "pended denied partially_approved approved paid appealed upheld"),
    ("appeal", "denied partially_approved approved paid"),
    ("uphold", "appealed"),
    ("overturn", "appealed"),
]


@pytest.mark.parametrize("substatus", STATUS_OF)
@pytest.mark.parametrize(("kind", "states"), STATES)
def test_legal_moves(kind: CommandKind, states: str, substatus: Substatus) -> None:
    refusal = state_refusal(WISH._replace(kind=kind), substatus)
    assert (refusal is None) == (substatus in states.split())
    if refusal is not None:
        assert (refusal.code, refusal.place) == ("L-ILLEGAL-MOVE", "kind")
        assert refusal.text.startswith(f"the claim is {substatus}; only one that is ")


def test_every_kind_has_its_row() -> None:
    assert set(ROLES) == set(LEGAL) == set(DONE) == {kind for kind, _ in STATES}


def test_the_claim_remembers_who_asked_and_why() -> None:
    assert approval_of(WISH) == Approval("c-1", "approve", "ani", "claim_processor", "looked at it", 1)
    assert move_of(WISH, "in_process", "authorize", "L-APPROVED") == Move(
        "in_process", "authorize", 1, "L-APPROVED", "ani", "claim_processor", "looked at it"
    )


@pytest.mark.parametrize(
    ("at", "day"),
    [(DAY * 86_400_000, DAY), (DAY * 86_400_000 - 1, DAY), (DAY * 86_400_000 - 7 * 3_600_000 - 1, DAY - 1)],
)
def test_the_payers_day(at: int, day: int) -> None:
    assert payer_day(at) == day
