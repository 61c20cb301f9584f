"""The desk's statistics: claims counted and added up, exact at all times."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.auth import Principal
from api.context import Parts
from api.database import DatabaseAway
from api.filters import TotalsFilter
from api.problems import Problem
from api.refusals import lookup_away
from api.scope import scope_of
from api.statements_totals import GROUPS


async def statistics(parts: Parts, principal: Principal, wanted: TotalsFilter) -> Sequence[Mapping[str, Any]]:
    """A row for each group: the columns of its keys, then claims, charged, allowed, paid and member_share.

    Amounts of two currencies are never added up: the currency is always a key. Raises a 400 problem for a key that is
    none, 503 while Postgres is away.
    """
    unknown = [name for name in wanted.group_by if name not in GROUPS]
    if unknown or len(set(wanted.group_by)) != len(wanted.group_by):
        raise Problem(400, "bad_group_by", f"groupBy must name, each once, any of: {', '.join(GROUPS)}.")
    try:
        return await parts.lists.totals(scope_of(principal), wanted)
    except DatabaseAway:
        raise lookup_away() from None
