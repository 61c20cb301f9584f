"""The ledger: balances are sums of entries, a reversal is their negation, and old periods go by rule."""

import pytest

from agents.ledger import FAMILY, Ledger, authorization_account, limit_account
from agents.periods import LIFETIME, period_of
from agents.tables import BALANCES, LEDGERS
from config.limits import LEDGER_PERIODS_MAX, SERVICE_YEARS_MAX
from schemas.dates import parse_day
from streams.state import BatchState, MemoryStore
from tests.agents.world import CODEC

PERIODS: list[tuple[str, str, str]] = [
    # day of service, start of the benefit year, period
    ("2026-01-01", "01-01", "2026"),
    ("2026-12-31", "01-01", "2026"),
    ("2026-06-30", "07-01", "2025-07"),
    ("2026-07-01", "07-01", "2026-07"),
    ("2024-02-29", "02-29", "2024-02"),
    ("2025-02-28", "02-29", "2024-02"),
]


@pytest.mark.parametrize(("day", "starts", "period"), PERIODS)
def test_the_period_is_that_of_the_service(day: str, starts: str, period: str) -> None:
    assert period_of(parse_day(day), starts) == period


def empty() -> BatchState:
    """A state without anything."""
    return BatchState(MemoryStore(), CODEC)


def test_entries_make_balances() -> None:
    state = empty()
    ledger = Ledger("FAM", state)
    ledger.enter(1, "deductible", "M1", "2026", 500)
    ledger.enter(2, "deductible", "M1", "2026", 700)
    ledger.enter(2, "deductible", FAMILY, "2026", 0)
    assert [(e.sequence, e.line_number, e.amount) for e in ledger.take_entries()] == [(1, 1, 500), (2, 2, 700)]
    assert ledger.take_entries() == ()
    ledger.save()
    after = Ledger("FAM", state)
    assert (after.used("deductible", "M1", "2026"), after.used("deductible", "M1", "2027")) == (1200, 0)
    assert Ledger("OTHER", state).used("deductible", "M1", "2026") == 0


def test_a_reversal_leaves_nothing() -> None:
    state = empty()
    ledger = Ledger("FAM", state)
    for number, account in enumerate((limit_account("L"), authorization_account("A1", "units")), start=1):
        ledger.enter(number, account, "M1", "2026" if number == 1 else LIFETIME, 900)
    posted = ledger.take_entries()
    ledger.save()
    again = Ledger("FAM", state)
    again.reverse(posted)
    assert [(e.account, e.amount) for e in again.take_entries()] == [
        ("limit:L", -900),
        ("authorization:A1:units", -900),
    ]
    again.save()
    assert state.get(LEDGERS, "FAM") is None
    assert state.get(BALANCES, "FAM:2026") is None
    assert state.get(BALANCES, f"FAM:{LIFETIME}") is None


def test_what_is_forgotten_was_never_tried() -> None:
    state = empty()
    ledger = Ledger("FAM", state)
    ledger.enter(1, "deductible", "M1", "2026", 500)
    ledger.forget()
    ledger.save()
    assert (ledger.used("deductible", "M1", "2026"), ledger.take_entries(), state.changes()) == (0, (), [])


def test_the_oldest_period_goes_and_the_lifetime_stays() -> None:
    state = empty()
    years = [str(year) for year in range(2000, 2000 + LEDGER_PERIODS_MAX)]
    for period in (LIFETIME, *years):
        ledger = Ledger("FAM", state)
        ledger.enter(1, "deductible", "M1", period, 1)
        ledger.save()
    kept = state.get(LEDGERS, "FAM")
    assert kept is not None
    assert kept.periods == (*years[1:], LIFETIME)
    assert state.get(BALANCES, "FAM:2000") is None
    assert Ledger("FAM", state).used("deductible", "M1", LIFETIME) == 1


def test_no_claim_that_is_taken_meets_a_period_that_went() -> None:
    # Two names a year at most, the years a service may be old, the year under way, and the lifetime.
    assert 2 * (SERVICE_YEARS_MAX + 1) + 1 <= LEDGER_PERIODS_MAX


def test_a_period_is_a_year_or_the_lifetime() -> None:
    with pytest.raises(AssertionError, match="a year or the lifetime"):
        Ledger("FAM", empty()).used("deductible", "M1", "soon")
