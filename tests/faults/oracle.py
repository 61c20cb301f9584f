"""What the chain must have done, recomputed in sequence: by the same stages in memory, and by a few lines of sums."""

from collections import Counter, defaultdict

from agents.tables import BALANCES
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.decision import Decision
from schemas.envelope import Envelope
from schemas.state import Balances
from streams.driver import Driver
from streams.topology import BY_NAME, STAGES
from tests.faults.load import CODEC, COINSURANCE_PERCENT, DEDUCTIBLE, DEDUCTIBLE_FAMILY, MAXIMUM, reference_store
from tests.faults.workers import Record

Partitions = dict[int, list[Record]]


def replayed(validated: Partitions) -> dict[int, Driver]:
    """Each partition's history through the later stages, in memory, record by record."""
    store = reference_store()
    drivers = {}
    for partition, records in validated.items():
        driver = drivers[partition] = Driver(store, CODEC, STAGES[1:])
        for record in records:
            assert record.value is not None
            driver.pipe(topics.CLAIMS_VALIDATED, record.key.decode(), record.value)
    return drivers


def lost_or_twice(submitted: list[SubmittedClaim], decided: Partitions) -> tuple[set[str], list[str]]:
    """Claims without a decision, and claims with more than one."""
    times = Counter(CODEC.decode(Decision, record.value).claim_id for records in decided.values() for record in records)
    return {c.claim_id for c in submitted} - times.keys(), [claim for claim, n in times.items() if n > 1]


def balances_in(changelog: Partitions) -> dict[bytes, bytes | None]:
    """Latest balance records of the price stage."""
    latest: dict[bytes, bytes | None] = {}
    for records in changelog.values():
        latest.update({record.key: record.value for record in records if record.key.startswith(BALANCES.prefix)})
    return latest


def balances_by_sums(validated: Partitions) -> dict[bytes, dict[str, int]]:
    """The accumulators of every family, from charges and the plan's numbers alone (docs: member share of a line)."""
    used: dict[bytes, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for records in validated.values():
        for record in records:
            envelope = CODEC.decode(Envelope, record.value)
            claim = CODEC.decode(SubmittedClaim, envelope.submitted)
            who = claim.member.member_id
            family = used[BALANCES.prefix + f"{envelope.coverage_id}:2026".encode()]
            for line in claim.lines:
                deductible = min(
                    line.charge,
                    DEDUCTIBLE - family[f"deductible:{who}"],
                    DEDUCTIBLE_FAMILY - family["deductible:family"],
                )
                coinsurance = ((line.charge - deductible) * COINSURANCE_PERCENT + 50) // 100
                share = min(deductible + coinsurance, MAXIMUM - family[f"out_of_pocket:{who}"])
                for whose in (who, "family"):
                    family[f"deductible:{whose}"] += min(deductible, share)
                    family[f"out_of_pocket:{whose}"] += share
    return used


def assert_promise(
    submitted: list[SubmittedClaim], validated: Partitions, decided: Partitions, changelog: Partitions
) -> None:
    """Nothing lost, nothing twice, every decision and every balance as a sequential run makes them."""
    assert lost_or_twice(submitted, decided) == (set(), [])
    drivers = replayed(validated)
    for partition, driver in drivers.items():
        expected = [output.value for output in driver.outputs[topics.CLAIMS_DECIDED]]
        assert [record.value for record in decided[partition]] == expected, f"partition {partition} differs"
    stored = balances_in(changelog)
    for driver in drivers.values():
        for key, value in driver.stores[BY_NAME["price"].name].data.items():
            if key.startswith(BALANCES.prefix):
                assert stored[key] == value
    sums = balances_by_sums(validated)
    assert stored.keys() == sums.keys()
    for key, encoded in stored.items():
        amounts = CODEC.decode(Balances, encoded).amounts
        assert {k: v for k, v in amounts.items() if v} == {k: v for k, v in sums[key].items() if v}
