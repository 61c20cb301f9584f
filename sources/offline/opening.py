"""Opening balances, from opening.csv (or YAML): what was used of deductibles, maxima, limits and authorizations before
the first claim of a file. Each row becomes an entry of the ledger.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agents.contract import State
from agents.ledger import DEDUCTIBLE, FAMILY, OUT_OF_POCKET, Ledger, authorization_account, limit_account
from agents.periods import LIFETIME, period_of
from schemas import topics
from schemas.events import AuthorizationEvent
from schemas.reference import Member, Plan
from schemas.vocabulary import Measure, Who
from sources.reference.fields import Fields
from sources.reference.folder import ReferenceFolder
from sources.reference.limits import COUNT_MAX
from sources.reference.problems import Place, Problems
from sources.reference.rows import Columns, rows_in

OPENING = Columns(("coverage_id", "account", "who", "amount"), ("period", "date"))
NAME = "opening"
PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
ALLOWED = "allowed"
KINDS = "deductible, out_of_pocket, limit:<limit id>, authorization:<number>:units or authorization:<number>:amount"


class Opening(NamedTuple):
    """A balance that stands at the beginning."""

    coverage_id: str
    account: str
    who: str
    period: str
    amount: int


class _Account(NamedTuple):
    """An account of the ledger: what it counts, whether for life, and whose when it is of one kind only."""

    name: str
    measure: Measure
    lifetime: bool
    whose: Who | None


class _Cover(NamedTuple):
    """A coverage: its members, its plan versions, its currency."""

    members: frozenset[str]
    plans: tuple[Plan, ...]

    @property
    def currency(self) -> str:
        return self.plans[0].currency if self.plans else "IDR"


def openings_of(path: Path, folder: ReferenceFolder, problems: Problems) -> list[Opening]:
    """The balances of the file, checked against the folder."""
    if not path.is_file():
        problems.add(Place(str(path), None), None, "is not there; name a file of opening balances")
        return []
    covers = _covers(folder)
    found: dict[tuple[str, str, str, str], Opening] = {}
    for row in rows_in(path, OPENING, problems):
        fields = Fields(row, problems)
        coverage_id = fields.id("coverage_id")
        cover = covers.get(coverage_id)
        if cover is None:
            fields.bad("coverage_id", f"{coverage_id} is not in coverages")
            continue
        opening = _opening(fields, coverage_id, cover, folder.authorizations)
        if opening is None:
            continue
        if opening[:4] in found:
            fields.bad("account", f"{opening.account} of {opening.who} in {opening.period} stands in an earlier row")
        found[opening[:4]] = opening
    return list(found.values())


def opening_file(folder: Path) -> Path | None:
    """The file of opening balances in a folder; None when there is none."""
    return next((path for s in (".csv", ".yaml", ".yml") if (path := folder / f"{NAME}{s}").is_file()), None)


def post(openings: Sequence[Opening], state: State) -> None:
    """Enter the balances into the ledgers of the stage price."""
    ledgers: dict[str, Ledger] = {}
    for one in openings:
        ledger = ledgers.setdefault(one.coverage_id, Ledger(one.coverage_id, state))
        ledger.enter(0, one.account, one.who, one.period, one.amount)
    for ledger in ledgers.values():
        ledger.save()


def _covers(folder: ReferenceFolder) -> dict[str, _Cover]:
    plans: dict[str, list[Plan]] = {}
    for plan in folder.records[topics.REFERENCE_PLANS].values():
        assert isinstance(plan, Plan), "the topic of plans carries plans"
        plans.setdefault(plan.plan_id, []).append(plan)
    members: dict[str, set[str]] = {}
    plan_ids: dict[str, dict[str, None]] = {}
    for member in folder.records[topics.REFERENCE_MEMBERS].values():
        assert isinstance(member, Member), "the topic of members carries members"
        for segment in member.coverages:
            members.setdefault(segment.coverage_id, set()).add(member.member_id)
            plan_ids.setdefault(segment.coverage_id, {})[segment.plan_id] = None
    return {
        coverage_id: _Cover(
            frozenset(members[coverage_id]), tuple(plan for plan_id in ids for plan in plans.get(plan_id, ()))
        )
        for coverage_id, ids in plan_ids.items()
    }


def _opening(
    fields: Fields, coverage_id: str, cover: _Cover, authorizations: Mapping[str, AuthorizationEvent]
) -> Opening | None:
    kind, _, rest = fields.text("account").partition(":")
    who = fields.text("who")
    account: _Account | None = None
    if kind in (DEDUCTIBLE, OUT_OF_POCKET) and not rest:
        account = _Account(kind, "money", False, None)
    elif kind == "limit":
        account = _of_limit(fields, rest, cover)
    elif kind == "authorization":
        account = _of_authorization(fields, rest, authorizations)
    else:
        fields.bad("account", f"{fields.text('account')[:60]!r} is no account; accounts are {KINDS}")
    if who != FAMILY and who not in cover.members:
        fields.bad("who", f"{who[:60]} is no member of {coverage_id}; write a member id or {FAMILY}")
    elif account is not None and account.whose is not None and account.whose != (who if who == FAMILY else "member"):
        fields.bad("who", f"must be {FAMILY if account.whose == FAMILY else 'a member'}: the limit counts so")
    if account is None:
        return None
    period = _period(fields, cover, account.lifetime)
    if period is None:
        return None
    return Opening(coverage_id, account.name, who, period, _amount(fields, account.measure, cover.currency))


def _of_limit(fields: Fields, name: str, cover: _Cover) -> _Account | None:
    """The account of a limit; one of money with an amount has another for what its tranches count, `:allowed`."""
    limit_id, colon, word = name.partition(":")
    known = {(limit.limit_id, limit.measure, limit.per): limit for plan in cover.plans for limit in plan.limits}
    found = [limit for (one, _, _), limit in known.items() if one == limit_id]
    if not found:
        names = ", ".join(sorted({one for one, _, _ in known})) or "none"
        fields.bad("account", f"{limit_id[:60]} is no limit of this coverage's plans; they have {names}")
        return None
    limit = found[0]
    if len(found) > 1:
        fields.bad("account", f"{limit_id} counts differently in the versions of the plan; give them different ids")
    if limit.per in ("claim", "day"):
        fields.bad("account", f"{limit_id} begins anew with every {limit.per}; it has no opening balance")
    if colon and (word != ALLOWED or limit.measure != "money" or limit.amount is None or not limit.tranches):
        fields.bad(
            "account", f"{name[:60]} is no account; only a limit of money with amount and tranches has :{ALLOWED}"
        )
    account = limit_account(limit_id)
    return _Account(f"{account}:{word}" if colon else account, limit.measure, limit.per == "lifetime", limit.who)


def _of_authorization(fields: Fields, name: str, authorizations: Mapping[str, AuthorizationEvent]) -> _Account | None:
    number, _, word = name.rpartition(":")
    if word not in ("units", "amount"):
        fields.bad("account", "must end in :units or :amount, such as authorization:PA-1:units")
        return None
    event = authorizations.get(number)
    if event is None:
        fields.bad("account", f"{number[:60]} is not in authorizations")
        return None
    if fields.text("who") != event.member_id:
        fields.bad("who", f"must be the member of the authorization, {event.member_id}")
    return _Account(authorization_account(number, word), "units" if word == "units" else "money", True, None)


def _period(fields: Fields, cover: _Cover, lifetime: bool) -> str | None:
    """The period as it is written, or that of a date; the lifetime for what counts for life."""
    if lifetime:
        if fields.given("period") and fields.text("period") != LIFETIME:
            fields.bad("period", f"must be {LIFETIME} or empty: this account never begins anew")
        return LIFETIME
    if fields.given("date"):
        day = fields.day("date")
        return next(_periods_of(cover, day), None) or period_of(day, "01-01")
    text = fields.text("period")
    if not PERIOD.fullmatch(text):
        fields.bad("period", f"{text[:60]!r} is no benefit period: a year such as 2026 or 2026-07, or give a date")
        return None
    names = {_named_so(plan, text) for plan in cover.plans}
    if names and text not in names:
        fields.bad("period", f"{text} is no benefit period of this coverage's plans; write {', '.join(sorted(names))}")
    return text


def _named_so(plan: Plan, text: str) -> str:
    """How the plan names its period that begins in the year of `text`."""
    return text[:4] if plan.benefit_year_starts == "01-01" else f"{text[:4]}-{plan.benefit_year_starts[:2]}"


def _periods_of(cover: _Cover, day: int) -> Iterator[str]:
    for plan in sorted(cover.plans, key=lambda one: -one.effective_from):
        if plan.effective_from <= day and (plan.effective_to is None or day <= plan.effective_to):
            yield period_of(day, plan.benefit_year_starts)


def _amount(fields: Fields, measure: Measure, currency: str) -> int:
    if measure == "money":
        return fields.amount("amount", currency)
    if measure == "units":
        return fields.thousandths_or_none("amount") or 0
    return fields.whole("amount", COUNT_MAX, 0)
