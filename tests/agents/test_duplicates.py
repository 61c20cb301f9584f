"""Duplicates: exact and suspect, within the claim and against history, and what makes history forget or count."""

from dataclasses import replace
from typing import Any

import pytest

from agents.tables import HISTORY, HISTORY_OF_CLAIM
from config.limits import HISTORY_LINES_MAX
from schemas.claim import ClaimLine, Identifier, ProviderReference
from schemas.envelope import Authorized, Finding
from schemas.state import HistoryLine, HistoryLines
from tests.agents.desk import Desk, lines_of, told
from tests.agents.world import BENEFIT, DAY, PLAN, claim, line

COPY = "denied OA-18 15000 D-DUPLICATE"
SUSPECT = "pended D-DUPLICATE-SUSPECT"
COSMETIC = replace(BENEFIT, benefit_id="cosmetic", codes=("15780",), covered=False)
KEY = f"FAM:M1:{DAY}"

SECOND: list[tuple[str, ClaimLine, str, str]] = [
    # case, second line after line(15000), answer in the same claim, answer on another claim
    ("the same", line(15000), COPY, COPY),
    ("another code", line(15000, "99214"), "passed", "passed"),
    ("another system", replace(line(15000), code_system="ICD9"), "passed", "passed"),
    ("another day", replace(line(15000), service_from=DAY + 1, service_to=DAY + 1), "passed", "passed"),
    ("another last day", replace(line(15000), service_to=DAY + 1), "passed", SUSPECT),
    ("another charge", line(15001), "passed", SUSPECT),
    ("other units", line(15000, units=2), "passed", SUSPECT),
    ("a modifier", line(15000, modifiers=("25",)), "passed", SUSPECT),
    ("a repeat", line(15000, modifiers=("76",)), "passed", "passed"),
    ("another tooth", replace(line(15000), tooth="11"), "passed", "passed"),
]


@pytest.mark.parametrize(("second", "within"), [pytest.param(row[1], row[2], id=row[0]) for row in SECOND])
def test_within_the_claim(second: ClaimLine, within: str) -> None:
    assert told(Desk().judge(claim(line(15000), second))) == ["passed", within]


@pytest.mark.parametrize(("second", "across"), [pytest.param(row[1], row[3], id=row[0]) for row in SECOND])
def test_against_history(second: ClaimLine, across: str) -> None:
    desk = Desk()
    desk.judge(claim(line(15000)))
    assert told(desk.judge(claim(second, number="C2"))) == [across]


MODIFIERS: list[tuple[tuple[str, ...], tuple[str, ...], bool]] = [
    # modifiers before, modifiers now, is it a suspect (charges differ)
    ((), (), True),
    (("25",), (), True),
    ((), ("76",), False),
    ((), ("77",), False),
    ((), ("91",), False),
    ((), ("59",), False),
    ((), ("XE",), False),
    ((), ("XS",), False),
    ((), ("XP",), False),
    ((), ("XU",), False),
    (("59",), (), False),
    ((), ("80",), False),
    (("62",), ("62",), False),
    (("LT",), ("RT",), False),
    (("RT",), ("LT",), False),
    (("LT",), ("LT",), True),
    (("LT",), ("50",), True),
    ((), ("LT",), True),
    (("26",), ("TC",), False),
    (("TC",), (), True),
    (("25", "LT"), ("RT", "25"), False),
]


@pytest.mark.parametrize(("before", "now", "suspect"), MODIFIERS)
def test_modifiers_that_say_two_services(before: tuple[str, ...], now: tuple[str, ...], suspect: bool) -> None:
    desk = Desk()
    desk.judge(claim(line(15000, modifiers=before)))
    second = claim(line(16000, modifiers=now), number="C2", provider_id="P2")
    assert told(desk.judge(second)) == [SUSPECT if suspect else "passed"]


def test_modifiers_in_another_order_are_the_same() -> None:
    desk = Desk()
    desk.judge(claim(line(15000, modifiers=("25", "LT"))))
    assert told(desk.judge(claim(line(15000, modifiers=("LT", "25")), number="C2"))) == [COPY]


