"""Members and their coverage, from members.csv and coverages.csv (or YAML)."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from schemas.dates import text_of
from schemas.reference import CoverageSegment, Member
from sources.reference.fields import Fields
from sources.reference.problems import Place, Problems
from sources.reference.rows import Columns, rows_of

MEMBERS = Columns(("member_id", "name", "birth_date", "sex", "relationship"), ("identifiers",))
COVERAGES = Columns(
    ("member_id", "coverage_id", "plan_id", "effective_from"), ("effective_to", "other_payer_first", "enrolled_from")
)
# What is wrong with one of these is told without it: the text stands in logs of jobs and in tickets.
PERSONAL = frozenset({"name", "birth_date", "sex", "relationship", "identifiers"})
SEXES = ("F", "M", "U")
RELATIONSHIPS = ("self", "spouse", "child", "other")


class Terms(NamedTuple):
    """What all versions of a plan have in common, and all plans of one coverage."""

    payer_id: str
    currency: str


def members_of(folder: Path, plans: Mapping[str, Terms], problems: Problems) -> dict[str, Member]:
    """Members by id, with their coverage in order of its first day; `plans` are the plans they may have."""
    people: dict[str, tuple[Place, Member]] = {}
    holders: dict[tuple[str, str], str] = {}
    for row in rows_of(folder, "members", MEMBERS, problems):
        fields = Fields(row, problems, PERSONAL)
        member = _member(fields)
        if member.member_id in people:
            fields.bad("member_id", f"{member.member_id} stands on line {people[member.member_id][0].line} already")
            continue
        people[member.member_id] = (row.place, member)
        for identifier in member.identifiers:
            holder = holders.setdefault((identifier.system, identifier.value), member.member_id)
            if holder != member.member_id:
                fields.bad("identifiers", f"{holder} has the same {identifier.system}; it belongs to one member")
    segments = _segments(folder, people, plans, problems)
    for member_id, (place, _) in people.items():
        if member_id not in segments and not problems.total:
            problems.add(place, None, f"{member_id} has no row in coverages; a member needs one, of today or earlier")
    return {
        member_id: Member(
            0, False, member_id, member.identifiers, member.name, member.birth_date, member.sex, member.relationship,
            tuple(segments.get(member_id, ())),
        )
        for member_id, (_, member) in people.items()
    }  # fmt: skip


def _member(fields: Fields) -> Member:
    return Member(
        release=0,
        removed=False,
        member_id=fields.id("member_id"),
        identifiers=fields.identifiers("identifiers"),
        name=fields.text("name"),
        birth_date=fields.day("birth_date"),
        sex=fields.word("sex", SEXES),
        relationship=fields.word("relationship", RELATIONSHIPS),
        coverages=(),
    )


def _segments(
    folder: Path, people: Mapping[str, object], plans: Mapping[str, Terms], problems: Problems
) -> dict[str, list[CoverageSegment]]:
    found: dict[str, list[CoverageSegment]] = defaultdict(list)
    terms_of: dict[str, Terms] = {}
    for row in rows_of(folder, "coverages", COVERAGES, problems):
        fields = Fields(row, problems)
        member_id, coverage_id, plan_id = fields.id("member_id"), fields.id("coverage_id"), fields.id("plan_id")
        # No members or plans at all: their file is the problem, not every row of this one.
        if people and member_id not in people:
            fields.bad("member_id", f"{member_id} is not in members")
        terms = plans.get(plan_id)
        if terms is None and plans:
            fields.bad("plan_id", f"{plan_id} is not in plans; plans are {', '.join(sorted(plans))}")
        elif terms is not None and terms_of.setdefault(coverage_id, terms) != terms:
            known = terms_of[coverage_id]
            fields.bad(
                "coverage_id",
                f"{coverage_id} is with payer {known.payer_id} in {known.currency} elsewhere, here with "
                f"{terms.payer_id} in {terms.currency}; give it an id of its own",
            )
        segment = _segment(fields, coverage_id, plan_id)
        _refuse_overlap(segment, found[member_id], fields)
        found[member_id].append(segment)
    for segments in found.values():
        segments.sort(key=lambda segment: segment.effective_from)
    return found


def _segment(fields: Fields, coverage_id: str, plan_id: str) -> CoverageSegment:
    first_day, last_day = fields.period()
    enrolled_from = fields.day_or_none("enrolled_from")
    if enrolled_from is not None and last_day is not None and enrolled_from > last_day:
        fields.bad("enrolled_from", "is after effective_to; waiting periods count from it")
    return CoverageSegment(
        coverage_id, plan_id, first_day, last_day, fields.flag("other_payer_first", default=False), enrolled_from
    )


def _refuse_overlap(segment: CoverageSegment, others: list[CoverageSegment], fields: Fields) -> None:
    for other in others:
        begins_in_time = other.effective_to is None or segment.effective_from <= other.effective_to
        ends_in_time = segment.effective_to is None or other.effective_from <= segment.effective_to
        if begins_in_time and ends_in_time:
            until = "open" if other.effective_to is None else text_of(other.effective_to)
            fields.bad(
                "effective_from",
                f"overlaps the coverage of the same member from {text_of(other.effective_from)} to {until}; "
                "end the earlier one first",
            )
            return
