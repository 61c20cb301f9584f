"""SQL of the statistics. Claims that something has looked at are counted in claim_totals; the rest are few."""

from collections.abc import Mapping
from typing import Any, Final

from api.filters import TotalsFilter
from api.scope import Scope
from api.statements_list import Conditions, add_scope

# What may be grouped by: the name that callers use, and the column.
GROUPS: Final[Mapping[str, str]] = {
    "status": "status",
    "substatus": "substatus",
    "form": "form",
    "currency": "currency",
    "provider": "provider_id",
    "day": "accepted_day",
}
_TOTALS = """
    select accepted_day, currency, form, status, substatus, provider_id, claims, charged, allowed, paid, member_share
    from claim_totals where """
_CLAIMS = """
    select accepted_day, currency, form, status, substatus, coalesce(provider_id, '') as provider_id, 1 as claims,
           total_charged as charged, coalesce(total_allowed, 0) as allowed, coalesce(total_paid, 0) as paid,
           coalesce(total_member_share, 0) as member_share
    from claims where """
_SUMS = (
    "sum(claims)::bigint as claims, sum(charged) as charged, sum(allowed) as allowed, sum(paid) as paid, "
    "sum(member_share) as member_share"
)
# Groups that one answer may have: the first ones, in the order of their keys.
_GROUPS_MAX = 10_000


def totals_of(scope: Scope, wanted: TotalsFilter) -> tuple[str, list[Any]]:
    """The statement and its parameters.

    A member's claims, and those of whoever is provider and member at once, are not told apart in claim_totals: they
    are counted one by one.
    """
    counted_ahead = scope.everything or (scope.member_id is None and scope.provider_id is not None)
    conditions = Conditions()
    add_scope(conditions, scope)
    _add_filter(conditions, wanted)
    where = conditions.text()
    # Only rank 0 is missing from the totals.
    claims = f"{_CLAIMS}{where}" + (" and status = 'submitted' and rank = 0" if counted_ahead else "")
    source = f"{_TOTALS}{where} and claims <> 0 union all {claims}" if counted_ahead else claims
    keys = ", ".join(dict.fromkeys([*(GROUPS[name] for name in wanted.group_by), "currency"]))
    statement = f"select {keys}, {_SUMS} from ({source}) as counted group by {keys} order by {keys} limit {_GROUPS_MAX}"  # noqa: S608 - fragments of ours
    return statement, conditions.values


def _add_filter(conditions: Conditions, wanted: TotalsFilter) -> None:
    if wanted.day_from is not None:
        conditions.add("accepted_day >= {}", wanted.day_from)
    if wanted.day_to is not None:
        conditions.add("accepted_day <= {}", wanted.day_to)
    if wanted.statuses:
        conditions.add("status = any({}::text[])", list(wanted.statuses))
    if wanted.forms:
        conditions.add("form = any({}::text[])", list(wanted.forms))
    for column, value in (("currency", wanted.currency), ("provider_id", wanted.provider_id)):
        if value is not None:
            conditions.add(f"{column} = {{}}", value)
