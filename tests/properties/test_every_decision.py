"""What holds of every decision, whatever the plan: amounts in order, shares within limits, listed codes, no remains."""

from collections import defaultdict
from typing import TypeGuard

from hypothesis import given
from hypothesis import strategies as st

from agents.tables import BALANCES
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.dates import day_at
from schemas.decision import DecidedLine, Decision
from schemas.reason_codes import is_listed
from streams.driver import Driver
from tests.oracle.comparison import ENDS, adjustments_of
from tests.oracle.figures import FAMILY
from tests.oracle.shares import period_of
from tests.properties.chain import decisions, told
from tests.properties.payers import World, worlds
from tests.properties.stories import Event, following, stories

REASONS = {"deductible": "PR-1", "coinsurance": "PR-2", "copay": "PR-3"}


def draw_story(data: st.DataObject) -> tuple[World, list[Event]]:
    """A world and a story in it."""
    world = data.draw(worlds(), "payer")
    return world, data.draw(stories(world), "story")


@given(st.data())
def test_amounts_are_in_order_and_codes_listed(data: st.DataObject) -> None:
    world, story = draw_story(data)
    for decision in decisions(told(world.payer, story)):
        totals = (decision.charged, decision.allowed, decision.paid, decision.member_share)
        lines = [(one.charge, one.allowed, one.paid, one.member_share) for one in decision.lines]
        assert totals == tuple(map(sum, zip(*lines, strict=True))) if lines else (0, 0, 0, 0)
        for one in decision.lines:
            assert in_order(one), one
            assert all(is_listed(a.reason, day_at(decision.accepted_at)) for a in one.adjustments), one


def in_order(one: DecidedLine) -> bool:
    """Charge, allowed and paid; above the charge only where OA-94 says so, a pended line pays nothing."""
    reasons = adjustments_of(one)
    return (
        one.charge == one.paid + sum(reasons.values())
        and (one.charge >= one.allowed or "OA-94" in reasons)
        and one.allowed >= one.paid >= 0
        and one.member_share == sum(amount for reason, amount in reasons.items() if reason.startswith("PR-"))
        and all(amount > 0 or reason == "OA-94" for reason, amount in reasons.items())
        and (one.verdict != "denied" or (one.paid == 0 and sum(reasons.values()) == one.charge))
    )


def in_force(chain: Driver) -> list[Decision]:
    """The last decision of each version that has not ended and does not wait; a void has no amounts of its own."""
    last = {(one.claim_id, one.version): one for one in decisions(chain) if one.frequency_code != "8"}
    return [one for one in last.values() if one.substatus not in (*ENDS, "pended")]


@given(st.data())
def test_member_shares_stay_within_their_limits(data: st.DataObject) -> None:
    world, story = draw_story(data)
    plan = world.payer.plan
    deductibles: dict[tuple[str, str, str], int] = defaultdict(int)
    out_of_pocket: dict[tuple[str, str, str], int] = defaultdict(int)
    for decision in in_force(told(world.payer, story)):
        coinsured = 0
        for one in decision.lines:
            reasons = adjustments_of(one)
            assert one.service_from is not None
            for who in (decision.member_id, FAMILY):
                key = (decision.coverage_id, who, period_of(plan, one.service_from))
                deductibles[key] += reasons.get("PR-1", 0)
                out_of_pocket[key] += sum(reasons.get(REASONS[kind], 0) for kind in plan.out_of_pocket_counts)
            coinsured += reasons.get("PR-2", 0)
        caps = [cap.amount for cap in plan.coinsurance_caps if cap.service_types in ((), (decision.service_type,))]
        assert not caps or coinsured <= caps[0]
    individual = plan.deductible_individual if plan.deductible_family_limit == "embedded" else None
    maximum = plan.out_of_pocket_individual if plan.out_of_pocket_family_limit == "embedded" else None
    for (_, who, _), amount in deductibles.items():
        limit = plan.deductible_family or None if who == FAMILY else individual
        assert limit is None or amount <= limit
    for (_, who, _), amount in out_of_pocket.items():
        limit = plan.out_of_pocket_family if who == FAMILY else maximum
        assert limit is None or amount <= limit


def balance_keys(chain: Driver) -> list[bytes]:
    """Keys of the balances that are left."""
    return [key for key in chain.stores["price"].data if key.startswith(BALANCES.prefix)]


def trial_balance(chain: Driver) -> dict[str, int]:
    """Everything decided, by account: the lines of each revision less what it supersedes."""
    sums: dict[str, int] = defaultdict(int)
    # A repeat is the same bytes and counts once.
    values = [output.value for output in chain.outputs[topics.CLAIMS_DECIDED]]
    for decision in dict(zip(values, decisions(chain), strict=True)).values():
        for one in decision.lines:
            sums["charged"] += one.charge
            sums["paid"] += one.paid
            for reason, amount in adjustments_of(one).items():
                sums[reason] += amount
        for account in decision.superseded:
            sums[account.account] -= account.amount
    return sums


def is_under(one: Event, root: SubmittedClaim) -> TypeGuard[SubmittedClaim]:
    """Whether that is a claim under this root."""
    return isinstance(one, SubmittedClaim) and one.root_id == root.root_id


@given(st.data())
def test_voiding_everything_in_any_order_leaves_nothing(data: st.DataObject) -> None:
    world, story = draw_story(data)
    chain = told(world.payer, story)
    roots = {one.root_id: one for one in story if isinstance(one, SubmittedClaim) and one.frequency_code == "1"}
    for number, root in enumerate(data.draw(st.permutations(list(roots.values())))):
        # Whoever has sent something under the root says it: one of them owns what is in force.
        senders = {(one.submitter_id, one.provider): one for one in story if is_under(one, root)}
        for one in senders.values():
            ends = following(root, one, f"Z{number}-{one.claim_id}", "8")
            chain.pipe(topics.CLAIMS_SUBMITTED, root.root_id, ends)
    assert balance_keys(chain) == []
    assert {account: amount for account, amount in trial_balance(chain).items() if amount} == {}
    assert in_force(chain) == []


@given(st.data())
def test_the_end_of_a_version_is_the_exact_negation_of_what_it_recorded(data: st.DataObject) -> None:
    world, story = draw_story(data)
    versions: dict[tuple[str, int], list[Decision]] = defaultdict(list)
    for decision in {
        (one.claim_id, one.version, one.revision): one for one in decisions(told(world.payer, story))
    }.values():
        versions[decision.claim_id, decision.version].append(decision)
    for revisions in versions.values():
        if revisions[-1].substatus not in ENDS:
            continue
        *_, before, end = revisions
        assert (end.lines, end.charged, end.paid) == ((), 0, 0)
        assert [amounts_of(one, -1) for one in end.reversal] == [amounts_of(one, 1) for one in before.lines]
        entries: dict[tuple[str, str, str], int] = defaultdict(int)
        for entry in (entry for one in revisions for entry in one.ledger):
            entries[entry.account, entry.who, entry.period] += entry.amount
        assert not any(entries.values())


def amounts_of(one: DecidedLine, sign: int) -> tuple[object, ...]:
    """A line's amounts times a sign."""
    adjustments = [(a.group, a.reason, sign * a.amount, sign * (a.quantity_milli or 0)) for a in one.adjustments]
    return one.line_number, sign * one.charge, sign * one.allowed, sign * one.paid, adjustments
