"""The load of the fault tests: a plan, families, and a stream of claims with five of a family in flight.

Two loads: `claims`, originals alone, and `lives`, where a part of the claims is voided or replaced, at once, much later
or before it came. Others are billed twice, voided by a person, appealed, or wait for an authorization still to come.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from confluent_kafka import Producer

from agents.reference_store import ReferenceStore
from config.clients import producer_config
from config.settings import KafkaSettings
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.events import AuthorizationEvent, Command
from schemas.reference import Member, NetworkSegment, Plan, Provider, ReferenceRelease
from schemas.vocabulary import CommandKind
from tests.agents.world import BENEFIT, PLAN, YEAR, authorization, claim, line, member
from tests.oracle.figures import Payer
from tests.properties.stories import following

CODEC = Codec()
Sent = SubmittedClaim | AuthorizationEvent | Command
FAMILIES = 400
MEMBERS_A_FAMILY = 3
IN_FLIGHT = 5
LOAD_PLAN: Plan = replace(
    PLAN,
    fee_schedule_id=None,
    deductible_individual=20_000,
    deductible_family=30_000,
    out_of_pocket_individual=60_000,
    suspect_duplicates="warn",
    missing_authorization="pend",
    benefits=(
        replace(BENEFIT, benefit_id="scan", codes=("70551",), needs_authorization=True, coinsurance="0.20"),
        replace(BENEFIT, coinsurance="0.20"),
    ),
)
PROVIDER = Provider(1, False, "P1", (), "Clinic", "clinic", (NetworkSegment("NET", YEAR[0], None),))
PEOPLE: list[Member] = [
    member(f"F{family}-{who}", f"F{family}") for family in range(FAMILIES) for who in range(MEMBERS_A_FAMILY)
]
PAYER = Payer(LOAD_PLAN, {one.member_id: one for one in PEOPLE}, {"P1": PROVIDER})


def reference_records() -> list[tuple[str, str, object]]:
    """Topic, key and record of a release of members, a provider and the plan."""
    records: list[tuple[str, str, object]] = [(topics.REFERENCE_MEMBERS, f"{m.member_id}|1", m) for m in PEOPLE]
    records.append((topics.REFERENCE_PROVIDERS, "P1|1", PROVIDER))
    records.append((topics.REFERENCE_PLANS, "PLAN|1", LOAD_PLAN))
    counts = {topics.REFERENCE_MEMBERS: len(PEOPLE), topics.REFERENCE_PROVIDERS: 1, topics.REFERENCE_PLANS: 1}
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


def claims(count: int, families: int = FAMILIES) -> list[SubmittedClaim]:
    """Claims of one line, each with a charge of its own; five in a row belong to one family."""
    made = []
    for n in range(count):
        family = n // IN_FLIGHT % families
        who = f"F{family}-{n % MEMBERS_A_FAMILY}"
        made.append(claim(line(1_000 + n), number=f"load-{n}", member_id=who))
    return made


# What a family of five in flight sends in turn, by round: c a claim, s a scan that waits for an authorization, a the
# authorization, v and r a void and a replacement of the claim before, V and R of the one much earlier, w a void before
# its original, o that original, d the claim before once more under another number, x a person's void of the earlier
# claim, p an appeal against it.
ROUNDS = ("ccscc", "cvcdr", "cRsca", "wocxc", "cdrpa", "VcRcs", "cvwoa")


def lives(count: int, families: int = FAMILIES) -> list[Sent]:
    """As `claims`, with everything that may happen to a claim; as many records as asked for."""
    sent: list[Sent] = []
    earlier: dict[int, SubmittedClaim] = {}
    before, plains = claims(1)[0], claims(count + 1, families)
    for n, plain in enumerate(plains[:count]):
        turn, family = divmod(n // IN_FLIGHT, families)
        what = ROUNDS[turn % len(ROUNDS)][n % IN_FLIGHT]
        root = plains[n + 1] if what == "w" else earlier.get(family, plain) if what in "VRxp" else before
        made = _act(what, n, plain, root)
        sent.append(made)
        if isinstance(made, SubmittedClaim):
            before = made
        if what == "c" and n % IN_FLIGHT == 0:
            earlier[family] = plain
    return sent


def _act(what: str, n: int, plain: SubmittedClaim, root: SubmittedClaim) -> Sent:
    """What is sent: `plain` is a claim of its own, `root` the one that it is about."""
    number = f"load-{n}"
    if what == "s":
        return replace(plain, lines=(replace(plain.lines[0], service_code="70551"),))
    if what == "a":
        return authorization(f"A-{n}", plain.member.member_id or "")
    if what in "xp":
        kind: CommandKind = "void" if what == "x" else "appeal"
        at = plain.accepted_at
        return Command(f"X-{n}", kind, root.claim_id, "A", "claim_processor", "as agreed", None, None, at)
    if what in "vVw":
        return following(root, root, number, "8")
    if what in "rR":
        return following(root, replace(plain, member=root.member), number, "7")
    if what == "d":
        return replace(root, claim_id=plain.claim_id, root_id=plain.root_id, claim_control_number=number)
    return plain


def door_of(given: Sent) -> tuple[str, str]:
    """Topic and key of a record from outside."""
    if isinstance(given, SubmittedClaim):
        return topics.CLAIMS_SUBMITTED, given.root_id
    if isinstance(given, AuthorizationEvent):
        return topics.AUTHORIZATION_EVENTS, given.member_id
    return topics.CLAIMS_COMMANDS, given.claim_id


class Feeder(threading.Thread):
    """Produces a load at a rate and repeats none; `confirmed` holds how many the broker confirmed."""

    def __init__(self, kafka: KafkaSettings, load: Sequence[Sent], rate: float) -> None:
        super().__init__(daemon=True)
        self._producer = Producer(producer_config(kafka))
        self._load = load
        self._rate = rate
        self.confirmed = 0

    def run(self) -> None:
        started = time.monotonic()
        for n, given in enumerate(self._load):
            topic, key = door_of(given)
            self._producer.produce(topic, CODEC.encode(given), key, on_delivery=self._note)
            self._producer.poll(0)
            ahead = started + n / self._rate - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
        self._producer.flush(60)

    def _note(self, error: object, message: object) -> None:
        assert error is None, error
        self.confirmed += 1
