"""`claims impact`: what a claim that was ended leaves in the claims after it, on histories made by hand. USD."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from rich.console import Console
from typer.testing import CliRunner

from agents.reference_store import ReferenceStore
from cli import impact as command
from cli.errors import UserError
from cli.impact import Impact, Told, as_plain, impact_of, show
from cli.main import app
from cli.voided import Voided
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.json_text import dump_json, parse_json
from streams.driver import Driver
from tests.agents import stories
from tests.agents.stories import payment, replacement, void
from tests.agents.world import BENEFIT, CODEC, PLAN, claim, line, submit, world

# Deductible 100.00, then 20 %: what a claim takes of the deductible, later ones need not.
SHARED_COST = replace(PLAN, deductible_individual=10000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
FIRST = claim(line(15000), number="C1")
SECOND = claim(line(15000, "99214"), number="C2")
OTHER_MEMBER = claim(line(15000), number="C3", member_id="M2")


def measured(chain: Driver, about: SubmittedClaim, *, if_voided: bool = False) -> Impact:
    """The impact of a claim after what the chain was told."""
    told = Told(chain.read(topics.CLAIMS_VALIDATED), chain.read(topics.CLAIMS_DECIDED))
    references = chain_references(chain)
    return impact_of({"FAM": told}, about.root_id, references, CODEC, if_voided=if_voided)


def chain_references(chain: Driver) -> ReferenceStore:
    """The reference data that a chain in memory decides with."""
    step = next(iter(chain._steps.values()))
    references = step._references
    assert isinstance(references, ReferenceStore)
    return references


def rows(found: Impact) -> list[tuple[str, int, int, int, dict[str, int]]]:
    """Claims that would differ: outcome, paid before and after, change of the member's share, adjustments."""
    return [(d.after.substatus, d.before.paid, d.after.paid, d.member_share, d.why) for d in found.differences]


# Without the first claim the second takes the deductible: 100.00 and 20 % of 50.00 instead of 20 % of 150.00.
SECOND_ALONE = ("approved", 12000, 4000, 8000, {"PR-1": 10000, "PR-2": -2000})


def test_a_void_leaves_a_later_claim_without_its_deductible() -> None:
    chain = world(SHARED_COST)
    for given in (FIRST, SECOND, OTHER_MEMBER, void(FIRST)):
        submit(chain, given)
    found = measured(chain, FIRST)
    assert (found.state, found.compared, found.drifted) == ("voided", 2, 0)
    assert rows(found) == [SECOND_ALONE]


def test_what_was_voided_is_told() -> None:
    """The claim itself charges nothing any more."""
    chain = world(SHARED_COST)
    for given in (FIRST, SECOND, void(FIRST)):
        submit(chain, given)
    found = measured(chain, FIRST)
    assert found.voided == Voided("USD", 15000, 4000, 11000)
    assert "it had charged 150.00: the plan paid 40.00, members 110.00 USD" in shown(found)
    plain = as_plain(found)["voided"]
    assert plain == {
        "currency": "USD", "charged": Decimal("150.00"), "paid": Decimal("40.00"), "member_share": Decimal("110.00"),
    }  # fmt: skip


def test_a_second_void_is_said_to_be_none() -> None:
    chain = world(SHARED_COST)
    for given in (FIRST, SECOND, void(FIRST)):
        submit(chain, given)
    found = measured(chain, FIRST, if_voided=True)
    assert "was voided already; without it, 1 of 1" in shown(found)
    assert rows(found) == [SECOND_ALONE]


def test_a_claim_that_was_not_voided_tells_of_no_void() -> None:
    chain = world(SHARED_COST)
    submit(chain, FIRST)
    assert as_plain(measured(chain, FIRST, if_voided=True))["voided"] is None


def test_a_void_by_command() -> None:
    chain = world(SHARED_COST)
    submit(chain, FIRST)
    submit(chain, SECOND)
    stories.command(chain, FIRST, "void")
    assert rows(measured(chain, FIRST)) == [SECOND_ALONE]


def test_a_command_that_was_refused_voids_nothing() -> None:
    chain = world(SHARED_COST)
    submit(chain, FIRST)
    submit(chain, SECOND)
    stories.command(chain, FIRST, "void", role="auditor")
    assert measured(chain, FIRST).state == "in_force"


def test_a_replacement_counts_as_if_it_had_come_alone() -> None:
    chain = world(SHARED_COST)
    corrected = replacement(FIRST, line(6000))
    third = claim(line(15000, "99215"), number="C4")
    for given in (FIRST, SECOND, corrected, third, FIRST, corrected):
        submit(chain, given)
    payment(chain, corrected, 1)
    found = measured(chain, FIRST)
    assert found.state == "replaced"
    # The second takes all of the deductible; the third had 40.00 of it, beside the replacement's 60.00.
    assert rows(found) == [SECOND_ALONE, ("approved", 8800, 12000, -3200, {"PR-1": -4000, "PR-2": 800})]
    assert measured(chain, corrected) == found, "any version names the claim"


def test_a_claim_in_force_is_said_to_be_so() -> None:
    chain = world(SHARED_COST)
    submit(chain, FIRST)
    submit(chain, SECOND)
    assert (measured(chain, FIRST).state, rows(measured(chain, FIRST))) == ("in_force", [])
    found = measured(chain, FIRST, if_voided=True)
    assert (found.state, rows(found)) == ("in_force", [SECOND_ALONE])
    assert "--if-voided" in shown(measured(chain, FIRST))
    assert "is in force; without it, 1 of 1 other claims" in shown(found)


def test_a_duplicate_would_have_been_paid() -> None:
    chain = world(PLAN)
    again = claim(line(15000), number="AGAIN")
    for given in (FIRST, again, void(FIRST)):
        submit(chain, given)
    assert rows(measured(chain, FIRST)) == [("approved", 0, 15000, 0, {"OA-18": -15000})]


def test_a_void_that_changes_nothing() -> None:
    chain = world(PLAN)
    for given in (FIRST, SECOND, void(FIRST)):
        submit(chain, given)
    found = measured(chain, FIRST)
    assert (found.state, found.compared, rows(found)) == ("voided", 1, [])


def test_for_people_and_for_programs() -> None:
    chain = world(SHARED_COST)
    for given in (FIRST, SECOND, void(FIRST)):
        submit(chain, given)
    found = measured(chain, FIRST)
    text = shown(found)
    for wanted in ("was voided; without it, 1 of 1", "120.00", "40.00", "-80.00", "PR-1 +100.00", "in all: the plan"):
        assert wanted in text
    plain = parse_json(dump_json(as_plain(found)).encode())
    assert isinstance(plain, dict)
    assert plain["totals"] == [{"currency": "USD", "paid": Decimal("-80.00"), "member_share": Decimal("80.00")}]
    assert plain["claims"][0]["adjustments"] == {"PR-1": Decimal("100.00"), "PR-2": Decimal("-20.00")}


def shown(found: Impact) -> str:
    """What a person reads."""
    out = io.StringIO()
    show(found, Console(file=out, width=200))
    return out.getvalue()


def test_what_is_no_claim_id_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="neither a claim id"):
        command.impact("42")
    done = CliRunner().invoke(app, ["impact", "42"])
    assert isinstance(done.exception, UserError), "the program ends with 2 and the text"
