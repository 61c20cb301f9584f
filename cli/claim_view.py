"""A claim for the person at the terminal, or as JSON for the next program."""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from schemas.json_text import dump_json

# An amount of a line, and its name in an explanation.
_OF_EXPLANATION = (
    ("charged", "charged"), ("allowed", "allowed"), ("paid", "paid"), ("member", "memberResponsibility"),
)  # fmt: skip


def show(claim: Mapping[str, Any]) -> None:
    """Print the claim: tables on a terminal, one line of JSON in a pipe."""
    if sys.stdout.isatty():
        show_tables(claim, Console())
    else:
        sys.stdout.write(dump_json(claim) + "\n")
        sys.stdout.flush()


def show_tables(claim: Mapping[str, Any], console: Console) -> None:
    """The claim's head, its items with their adjustments where it has some, and what the engine has to say about it."""
    head = Table(show_header=False, title=f"Claim {escape(claim['claimNumber'])}", title_justify="left")
    for name, value in _head(claim):
        head.add_row(name, escape(value))
    console.print(head)
    if claim["items"]:
        amounts = ("chargedAmount", "allowedAmount", "paidAmount", "memberResponsibility")
        console.print(_lines(claim["items"], amounts))
    for place, finding in _findings(claim):
        console.print(
            f"[yellow]{escape(str(finding.get('code')))}[/] {escape(place)} {escape(str(finding.get('text')))}"
        )
        if finding.get("remedy"):
            console.print(f"  what would change it: {escape(str(finding['remedy']))}")


def show_reversed(explanation: Mapping[str, Any], console: Console) -> None:
    """The lines of a version that was voided or replaced, as they were before: the claim itself has none any more."""
    lines, currency = [_as_it_was(line) for line in explanation["reversed"]], explanation["currency"]
    if not lines:
        return
    sums = {name: sum((line[key] for line in lines), Decimal(0)) for name, key in _OF_EXPLANATION}
    told = ", ".join(f"{name} {currency} {_amount(amount)}" for name, amount in sums.items())
    console.print(f"What was {explanation['substatus']}: {told}", highlight=False)
    console.print(_lines(lines, [key for _, key in _OF_EXPLANATION]))


def _as_it_was(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """A line before its reversal, which negates each of its amounts."""
    amounts = {key: -line[key] for _, key in _OF_EXPLANATION}
    return {**line, **amounts, "adjustments": [{**one, "amount": -one["amount"]} for one in line["adjustments"]]}


def _lines(lines: Sequence[Mapping[str, Any]], amounts: Sequence[str]) -> Table:
    items = Table(
        "line", "code", "verdict", "charged", "allowed", "paid", "member", "adjustments",
        box=SIMPLE, padding=(0, 1, 0, 0),
    )  # fmt: skip
    for column in items.columns[:7]:
        # Where the terminal is narrow, codes are broken: half an amount is none.
        column.justify, column.no_wrap = "right" if column in items.columns[3:7] else "left", True
    items.columns[1].no_wrap = False
    items.columns[1].overflow = items.columns[7].overflow = "fold"
    for line in lines:
        items.add_row(
            str(line["lineNumber"]), escape(line["serviceCode"]), line["verdict"] or "-",
            *(_amount(line[name]) for name in amounts),
            escape(", ".join(f"{a['group']}-{a['reason']} {_amount(a['amount'])}" for a in line["adjustments"])),
        )  # fmt: skip
    return items


def _head(claim: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [
        ("id", str(claim["id"])),
        ("status", f"{claim['status']} ({claim['substatus']}), version {claim['version']}.{claim['revision']}"),
        ("service", f"{claim['serviceDate']} to {claim['serviceDateTo']}, {claim['form']}, {claim['settlement']}"),
        ("accepted", str(claim["createdAt"])),
        ("decided", str(claim["decidedAt"] or "-")),
        ("charged", f"{claim['currency']} {_amount(claim['totalCharged'])}"),
    ]
    outcome = claim["adjudication"]
    if outcome:
        for name, key in (("allowed", "allowedAmount"), ("paid", "paidAmount"), ("member", "memberResponsibility")):
            rows.append((name, f"{claim['currency']} {_amount(outcome[key])}"))
    if claim.get("pend"):
        pend = claim["pend"]
        rows.append(("waits for", f"{pend['queue']} until {pend['dueDate']}: {pend['text']} ({pend['code']})"))
    if claim.get("appealDue"):
        rows.append(("appeal", f"to be answered by {claim['appealDue']}"))
    if claim.get("replaces"):
        rows.append(("replaces", str(claim["replaces"])))
    if claim.get("replacedBy"):
        rows.append(("replaced by", str(claim["replacedBy"])))
    if claim.get("paidOut"):
        rows.append(("paid out", f"{claim['currency']} {_amount(claim['paidOut'])}"))
    return rows


def _findings(claim: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    found = [(str(finding.get("place", "")), finding) for finding in claim["findings"]]
    for item in claim["items"]:
        found += [(f"line {item['lineNumber']} {finding.get('place', '')}", finding) for finding in item["findings"]]
    return found


def _amount(value: Decimal | int | None) -> str:
    return "-" if value is None else f"{value:,}"
