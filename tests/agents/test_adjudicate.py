"""Lines: the benefit that covers them, exclusions, and duplicates within the claim and against history."""

from dataclasses import replace
from typing import Any

import pytest

from schemas.claim import ClaimLine
from tests.agents.world import BENEFIT, PLAN, by_reason, claim, line, submit, world

LABS = replace(BENEFIT, benefit_id="labs", codes=("80000-89999",))
DRUGS = replace(BENEFIT, benefit_id="drugs", codes=("J*",))
COSMETIC = replace(BENEFIT, benefit_id="cosmetic", codes=("15780",), covered=False)
TEETH = replace(BENEFIT, benefit_id="teeth", service_types=("dental",))
BILLS = replace(BENEFIT, benefit_id="bills", forms=("institutional",))
PLANS = replace(PLAN, benefits=(COSMETIC, LABS, DRUGS, TEETH, BILLS))

BENEFITS: list[tuple[str, dict[str, Any], str | None, dict[str, int]]] = [
    # code, changes of the claim, benefit, adjustments
    ("80053", {}, "labs", {}),
    ("89999", {}, "labs", {}),
    ("79999", {}, None, {"PR-204": 15000}),
    ("90000", {}, None, {"PR-204": 15000}),
    ("J1100", {}, "drugs", {}),
    ("15780", {}, "cosmetic", {"PR-96": 15000}),
    ("99213", {"service_type": "dental"}, "teeth", {}),
    ("99213", {"form": "institutional"}, "bills", {}),
    ("99213", {}, None, {"PR-204": 15000}),
]


@pytest.mark.parametrize(("code", "changes", "benefit", "adjustments"), BENEFITS)
def test_benefit_of_a_line(
    code: str, changes: dict[str, Any], benefit: str | None, adjustments: dict[str, int]
) -> None:
    decision = submit(world(PLANS), claim(line(15000, code), **changes))
    assert decision is not None
    assert (decision.lines[0].benefit_id, by_reason(decision)) == (benefit, adjustments)


SECOND: list[tuple[str, ClaimLine, bool]] = [
    # case, second line, is it a duplicate of line(15000)
    ("the same", line(15000), True),
    ("another code", line(15000, "99214"), False),
    ("another charge", line(15001), False),
    ("other units", line(15000, units=2), False),
    ("a modifier", line(15000, modifiers=("25",)), False),
    ("another tooth", replace(line(15000), tooth="11"), False),
]


@pytest.mark.parametrize(("second", "duplicate"), [pytest.param(*row[1:], id=row[0]) for row in SECOND])
def test_exact_duplicate_within_the_claim(second: ClaimLine, duplicate: bool) -> None:
    decision = submit(world(), claim(line(15000), second))
    assert decision is not None
    assert [one.verdict for one in decision.lines] == ["passed", "denied" if duplicate else "passed"]
    assert by_reason(decision) == ({"OA-18": 15000} if duplicate else {})
    assert decision.substatus == ("partially_approved" if duplicate else "approved")


@pytest.mark.parametrize(("second", "duplicate"), [pytest.param(*row[1:], id=row[0]) for row in SECOND])
def test_exact_duplicate_against_history(second: ClaimLine, duplicate: bool) -> None:
    chain = world()
    submit(chain, claim(line(15000)))
    decision = submit(chain, claim(second, number="C2"))
    assert decision is not None
    assert decision.substatus == ("denied" if duplicate else "approved")


def test_another_member_or_provider_is_no_duplicate() -> None:
    chain = world()
    submit(chain, claim(line(15000)))
    for number, changes in enumerate([{"member_id": "M2"}, {"provider_id": "OUT"}]):
        decision = submit(chain, claim(line(15000), number=f"N{number}", **changes))
        assert decision is not None
        assert decision.substatus == "approved"


def test_a_denied_line_is_no_history() -> None:
    chain = world(replace(PLAN, benefits=(COSMETIC,)))
    submit(chain, claim(line(15000, "15780")))
    decision = submit(chain, claim(line(15000, "15780"), number="C2"))
    assert decision is not None
    assert by_reason(decision) == {"PR-96": 15000}
