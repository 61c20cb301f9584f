"""The ledger of a coverage: balances by account, whose and period, which only entries change.

An account holds minor units, thousandths of units or a count, as its kind says. Entries are append-only: they leave
with the decision that posts them, and a void posts their exact negation. The state keeps the balances of the last
LEDGER_PERIODS_MAX periods; the front end refuses claims whose service is older, so no claim meets a period that went.
"""

from collections.abc import Sequence

from agents.contract import State
from agents.periods import LIFETIME
from agents.tables import BALANCES, LEDGERS
from config.limits import LEDGER_PERIODS_MAX
from schemas.decision import LedgerEntry
from schemas.state import Balances, CoverageLedger

FAMILY = "family"
DEDUCTIBLE = "deductible"
OUT_OF_POCKET = "out_of_pocket"


def limit_account(limit_id: str) -> str:
    """Account of a benefit limit, in the limit's measure."""
    return f"limit:{limit_id}"


def authorization_account(number: str, measure: str) -> str:
    """Account of what was used of an authorization; `measure` is units (thousandths) or amount (minor units)."""
    return f"authorization:{number}:{measure}"


class Ledger:
    """The balances of a coverage while a claim is decided, and the entries that it adds."""

    def __init__(self, coverage_id: str, state: State) -> None:
        self._coverage_id = coverage_id
        self._state = state
        self._amounts: dict[str, dict[str, int]] = {}
        self._changed: set[str] = set()
        self._entries: list[LedgerEntry] = []

    def used(self, account: str, who: str, period: str) -> int:
        """The balance; `who` is a member id or FAMILY."""
        return self._of(period).get(f"{account}:{who}", 0)

    def enter(self, line_number: int, account: str, who: str, period: str, amount: int) -> None:
        """Post an amount of a line; nothing for 0."""
        if amount == 0:
            return
        self._entries.append(LedgerEntry(len(self._entries) + 1, line_number, account, who, period, amount))
        amounts = self._of(period)
        key = f"{account}:{who}"
        balance = amounts.get(key, 0) + amount
        if balance:
            amounts[key] = balance
        else:
            # A balance of 0 is none: voiding everything leaves what there was before anything.
            amounts.pop(key, None)
        self._changed.add(period)

    def reverse(self, entries: Sequence[LedgerEntry]) -> None:
        """Post the exact negation of recorded entries, in their order."""
        for entry in entries:
            self.enter(entry.line_number, entry.account, entry.who, entry.period, -entry.amount)

    def take_entries(self) -> tuple[LedgerEntry, ...]:
        """The entries since the last time, for the decision that posts them."""
        taken = tuple(self._entries)
        self._entries = []
        return taken

    def forget(self) -> None:
        """Drop what was entered since the last save, as if it had never been tried."""
        self._entries = []
        self._amounts = {}
        self._changed.clear()

    def save(self) -> None:
        """Write the changed balances, and let the oldest period go when there are too many."""
        if not self._changed:
            return
        known = self._state.get(LEDGERS, self._coverage_id) or CoverageLedger(())
        periods = sorted(set(known.periods) | self._changed)
        # Names of periods sort by time, and the lifetime behind them all: it is never the oldest.
        while len(periods) > LEDGER_PERIODS_MAX:
            gone = periods.pop(0)
            self._changed.discard(gone)
            self._state.delete(BALANCES, self._key(gone))
        for period in sorted(self._changed):
            amounts = self._amounts[period]
            if amounts:
                self._state.put(BALANCES, self._key(period), Balances(dict(sorted(amounts.items()))))
            else:
                self._state.delete(BALANCES, self._key(period))
                periods.remove(period)
        if periods != list(known.periods):
            if periods:
                self._state.put(LEDGERS, self._coverage_id, CoverageLedger(tuple(periods)))
            else:
                self._state.delete(LEDGERS, self._coverage_id)
        self._changed.clear()

    def _of(self, period: str) -> dict[str, int]:
        amounts = self._amounts.get(period)
        if amounts is None:
            known = self._state.get(BALANCES, self._key(period))
            amounts = self._amounts[period] = dict(known.amounts) if known else {}
        return amounts

    def _key(self, period: str) -> str:
        assert period == LIFETIME or period[:4].isdecimal(), "a period is a year or the lifetime"
        return f"{self._coverage_id}:{period}"
