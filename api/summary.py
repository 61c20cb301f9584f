"""Claims of a list, and statistics, as JSON: a claim without its items, and sums of many."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.representation import UNDECIDED, amount, head_of
from api.statements_totals import GROUPS

_AMOUNTS = {
    "charged": "totalCharged", "allowed": "allowedAmount", "paid": "paidAmount", "member_share": "memberResponsibility",
}  # fmt: skip


def summary_of(row: Mapping[str, Any]) -> dict[str, object]:
    """A claim of a list; `GET /api/v1/claims/{id}` has the rest."""
    currency = row["currency"]
    return head_of(row) | {
        "adjudication": None
        if row["substatus"] in UNDECIDED or row["total_allowed"] is None
        else {
            "allowedAmount": amount(row["total_allowed"], currency),
            "paidAmount": amount(row["total_paid"], currency),
            "memberResponsibility": amount(row["total_member_share"], currency),
        },
    }


def totals_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Statistics: each group with its keys, how many claims, and their amounts in its currency."""
    return {"groups": [_group(row) for row in rows]}


def _group(row: Mapping[str, Any]) -> dict[str, object]:
    keys = {name: _key(row[column]) for name, column in GROUPS.items() if column in row}
    currency = row["currency"]
    return keys | {"claims": row["claims"]} | {name: amount(row[column], currency) for column, name in _AMOUNTS.items()}


def _key(value: Any) -> object:
    """Empty is a provider that is not known."""
    return (value or None) if isinstance(value, str) else value.isoformat()