PROVIDERS: list[tuple[str, ProviderReference, ProviderReference, str]] = [
    # case, provider before, provider now, answer for the same line
    ("known, the same", ProviderReference("P1", (), None), ProviderReference("P1", (), None), COPY),
    ("known, another", ProviderReference("P1", (), None), ProviderReference("P2", (), None), SUSPECT),
    ("known and unknown", ProviderReference("P1", (), None), ProviderReference(None, (), "Clinic"), SUSPECT),
    ("unknown, same id", ProviderReference("X9", (), None), ProviderReference("X9", (), None), COPY),
    (
        "unknown, same name",
        ProviderReference(None, (), "The  Clinic"),
        ProviderReference(None, (), "the clinic "),
        COPY,
    ),
    ("unknown, other name", ProviderReference(None, (), "Clinic"), ProviderReference(None, (), "Hospital"), SUSPECT),
    ("unknown, nothing said", ProviderReference(None, (), None), ProviderReference(None, (), None), SUSPECT),
    (
        "unknown, same identifiers in another order",
        ProviderReference(None, (Identifier("npi", "1"), Identifier("tax", "2")), "A"),
        ProviderReference(None, (Identifier("tax", "2"), Identifier("npi", "1")), "B"),
        COPY,
    ),
    (
        "unknown, other identifiers under one name",
        ProviderReference(None, (Identifier("npi", "1"),), "A"),
        ProviderReference(None, (Identifier("npi", "2"),), "A"),
        SUSPECT,
    ),
]


@pytest.mark.parametrize(("before", "now", "answer"), [pytest.param(*row[1:], id=row[0]) for row in PROVIDERS])
def test_providers(before: ProviderReference, now: ProviderReference, answer: str) -> None:
    desk = Desk()
    desk.judge(replace(claim(line(15000)), provider=before))
    assert told(desk.judge(replace(claim(line(15000), number="C2"), provider=now))) == [answer]


def test_a_provider_of_whom_nothing_is_said_is_one_within_its_claim() -> None:
    nameless = replace(claim(line(15000), line(15000)), provider=ProviderReference(None, (), None))
    assert told(Desk().judge(nameless)) == ["passed", COPY]


def test_another_member_is_no_duplicate() -> None:
    desk = Desk()
    desk.judge(claim(line(15000)))
    assert told(desk.judge(claim(line(15000), number="C2", member_id="M2"))) == ["passed"]


SETTINGS: list[tuple[Any, str, str]] = [
    # setting of the plan for suspects, answer, verdict on the claim
    ("pend", "pended D-DUPLICATE-SUSPECT", "pended"),
    ("deny", "denied OA-18 15001 D-DUPLICATE-SUSPECT", "denied"),
    ("warn", "passed D-DUPLICATE-SUSPECT", "passed"),
]


@pytest.mark.parametrize(("setting", "answer", "verdict"), SETTINGS)
def test_what_a_plan_does_with_suspects(setting: Any, answer: str, verdict: str) -> None:
    desk = Desk(replace(PLAN, suspect_duplicates=setting))
    desk.judge(claim(line(15000)))
    judged = desk.judge(claim(line(15001), number="C2"))
    assert told(judged) == [answer]
    assert judged.adjudicated is not None
    assert judged.adjudicated.verdict == verdict


def test_an_exact_duplicate_behind_a_suspect_is_found() -> None:
    desk = Desk()
    desk.judge(claim(line(14000), line(15000)))
    assert told(desk.judge(claim(line(15000), number="C2"))) == [COPY]


def test_a_denied_line_is_no_history() -> None:
    desk = Desk(replace(PLAN, benefits=(COSMETIC,)))
    desk.judge(claim(line(15000, "15780")))
    again = desk.judge(claim(line(15000, "15780"), line(15000, "15780"), number="C2"))
    assert told(again) == ["denied PR-96 15000 D-EXCLUDED"] * 2


def test_lines_that_authorize_denied_are_no_history() -> None:
    late = Authorized("denied", "PLAN", None, "CO", "29", (Finding("A-TIMELY-FILING", "", "late"),))
    desk = Desk()
    first = desk.judge(claim(line(15000)), late)
    assert told(first) == ["denied CO-29 15000 A-TIMELY-FILING"]
    assert told(desk.judge(claim(line(15000), number="C2"))) == ["passed"]


