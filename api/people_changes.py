"""How a record is to be changed: functions of the record as it is, which the maker of releases runs one at a time."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from pydantic import ValidationError

from api.models.people_given import MemberGiven, ProviderGiven
from api.people_json import given_json, member_of, provider_of
from api.problems import Mistake, Problem
from config.limits import FINDINGS_SHOWN_MAX
from schemas.dates import text_of
from schemas.intake import problems
from schemas.reference import Member, NetworkSegment
from schemas.reference_changes import PersonRecord

# Members and providers may change how they are reached; what they are paid to, and the rest, only staff.
OF_OUTSIDERS = frozenset({"contact"})
_EARLIEST = "1900-01-01"
Given = MemberGiven | ProviderGiven


@dataclass(frozen=True, slots=True)
class Expected:
    """The releases that If-Match names; `anything` for `*`."""

    releases: frozenset[str]
    anything: bool = False

    def check(self, record: PersonRecord) -> None:
        """Raises a 412 problem when the record has moved on."""
        if self.anything or str(record.release) in self.releases:
            return
        detail = "The record was changed since you looked: read it again, and send your change over that."
        raise Problem(412, "person_moved_on", detail, headers={"ETag": f'"{record.release}"'})


def parsed(model: type[Given], value: object, today: str) -> Given:
    """The body as what it must be; raises a 422 problem that quotes no value."""
    if not isinstance(value, dict):
        raise Problem(422, "invalid_person", "The body must be an object with the fields of a member or provider.")
    try:
        given = model.model_validate(value)
    except ValidationError as error:
        found = [Mistake(f.code, f.place, f.text) for f in problems(error)[:FINDINGS_SHOWN_MAX]]
        raise invalid(found) from None
    if isinstance(given, MemberGiven) and not _EARLIEST <= given.birth_date.isoformat() <= today:
        raise invalid([Mistake("birth_date", "birthDate", f"must be a day from {_EARLIEST} to today")])
    return given


def invalid(mistakes: list[Mistake]) -> Problem:
    """The problem of a body with mistakes."""
    counted = "a mistake; mend it" if len(mistakes) == 1 else f"{len(mistakes)} mistakes; mend them"
    return Problem(422, "invalid_person", f"The record has {counted} and send it again.", mistakes=mistakes)


def record_of(given: Given, record_id: str) -> PersonRecord:
    """The record of what was given, under that id."""
    return member_of(given, record_id) if isinstance(given, MemberGiven) else provider_of(given, record_id)


def created(given: Given, record_id: str) -> Callable[[PersonRecord | None], PersonRecord]:
    """A new record; the same again changes nothing, another one under the same id is refused."""
    wanted = record_of(given, record_id)

    def edit(before: PersonRecord | None) -> PersonRecord:
        if before is None or replace(before, release=0) == wanted:
            return wanted
        word = "member" if isinstance(wanted, Member) else "provider"
        detail = f"Another {word} has this id; change that one by PUT or PATCH, or give this one an id of its own."
        raise Problem(409, "person_exists", detail)

    return edit


def put(
    given: Given, record_id: str, expected: Expected, outsider: bool
) -> Callable[[PersonRecord | None], PersonRecord]:
    """The record as given, in place of the one that is there."""

    def edit(before: PersonRecord | None) -> PersonRecord:
        return _changed(before, record_of(given, record_id), expected, outsider)

    return edit


def patched(
    patch: dict[str, Any], model: type[Given], today: str, expected: Expected, outsider: bool
) -> Callable[[PersonRecord | None], PersonRecord]:
    """The record that is there with a merge patch (RFC 7396) on it."""

    def edit(before: PersonRecord | None) -> PersonRecord:
        if before is None:
            raise not_found()
        given = parsed(model, merged(given_json(before), patch), today)
        return _changed(before, record_of(given, _id_of(before)), expected, outsider)

    return edit


def ended(day: int, expected: Expected) -> Callable[[PersonRecord | None], PersonRecord]:
    """The record with its last day: coverage and networks end with it, claims of earlier days are still decided."""

    def edit(before: PersonRecord | None) -> PersonRecord:
        if before is None:
            raise not_found()
        expected.check(before)
        if isinstance(before, Member):
            coverages = tuple(
                replace(s, effective_to=_sooner(s.effective_to, day), enrolled_from=_not_after(s.enrolled_from, day))
                for s in before.coverages
                if s.effective_from <= day
            )
            if before.coverages and not coverages:
                text = f"is before the first day of coverage, {text_of(before.coverages[0].effective_from)}"
                raise invalid([Mistake("ends_before_coverage", "effective", text)])
            return replace(before, coverages=coverages, ended_on=day)
        networks = tuple(
            NetworkSegment(s.network_id, s.effective_from, _sooner(s.effective_to, day))
            for s in before.networks
            if s.effective_from <= day
        )
        return replace(before, networks=networks, ended_on=day)

    return edit


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396: null takes a field away, an object goes into an object, anything else stands in its place."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def not_found() -> Problem:
    """No such member or provider, or none of the caller's."""
    return Problem(404, "person_not_found", "No member or provider has this id. A new one may take a moment.")


def _changed(before: PersonRecord | None, after: PersonRecord, expected: Expected, outsider: bool) -> PersonRecord:
    if before is None:
        raise not_found()
    expected.check(before)
    after = _still_ended(before, after)
    if outsider:
        changed = [
            f.name for f in fields(after) if f.name != "release" and getattr(before, f.name) != getattr(after, f.name)
        ]
        foreign = [name for name in changed if name not in OF_OUTSIDERS]
        if foreign:
            detail = f"Only staff may change {', '.join(foreign)}; a member or provider changes its contact."
            raise Problem(403, "forbidden_field", detail)
    return after


def _still_ended(before: PersonRecord, after: PersonRecord) -> PersonRecord:
    """One that ended goes on only when its coverage or networks do."""
    if before.ended_on is None:
        return after
    times = after.coverages if isinstance(after, Member) else after.networks
    goes_on = any(one.effective_to is None or one.effective_to > before.ended_on for one in times)
    return after if goes_on else replace(after, ended_on=before.ended_on)


def _id_of(record: PersonRecord) -> str:
    return record.member_id if isinstance(record, Member) else record.provider_id


def _sooner(last: int | None, day: int) -> int:
    return day if last is None else min(last, day)


def _not_after(enrolled: int | None, day: int) -> int | None:
    return None if enrolled is None or enrolled > day else enrolled
