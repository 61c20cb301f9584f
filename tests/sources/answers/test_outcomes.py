"""Which outcome belongs to which sending of a claim, and what is remembered of it."""

import uuid

import pytest

from schemas.codec import DecodeError
from schemas.events import DeadLetter
from schemas.topics import CLAIMS_DECIDED
from sources.answers.outcomes import SET_ASIDE, Outcome, Recent, Sending, outcome_of, verdict_on
from tests.agents.world import CODEC
from tests.schemas.write_examples import CLINIC

CAME = 10**12
CLAIM_ID = str(uuid.UUID(int=7))
SENT = Sending(CLAIM_ID, CAME, None, "CLM-1")
SECOND_IN_FILE = SENT._replace(digest="d2")
DECIDED, DECIDED_LATER = Outcome(CAME, True, at=CAME + 9), Outcome(CAME + 50, True, at=CAME + 99)
DECIDED_AGAIN = Outcome(CAME - 50, True, at=CAME + 9)
DECIDED_LONG_AGO = Outcome(CAME - 10**9, True, at=CAME - 10**8)
REJECTED = Outcome(CAME, False, ("V-POINTER",), "d1")
REJECTED_BEFORE = Outcome(CAME - 50, False, ("V-POINTER",), "d1")
CONFLICT = Outcome(CAME, False, ("conflict",), "d2")
REJECTED_LATER = Outcome(CAME + 50, False, ("V-POINTER",), "d1")

CASES: list[tuple[str, Sending, tuple[Outcome, ...], str | None]] = [
    ("nothing has come", SENT, (), None),
    ("decided", SENT, (DECIDED,), "A2:20"),
    ("rejected", SENT, (REJECTED,), "A7:477"),
    ("the same claim was decided before and comes again", SENT, (DECIDED_AGAIN,), "A2:20"),
    ("it was decided long ago, and its decision has not come again", SENT, (DECIDED_LONG_AGO,), None),
    ("it was rejected before, and waits now", SENT, (REJECTED_BEFORE,), None),
    ("it was rejected before, and decided now", SENT, (REJECTED_BEFORE, DECIDED), "A2:20"),
    ("what became of a later sending", SENT, (DECIDED_LATER, REJECTED_LATER), None),
    ("another content under the id of a decided one", SENT, (DECIDED_AGAIN, CONFLICT), "A3:478"),
    ("sent again at the same time after a crash, known by then", SENT, (REJECTED, DECIDED), "A2:20"),
    ("the first of two under one id in a file", SENT, (DECIDED, CONFLICT), "A2:20"),
    ("the second of two under one id in a file", SECOND_IN_FILE, (DECIDED, CONFLICT), "A3:478"),
    ("the same claim twice in a file", SENT._replace(digest="d1"), (DECIDED,), "A2:20"),
]


@pytest.mark.parametrize(("sent", "outcomes", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_verdict_on_a_sending(sent: Sending, outcomes: tuple[Outcome, ...], expected: str | None) -> None:
    for order in (outcomes, tuple(reversed(outcomes))):
        verdict = verdict_on(sent, order)
        assert (None if verdict is None else ":".join(part for part in verdict.statuses[0] if part)) == expected


def test_outcomes_of_a_claim_are_remembered_each_once() -> None:
    recent = Recent()
    for outcome in (REJECTED, DECIDED, REJECTED):
        recent.add(CLAIM_ID, outcome)
    assert recent.of(CLAIM_ID) == (DECIDED, REJECTED)
    assert recent.of(str(uuid.UUID(int=8))) == ()


def test_what_is_forgotten_is_known_to_be() -> None:
    recent = Recent(most=2)
    ids = [str(uuid.UUID(int=number)) for number in range(3)]
    for claim_id in ids[:2]:
        recent.add(claim_id, DECIDED)
    assert not recent.forgot
    recent.add(ids[2], DECIDED)
    assert recent.forgot
    assert [bool(recent.of(claim_id)) for claim_id in ids] == [False, True, True]
    recent.clear()
    assert not recent.forgot


def test_an_id_that_is_none_is_nobodys() -> None:
    recent = Recent()
    recent.add("no id", DECIDED)
    assert not recent.forgot


LETTERS: list[tuple[str, bytes | None]] = [
    ("no value", None),
    ("no claim", b"junk"),
    ("not a claim", CODEC.encode(CLINIC)),
]


@pytest.mark.parametrize("value", [case[1] for case in LETTERS], ids=[case[0] for case in LETTERS])
def test_what_was_set_aside_and_is_no_claim_is_about_nobody(value: bytes | None) -> None:
    letter = DeadLetter("claims.submitted", 0, 1, None, value, "validate", "not_avro", "", 1)
    assert outcome_of(CODEC, SET_ASIDE, CODEC.encode(letter), CAME) is None


def test_a_record_of_the_engine_that_cannot_be_read_is_told() -> None:
    with pytest.raises(DecodeError):
        outcome_of(CODEC, CLAIMS_DECIDED, b"junk", CAME)
