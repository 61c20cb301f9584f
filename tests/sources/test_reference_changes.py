"""Changes of people within a release: one after the other, once each, and what a load of a folder leaves alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config.settings import KafkaSettings, Settings
from schemas import topics
from schemas.claim import Identifier, Payee
from schemas.codec import Codec
from schemas.events import PeopleEvent
from schemas.reference import Contact, Member, ReferenceRelease
from schemas.reference_changes import Author, Changed, PersonRecord, ReleaseAway, UnfitError, Wish
from sources.reference import changes
from sources.reference.changes import ReferenceChanges, _Pending, _Release
from sources.reference.known import Known
from sources.reference.load import _changed, _removed
from sources.reference.people import Terms
from sources.reference.published import RECORD_TYPES, Published
from tests.sinks import people

CODEC = Codec()
TERMS = Terms("PAYER", "IDR")


class FakeKnown:
    """Reference data before the release: some members, one plan."""

    def __init__(self, *members: Member) -> None:
        self._members = {member.member_id: member for member in members}

    def record(self, topic: str, record_id: str) -> PersonRecord | None:
        return self._members.get(record_id) if topic == topics.REFERENCE_MEMBERS else None

    def holder(self, topic: str, system: str, value: str) -> str | None:
        wanted = Identifier(system, value)
        return next((one.member_id for one in self._members.values() if wanted in one.identifiers), None)

    def terms(self, plan_id: str) -> Terms | None:
        return TERMS if plan_id == "NUSA-GOLD" else None

    def terms_of_coverage(self, coverage_id: str) -> Terms | None:
        return Terms("ANOTHER", "USD") if coverage_id == "F-3" else None


def release_over(*members: Member) -> _Release:
    """Release 8 in the making."""
    return _Release(cast(Known, FakeKnown(*members)), 8, 1, CODEC)


def pending(record_id: str, edit: Callable[[PersonRecord | None], PersonRecord]) -> _Pending:
    """A change by an admin."""
    wish = Wish(topics.REFERENCE_MEMBERS, record_id, edit, Author("dewi", "admin", "c-1"))
    return _Pending(wish, cast(asyncio.AbstractEventLoop, None), cast(Any, None), 0.0)


def named(name: str) -> Callable[[PersonRecord | None], PersonRecord]:
    """Another name."""

    def edit(before: PersonRecord | None) -> PersonRecord:
        assert before is not None
        return replace(before, name=name)

    return edit


def test_a_release_holds_the_last_state_of_each_and_an_event_of_each_change() -> None:
    release = release_over(people.member(1, 3))
    for change in (
        pending("P-1", named("One")),
        pending("P-1", named("Two")),
        pending("P-2", lambda _: people.member(2, 0)),
    ):
        assert isinstance(release.decided(change), Changed)
    everything = release.everything()
    assert [(topic, key) for topic, key, _ in everything] == [
        (topics.REFERENCE_MEMBERS, "P-1|8"), (topics.REFERENCE_MEMBERS, "P-2|8"), (topics.REFERENCE_RELEASES, "8"),
        (topics.PEOPLE_CHANGED, "P-1"), (topics.PEOPLE_CHANGED, "P-1"), (topics.PEOPLE_CHANGED, "P-2"),
    ]  # fmt: skip
    first = CODEC.decode(Member, everything[0][2])
    assert (first.name, first.release) == ("Two", 8)
    made = CODEC.decode(ReferenceRelease, everything[2][2])
    assert (made.counts, made.source) == ({topics.REFERENCE_MEMBERS: 2}, "api/people")
    events = [CODEC.decode(PeopleEvent, value) for _, _, value in everything[3:]]
    assert [(one.event_type, one.fields) for one in events[:2]] == [("member.updated", ("name",))] * 2
    assert events[2].event_type == "member.created"
    assert len({one.event_id for one in events}) == 3


def test_what_changes_nothing_makes_no_release() -> None:
    release = release_over(people.member(1, 3))
    answer = release.decided(pending("P-1", lambda before: replace(people.member(1), release=0)))
    assert isinstance(answer, Changed)
    assert (answer.made, answer.record.release) == (False, 3)
    assert release.everything() == []


def test_a_change_that_was_confirmed_after_all_is_not_made_again() -> None:
    """The commit was not answered; the next try finds its own record and does not call it somebody else's."""

    def only_new(before: PersonRecord | None) -> PersonRecord:
        assert before is None, "the record is there"
        return people.member(1, 0)

    change = pending("P-1", only_new)
    first = release_over().decided(change)
    assert isinstance(first, Changed)
    assert isinstance(first.record, Member)
    again = release_over(first.record)
    assert again.decided(change) == first
    assert again.everything() == []
    assert isinstance(release_over().decided(change), Changed), "it was not: it is made again"


