"""Many callers, one statement."""

import asyncio
from collections.abc import Sequence

import pytest

from api.batches import Batches
from api.database import DatabaseAway, DatabaseSlow


class Doubler:
    """Answers with twice the number; a batch takes a turn of the loop, and 13 cannot be answered."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.away = False

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(numbers))
        await asyncio.sleep(0.01)
        if self.away:
            raise DatabaseAway("gone")
        if 13 in numbers:
            raise ValueError("unlucky")
        return [2 * number for number in numbers]


async def test_what_is_asked_together_is_answered_together_each_with_its_own() -> None:
    doubler = Doubler()
    batches = Batches(doubler)
    assert await asyncio.gather(*(batches.ask(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert doubler.batches == [[0, 1, 2, 3, 4]]


async def test_what_is_asked_meanwhile_makes_the_next_batch() -> None:
    doubler = Doubler()
    batches = Batches(doubler, size=3, together=1)
    first = asyncio.create_task(batches.ask(0))
    await asyncio.sleep(0.001)
    assert await asyncio.gather(*(batches.ask(number) for number in range(1, 6))) == [2, 4, 6, 8, 10]
    assert (await first, doubler.batches) == (0, [[0], [1, 2, 3], [4, 5]])


async def test_nobody_is_left_waiting_when_a_batch_ends_as_another_asks() -> None:
    batches = Batches(Doubler(), together=1)
    for number in range(14, 60):
        async with asyncio.timeout(1):
            assert await batches.ask(number) == 2 * number


async def test_a_question_that_cannot_be_answered_fails_alone() -> None:
    batches = Batches(Doubler())
    found = await asyncio.gather(*(batches.ask(number) for number in (1, 13, 2)), return_exceptions=True)
    assert [found[0], found[2]] == [2, 4]
    assert isinstance(found[1], ValueError)


async def test_while_the_store_is_away_all_fail_at_once() -> None:
    doubler = Doubler()
    doubler.away = True
    batches = Batches(doubler)
    found = await asyncio.gather(*(batches.ask(number) for number in range(5)), return_exceptions=True)
    assert [type(one) for one in found] == [DatabaseAway] * 5
    assert len(doubler.batches) == 1


async def test_who_has_gone_away_is_not_asked_for() -> None:
    doubler = Doubler()
    batches = Batches(doubler, together=1)
    first = asyncio.create_task(batches.ask(0))
    await asyncio.sleep(0.001)
    gone = asyncio.create_task(batches.ask(1))
    await asyncio.sleep(0.001)
    gone.cancel()
    assert (await first, await batches.ask(2)) == (0, 4)
    assert doubler.batches == [[0], [2]]


async def test_too_many_waiting_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.batches._WAITING_MAX", 2)
    batches = Batches(Doubler(), together=1)
    asked = [asyncio.create_task(batches.ask(number)) for number in range(4)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert (found[:2], [type(one) for one in found[2:]]) == ([0, 2], [DatabaseAway] * 2)


async def test_whoever_has_waited_long_enough_hears_so_and_the_others_are_answered() -> None:
    batches = Batches(Doubler(), wait_seconds=0.005)
    with pytest.raises(DatabaseSlow):
        await batches.ask(1)
    patient = Batches(Doubler(), wait_seconds=5)
    assert await patient.ask(1) == 2
