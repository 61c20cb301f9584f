"""What the chain must have done, recomputed in sequence: by the same stages in memory, and by the rules' own oracle."""

from collections import Counter
from collections.abc import Sequence

from agents.tables import BALANCES
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.decision import Decision, RejectedClaim
from schemas.envelope import Envelope
from schemas.events import AuthorizationEvent
from schemas.state import Balances
from streams.driver import Driver
from streams.topology import BY_NAME, STAGES
from tests.faults.load import CODEC, PAYER, Sent, reference_store
from tests.faults.workers import Record
from tests.oracle.book import Book
from tests.oracle.comparison import balances_of, limited

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


def lost_or_twice(
    submitted: Sequence[Sent], decided: Partitions, rejected: Partitions | None = None
) -> tuple[set[str], list[str]]:
    """Claims without a decision or rejection, and claims with one revision of a version decided more than once."""
    times = Counter(
        (one.claim_id, one.version, one.revision)
        for records in decided.values()
        for one in (CODEC.decode(Decision, record.value) for record in records)
    )
    answered = {claim for claim, _, _ in times}
    for records in (rejected or {}).values():
        answered |= {CODEC.decode(RejectedClaim, record.value).claim_id for record in records}
    claims = {one.claim_id for one in submitted if isinstance(one, SubmittedClaim)}
    return claims - answered, [claim for (claim, _, _), n in times.items() if n > 1]


def balances_in(changelog: Partitions) -> dict[bytes, bytes | None]:
    """Latest balance records of the price stage."""
    latest: dict[bytes, bytes | None] = {}
    for records in changelog.values():
        latest.update({record.key: record.value for record in records if record.key.startswith(BALANCES.prefix)})
    return latest


def balances_by_sums(validated: Partitions) -> dict[str, int]:
    """The accumulators of every family, recomputed from what validate let through by the oracle of the rules."""
    books: dict[str, Book] = {}
    for records in validated.values():
        for record in records:
            envelope = CODEC.decode(Envelope, record.value)
            book = books.setdefault(envelope.coverage_id, Book(PAYER))
            if envelope.kind == "authorization":
                book.authorize(CODEC.decode(AuthorizationEvent, envelope.submitted))
            elif envelope.kind != "command":
                book.submit(CODEC.decode(SubmittedClaim, envelope.submitted))
            elif envelope.undoes is not None:
                book.end(envelope.root_id)
    sums: dict[str, int] = {}
    for book in books.values():
        sums.update(balances_of(book))
    return sums


def assert_promise(
    submitted: Sequence[Sent],
    validated: Partitions,
    decided: Partitions,
    changelog: Partitions,
    rejected: Partitions | None = None,
) -> None:
    """Nothing lost, nothing twice, every decision and every balance as a sequential run makes them."""
    assert lost_or_twice(submitted, decided, rejected) == (set(), [])
    drivers = replayed(validated)
    for partition, driver in drivers.items():
        expected = [output.value for output in driver.outputs[topics.CLAIMS_DECIDED]]
        assert [record.value for record in decided[partition]] == expected, f"partition {partition} differs"
    stored = {key: value for key, value in balances_in(changelog).items() if value is not None}
    again: dict[bytes, bytes] = {}
    for driver in drivers.values():
        data = driver.stores[BY_NAME["price"].name].data
        again.update({key: value for key, value in data.items() if key.startswith(BALANCES.prefix)})
    assert stored == again
    amounts = {
        f"{key[len(BALANCES.prefix) :].decode()}:{name}": amount
        for key, value in stored.items()
        for name, amount in CODEC.decode(Balances, value).amounts.items()
        if limited(PAYER.plan, *name.rsplit(":", 1)) and amount
    }
    assert amounts == balances_by_sums(validated)