_NO_PLAN = (replace(people.member().coverages[0], plan_id="X"),)
REFUSED: list[tuple[str, Member, str]] = [
    ("an identifier of another", replace(people.member(1), member_id="P-9"), "identifier_taken"),
    ("an unknown plan", people.member(4, coverages=_NO_PLAN), "plan_unknown"),
    ("a coverage of another payer", people.member(3), "coverage_contradicts"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "wanted", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_does_not_fit_is_refused_and_the_others_go_on(what: str, wanted: Member, code: str) -> None:
    release = release_over(people.member(1, 3))
    answer = release.decided(pending(wanted.member_id, lambda _: wanted))
    assert isinstance(answer, UnfitError)
    assert [finding.code for finding in answer.findings] == [code]
    assert isinstance(release.decided(pending("P-5", lambda _: people.member(5))), Changed)
    assert len(release.everything()) == 3


def test_two_of_one_release_cannot_have_one_identifier() -> None:
    release = release_over()
    release.decided(pending("P-1", lambda _: people.member(1)))
    answer = release.decided(pending("P-2", lambda _: replace(people.member(1), member_id="P-2")))
    assert isinstance(answer, UnfitError)


async def test_without_a_broker_a_change_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("CHANGE_SECONDS", 0.2), ("TAKE_OVER_SECONDS", 0.2), ("RETRY_SECONDS", 0.05)):
        monkeypatch.setattr(changes, name, seconds)
    made = ReferenceChanges(Settings(_env_file=None, kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1")))
    author = Author("dewi", "admin", None)
    async with asyncio.timeout(10):
        with pytest.raises(ReleaseAway):
            await made.change(Wish(topics.REFERENCE_MEMBERS, "P-1", lambda _: people.member(1), author))
        await made.close()


def published(*members: Member, of_doors: frozenset[str] = frozenset()) -> Published:
    """Topics that hold these members."""
    values: dict[str, dict[str, bytes]] = {topic: {} for topic in RECORD_TYPES}
    values[topics.REFERENCE_MEMBERS] = {member.member_id: CODEC.encode(member) for member in members}
    doors: dict[str, set[str]] = {topic: set() for topic in RECORD_TYPES}
    doors[topics.REFERENCE_MEMBERS] = set(of_doors)
    return Published(8, values, {}, doors)


def folder(*members: Member) -> Any:
    """A folder with these members."""
    return SimpleNamespace(records={topics.REFERENCE_MEMBERS: {member.member_id: member for member in members}})


def test_a_load_takes_away_what_left_the_folder_and_leaves_what_came_over_http() -> None:
    there = published(people.member(1, 3), people.member(2, 5), of_doors=frozenset({"P-2"}))
    assert [key for _, key, _ in _removed(folder(), there, 9, CODEC)] == ["P-1|9"]


def test_a_load_keeps_how_people_are_reached_and_paid() -> None:
    known = people.member(1, 3, contact=Contact(email="new@example.org"), account=Payee("B", None, "1"))
    said = people.member(1, 0, contact=None, account=None)
    assert _changed(folder(said), published(known), 9, CODEC) == []
    ((_, _, value),) = _changed(folder(replace(said, name="Mended")), published(known), 9, CODEC)
    assert CODEC.decode(Member, value) == replace(known, name="Mended", release=9)
