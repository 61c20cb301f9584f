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
from schemas.reference import Limit, Member, Plan
from schemas.vocabulary import Measure
from sources.reference.fields import Fields
from sources.reference.folder import ReferenceFolder
from sources.reference.limits import COUNT_MAX
from sources.reference.problems import Place, Problems
from sources.reference.rows import Columns, rows_in

OPENING = Columns(("coverage_id", "account", "who", "amount"), ("period", "date"))
NAME = "opening"
PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
KINDS = "deductible, out_of_pocket, limit:<limit id>, authorization:<number>:units or authorization:<number>:amount"


class Opening(NamedTuple):
    """A balance that stands at the beginning."""

    coverage_id: str
    account: str
    who: str
    period: str
    amount: int


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
    account = fields.text("account")
    kind, _, rest = account.partition(":")
    measure: Measure | None = None
    lifetime = False
    if account in (DEDUCTIBLE, OUT_OF_POCKET):
        measure = "money"
    elif kind == "limit":
        limit = _limit(fields, rest, cover)
        if limit is not None:
            measure, lifetime, account = limit.measure, limit.per == "lifetime", limit_account(limit.limit_id)
    elif kind == "authorization":
        number, _, word = rest.rpartition(":")
        lifetime = True
        if number not in authorizations:
            fields.bad("account", f"{number or rest} is not in authorizations")
        elif word in ("units", "amount"):
            measure, account = "units" if word == "units" else "money", authorization_account(number, word)
        else:
            fields.bad("account", f"{account[:60]!r} must end in :units or :amount")
    else:
        fields.bad("account", f"{account[:60]!r} is no account; accounts are {KINDS}")
    who = fields.text("who")
    if who != FAMILY and who not in cover.members:
        fields.bad("who", f"{who[:60]} is no member of {coverage_id}; write a member id or {FAMILY}")
    period = _period(fields, cover, lifetime)
    if measure is None or period is None:
        return None
    return Opening(coverage_id, account, who, period, _amount(fields, measure, cover.currency))


def _limit(fields: Fields, limit_id: str, cover: _Cover) -> Limit | None:
    known = {(limit.limit_id, limit.measure, limit.per): limit for plan in cover.plans for limit in plan.limits}
    found = [limit for (name, _, _), limit in known.items() if name == limit_id]
    if not found:
        names = ", ".join(sorted({name for name, _, _ in known})) or "none"
        fields.bad("account", f"{limit_id[:60]} is no limit of this coverage's plans; they have {names}")
        return None
    if len({(limit.measure, limit.per) for limit in found}) > 1:
        fields.bad("account", f"{limit_id} counts differently in the versions of the plan; give them different ids")
    if found[0].per in ("claim", "day"):
        fields.bad("account", f"{limit_id} begins anew with every {found[0].per}; it has no opening balance")
    return found[0]


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
