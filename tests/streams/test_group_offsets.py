"""The group's offsets: stored for what is assigned, and nothing that goes wrong with them stops a worker."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.errors import CommitFailedError, IllegalStateError, NodeNotReadyError
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP

from streams import feed
from streams.feed import FeedThread

OURS, OTHERS = TP("claims.submitted", 0), TP("claims.submitted", 1)


class Member:
    """A consumer of the group: it keeps what it was told, fails when told to, or never answers."""

    def __init__(self, failing: Exception | None = None, silent: bool = False) -> None:
        self.told: dict[TopicPartition, OffsetAndMetadata] = {}
        self._failing = failing
        self._silent = silent

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition(*OURS)}

    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        if self._silent:
            await asyncio.Event().wait()
        if self._failing is not None:
            raise self._failing
        self.told |= offsets


async def stored_by(member: Member) -> dict[TP, int]:
    """What the thread takes for stored after it was asked to store two partitions, one of them of others."""
    thread = cast(Any, SimpleNamespace(stored={}))
    await FeedThread._store(thread, cast(Any, member), {OURS: 7, OTHERS: 9})
    return cast(dict[TP, int], thread.stored)


async def test_offsets_of_assigned_partitions_are_stored() -> None:
    member = Member()
    assert await stored_by(member) == {OURS: 7}
    assert member.told == {TopicPartition(*OURS): OffsetAndMetadata(7, "")}


@pytest.mark.parametrize("failing", [CommitFailedError(), IllegalStateError(), NodeNotReadyError()], ids=repr)
async def test_a_group_that_takes_none_is_told_again_later(failing: Exception) -> None:
    assert await stored_by(Member(failing)) == {}


async def test_a_group_that_never_answers_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "STORE_SECONDS_MAX", 0.05)
    assert await stored_by(Member(silent=True)) == {}
