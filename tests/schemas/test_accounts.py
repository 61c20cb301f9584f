"""The accounts of decided lines, and what a decision posts."""

import pytest

from schemas.accounts import accounts_of, amounts_of, difference, posted_by
from schemas.decision import DecidedLine
from tests.sinks.records import decision, line

FIRST = line(1, charge=10_000, paid=8_000)
SECOND = line(2, charge=2_551, paid=2_000)
DENIED = line(3, charge=700, paid=0)
CASES = [
    # lines            accounts
    ((),               {}),
    ((FIRST,),         {"CO-45": 1_000, "PR-3": 1_000, "charged": 10_000, "paid": 8_000}),
    ((FIRST, SECOND),  {"CO-45": 1_275, "PR-3": 1_276, "charged": 12_551, "paid": 10_000}),
    ((DENIED,),        {"CO-45": 350, "PR-3": 350, "charged": 700}),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "accounts"), CASES)
def test_accounts_of_lines_in_the_order_of_names(lines: tuple[DecidedLine, ...], accounts: dict[str, int]) -> None:
    found = accounts_of(lines)
    assert list(found.items()) == list(accounts.items())
    assert difference(found) == 0


def test_a_decision_posts_its_lines_less_what_it_supersedes() -> None:
    before, after = (FIRST, SECOND), (FIRST,)
    superseding = decision(lines=after, superseded=amounts_of(accounts_of(before)))
    assert posted_by(superseding) == {"CO-45": -275, "PR-3": -276, "charged": -2_551, "paid": -2_000}
    undone = decision(lines=(), superseded=amounts_of(accounts_of(after)))
    posted = [posted_by(each) for each in (decision(lines=before), superseding, undone)]
    assert {name: sum(part.get(name, 0) for part in posted) for name in posted[0]} == dict.fromkeys(posted[0], 0)


@pytest.mark.parametrize(
    ("accounts", "left"),
    [
        ({"charged": 100, "paid": 80, "CO-45": 20}, 0),
        ({"charged": 100, "paid": 80}, 20),
        ({"OA-94": -20, "paid": 20}, 0),
    ],
)
def test_what_does_not_balance(accounts: dict[str, int], left: int) -> None:
    assert difference(accounts) == left
