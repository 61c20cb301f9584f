"""SQL of lists of claims: fixed fragments, put together by what is asked; every value is a parameter."""

from typing import Any

from api.cursor import Position
from api.filters import ClaimFilter
from api.scope import Scope
from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.status import STATUS_OF

_SELECT = """
    select id, claim_number, version, revision, status, substatus, form, settlement, service_type, member_id,
           provider_id, service_date, service_to, currency, total_charged, total_allowed, total_paid,
           total_member_share, accepted_at, accepted_day, decided_at
    from claims where """
_ORDER = " order by accepted_at desc, id desc limit "
# Microseconds since 1970, exactly: an interval of so many microseconds loses nothing.
_MOMENT = "timestamptz '1970-01-01 00:00:00+00' + {} * interval '1 microsecond'"
_DAY = f"({{}}::date::timestamp at time zone 'UTC') - interval '{PAYER_UTC_OFFSET_MINUTES} minutes'"
# Words in the findings of a claim, of its lines, or in why it waits; each side has an index of its own.
_TEXT = """(
    (findings <> '[]' and to_tsvector('simple', findings) @@ websearch_to_tsquery('simple', {0}))
    or id in (select claim_id from claim_items where findings <> '[]'
              and to_tsvector('simple', findings) @@ websearch_to_tsquery('simple', {0}))
)"""


class Conditions:
    """Conditions of a statement, with the parameters that they name."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._texts: list[str] = []

    def add(self, fragment: str, *values: object) -> None:
        """A fragment of ours, with `{}` where the parameters stand."""
        names = []
        for value in values:
            self.values.append(value)
            names.append(f"${len(self.values)}")
        self._texts.append(fragment.format(*names))

    def text(self) -> str:
        """All of them; `true` for none."""
        return " and ".join(self._texts) or "true"


def add_scope(conditions: Conditions, scope: Scope) -> None:
    """Only what the caller may see; for an outsider whom the token does not name: nothing."""
    if scope.everything:
        return
    own = {"provider_id": scope.provider_id, "member_id": scope.member_id}
    named = {column: value for column, value in own.items() if value is not None}
    if named:
        fragment = " or ".join(f"{column} = {{}}" for column in named)
        conditions.add(f"({fragment})", *named.values())
    else:
        conditions.add("false")


def page_of(
    scope: Scope, where: ClaimFilter, only: object, members: object, text: str | None, after: Position | None,
    limit: int,
) -> tuple[str, list[Any]]:  # fmt: skip
    """The statement of a page, and its parameters."""
    conditions = Conditions()
    add_scope(conditions, scope)
    _add_filter(conditions, where)
    if only is not None:
        conditions.add("id = any({}::uuid[])", only)
    if members is not None:
        conditions.add("member_id = any({}::text[])", members)
    if text is not None:
        conditions.add(_TEXT, text)
    if after is not None:
        conditions.add(f"(accepted_at, id) < ({_MOMENT.format('{}::bigint')}, {{}}::uuid)", after.at, after.claim_id)
    return f"{_SELECT}{conditions.text()}{_ORDER}{int(limit)}", conditions.values


def _add_filter(conditions: Conditions, where: ClaimFilter) -> None:
    if where.ids:
        conditions.add("id = any({}::uuid[])", list(where.ids))
    if where.substatuses:
        conditions.add("substatus = any({}::text[])", list(where.substatuses))
    # A state has one status, which has the index.
    implied = {STATUS_OF[state] for state in where.substatuses}
    if where.statuses or implied:
        statuses = set(where.statuses or implied) & (implied or set(where.statuses))
        conditions.add("status = any({}::text[])", sorted(statuses))
    if where.forms:
        conditions.add("form = any({}::text[])", list(where.forms))
    for column, value in (("member_id", where.member_id), ("provider_id", where.provider_id)):
        if value is not None:
            conditions.add(f"{column} = {{}}", value)
    if where.service_from is not None:
        conditions.add("service_date >= {}", where.service_from)
    if where.service_to is not None:
        conditions.add("service_date <= {}", where.service_to)
    if where.submitted_from is not None:
        conditions.add(f"accepted_at >= {_DAY}", where.submitted_from)
    if where.submitted_to is not None:
        conditions.add(f"accepted_at < {_DAY} + interval '1 day'", where.submitted_to)


_PENDING = """
    select id, claim_number, version, revision, form, service_type, service_date, provider_id, currency, total_charged,
           accepted_at, pend_code, pend_queue, pend_due, pend_text
    from claims where substatus = 'pended' and """


def pending_of(queue: str | None, after: Position | None, limit: int) -> tuple[str, list[Any]]:
    """The statement of a page of the work queue: what is due first comes first."""
    conditions = Conditions()
    if queue is not None:
        conditions.add("pend_queue = {}", queue)
    if after is not None:
        fragment = "(pend_due, id) > (date '1970-01-01' + {}::integer, {}::uuid)"
        conditions.add(fragment, after.at, after.claim_id)
    return f"{_PENDING}{conditions.text()} order by pend_due, id limit {int(limit)}", conditions.values