def test_void_then_submit_again() -> None:
    desk = Desk()
    original = claim(line(15000), line(9000, "80053"))
    desk.judge(original)
    assert desk.void(original).adjudicated is None
    assert desk.keys() == []
    assert told(desk.judge(claim(line(15000), line(9000, "80053"), number="C2"))) == ["passed", "passed"]


def test_a_void_leaves_the_lines_of_other_claims() -> None:
    desk = Desk()
    original, other = claim(line(15000)), claim(line(15000, modifiers=("76",)), line(100, "80053"), number="C2")
    desk.judge(original)
    desk.judge(other)
    desk.void(original)
    assert [one.claim_id for one in desk.kept(HISTORY, KEY).lines] == [other.claim_id] * 2
    assert told(desk.judge(claim(line(15000, modifiers=("76",)), number="C3"))) == [COPY]
    desk.void(other)
    assert told(desk.judge(claim(line(15000), number="C4"))) == ["passed"]


def test_a_replacement_is_no_duplicate_of_its_original() -> None:
    desk = Desk()
    original = claim(line(15000), line(9000, "80053"))
    desk.judge(original)
    changed = claim(line(15000), number="C2")
    assert told(desk.replace(original, changed)) == ["passed"]
    # What the replacement left out may be billed by another claim; what it holds may not.
    assert told(desk.judge(claim(line(9000, "80053"), line(15000), number="C3"))) == ["passed", COPY]


def test_a_void_by_command_forgets_and_a_malformed_one_does_not() -> None:
    desk = Desk()
    original = claim(line(15000))
    desk.judge(original)
    desk.command("void", original, reason=None)
    desk.command("void", original, role="scheduler")
    assert told(desk.judge(claim(line(15000), number="C2"))) == [COPY]
    desk.command("void", original)
    assert told(desk.judge(claim(line(15000), number="C3"))) == ["passed"]


def test_an_overturned_appeal_makes_denied_lines_count() -> None:
    late = Authorized("denied", "PLAN", None, "CO", "29", (Finding("A-TIMELY-FILING", "", "late"),))
    desk = Desk()
    original = claim(line(15000))
    desk.judge(original, late)
    desk.command("overturn", original, role="provider")
    assert told(desk.judge(claim(line(15000), number="C2"), late)) == ["denied CO-29 15000 A-TIMELY-FILING"]
    desk.command("appeal", original, role="provider")
    passed = desk.command("overturn", original)
    assert (passed.kind, passed.adjudicated) == ("command", None)
    assert told(desk.judge(claim(line(15000), number="C3"))) == [COPY]


def test_a_repeat_and_other_kinds_touch_no_state() -> None:
    desk = Desk()
    original = claim(line(15000))
    for kind in ("repeat", "payment", "authorization"):
        assert desk.judge(original, kind=kind).adjudicated is None
    assert desk.keys() == []


def test_history_is_bounded_and_says_so() -> None:
    desk = Desk()
    many = [line(n, modifiers=("76",)) for n in range(1, HISTORY_LINES_MAX + 2)]
    desk.judge(claim(*many))
    kept: HistoryLines = desk.kept(HISTORY, KEY)
    assert [kept.lines[0].charge, len(kept.lines)] == [2, HISTORY_LINES_MAX]
    oldest = desk.judge(claim(line(1, modifiers=("76",)), number="C2"))
    assert told(oldest) == ["passed D-HISTORY-FULL"]


def test_what_is_kept_of_a_line() -> None:
    desk = Desk()
    original = claim(line(15000, units=3, modifiers=("25",)))
    desk.judge(original)
    expected = HistoryLine(
        original.claim_id, original.root_id, 1, "HC", "99213", "P1", ("25",), None, 3000, 15000, DAY, True
    )
    assert desk.kept(HISTORY, KEY).lines == (expected,)
    assert desk.kept(HISTORY_OF_CLAIM, original.root_id).ids == (KEY,)


def test_judging_the_same_claim_again_is_no_duplicate() -> None:
    desk = Desk()
    original = claim(line(15000))
    first = desk.judge(original)
    assert lines_of(desk.judge(original)) == lines_of(first)
