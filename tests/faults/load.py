"""The load of the fault tests: a plan, families, and a stream of claims with five of a family in flight."""

import threading
import time
from dataclasses import replace

from confluent_kafka import Producer

from agents.reference_store import ReferenceStore
from config.clients import producer_config
from config.settings import KafkaSettings
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.reference import Member, NetworkSegment, Plan, Provider, ReferenceRelease
from tests.agents.world import BENEFIT, PLAN, YEAR, claim, line, member

CODEC = Codec()
FAMILIES = 400
MEMBERS_A_FAMILY = 3
IN_FLIGHT = 5
DEDUCTIBLE, DEDUCTIBLE_FAMILY, MAXIMUM = 20_000, 30_000, 60_000
COINSURANCE_PERCENT = 20
LOAD_PLAN: Plan = replace(
    PLAN,
    fee_schedule_id=None,
    deductible_individual=DEDUCTIBLE,
    deductible_family=DEDUCTIBLE_FAMILY,
    out_of_pocket_individual=MAXIMUM,
    benefits=(replace(BENEFIT, coinsurance="0.20"),),
)


def reference_records() -> list[tuple[str, str, object]]:
    """Topic, key and record of a release of members, a provider and the plan."""
    people: list[Member] = [
        member(f"F{family}-{who}", f"F{family}") for family in range(FAMILIES) for who in range(MEMBERS_A_FAMILY)
    ]
    provider = Provider(1, False, "P1", (), "Clinic", "clinic", (NetworkSegment("NET", YEAR[0], None),))
    records: list[tuple[str, str, object]] = [(topics.REFERENCE_MEMBERS, f"{m.member_id}|1", m) for m in people]
    records.append((topics.REFERENCE_PROVIDERS, "P1|1", provider))
    records.append((topics.REFERENCE_PLANS, "PLAN|1", LOAD_PLAN))
    counts = {topics.REFERENCE_MEMBERS: len(people), topics.REFERENCE_PROVIDERS: 1, topics.REFERENCE_PLANS: 1}
    records.append((topics.REFERENCE_RELEASES, "1", ReferenceRelease(1, 0, "load", counts)))
    return records


def reference_store() -> ReferenceStore:
    """The same release in memory."""
    store = ReferenceStore(CODEC)
    for topic, key, record in reference_records():
        store.add(topic, key, CODEC.encode(record))
    return store


def publish_reference(kafka: KafkaSettings) -> None:
    """Send the release to its topics."""
    producer = Producer(producer_config(kafka))
    for topic, key, record in reference_records():
        producer.produce(topic, CODEC.encode(record), key)
    assert producer.flush(30) == 0


def claims(count: int) -> list[SubmittedClaim]:
    """Claims of one line, each with a charge of its own; five in a row belong to one family."""
    made = []
    for n in range(count):
        family = n // IN_FLIGHT % FAMILIES
        who = f"F{family}-{n % MEMBERS_A_FAMILY}"
        made.append(claim(line(1_000 + n), number=f"load-{n}", member_id=who))
    return made


class Feeder(threading.Thread):
    """Produces claims at a rate and repeats none; `done` holds how many the broker confirmed."""

    def __init__(self, kafka: KafkaSettings, load: list[SubmittedClaim], rate: float) -> None:
        super().__init__(daemon=True)
        self._producer = Producer(producer_config(kafka))
        self._load = load
        self._rate = rate
        self.confirmed = 0

    def run(self) -> None:
        started = time.monotonic()
        for n, given in enumerate(self._load):
            self._producer.produce(topics.CLAIMS_SUBMITTED, CODEC.encode(given), given.root_id, on_delivery=self._note)
            self._producer.poll(0)
            ahead = started + n / self._rate - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
        self._producer.flush(60)

    def _note(self, error: object, message: object) -> None:
        assert error is None, error
        self.confirmed += 1
