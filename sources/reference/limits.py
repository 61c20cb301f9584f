"""Benefit limits of a plan version with their tranches, caps of coinsurance, and classes of rooms.

An amount is in the limit's measure: a decimal in the plan's currency for money, units with up to three decimals, whole
counts of visits and days. Accumulators are kept by coverage: a limit that several families share is refused.
"""

from collections.abc import Collection
from itertools import pairwise
from typing import get_args

from schemas.reference import CoinsuranceCap, Limit, RoomClass, Tranche
from schemas.vocabulary import LimitPeriod, Measure, Who
from sources.reference.benefits import SERVICE_TYPES
from sources.reference.entries import entries_of
from sources.reference.fields import Fields
from sources.reference.patterns import patterns_of
from sources.reference.problems import Problems
from sources.reference.rows import Columns, Row

LIMITS = Columns(("limit_id", "measure", "per"), ("who", "amount", "benefits", "codes", "tranches"))
TRANCHES = Columns(("until", "coinsurance"))
CAPS = Columns(("amount",), ("service_types",))
ROOMS = Columns(("name", "rank"), ("daily_amount",))
MEASURES: tuple[Measure, ...] = get_args(Measure)
PERIODS: tuple[LimitPeriod, ...] = get_args(LimitPeriod)
WHO: tuple[Who, ...] = get_args(Who)
LIMITS_MAX = 100
ENTRIES_MAX = 20
COUNT_MAX = 10_000


def limits_of(row: Row, currency: str, benefits: Collection[str], problems: Problems) -> tuple[Limit, ...]:
    """The limits of a plan; `benefits` are the ids of its benefits."""
    limits: dict[str, Limit] = {}
    for fields in entries_of(row, "limits", LIMITS, LIMITS_MAX, problems):
        limit = _limit(fields, currency, problems)
        if limit.limit_id in limits:
            fields.bad("limit_id", f"{limit.limit_id} stands twice in this plan; each limit has an account of its own")
        for unknown in [one for one in limit.benefits if one not in benefits]:
            fields.bad("benefits", f"{unknown} is no benefit of this plan; they are {', '.join(benefits) or 'none'}")
        limits[limit.limit_id] = limit
    return tuple(limits.values())


def coinsurance_caps_of(row: Row, currency: str, problems: Problems) -> tuple[CoinsuranceCap, ...]:
    """The caps of a plan; the first that fits the claim counts."""
    return tuple(
        CoinsuranceCap(fields.words("service_types", SERVICE_TYPES), fields.amount("amount", currency))
        for fields in entries_of(row, "coinsurance_caps", CAPS, ENTRIES_MAX, problems)
    )


def room_classes_of(row: Row, currency: str, problems: Problems) -> tuple[RoomClass, ...]:
    """The classes of rooms of a plan, each with a name and a rank of its own."""
    rooms: list[RoomClass] = []
    for fields in entries_of(row, "room_classes", ROOMS, ENTRIES_MAX, problems):
        room = RoomClass(
            fields.text("name"),
            fields.whole("rank", COUNT_MAX, 0),
            fields.amount_or_none("daily_amount", currency),
        )
        if room.name in [other.name for other in rooms]:
            fields.bad("name", f"{room.name} stands twice in this plan")
        if room.rank in [other.rank for other in rooms]:
            fields.bad("rank", f"{room.rank} is the rank of another class; a better class has a greater one")
        rooms.append(room)
    return tuple(rooms)


def _limit(fields: Fields, currency: str, problems: Problems) -> Limit:
    measure = fields.word("measure", MEASURES)
    if not fields.given("amount") and not fields.given("tranches"):
        fields.bad("amount", "is empty; a limit needs an amount, or tranches")
    return Limit(
        limit_id=fields.id("limit_id"),
        measure=measure,
        per=fields.word("per", PERIODS),
        who=_who(fields),
        amount=_measured(fields, "amount", measure, currency),
        benefits=fields.ids("benefits", LIMITS_MAX),
        codes=patterns_of(fields),
        tranches=_tranches(fields, measure, currency, problems),
    )


def _who(fields: Fields) -> Who:
    if fields.given("who") and fields.text("who") not in WHO:
        text = "is not member or family (of one coverage); a limit cannot be shared by several families"
        fields.bad("who", f"{fields.text('who')[:60]!r} {text}")
        return "member"
    return fields.word("who", WHO, "member")


def _measured(fields: Fields, column: str, measure: Measure, currency: str) -> int | None:
    if measure == "money":
        return fields.amount_or_none(column, currency)
    if measure == "units":
        return fields.thousandths_or_none(column)
    return fields.whole_or_none(column, COUNT_MAX)


def _tranches(fields: Fields, measure: Measure, currency: str, problems: Problems) -> tuple[Tranche, ...]:
    row = Row(fields.place, {"tranches": fields.raw("tranches")})
    tranches = []
    for entry in entries_of(row, "tranches", TRANCHES, ENTRIES_MAX, problems):
        until = _measured(entry, "until", measure, currency)
        tranches.append(Tranche(0 if until is None else until, entry.rate("coinsurance", "0")))
    if any(later.until <= earlier.until for earlier, later in pairwise(tranches)):
        fields.bad("tranches", "must ascend: each `until` greater than the one before")
    return tuple(tranches)
