"""The register: voids and replacements, and what waits for its original."""

from dataclasses import replace

import pytest

from agents import register
from agents import validate as stage
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.dates import parse_day
from schemas.envelope import Envelope, Undone
from schemas.reference import Member
from streams.driver import Driver
from streams.topology import STAGES
from tests.agents.stories import replacement, void
from tests.agents.world import CODEC, DAY, PLAN, claim, line, member, world

FRONT = STAGES[:1]
GOOD = claim(line(15000))
FIRST = replacement(GOOD, line(12000), number="R1")
SECOND = replacement(GOOD, line(9000), number="R2")
VOID = void(GOOD)
# It names its predecessor by that one's own number, or id: a file has no more to go by, while HTTP knows the original.
NAMES_FIRST = replace(SECOND, root_id=FIRST.claim_id, original_reference="R1")
BAD = replace(FIRST, total_charge=1)
# Who moves from coverage A to B on DAY.
MOVER = replace(
    member("X1"),
    coverages=(*member("X1", "A", DAY - 30, DAY - 1).coverages, *member("X1", "B", DAY, None).coverages),
)


def sent(*claims: SubmittedClaim, members: tuple[Member, ...] = ()) -> Driver:
    """The front end after some claims."""
    chain = world(replace(PLAN, effective_from=DAY - 60), members=members, stages=FRONT)
    for one in claims:
        chain.pipe(topics.CLAIMS_SUBMITTED, one.root_id, one)
    return chain


def envelopes(chain: Driver) -> list[Envelope]:
    """What left for the next stage."""
    found: list[Envelope] = chain.read(topics.CLAIMS_VALIDATED)
    return found


def went(chain: Driver) -> list[tuple[str, int]]:
    """Kinds and versions that left, in order."""
    return [(one.kind, one.version) for one in envelopes(chain)]


def refused(chain: Driver) -> list[str]:
    """Codes of the front end's rejections and of dead letters, in that order."""
    codes = [finding.code for one in chain.read(topics.CLAIMS_REJECTED) for finding in one.findings]
    return codes + [one.code for topic in list(chain.outputs) if topic.endswith(".dlq") for one in chain.read(topic)]


STORIES: list[tuple[str, tuple[SubmittedClaim, ...], list[tuple[str, int]], list[str]]] = [
    # case, claims in order, what left, what was refused
    ("a replacement", (GOOD, FIRST), [("claim", 1), ("replacement", 2)], []),
    ("a void", (GOOD, VOID), [("claim", 1), ("void", 2)], []),
    ("replaced twice, voided", (GOOD, FIRST, SECOND, VOID), [("claim", 1), ("replacement", 2), ("replacement", 3), ("void", 4)], []),
    ("what names a replacement waits for an original of that name", (GOOD, FIRST, NAMES_FIRST, NAMES_FIRST), [("claim", 1), ("replacement", 2)], []),
    ("what waits under a wrong name comes again under the right one", (GOOD, FIRST, NAMES_FIRST, SECOND), [("claim", 1), ("replacement", 2), ("replacement", 3)], []),
    ("what names a replacement, under the original", (GOOD, FIRST, replace(NAMES_FIRST, root_id=GOOD.root_id)), [("claim", 1), ("replacement", 2), ("replacement", 3)], []),
    ("everything twice", (GOOD, GOOD, FIRST, FIRST, VOID, VOID), [("claim", 1), ("repeat", 1), ("replacement", 2), ("repeat", 2), ("void", 3), ("repeat", 3)], []),
    ("the original again, after its replacement", (GOOD, FIRST, GOOD), [("claim", 1), ("replacement", 2), ("repeat", 1)], []),
    ("another replacement under the same id", (GOOD, FIRST, replacement(GOOD, line(1), number="R1")), [("claim", 1), ("replacement", 2)], ["conflict"]),
    ("a replacement under the id of its original", (GOOD, replacement(GOOD, line(1), number="C1")), [("claim", 1)], ["conflict"]),
    ("a replacement after the void", (GOOD, VOID, FIRST), [("claim", 1), ("void", 2)], ["V-ORIGINAL-VOIDED"]),
    ("a second void", (GOOD, VOID, void(GOOD, "V2")), [("claim", 1), ("void", 2)], ["V-ORIGINAL-VOIDED"]),
    ("a bad replacement leaves the original alone", (GOOD, BAD, VOID), [("claim", 1), ("void", 2)], ["V-TOTAL-CHARGE"]),
    ("a bad replacement, mended", (GOOD, BAD, FIRST), [("claim", 1), ("replacement", 2)], ["V-TOTAL-CHARGE"]),
    ("a void with whatever lines", (GOOD, replace(VOID, lines=(), total_charge=7, diagnoses=())), [("claim", 1), ("void", 2)], []),
    ("a void of an unknown member and provider", (GOOD, replace(VOID, member=replace(VOID.member, member_id="?"), provider=replace(VOID.provider, provider_id="?"))), [("claim", 1), ("void", 2)], []),
    ("a void in no currency", (GOOD, replace(VOID, currency="ZZZ")), [("claim", 1)], ["V-CURRENCY"]),
    ("a void of a rejected original", (replace(GOOD, total_charge=1), VOID), [], ["V-TOTAL-CHARGE", "V-ORIGINAL-REJECTED"]),
    ("a void before its original", (VOID, GOOD), [("claim", 1), ("void", 2)], []),
    ("nothing goes out while it waits", (VOID, FIRST), [], []),
    ("replacement and void before their original", (FIRST, VOID, GOOD), [("claim", 1), ("replacement", 2), ("void", 3)], []),
    ("void and replacement before their original", (VOID, FIRST, GOOD), [("claim", 1), ("void", 2)], ["V-ORIGINAL-VOIDED"]),
    ("what waits comes again", (VOID, VOID, GOOD, VOID), [("claim", 1), ("void", 2), ("repeat", 2)], []),
    ("other content under the id of what waits", (VOID, replace(VOID, total_charge=1), GOOD), [("claim", 1), ("void", 2)], ["conflict"]),
    ("a bad replacement before its original", (BAD, GOOD), [("claim", 1)], ["V-TOTAL-CHARGE"]),
    ("what waits is answered when its original is rejected", (VOID, replace(GOOD, total_charge=1), GOOD), [("claim", 1)], ["V-TOTAL-CHARGE", "V-ORIGINAL-REJECTED"]),
]  # fmt: skip


