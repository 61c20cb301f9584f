"""What other rules would have changed: money by currency, plan, provider and reason, and the largest differences."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.counterfactual import Answer, Difference, difference_of
from cli.impact import difference_as_plain, difference_table
from schemas.money import decimal_of

LARGEST_KEPT = 20
ROWS_SHOWN_MAX = 30
NONE = "-"


@dataclass(slots=True)
class Sums:
    """Claims and money of a group: how many there are, how many differ, and amounts before and after."""

    claims: int = 0
    changed: int = 0
    before: int = 0
    after: int = 0
    member_before: int = 0
    member_after: int = 0

    def add(self, before: Answer, after: Answer, changed: bool) -> None:
        """Count a claim."""
        self.claims += 1
        self.changed += changed
        self.before += before.paid
        self.after += after.paid
        self.member_before += before.member_share
        self.member_after += after.member_share


Group = tuple[str, str]


@dataclass(slots=True)
class Report:
    """Sums by (currency, name). `outside` counts claims outside of the time that differ by what went before them."""

    claims: int = 0
    changed: int = 0
    outside: int = 0
    by_currency: dict[str, Sums] = field(default_factory=dict)
    by_plan: dict[Group, Sums] = field(default_factory=dict)
    by_provider: dict[Group, Sums] = field(default_factory=dict)
    # By (currency, reason such as CO-45): claims in which it differs, and the amounts before and after.
    by_reason: dict[Group, Sums] = field(default_factory=dict)
    by_outcome: dict[tuple[str, str], int] = field(default_factory=dict)
    _largest: list[tuple[int, str, Difference]] = field(default_factory=list)

    def add(self, before: Answer, after: Answer, within: bool) -> None:
        """Count a claim: one that is inside of the time always, one outside of it when it differs."""
        found = difference_of(before, after)
        if found is None and not within:
            return
        self.claims += within
        self.changed += found is not None
        self.outside += found is not None and not within
        currency = before.currency
        self.by_currency.setdefault(currency, Sums()).add(before, after, found is not None)
        plan = after.plan_id or before.plan_id or NONE
        self.by_plan.setdefault((currency, plan), Sums()).add(before, after, found is not None)
        provider = before.provider_id or NONE
        self.by_provider.setdefault((currency, provider), Sums()).add(before, after, found is not None)
        if found is not None:
            self._add_difference(found)

    def _add_difference(self, found: Difference) -> None:
        before, after = found.before, found.after
        for reason in found.why:
            sums = self.by_reason.setdefault((before.currency, reason), Sums())
            sums.claims += 1
            sums.changed += 1
            sums.before += before.reasons.get(reason, 0)
            sums.after += after.reasons.get(reason, 0)
        if before.substatus != after.substatus:
            move = (before.substatus, after.substatus)
            self.by_outcome[move] = self.by_outcome.get(move, 0) + 1
        size = max(abs(found.paid), abs(found.member_share))
        heapq.heappush(self._largest, (size, before.claim_id, found))
        if len(self._largest) > LARGEST_KEPT:
            heapq.heappop(self._largest)

    @property
    def largest(self) -> list[Difference]:
        """The largest differences in minor units, the largest first."""
        return [found for _, _, found in sorted(self._largest, key=lambda entry: (-entry[0], entry[1]))]


def as_plain(report: Report) -> dict[str, Any]:
    """The report for a program; amounts are decimals."""
    return {
        "claims": report.claims,
        "claims_changed": report.changed,
        "claims_changed_outside": report.outside,
        "totals": [{"currency": c} | _money(sums, c) for c, sums in sorted(report.by_currency.items())],
        "by_plan": _groups(report.by_plan, "plan_id"),
        "by_provider": _groups(report.by_provider, "provider_id"),
        "by_reason": [
            {
                "currency": currency,
                "reason": reason,
                "claims_changed": sums.changed,
                "before": decimal_of(sums.before, currency),
                "after": decimal_of(sums.after, currency),
                "difference": decimal_of(sums.after - sums.before, currency),
            }
            for (currency, reason), sums in sorted(report.by_reason.items())
        ],
        "by_outcome": [
            {"before": before, "after": after, "claims": claims}
            for (before, after), claims in sorted(report.by_outcome.items())
        ],
        "largest": [difference_as_plain(one) for one in report.largest],
    }


def _groups(groups: Mapping[Group, Sums], name: str) -> list[dict[str, Any]]:
    return [
        {name: None if one == NONE else one, "currency": currency} | _money(sums, currency)
        for (currency, one), sums in sorted(groups.items())
    ]


def _money(sums: Sums, currency: str) -> dict[str, Any]:
    return {
        "claims": sums.claims,
        "claims_changed": sums.changed,
        "paid": decimal_of(sums.before, currency),
        "would_be_paid": decimal_of(sums.after, currency),
        "difference": decimal_of(sums.after - sums.before, currency),
        "member_difference": decimal_of(sums.member_after - sums.member_before, currency),
    }


def show(report: Report, console: Console) -> None:
    """The report for a person: totals, then the groups that differ by the size of their difference."""
    inside = report.changed - report.outside
    line = f"{report.claims:,} claims decided again under the other rules; {inside:,} would differ"
    if report.outside:
        line += f", and {report.outside:,} outside of the time, by what went before them"
    console.print(line, highlight=False)
    console.print(_table("", {(c, ""): sums for c, sums in report.by_currency.items()}, "Money", every=True))
    for name, groups in (("plan", report.by_plan), ("provider", report.by_provider), ("reason", report.by_reason)):
        if any(sums.changed for sums in groups.values()):
            console.print(_table(name, groups, f"By {name}"))
    if report.by_outcome:
        outcomes = Table("outcome", "would be", "claims", title="Other outcomes", title_justify="left")
        for (before, after), claims in sorted(report.by_outcome.items(), key=lambda row: (-row[1], row[0])):
            outcomes.add_row(before.replace("_", " "), after.replace("_", " "), f"{claims:,}")
        console.print(outcomes)
    if report.largest:
        console.print("The largest differences", highlight=False)
        console.print(difference_table(report.largest))


def _table(name: str, groups: Mapping[Group, Sums], title: str, *, every: bool = False) -> Table:
    """Groups a row each. Without a name there is one of each currency, and nothing else to name it by."""
    amounts = "adjusted" if name == "reason" else "paid"
    named = (name, "currency") if name else ("currency",)
    table = Table(*named, "claims", "differ", amounts, "would be", "more", title=title, title_justify="left")
    for column in table.columns[len(named) :]:
        column.justify = "right"
    rows = [(key, sums) for key, sums in groups.items() if sums.changed or every]
    rows.sort(key=lambda row: (-abs(row[1].after - row[1].before), row[0]))
    for (currency, one), sums in rows[:ROWS_SHOWN_MAX]:
        before, after = decimal_of(sums.before, currency), decimal_of(sums.after, currency)
        counts = (f"{sums.claims:,}", f"{sums.changed:,}")
        who = (one, currency) if name else (currency,)
        table.add_row(*who, *counts, f"{before:,}", f"{after:,}", f"{after - before:+,}")
    if len(rows) > ROWS_SHOWN_MAX:
        table.caption = f"and {len(rows) - ROWS_SHOWN_MAX:,} more; --json has them all"
    return table
