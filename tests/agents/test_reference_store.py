"""Reference data in memory: what a view of a release shows, and when a release is complete."""

from dataclasses import replace
from typing import Any

import pytest

from agents.reference_store import ReferenceStore, ReferenceView
from schemas import topics
from schemas.claim import Identifier
from schemas.codec import Codec, DecodeError
from schemas.reference import CoverageSegment, Fee, Member, Plan, Provider, ReferenceRelease
from tests.agents.world import PLAN

CODEC = Codec()
MEMBER = Member(1, False, "M", (Identifier("nik", "1"),), "Name", 0, "F", "self", (CoverageSegment("C", "P", 0, None),))
PROVIDER = Provider(1, False, "P", (Identifier("npi", "2"),), "Name", "clinic", ())
FEE = Fee(1, False, "S", "HC", "99213", None, 100, None, "USD", 9_500)
TOPIC_OF: dict[type, str] = {
    Member: topics.REFERENCE_MEMBERS,
    Provider: topics.REFERENCE_PROVIDERS,
    Plan: topics.REFERENCE_PLANS,
    Fee: topics.REFERENCE_FEES,
}


def add(store: ReferenceStore, *records: Any) -> None:
    """Records as they come from their topics."""
    for record in records:
        store.add(TOPIC_OF[type(record)], "", CODEC.encode(record))


def announce(store: ReferenceStore, number: int, **counts: int) -> None:
    """The record that says how many records a release has, such as members=1."""
    released = ReferenceRelease(number, 0, "test", {f"reference.{name}": count for name, count in counts.items()})
    store.add(topics.REFERENCE_RELEASES, str(number), CODEC.encode(released))


def store_with(*releases: tuple[Any, ...]) -> ReferenceStore:
    """A store with complete releases of these records, from release 1 on."""
    store = ReferenceStore(CODEC)
    for number, records in enumerate(releases, start=1):
        add(store, *(replace(record, release=number) for record in records))
        announce(store, number)
    return store


def view(store: ReferenceStore, release: int) -> ReferenceView:
    """The view of a release that is there."""
    found = store.at(release)
    assert found is not None
    return found


def test_nothing_is_shown_before_the_first_release() -> None:
    """Records alone are no release."""
    store = ReferenceStore(CODEC)
    add(store, MEMBER)
    assert store.latest() is None
    assert store.at(1) is None


def test_a_release_is_there_when_all_its_records_are() -> None:
    """In whatever order topics are read."""
    store = ReferenceStore(CODEC)
    announce(store, 1, members=1, fees=2)
    add(store, MEMBER, FEE)
    assert store.latest() is None
    add(store, replace(FEE, effective_from=200))
    assert store.latest() == 1


def test_releases_are_there_in_order() -> None:
    """A later one waits for the one before."""
    store = ReferenceStore(CODEC)
    announce(store, 2)
    assert store.latest() is None
    announce(store, 1)
    assert store.latest() == 2
    assert store.at(3) is None


def test_a_view_keeps_what_its_release_had() -> None:
    """A changed, a removed and a new record; the older view is the same object each time."""
    store = store_with((MEMBER, PROVIDER), (replace(MEMBER, name="New"), replace(PROVIDER, removed=True)), (PROVIDER,))
    names = []
    for release in (1, 2):
        member = view(store, release).member("M")
        assert member is not None
        names.append(member.name)
    assert names == ["Name", "New"]
    assert [view(store, release).provider("P") is None for release in (1, 2, 3)] == [False, True, False]
    assert store.at(1) is store.at(1)
    assert view(store, 2).release == 2


def test_records_are_found_by_identifier() -> None:
    """Of members and providers; not under another system."""
    seen = view(store_with((MEMBER, PROVIDER)), 1)
    assert seen.member_by("nik", "1") == MEMBER
    assert seen.provider_by("npi", "2") == PROVIDER
    assert seen.member_by("npi", "1") is None


def test_an_identifier_that_moved_is_found_at_its_new_member() -> None:
    """And no more at the old one."""
    other = replace(MEMBER, member_id="N")
    store = store_with((MEMBER,), (replace(MEMBER, identifiers=()), other))
    moved = view(store, 2).member_by("nik", "1")
    assert moved is not None
    assert moved.member_id == "N"


def test_a_given_up_identifier_is_not_found() -> None:
    """The record is still there under its id."""
    store = store_with((MEMBER,), (replace(MEMBER, identifiers=()),))
    assert view(store, 2).member_by("nik", "1") is None
    assert view(store, 2).member("M") is not None


@pytest.mark.parametrize(("day", "amount"), [(99, None), (100, 9_500), (199, 9_500), (200, 9_800), (999, 9_800)])
def test_the_fee_of_a_day(day: int, amount: int | None) -> None:
    """A later fee ends an open one; before the first there is none."""
    seen = view(store_with((FEE, replace(FEE, effective_from=200, amount=9_800))), 1)
    fee = seen.fee("S", "HC", "99213", (), day)
    assert (fee.amount if fee else None) == amount


def test_the_fee_of_the_first_modifier_that_has_one() -> None:
    """Else that of the code alone."""
    seen = view(store_with((FEE, replace(FEE, modifier="26", amount=1_100))), 1)
    amounts = []
    for modifiers in (("26",), ("LT", "26"), ("LT",), ()):
        fee = seen.fee("S", "HC", "99213", modifiers, 100)
        assert fee is not None
        amounts.append(fee.amount)
    assert amounts == [1_100, 1_100, 9_500, 9_500]
    assert seen.fee("S", "RC", "99213", (), 100) is None


def test_a_plan_that_ended_or_was_removed_is_not_in_force() -> None:
    """The version before is, where it reaches that day."""
    first = replace(PLAN, effective_from=0, effective_to=None)
    second = replace(PLAN, effective_from=100, effective_to=199)
    store = store_with((first, second), (replace(second, removed=True),))
    assert view(store, 1).plan("PLAN", 150) == replace(second, release=1)
    assert view(store, 2).plan("PLAN", 150) == replace(first, release=1)
    ended = view(store_with((second,)), 1)
    assert ended.plan("PLAN", 200) is None


def test_a_record_read_twice_counts_with_its_last_state() -> None:
    """As when a reader starts again."""
    store = store_with((FEE, replace(FEE, amount=1)))
    fee = view(store, 1).fee("S", "HC", "99213", (), 100)
    assert fee is not None
    assert fee.amount == 1


def test_bytes_that_are_no_record_raise() -> None:
    """A reader must not go on without them."""
    with pytest.raises(DecodeError):
        ReferenceStore(CODEC).add(topics.REFERENCE_FEES, "", b"\x00")
