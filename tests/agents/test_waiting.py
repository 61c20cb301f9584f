"""Claims that wait for an authorization or a referral: what releases them, and what ends their wait."""

from dataclasses import replace
from typing import Any

import pytest

from agents import authorize as stage
from agents.tables import WAITING, WAITING_OF_MEMBER
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.envelope import Envelope, Grant, Pend
from schemas.events import AuthorizationEvent
from schemas.vocabulary import CommandKind
from streams.driver import Driver
from tests.agents.judged import BOTH, NEEDS, PENDS, REFERS, authorized, claimed, codes, lines_of, on, pipe, two_stages
from tests.agents.stories import LATER, command, replacement, settled_outside, void
from tests.agents.world import CODEC, DAY, authorization, claim, line

GIVEN = claim(line(15000))
# Day of acceptance is DAY + 10, and the plan gives 30 days.
DUE = DAY + 40
REFERS_OR_PENDS = replace(REFERS, missing_referral="pend")


def waiting(chain: Driver) -> list[bytes]:
    """Keys of what the stage remembers of claims that wait."""
    prefixes = (WAITING.prefix, WAITING_OF_MEMBER.prefix)
    return [key for key in chain.stores["authorize"].data if key.startswith(prefixes)]


def instructed(chain: Driver, kind: CommandKind, **changes: Any) -> Envelope:
    """What leaves when a person asks for something."""
    before = len(chain.outputs[topics.CLAIMS_AUTHORIZED])
    command(chain, GIVEN, kind, **changes)
    (envelope,) = chain.read(topics.CLAIMS_AUTHORIZED)[before:]
    return envelope  # type: ignore[no-any-return]


def test_a_pended_claim_says_why_for_whom_and_until_when() -> None:
    (envelope,) = pipe(two_stages(PENDS), claim(line(15000), line(1, "80053")))
    text = "waits for an authorization covering 99213 on 2026-03-02"
    assert envelope.pend == Pend("A-AUTHORIZATION-MISSING", "authorization", "authorize", DUE, text, "CO", "197")
    assert (authorized(envelope).verdict, lines_of(envelope)) == ("pended", {1: "pended CO-197"})


def test_a_claim_waits_for_its_referral() -> None:
    (envelope,) = pipe(two_stages(REFERS_OR_PENDS), GIVEN)
    text = "waits for a referral for 99213 on 2026-03-02"
    assert envelope.pend == Pend("A-REFERRAL-MISSING", "referral", "authorize", DUE, text, "CO", "243")


@pytest.mark.parametrize(
    ("lines", "ends"), [(3, "on 2026-03-04"), (4, "on 2026-03-04 and 1 more"), (5, "2026-03-04 and 2 more")]
)
def test_a_pend_names_the_first_of_many(lines: int, ends: str) -> None:
    (envelope,) = pipe(two_stages(PENDS), claimed(*(on(DAY + n) for n in range(lines))))
    assert envelope.pend is not None
    assert envelope.pend.text.endswith(ends)


def test_a_referral_that_a_person_must_find_comes_before_authorizations_that_may_arrive() -> None:
    refers = replace(NEEDS, codes=("80053",), needs_referral=True, needs_authorization=False)
    chain = two_stages(replace(PENDS, benefits=(NEEDS, refers), missing_referral="pend"))
    (pended,) = pipe(chain, claim(line(1), line(1, "80053")))
    assert lines_of(pended) == {1: "pended CO-197", 2: "pended CO-243"}
    assert pended.pend is not None
    assert (pended.pend.code, pended.pend.reason) == ("A-REFERRAL-MISSING", "243")


def test_due_on_the_payers_calendar() -> None:
    evening = replace(GIVEN, accepted_at=(DAY + 10) * MILLISECONDS_A_DAY - 6 * 3_600_000)
    (envelope,) = pipe(two_stages(PENDS), evening)
    assert envelope.pend is not None
    assert envelope.pend.due_on == DUE, "18:00 in London is the next day in Jakarta"


def only(number: str, *codes: str, **changes: Any) -> AuthorizationEvent:
    """An authorization of some codes."""
    return authorization(number, service_codes=codes, **changes)


