"""The turn goes to one at a time, and to the latest stage first."""

import threading
import time

from streams.turn import Turn


def test_the_highest_rank_goes_first() -> None:
    turn = Turn()
    order: list[int] = []

    def work(rank: int) -> None:
        turn.take(rank)
        order.append(rank)
        turn.give_back()

    turn.take(0)
    threads = [threading.Thread(target=work, args=(rank,)) for rank in (0, 3, 1, 2)]
    for thread in threads:
        thread.start()
    while sum(turn._waiting.values()) < len(threads):
        time.sleep(0.001)
    turn.give_back()
    for thread in threads:
        thread.join(5)
    assert order == [3, 2, 1, 0]


def test_one_at_a_time() -> None:
    turn = Turn()
    inside, most = 0, 0

    def work(rank: int) -> None:
        nonlocal inside, most
        for _ in range(20):
            turn.take(rank)
            inside += 1
            most = max(most, inside)
            time.sleep(0.0001)
            inside -= 1
            turn.give_back()

    threads = [threading.Thread(target=work, args=(rank % 4,)) for rank in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 1
