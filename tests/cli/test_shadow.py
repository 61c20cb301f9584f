"""`claims shadow`: the same history under other rules, and that nothing can be written by it. USD."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import confluent_kafka
import pytest
from rich.console import Console

from agents.reference_store import ReferenceStore, ReferenceView
from cli import shadow as command
from cli.counterfactual import OTHER_RULES, OtherRules, Window
from cli.errors import UserError
from cli.reference import sample_folder
from cli.shadow_report import Report, as_plain, show
from schemas import topics
from schemas.dates import MILLISECONDS_A_DAY
from schemas.json_text import dump_json
from schemas.reference import Plan
from streams.driver import Driver
from tests.agents import stories
from tests.agents.world import BENEFIT, CODEC, DAY, PLAN, authorization, claim, line, submit, world
from tests.cli.test_impact import chain_references

TWENTY = replace(PLAN, deductible_individual=10000, benefits=(replace(BENEFIT, coinsurance="0.20"),))
THIRTY = replace(TWENTY, benefits=(replace(BENEFIT, coinsurance="0.30"),))
NO_DEDUCTIBLE = replace(TWENTY, deductible_individual=0)
EARLY, WITHIN, LATE = (day * MILLISECONDS_A_DAY for day in (DAY + 10, DAY + 11, DAY + 12))
WINDOW = (WITHIN, LATE)
FIRST = claim(line(15000), number="C1", accepted_at=EARLY)
SECOND = claim(line(15000, "99214"), number="C2", accepted_at=WITHIN)
THIRD = claim(line(15000, "99215"), number="C3", accepted_at=LATE)


def rules(plan: Plan) -> ReferenceView:
    """The small payer's data with another plan, as the rules to try."""
    store = chain_references(world(plan))
    return ReferenceView(store, OTHER_RULES)


def shadowed(chain: Driver, plan: Plan, window: tuple[int, int] = WINDOW) -> Report:
    """The history of a chain, with the claims of the window under another plan."""
    report = Report()
    pinned: ReferenceStore = chain_references(chain)
    told, decided = chain.read(topics.CLAIMS_VALIDATED), chain.read(topics.CLAIMS_DECIDED)
    command.compare(told, decided, OtherRules(pinned, rules(plan)), CODEC, Window(*window), report)
    return report


def three() -> Driver:
    """Three claims at 20 %: the first takes the deductible."""
    chain = world(TWENTY)
    for given in (FIRST, SECOND, THIRD):
        submit(chain, given)
    return chain


def test_the_same_rules_change_nothing() -> None:
    report = shadowed(three(), TWENTY, (0, LATE + 1))
    assert (report.claims, report.changed, report.outside, report.largest) == (3, 0, 0, [])


def test_only_claims_of_the_window_are_under_the_other_rules() -> None:
    report = shadowed(three(), THIRTY)
    assert (report.claims, report.changed, report.outside) == (1, 1, 0)
    (one,) = report.largest
    assert (one.before.claim_id, one.before.paid, one.after.paid, one.why) == (
        SECOND.claim_id, 12000, 10500, {"PR-2": 1500},
    )  # fmt: skip


def test_claims_after_the_window_differ_by_what_went_before_them() -> None:
    report = shadowed(three(), NO_DEDUCTIBLE, (EARLY, WITHIN))
    found = {one.before.claim_id: (one.before.paid, one.after.paid) for one in report.largest}
    assert found == {FIRST.claim_id: (4000, 12000), SECOND.claim_id: (12000, 4000)}
    assert (report.claims, report.changed, report.outside) == (1, 2, 1)


def test_what_is_said_of_a_claim_follows_the_rules_of_its_claim() -> None:
    chain = world(replace(TWENTY, review_above=1000))
    submit(chain, SECOND)
    stories.command(chain, SECOND, "approve")
    (one,) = shadowed(chain, replace(NO_DEDUCTIBLE, review_above=1000)).largest
    assert (one.before.substatus, one.before.paid, one.after.paid) == ("approved", 4000, 12000)


def test_an_authorization_keeps_its_own() -> None:
    chain = world(TWENTY)
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization())
    submit(chain, SECOND)
    needed = replace(TWENTY, benefits=(replace(BENEFIT, coinsurance="0.20", needs_authorization=True),))
    assert shadowed(chain, needed).changed == 0
    without = world(TWENTY)
    submit(without, SECOND)
    (one,) = shadowed(without, needed).largest
    assert (one.before.substatus, one.after.substatus) == ("approved", "denied")


def test_the_money_by_plan_provider_and_reason() -> None:
    plain = as_plain(shadowed(three(), THIRTY))
    assert plain["totals"] == [
        {
            "currency": "USD", "claims": 1, "claims_changed": 1, "paid": Decimal("120.00"),
            "would_be_paid": Decimal("105.00"), "difference": Decimal("-15.00"), "member_difference": Decimal("15.00"),
        }
    ]  # fmt: skip
    assert [(row["plan_id"], row["difference"]) for row in plain["by_plan"]] == [("PLAN", Decimal("-15.00"))]
    assert [(row["provider_id"], row["difference"]) for row in plain["by_provider"]] == [("P1", Decimal("-15.00"))]
    assert [(row["reason"], row["difference"]) for row in plain["by_reason"]] == [("PR-2", Decimal("15.00"))]
    dump_json(plain)


def test_a_person_reads_totals_groups_and_the_largest() -> None:
    out = io.StringIO()
    show(shadowed(three(), THIRTY), Console(file=out, width=200))
    for wanted in ("1 claims decided again", "1 would differ", "By plan", "By provider", "By reason", "-15.00", "PR-2"):
        assert wanted in out.getvalue()


def test_each_column_has_a_name_and_a_currency_stands_once() -> None:
    out = io.StringIO()
    show(shadowed(three(), THIRTY), Console(file=out, width=200))
    cells = [[cell.strip() for cell in line.split("┃")[1:-1]] for line in out.getvalue().splitlines() if "┃" in line]
    named = ["claims", "differ", "paid", "would be", "more"]
    assert cells[:2] == [["currency", *named], ["plan", "currency", *named]]
    assert [head for head in cells if "" in head] == []
    assert "USD | USD" not in out.getvalue().replace("│", "|").replace("  ", " ")


def test_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """No producer is made, neither by the replay nor by what reads the topics."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a producer was made")

    for module in (confluent_kafka, confluent_kafka.cimpl):
        monkeypatch.setattr(module, "Producer", refuse)
    assert shadowed(three(), THIRTY).changed == 1
    sources = [Path("cli") / name for name in ("shadow.py", "impact.py", "counterfactual.py", "shadow_report.py")]
    for path in (*sources, Path("streams/history.py")):
        text = (Path(__file__).parents[2] / path).read_text(encoding="utf-8")
        assert "Producer" not in text
        assert "producer_config" not in text


def test_the_rules_of_a_folder() -> None:
    view = command.rules_of(sample_folder(), CODEC)
    assert view.release == OTHER_RULES
    assert view.provider_by("npi", "1000000004") is None


TIMES = [
    # from, to, what is wrong
    ("yesterday", "2026-01-02", "--from yesterday is no time"),
    ("2026-01-01", "2026-13-02", "--to 2026-13-02 is no time"),
    ("2026-01-02", "2026-01-02T00:00:00Z", "--to must be later"),
]


@pytest.mark.parametrize(("start", "end", "wrong"), TIMES)
def test_times_that_are_none(start: str, end: str, wrong: str) -> None:
    with pytest.raises(UserError, match=wrong):
        command.shadow(sample_folder(), start, end)
