"""The oracle of the fault tests can go red: a lost claim, one decided twice, a changed decision or balance."""

from collections.abc import Callable

import pytest

from agents.tables import BALANCES
from schemas import topics
from schemas.state import Balances
from streams.driver import Driver
from tests.faults.load import CODEC, IN_FLIGHT, ROUNDS, door_of, lives, reference_store
from tests.faults.oracle import Partitions, assert_promise
from tests.faults.workers import Record

FEW = 2
LOAD = lives(2 * IN_FLIGHT * len(ROUNDS) * FEW, FEW)


def history() -> tuple[Partitions, Partitions, Partitions, Partitions]:
    """Validated, decided, the price changelog and rejected of a faultless run on one partition."""
    driver = Driver(reference_store(), CODEC)
    for given in LOAD:
        driver.pipe(*door_of(given), given)
    validated, decided, rejected = (
        {0: [Record(output.key or b"", output.value) for output in driver.outputs[topic]]}
        for topic in (topics.CLAIMS_VALIDATED, topics.CLAIMS_DECIDED, topics.CLAIMS_REJECTED)
    )
    return validated, decided, {0: [Record(*item) for item in driver.stores["price"].data.items()]}, rejected


def lose(decided: Partitions, changelog: Partitions) -> None:
    del decided[0][7]


def repeat(decided: Partitions, changelog: Partitions) -> None:
    decided[0].append(decided[0][7])


def swap(decided: Partitions, changelog: Partitions) -> None:
    decided[0][7], decided[0][8] = decided[0][8], decided[0][7]


def change_a_cent(decided: Partitions, changelog: Partitions) -> None:
    balances = [record for record in changelog[0] if record.key.startswith(BALANCES.prefix)]
    amounts = dict(CODEC.decode(Balances, balances[0].value).amounts)
    amounts[next(iter(amounts))] += 1
    changelog[0].append(Record(balances[0].key, CODEC.encode(Balances(amounts))))


def test_a_faultless_run_is_green() -> None:
    assert_promise(LOAD, *history())


@pytest.mark.parametrize("fault", [lose, repeat, swap, change_a_cent])
def test_a_fault_is_seen(fault: Callable[[Partitions, Partitions], None]) -> None:
    validated, decided, changelog, rejected = history()
    fault(decided, changelog)
    with pytest.raises(AssertionError):
        assert_promise(LOAD, validated, decided, changelog, rejected)
