"""Which contract a provider has with a plan, and when a release of plans and edits is complete."""

from dataclasses import replace
from typing import Any

import pytest

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.reference import Contract, Edit, NetworkSegment, Provider, ReferenceRelease
from tests.agents.world import CODEC, DAY, PLAN, YEAR

OWN = Contract(1, False, "OWN", "P1", None, (), "USD", YEAR[0])
OF_NETWORK = Contract(1, False, "NETWORK", None, "NET", (), "USD", YEAR[0])
PROVIDER = Provider(1, False, "P1", (), "Clinic", "clinic", (NetworkSegment("NET", DAY, None),))

CHOSEN: list[tuple[str, list[Contract], int, str | None]] = [
    # case, contracts, day, the one that counts
    ("its own before the network's", [OWN, OF_NETWORK], DAY, "OWN"),
    ("its own names this plan", [replace(OWN, plan_ids=("PLAN",)), OF_NETWORK], DAY, "OWN"),
    ("its own names another plan", [replace(OWN, plan_ids=("OTHER",)), OF_NETWORK], DAY, "NETWORK"),
    ("its own is in another currency", [replace(OWN, currency="IDR"), OF_NETWORK], DAY, "NETWORK"),
    ("this plan, another currency", [replace(OWN, plan_ids=("PLAN",), currency="IDR"), OF_NETWORK], DAY, "NETWORK"),
    ("the network's in another currency", [replace(OF_NETWORK, currency="IDR")], DAY, None),
    ("first day in the network", [OF_NETWORK], DAY, "NETWORK"),
    ("day before the network", [OF_NETWORK], DAY - 1, None),
]


@pytest.mark.parametrize(("contracts", "day", "chosen"), [pytest.param(*row[1:], id=row[0]) for row in CHOSEN])
def test_the_contract_of_a_provider(contracts: list[Contract], day: int, chosen: str | None) -> None:
    found = filled(topics.REFERENCE_CONTRACTS, contracts, len(contracts)).at(1)
    assert found is not None
    contract = found.contract(PROVIDER, PLAN, day)
    assert (contract.contract_id if contract else None) == chosen


EDIT = Edit(1, False, "E1", "pair", "99213", "99214", (), None, None, None, "deny", 1, "CO", "97", (), YEAR[0])


@pytest.mark.parametrize(("topic", "record"), [(topics.REFERENCE_PLANS, PLAN), (topics.REFERENCE_EDITS, EDIT)])
def test_half_a_release_is_none(topic: str, record: Any) -> None:
    assert filled(topic, [record], 2).latest() is None
    assert filled(topic, [record], 1).latest() == 1


def filled(topic: str, records: list[Any], announced: int) -> ReferenceStore:
    """A store with these records of a topic, and a release that announces so many."""
    store = ReferenceStore(CODEC)
    for record in records:
        store.add(topic, "", CODEC.encode(record))
    store.add(topics.REFERENCE_RELEASES, "1", CODEC.encode(ReferenceRelease(1, 0, "test", {topic: announced})))
    return store
