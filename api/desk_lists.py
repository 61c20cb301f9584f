"""The desk's queries of many claims: lists, searches and the work queue, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from api.auth import Principal
from api.context import Parts
from api.cursor import DAYS_MAX, Position, cursor_of, position_of
from api.database import DatabaseAway, DatabaseSlow
from api.filters import ClaimFilter, Page, Search
from api.problems import Mistake, Problem
from api.queries_list import Question
from api.refusals import lookup_away, staff_only, too_slow
from api.scope import scope_of
from config.limits import PAGE_CLAIMS_MAX
from schemas.audit import View
from schemas.identifiers import claim_id

Row = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ONE = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Claims, rows by column name without their lines. `next` is `after` of the next page; None: there is none."""

    claims: Sequence[Row]
    next: str | None
    # The cursor of each claim, in order: the page after it starts there.
    cursors: Sequence[str]


async def claims(parts: Parts, principal: Principal, where: ClaimFilter, page: Page) -> ClaimPage:
    """A page of the claims that meet the filter, the last accepted first."""
    return _recorded(parts, principal, "claim_list", await _page(parts, Question(scope_of(principal), where), page))


async def search(parts: Parts, principal: Principal, wanted: Search, page: Page) -> ClaimPage:
    """A page of the claims that are searched for. Persons become member ids, a number of theirs a claim id."""
    question = Question(scope_of(principal), wanted.where, text=wanted.text)
    if wanted.control_number is not None:
        own = claim_id(_submitter(principal, wanted), wanted.control_number, None, "")
        question = replace(question, only=(UUID(own),))
    if wanted.identifiers or wanted.member_name is not None:
        try:
            found = await parts.people.member_ids(principal, wanted.identifiers, wanted.member_name)
        except DatabaseAway:
            raise lookup_away() from None
        question = replace(question, members=tuple(sorted(found)))
    return _recorded(parts, principal, "claim_search", await _page(parts, question, page))


def _recorded(parts: Parts, principal: Principal, view: View, page: ClaimPage) -> ClaimPage:
    """The page, once it is recorded who is shown which claims; raises a 503 problem where it cannot be."""
    parts.audit.read(principal, view, [str(row["id"]) for row in page.claims])
    return page


def _submitter(principal: Principal, wanted: Search) -> str:
    """Under whose name the control number is unique: an outsider's own, else as staff say."""
    if not principal.sees_all:
        return principal.submitter_id
    named = wanted.submitter_id or wanted.where.provider_id
    if named is None:
        text = "say whose number it is: send submitterId, or the providerId that submitted the claim"
        mistake = Mistake("missing", "submitterId", text)
        raise Problem(422, "invalid_search", "A claimControlNumber is unique under its submitter.", mistakes=[mistake])
    return named


async def _page(parts: Parts, question: Question, page: Page) -> ClaimPage:
    limit = checked_limit(page.limit)
    _check_names(question.where)
    after = position_of(page.after, question)
    try:
        rows = await parts.lists.claims(question, after, limit + 1)
    except DatabaseSlow:
        raise too_slow() from None
    except DatabaseAway:
        raise lookup_away() from None
    return _page_of(rows, limit, question, _accepted)


async def pending(parts: Parts, principal: Principal, queue: str | None, page: Page) -> ClaimPage:
    """A page of the work queue, what is due first."""
    if not principal.sees_all:
        raise staff_only("The work queue is")
    limit, question = checked_limit(page.limit), ("pending", queue)
    after = position_of(page.after, question, DAYS_MAX)
    try:
        rows = await parts.lists.pending(queue, after, limit + 1)
    except DatabaseAway:
        raise lookup_away() from None
    return _recorded(parts, principal, "work_queue", _page_of(rows, limit, question, _due))


def _check_names(where: ClaimFilter) -> None:
    """Refuse what no id can be and the store cannot be asked for: GraphQL and gRPC take any text."""
    named = (("memberId", where.member_id), ("providerId", where.provider_id))
    found = [Mistake("bad_value", place, "must have no NUL") for place, value in named if value and "\x00" in value]
    if found:
        raise Problem(400, "bad_query", "The request has mistakes; mend them.", mistakes=found)


def checked_limit(limit: int) -> int:
    """The limit, where it is one; raises a 400 problem else."""
    if not 1 <= limit <= PAGE_CLAIMS_MAX:
        raise Problem(400, "bad_limit", f"limit must be a number from 1 to {PAGE_CLAIMS_MAX}.")
    return limit


def _page_of(rows: Sequence[Row], limit: int, question: object, position: Any) -> ClaimPage:
    shown = rows[:limit]
    cursors = [cursor_of(position(row), question) for row in shown]
    return ClaimPage(shown, cursors[-1] if len(rows) > limit else None, cursors)


def _accepted(row: Row) -> Position:
    since = row["accepted_at"] - _EPOCH
    return Position((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, row["id"])


def _due(row: Row) -> Position:
    return Position((row["pend_due"] - _DAY_ONE).days, row["id"])