@pytest.mark.parametrize(("claims", "left", "refusals"), [pytest.param(*row[1:], id=row[0]) for row in STORIES])
def test_versions_under_a_root(
    claims: tuple[SubmittedClaim, ...], left: list[tuple[str, int]], refusals: list[str]
) -> None:
    chain = sent(*claims)
    assert (went(chain), refused(chain)) == (left, refusals)


def test_a_void_says_what_it_ends_and_is_answered() -> None:
    _, replaced, voided = envelopes(sent(GOOD, FIRST, VOID))
    assert replaced.undoes == Undone(GOOD.claim_id, 1, "replaced", answered=True)
    assert voided.undoes == Undone(FIRST.claim_id, 2, "voided", answered=True)
    assert (voided.claim_id, voided.root_id, voided.coverage_id) == (VOID.claim_id, GOOD.claim_id, "FAM")
    assert [move.substatus for move in voided.moves] == ["accepted"]
    assert voided.validated is not None
    assert (voided.validated.member_id, voided.validated.provider_id) == ("M1", "P1")


def test_a_void_of_nobody_we_know_goes_on_without_them() -> None:
    stranger = replace(VOID, member=replace(VOID.member, member_id="?"))
    assert envelopes(sent(GOOD, stranger))[-1].validated is None


def test_all_versions_have_the_number_of_their_original() -> None:
    last_year = parse_day("2025-12-31")
    lines = (replace(line(9000), service_from=last_year, service_to=last_year),)
    earlier = replace(SECOND, service_from=last_year, service_to=last_year, lines=lines)
    first, second = envelopes(sent(GOOD, earlier))
    assert first.claim_number == second.claim_number
    assert first.claim_number.startswith("CLM-2026-")


def test_what_waited_goes_out_byte_for_byte() -> None:
    late = replace(VOID, correlation_id="late")
    *_, voided = envelopes(sent(late, GOOD))
    assert (voided.submitted, voided.correlation_id) == (CODEC.encode(late), "late")


def test_a_replacement_that_moves_ends_under_the_old_coverage_and_begins_under_the_new() -> None:
    before = claim(replace(line(15000), service_from=DAY - 2, service_to=DAY - 2), number="X", member_id="X1")
    before = replace(before, service_from=DAY - 2, service_to=DAY - 2)
    after = replacement(before, line(15000), member_id="X1")
    original, ended, begun = envelopes(sent(before, after, members=(MOVER,)))
    assert [(one.kind, one.version, one.coverage_id) for one in (original, ended, begun)] == [
        ("claim", 1, "A"),
        ("void", 2, "A"),
        ("claim", 2, "B"),
    ]
    assert ended.undoes == Undone(before.claim_id, 1, "replaced", answered=False)
    assert (ended.moves, begun.undoes) == ((), None)
    voided = envelopes(sent(before, after, replace(void(before), service_from=DAY - 2), members=(MOVER,)))[-1]
    assert (voided.coverage_id, voided.version) == ("B", 3), "a void goes where the version in force is"


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "WAITING_PER_ROOT_MAX", 1)
    assert refused(sent(FIRST, SECOND)) == ["too_many_waiting"]
    strangers = [
        replace(SECOND, submitter_id=f"T{number}", claim_id=claim(number=str(number)).claim_id) for number in range(4)
    ]
    assert refused(sent(*strangers)) == []
    assert refused(sent(*strangers[:3], FIRST)) == [], "a stranger takes nobody's place"
    assert refused(sent(*strangers, FIRST)) == ["too_many_waiting"]


def test_versions_are_bounded_but_a_void_is_always_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "SUBMISSIONS_PER_ROOT_MAX", 1)
    chain = sent(GOOD, FIRST, SECOND, VOID)
    assert (went(chain)[-1], refused(chain)) == (("void", 3), ["too_many_versions"])