TWO = claim(line(1), line(2, "99214"))
ARRIVALS: list[tuple[str, SubmittedClaim, tuple[AuthorizationEvent, ...], dict[int, str] | None]] = [
    # case, claim that waits, authorizations that arrive, lines of the claim that goes on
    ("one for all", TWO, (only("A1"),), {1: "A1", 2: "A1"}),
    ("one for one line is not enough", TWO, (only("A1", "99213"),), None),
    ("one for each line", TWO, (only("A1", "99213"), only("A2", "99214")), {1: "A1", 2: "A2"}),
    ("cancelled before the second came", TWO, (only("A1", "99213"), only("A1", "99213", state="cancelled"), only("A2", "99214")), None),
    ("of another code", GIVEN, (only("A1", "99214"),), None),
    ("of another provider", GIVEN, (only("A1", provider_id="OUT"),), None),
    ("of another member", GIVEN, (only("A1", member_id="M2"),), None),
    ("of another number", replace(GIVEN, authorization_number="A2"), (only("A1"),), None),
    ("a cancelled one", GIVEN, (only("A1", state="cancelled"),), None),
    ("widened", GIVEN, (only("A1", "99214"), only("A1", "99213", "99214")), {1: "A1"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "events", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ARRIVALS])
def test_an_authorization_releases_what_it_completes(
    given: SubmittedClaim, events: tuple[AuthorizationEvent, ...], expected: dict[int, str] | None
) -> None:
    chain = two_stages(PENDS)
    pipe(chain, given)
    went = pipe(chain, *events)
    assert bool(waiting(chain)) == (expected is None)
    if expected is None:
        assert went == []
        return
    (released,) = went
    assert authorized(released).authorization_number == expected[1]
    assert (authorized(released).verdict, released.pend, lines_of(released)) == ("passed", None, expected)
    assert (codes(released), released.kind) == ([], "claim")
    last = released.moves[-1]
    assert (last.substatus, last.reason, last.at) == ("in_process", "A-AUTHORIZATION-ARRIVED", events[-1].at)


def test_one_that_was_used_and_cancelled_holds_the_claim_back() -> None:
    chain = two_stages(PENDS)
    pipe(chain, only("A1", "99213"), TWO)
    assert pipe(chain, only("A1", "99213", state="cancelled"), only("A2", "99214")) == []
    (released,) = pipe(chain, only("A3", "99213"))
    assert lines_of(released) == {1: "A3", 2: "A2"}


def test_denied_lines_stay_denied_when_the_rest_is_released() -> None:
    plan = replace(PENDS, benefits=(NEEDS, replace(NEEDS, codes=(), needs_authorization=False, waiting_days=400)))
    chain = two_stages(plan)
    (pended,) = pipe(chain, claim(line(1, "80053"), line(2)))
    assert lines_of(pended) == {1: "denied PR-179", 2: "pended CO-197"}
    (released,) = pipe(chain, only("A1", units_milli=5000))
    assert lines_of(released) == {1: "denied PR-179", 2: "A1"}
    assert authorized(released).grants == (Grant("A1", 5000, None),)


def test_of_two_claims_that_wait_each_goes_by_its_own() -> None:
    chain = two_stages(PENDS)
    other = claim(line(20000, "99214"), number="C2")
    pipe(chain, GIVEN, other)
    assert [one.claim_id for one in pipe(chain, only("A1", "99214"))] == [other.claim_id]
    assert [one.claim_id for one in pipe(chain, only("A2"))] == [GIVEN.claim_id]
    assert waiting(chain) == []
    assert pipe(chain, only("A3")) == [], "what was released is not released again"


def test_an_authorization_does_not_stand_in_for_a_referral() -> None:
    chain = two_stages(BOTH)
    (pended,) = pipe(chain, GIVEN)
    assert codes(pended)[:2] == ["A-REFERRAL-MISSING", "A-AUTHORIZATION-MISSING"]
    assert pended.pend is not None
    assert pended.pend.code == "A-REFERRAL-MISSING"
    assert pipe(chain, only("A1", units_milli=1000)) == []
    again = instructed(chain, "release", reason=None)
    assert [(one.reason, one.authorization_number) for one in authorized(again).lines] == [("243", "A1")]
    approved = instructed(chain, "approve")
    assert lines_of(approved) == {1: "A1"}, "and counts when a person overrules the referral"


def test_an_approval_lets_every_line_pass_that_waits() -> None:
    chain = two_stages(PENDS)
    pipe(chain, TWO)
    approved = instructed_about(chain, TWO, "approve")
    assert (authorized(approved).verdict, approved.pend, lines_of(approved), codes(approved)) == (
        "passed",
        None,
        {},
        [],
    )
    assert [(one.kind, one.actor, one.at) for one in approved.approvals] == [("approve", "ani", LATER)]
    last = approved.moves[-1]
    assert (last.substatus, last.reason, last.actor, last.note) == ("in_process", "L-APPROVED", "ani", "looked at it")
    assert waiting(chain) == []


def instructed_about(chain: Driver, given: SubmittedClaim, kind: CommandKind) -> Envelope:
    """What leaves when a person asks for something about a claim."""
    command(chain, given, kind)
    return chain.read(topics.CLAIMS_AUTHORIZED)[-1]  # type: ignore[no-any-return]


def test_a_denial_takes_the_code_of_the_pend() -> None:
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    denied = instructed(chain, "deny", reason="no letter came")
    part = authorized(denied)
    assert (part.verdict, part.reason_group, part.reason, denied.pend) == ("denied", "CO", "197", None)
    assert part.findings[-1].code == "L-DENIED"
    assert part.findings[-1].text == "denied by claim_processor: no letter came"
    assert part.findings[-1].remedy == "an authorization covering 99213 on 2026-03-02"
    assert waiting(chain) == []


def test_a_release_judges_again_with_what_is_known_today() -> None:
    chain = two_stages(REFERS_OR_PENDS)
    pipe(chain, GIVEN)
    again = instructed(chain, "release", role="scheduler", reason=None)
    assert (authorized(again).verdict, [move.reason for move in again.moves]) == ("pended", [None, "L-RELEASED"])
    assert again.approvals == ()
    assert len(waiting(chain)) == 2, "it still lacks what it lacked"


@pytest.mark.parametrize(("verdict", "expected"), [("passed", "passed"), ("denied", "denied")])
def test_an_outside_adjudicator_settles_a_claim_that_waits(verdict: str, expected: str) -> None:
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    settled_outside(chain, GIVEN, verdict)
    settled: Envelope = chain.read(topics.CLAIMS_AUTHORIZED)[-1]
    assert (settled.kind, authorized(settled).verdict, settled.approvals[-1].role) == ("claim", expected, "adjudicator")


PASSES_BY: list[tuple[str, CommandKind, dict[str, Any]]] = [
    # case, command, changes
    ("an approval without a reason", "approve", {"reason": None}),
    ("an approval by one who may not", "approve", {"role": "provider"}),
    ("an appeal", "appeal", {}),
    ("a void that is malformed", "void", {"reason": None}),
]


@pytest.mark.parametrize(("kind", "changes"), [pytest.param(*row[1:], id=row[0]) for row in PASSES_BY])
def test_price_answers_what_is_not_carried_out(kind: CommandKind, changes: dict[str, Any]) -> None:
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    passed_by = instructed(chain, kind, **changes)
    assert (passed_by.kind, passed_by.authorized) == ("command", None)
    assert len(waiting(chain)) == 2


def test_price_answers_what_is_asked_of_a_claim_that_does_not_wait() -> None:
    chain = two_stages()
    pipe(chain, GIVEN)
    assert instructed(chain, "approve").kind == "command"


ENDS: list[tuple[str, SubmittedClaim, str, int]] = [
    # case, what comes, kind that leaves, things remembered afterwards
    ("a void", void(GIVEN), "void", 0),
    ("a replacement that passes", replacement(GIVEN, line(1, "80053")), "replacement", 0),
    ("a replacement that waits itself", replacement(GIVEN, line(1)), "replacement", 2),
]


@pytest.mark.parametrize(("given", "kind", "left"), [pytest.param(*row[1:], id=row[0]) for row in ENDS])
def test_what_ends_the_version_ends_its_wait(given: SubmittedClaim, kind: str, left: int) -> None:
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    (envelope,) = pipe(chain, given)
    assert (envelope.kind, len(waiting(chain))) == (kind, left)
    released = pipe(chain, only("A1"))
    assert [(one.kind, one.claim_id, one.undoes) for one in released] == (
        [("replacement", given.claim_id, None)] if left else []
    ), "what goes on undoes nothing twice"


def test_a_command_that_voids_ends_the_wait() -> None:
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    assert instructed(chain, "void").kind == "command"
    assert waiting(chain) == []


def test_a_repeat_touches_nothing() -> None:
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    (again,) = pipe(chain, GIVEN)
    assert (again.kind, again.authorized, len(waiting(chain))) == ("repeat", None, 2)


def test_too_many_waiting_claims_are_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "PENDED_CLAIMS_PER_MEMBER_MAX", 1)
    chain = two_stages(PENDS)
    pipe(chain, GIVEN)
    (denied,) = pipe(chain, claim(line(20000), line(1, "80053"), number="C2"))
    assert (authorized(denied).verdict, denied.pend, lines_of(denied)) == ("passed", None, {1: "denied CO-197"})
    assert codes(denied) == ["A-PENDED-TOO-MANY", "A-AUTHORIZATION-MISSING"]


def test_the_oldest_authorizations_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "AUTHORIZATIONS_PER_MEMBER_MAX", 1)
    chain = two_stages(PENDS)
    (pended,) = pipe(chain, only("A1"), only("A2", "99214"), GIVEN)
    assert authorized(pended).verdict == "pended"


def test_the_same_history_gives_the_same_bytes() -> None:
    records = (GIVEN, TWO, only("A1", "99213"), replacement(GIVEN, line(1)), only("A2"), void(GIVEN))
    chains = [two_stages(PENDS), two_stages(PENDS)]
    for chain in chains:
        pipe(chain, *records)
    first, second = ([one.value for one in chain.outputs[topics.CLAIMS_AUTHORIZED]] for chain in chains)
    assert first == second
    assert CODEC.decode(Envelope, first[0]).claim_id == GIVEN.claim_id
