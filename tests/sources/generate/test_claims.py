"""Generated claims through the chain in memory: the shares that were asked for, from the causes that were meant."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.reference import ReferenceRelease
from sources.generate.claims import claims
from sources.generate.folder import write_reference
from sources.generate.spec import Spec
from sources.reference.folder import read_folder
from streams.driver import Driver

CODEC = Codec()
SPEC = Spec(seed=3, members=1500, count=1500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reference") / "payers"
    assert write_reference(made, SPEC.seed, SPEC.members) > SPEC.members
    return made


def decided(folder: Path, made: Sequence[SubmittedClaim]) -> Driver:
    """The claims through all stages, over the folder."""
    found, store = read_folder(folder), ReferenceStore(CODEC)
    for topic, records in found.records.items():
        for key, record in records.items():
            store.add(topic, key, CODEC.encode(replace(record, release=1)))
    store.add(topics.REFERENCE_RELEASES, "1", CODEC.encode(ReferenceRelease(1, 0, "test", found.counts)))
    chain = Driver(store, CODEC)
    for event in found.authorizations.values():
        chain.pipe(topics.AUTHORIZATION_EVENTS, event.member_id, event)
    for claim in made:
        chain.pipe(topics.CLAIMS_SUBMITTED, claim.root_id, claim)
    return chain


@lru_cache(maxsize=1)
def made() -> tuple[SubmittedClaim, ...]:
    return tuple(claims(SPEC))


@pytest.fixture(scope="module")
def decisions(folder: Path) -> list[Decision]:
    chain = decided(folder, made())
    assert not chain.outputs[topics.CLAIMS_REJECTED], "nothing is rejected at the front end"
    assert not [topic for topic in chain.outputs if topic.endswith(".dlq")]
    found: list[Decision] = chain.read(topics.CLAIMS_DECIDED)
    return found


@pytest.mark.parametrize(
    ("substatus", "least", "most"), [("denied", 0.08, 0.14), ("pended", 0.015, 0.05), ("approved", 0.75, 0.9)]
)
def test_shares(decisions: list[Decision], substatus: str, least: float, most: float) -> None:
    by_claim = {decision.claim_id: decision.substatus for decision in decisions}
    assert least <= Counter(by_claim.values())[substatus] / len(by_claim) <= most  # type: ignore[index]


def test_a_twentieth_is_sent_again_with_the_same_content(decisions: list[Decision]) -> None:
    by_claim: dict[str, list[SubmittedClaim]] = {}
    for claim in made():
        by_claim.setdefault(claim.claim_id, []).append(claim)
    again = [copy for copies in by_claim.values() for copy in copies[1:]]
    assert 0.03 <= len(again) / len(made()) <= 0.08
    for copy in again:
        first = by_claim[copy.claim_id][0]
        assert copy == replace(first, correlation_id=copy.correlation_id, accepted_at=copy.accepted_at)
        assert copy.correlation_id != first.correlation_id


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param("96", id="excluded"),
        pytest.param("204", id="no benefit"),
        pytest.param("27", id="coverage ended"),
        pytest.param("18", id="billed before"),
        pytest.param("197", id="no authorization"),
    ],
)
def test_denials_have_many_causes(decisions: list[Decision], reason: str) -> None:
    reasons = {a.reason for d in decisions if d.substatus == "denied" for line in d.lines for a in line.adjustments}
    assert reason in reasons


def test_all_forms_settlements_and_currencies_occur() -> None:
    assert {claim.form for claim in made()} == {"professional", "institutional", "dental", "pharmacy"}
    assert {claim.settlement for claim in made()} == {"cashless", "reimbursement"}
    assert {claim.currency for claim in made()} == {"IDR", "USD"}


def test_lines_are_three_on_average_and_charges_whole() -> None:
    lines = [line for claim in made() for line in claim.lines]
    assert 2.5 <= len(lines) / len(made()) <= 3.3
    assert all(type(line.charge) is int and line.charge > 0 for line in lines)
    assert all(claim.total_charge == sum(line.charge for line in claim.lines) for claim in made())


def test_the_same_spec_makes_the_same_claims() -> None:
    assert tuple(claims(SPEC)) == made()
    assert [claim.claim_id for claim in claims(replace(SPEC, seed=4, count=5))] != [c.claim_id for c in made()[:5]]


def test_times_of_acceptance_change_no_content() -> None:
    later = list(claims(SPEC, lambda number: SPEC.accepted_at + 60_000 + number))
    assert [replace(claim, accepted_at=0) for claim in later] == [replace(claim, accepted_at=0) for claim in made()]


def test_families_come_in_rows(folder: Path) -> None:
    spec = replace(SPEC, in_flight=5, denied=0, pended=0, repeated=0, count=100)
    found: list[Decision] = decided(folder, list(claims(spec))).read(topics.CLAIMS_DECIDED)
    for start in range(0, 100, 5):
        assert len({decision.coverage_id for decision in found[start : start + 5]}) == 1


@pytest.mark.parametrize("shares", [{"denied": 0.9, "pended": 0.2}, {"repeated": -0.1}, {"members": 0}])
def test_a_spec_that_cannot_be(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        Spec(**shares)  # type: ignore[arg-type]


def test_a_folder_that_holds_something_is_left_alone(folder: Path) -> None:
    with pytest.raises(FileExistsError, match="not empty"):
        write_reference(folder, 1, 10)
