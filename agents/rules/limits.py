"""Benefit limits of a plan: the most that it pays, in money, visits, units or days, for a claim, day, period or life.

CARC 119 for a claim, day or period, 35 for the lifetime, group PR: what lies over a limit is the member's. The limit
applies to the amount or units that cross it. Quantities are taken off before the line is priced, with their part of the
charge; money is what the plan pays, so it is taken after the member's share and does not count toward out-of-pocket:
a maximum on cost sharing bounds covered benefits alone (45 CFR 155.20, 156.130: not spending for non-covered services).

A visit is a day of the member on a claim, however many lines it has; so is a day of a stay: lines of the same days use
them once. Days of a line are through less from, at least 1, and what is over a limit is its last ones.
Tranches count the allowed amount where the limit counts money, else what the limit counts.
"""

from collections.abc import Sequence

from agents.ledger import FAMILY, Ledger, limit_account
from agents.lines import OpenLine, amount_text, units_text
from agents.patterns import fits_or_any
from agents.periods import LIFETIME
from agents.rules.allowed import days_of
from schemas.dates import text_of
from schemas.envelope import Adjustment, Finding
from schemas.reference import Limit, Plan


class Limits:
    """The limits of a plan while one claim is priced: balances before it, and what its lines added."""

    def __init__(self, plan: Plan, member_id: str, ledger: Ledger) -> None:
        self._currency = plan.currency
        self._member_id = member_id
        self._ledger = ledger
        self._money = [limit for limit in plan.limits if limit.measure == "money"]
        self._quantities = [limit for limit in plan.limits if limit.measure != "money"]
        # What was counted for the claim alone, and what a limit of visits had counted before each day of it.
        self._of_claim: dict[str, int] = {}
        self._visits: dict[tuple[str, int], int] = {}
        self._days: dict[str, set[int]] = {}

    def limit_quantities(self, one: OpenLine) -> None:
        """Deny units of the line beyond its limits, and enter what is left."""
        limits = [limit for limit in self._quantities if _counts(limit, one)]
        first = one.line.service_from
        days = list(range(first, first + days_of(first, one.line.service_to)))
        for limit in limits:
            if limit.amount is None or one.denied:
                continue
            used, here = self._used(limit, one), self._quantity(limit, one, days)
            over = here - max(0, limit.amount - used)
            if over > 0:
                self._deny(limit, one, used, over, len(days) if limit.measure == "days" else here)
                if limit.measure == "days":
                    gone = set(self._new_days(limit, days)[here - over :])
                    days = [day for day in days if day not in gone]
        if one.denied:
            return
        for limit in limits:
            here = self._quantity(limit, one, days)
            self._open_tranche(limit, one, here, len(days))
            if limit.measure == "visits":
                self._visits.setdefault((limit.limit_id, one.line.service_from), self._used(limit, one))
            elif limit.measure == "days":
                self._days.setdefault(limit.limit_id, set()).update(days)
            self._enter(limit, one, here)

    def find_tranche(self, one: OpenLine, recognised: int) -> None:
        """Open the tranches of a limit of money for a line of which that much is recognised, and enter it."""
        for limit in self._money:
            if limit.tranches and one.tranche is None and _counts(limit, one):
                account = _tranche_account(limit)
                one.tranche = (limit, self._used(limit, one, account), recognised)
                self._enter(limit, one, recognised, account)

    def limit_money(self, one: OpenLine) -> None:
        """Move what the plan would pay over its limits to the member."""
        for limit in self._money:
            if limit.amount is None or not _counts(limit, one):
                continue
            used = self._used(limit, one)
            left = max(0, limit.amount - used)
            if one.paid > left:
                over = one.paid - left
                most, before = amount_text(limit.amount, self._currency), amount_text(used, self._currency)
                text = f"limit {limit.limit_id}: {most} a {limit.per}, {before} was used"
                rule = f"P-LIMIT:{limit.limit_id}"
                one.findings.append(Finding(rule, one.place, text))
                one.over.append(_excess(limit, over, rule))
                one.reduce_payment(left, rule, text)

    def enter_money(self, one: OpenLine) -> None:
        """Enter what the plan pays, when that is known."""
        for limit in self._money:
            if limit.amount is not None and _counts(limit, one):
                self._enter(limit, one, one.paid)

    def _new_days(self, limit: Limit, days: Sequence[int]) -> list[int]:
        """Those of the days that no line of the claim before used."""
        counted = self._days.get(limit.limit_id, ())
        return [day for day in days if day not in counted]

    def _quantity(self, limit: Limit, one: OpenLine, days: Sequence[int]) -> int:
        if limit.measure == "units":
            return one.units_milli
        if limit.measure == "days":
            return len(self._new_days(limit, days))
        return 0 if (limit.limit_id, one.line.service_from) in self._visits else 1

    def _open_tranche(self, limit: Limit, one: OpenLine, here: int, days: int) -> None:
        if not limit.tranches or one.tranche is not None:
            return
        if limit.measure == "days":
            # Days that a line before used lie just below the new ones.
            one.tranche = (limit, self._used(limit, one) - (days - here), days)
            return
        before = self._visits.get((limit.limit_id, one.line.service_from)) if limit.measure == "visits" else None
        used = self._used(limit, one) if before is None else before
        one.tranche = (limit, used, 1 if limit.measure == "visits" else here)

    def _deny(self, limit: Limit, one: OpenLine, used: int, over: int, here: int) -> None:
        assert limit.amount is not None
        if limit.measure == "units":
            most, before = units_text(limit.amount), units_text(used)
        else:
            most, before = str(limit.amount), str(used)
        text = f"limit {limit.limit_id}: {most} {limit.measure} a {limit.per}, {before} were used"
        reason = "35" if limit.per == "lifetime" else "119"
        one.take(over, here, "PR", reason, f"P-LIMIT:{limit.limit_id}", text)

    def _used(self, limit: Limit, one: OpenLine, account: str | None = None) -> int:
        if limit.per == "claim":
            return self._of_claim.get(account or limit.limit_id, 0)
        return self._ledger.used(*self._balance(limit, one, account))

    def _enter(self, limit: Limit, one: OpenLine, amount: int, account: str | None = None) -> None:
        if limit.per == "claim":
            key = account or limit.limit_id
            self._of_claim[key] = self._of_claim.get(key, 0) + amount
            return
        self._ledger.enter(one.line.line_number, *self._balance(limit, one, account), amount)

    def _balance(self, limit: Limit, one: OpenLine, account: str | None) -> tuple[str, str, str]:
        """Account, whose and period of a limit for the day of a line."""
        who = FAMILY if limit.who == "family" else self._member_id
        account = account or limit_account(limit.limit_id)
        if limit.per == "day":
            account = f"{account}:{text_of(one.line.service_from)}"
        return account, who, LIFETIME if limit.per == "lifetime" else one.period


def _tranche_account(limit: Limit) -> str:
    """A limit of money that has an amount counts what the plan pays; its tranches count what is allowed."""
    account = limit_account(limit.limit_id)
    return account if limit.amount is None else f"{account}:allowed"


def _counts(limit: Limit, one: OpenLine) -> bool:
    return (not limit.benefits or one.benefit.benefit_id in limit.benefits) and fits_or_any(
        one.line.service_code, limit.codes
    )


def _excess(limit: Limit, over: int, rule: str) -> Adjustment:
    if limit.per == "lifetime":
        return Adjustment("PR", "35", over, rule, None)
    return Adjustment("PR", "119", over, rule, None)
