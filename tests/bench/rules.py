"""Claims a second through the four pure stages on one core: `python -m tests.bench.rules [--least 4000] [--profile]`.

Four-line claims of families under a plan with deductible, coinsurance, out-of-pocket maximum and a limit, a contract,
coding edits for some codes; of 100 claims five are duplicates, half of them repeats of a submission, half the same
services under a new number. State is in memory as records; what Avro takes is measured and told apart. CPU time counts,
so that other processes of the machine do not.
"""

import argparse
import cProfile
import gc
import pstats
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, TypeVar, cast

from agents.contract import Context, Dead, Message, Reference, Table
from agents.reference_store import ReferenceStore, ReferenceView
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.envelope import Envelope
from schemas.reference import Contract, ContractTerm, Edit, Fee, Limit, NetworkSegment, Provider, ReferenceRelease
from streams.topology import STAGES, Stage
from tests.agents.world import BENEFIT, DAY, PLAN, YEAR, claim, line, member

R = TypeVar("R")
MEMBERS, FAMILY = 2_000, 4
CODES = tuple(f"99{number}" for number in range(200, 280))
LINES = 4
WARM_UP, MEASURED = 2_000, 10_000
DAYS = 28
# One of forty: a repeat of a submission; one of forty: the same services under a new number.
ONE_IN = 40


class RecordingCodec(Codec):
    """Keeps what Avro made of each record in order, and counts its CPU time, in nanoseconds by what it does."""

    def __init__(self) -> None:
        super().__init__()
        self.spent: dict[str, int] = defaultdict(int)
        self.made: list[Any] = []
        self._inside = False

    def encode(self, record: object) -> bytes:
        return cast(bytes, self._timed("encode", super().encode, record))

    def encode_shared(self, record: object) -> bytes:
        return cast(bytes, self._timed("encode", super().encode_shared, record))

    def decode(self, record_type: type[R], data: bytes | None) -> R:
        return cast(R, self._timed("decode", super().decode, record_type, data))

    def decode_shared(self, record_type: type[R], data: bytes | None) -> R:
        return cast(R, self._timed("decode", super().decode_shared, record_type, data))

    def decode_once(self, record_type: type[R], data: bytes | None) -> R:
        return cast(R, self._timed("decode", super().decode_once, record_type, data))

    def _timed(self, what: str, work: Callable[..., Any], *arguments: Any) -> Any:
        if self._inside:
            return work(*arguments)
        self._inside = True
        started = time.process_time_ns()
        try:
            made = work(*arguments)
        finally:
            self.spent[what] += time.process_time_ns() - started
            self._inside = False
        self.made.append(made)
        return made


class PlayedCodec(Codec):
    """Hands out what another run made of the same records in the same order: the rules without Avro."""

    def __init__(self, made: Sequence[Any]) -> None:
        super().__init__()
        self._following = iter(made).__next__

    def encode(self, record: object) -> bytes:
        return cast(bytes, self._following())

    def encode_shared(self, record: object) -> bytes:
        return cast(bytes, self._following())

    def decode(self, record_type: type[R], data: bytes | None) -> R:
        return cast(R, self._following())

    def decode_shared(self, record_type: type[R], data: bytes | None) -> R:
        return cast(R, self._following())

    def decode_once(self, record_type: type[R], data: bytes | None) -> R:
        return cast(R, self._following())


class Records:
    """The state of a stage as records in a dict: what the rules do is measured, not how state is kept."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Any] = {}

    def get(self, table: Table[R], key: str) -> R | None:
        found: R | None = self._records.get((table.name, key))
        return found

    def put(self, table: Table[R], key: str, record: R) -> None:
        self._records[(table.name, key)] = record

    def delete(self, table: Table[R], key: str) -> None:
        self._records.pop((table.name, key), None)


def reference(codec: Codec) -> ReferenceView:
    """The payer: a plan that uses what most plans use."""
    plan = replace(
        PLAN,
        deductible_individual=50_000,
        deductible_family=100_000,
        out_of_pocket_individual=300_000,
        out_of_pocket_family=600_000,
        benefits=(replace(BENEFIT, coinsurance="0.20"),),
        limits=(Limit("VISITS", "money", "period", "member", 2_000_000, ("visit",)),),
        suspect_duplicates="warn",
    )
    people = [member(f"M{n}", f"FAM{n // FAMILY}") for n in range(MEMBERS)]
    clinic = Provider(1, False, "P1", (), "Clinic", "clinic", (NetworkSegment("NET", YEAR[0], None),))
    fees = [Fee(1, False, "FEES", "HC", code, None, YEAR[0], None, "USD", 9_000 + n) for n, code in enumerate(CODES)]
    term = ContractTerm("ALL", (), (), (), (), "fee_schedule", fee_schedule_id="FEES")
    contract = Contract(1, False, "C1", None, "NET", (), "USD", YEAR[0], terms=(term,))
    edits = [_edit(n, code) for n, code in enumerate(CODES) if n % 5 == 0]
    store = ReferenceStore(codec)
    loads: dict[str, list[Any]] = {
        topics.REFERENCE_MEMBERS: people,
        topics.REFERENCE_PROVIDERS: [clinic],
        topics.REFERENCE_PLANS: [plan],
        topics.REFERENCE_FEES: fees,
        topics.REFERENCE_CONTRACTS: [contract],
        topics.REFERENCE_EDITS: edits,
    }
    for topic, records in loads.items():
        for record in records:
            store.add(topic, "", codec.encode(record))
    counts = {topic: len(records) for topic, records in loads.items()}
    store.add(topics.REFERENCE_RELEASES, "1", codec.encode(ReferenceRelease(1, 0, "bench", counts)))
    view = store.at(1)
    assert view is not None
    return view


def _edit(number: int, code: str) -> Edit:
    """Every second one a pair, the others units per day."""
    about = Edit(
        1, False, f"E{number}", "units_per_day", code, None, ("59",), 1000, None, None,
        "deny", 1, "CO", "222", (), YEAR[0],
    )  # fmt: skip
    if number % 10:
        return about
    other = CODES[(number + 1) % len(CODES)]
    return replace(about, kind="pair", other_code=other, units_milli=None, reason="97")


def load(count: int) -> list[SubmittedClaim]:
    """Claims in order, the same each time."""
    chosen = random.Random(7)
    made: list[SubmittedClaim] = []
    for number in range(count):
        if made and number % ONE_IN == ONE_IN - 1:
            made.append(made[-chosen.randrange(1, min(len(made), 500) + 1)])
            continue
        day = DAY + chosen.randrange(DAYS)
        lines = [line(chosen.randrange(8_000, 14_000), code) for code in chosen.sample(CODES, LINES)]
        given = claim(*lines, number=f"N{number}", member_id=f"M{chosen.randrange(MEMBERS)}")
        given = replace(
            given, service_from=day, service_to=day, accepted_at=given.accepted_at + DAYS * 86_400_000 + number,
            lines=tuple(replace(one, service_from=day, service_to=day) for one in given.lines),
        )  # fmt: skip
        if made and number % ONE_IN == ONE_IN // 2:
            same = made[-chosen.randrange(1, min(len(made), 500) + 1)]
            given = replace(
                same, claim_id=given.claim_id, root_id=given.root_id, claim_control_number=given.claim_control_number
            )
        made.append(given)
    return made


class Chain:
    """The four stage functions one after the other, each with its state and its clock."""

    def __init__(self, codec: Codec, view: Reference) -> None:
        self.codec = codec
        self.contexts = {stage.name: Context(Records(), view, codec) for stage in STAGES}
        self.spent: dict[str, int] = defaultdict(int)
        self.decided: list[Any] = []

    def decide(self, given: SubmittedClaim, raw: bytes) -> None:
        """One claim to its decision."""
        record = self.codec.decode_shared(SubmittedClaim, raw)
        messages: list[Message[Any]] = [Message(topics.CLAIMS_SUBMITTED, given.root_id, record, raw)]
        for stage in STAGES:
            messages = [one for message in messages for one in self._stage(stage, message)]

    def _stage(self, stage: Stage, message: Message[Any]) -> list[Message[Any]]:
        started = time.process_time_ns()
        outcomes = stage.decide(message, self.contexts[stage.name])
        self.spent[stage.name] += time.process_time_ns() - started
        going_on = []
        for outcome in outcomes:
            assert not isinstance(outcome, Dead), f"a claim of the bench is a dead letter: {outcome}"
            if isinstance(outcome.record, Envelope):
                raw = self.codec.encode_shared(outcome.record)
                record = self.codec.decode_once(Envelope, raw)
                going_on.append(Message(outcome.topic, outcome.key, record, raw))
            elif outcome.topic == topics.CLAIMS_DECIDED:
                self.decided.append(outcome.record)
            elif not isinstance(outcome.record, bytes):
                self.codec.encode(outcome.record)
        return going_on

    def run(self, claims: Sequence[tuple[SubmittedClaim, bytes]]) -> None:
        """Claims in order; counts from the first of them."""
        self.spent.clear()
        self.decided.clear()
        gc.collect()
        gc.freeze()
        for given, raw in claims:
            self.decide(given, raw)


def main() -> int:
    """Print the figures; 1 when the rules are slower than asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rules", description=__doc__)
    parser.add_argument("--least", type=int, default=0, help="claims a second; fewer end with 1")
    parser.add_argument("--profile", action="store_true", help="where the time goes, instead of figures")
    given = parser.parse_args()
    plain = Codec()
    claims = [(one, plain.encode(one)) for one in load(WARM_UP + MEASURED)]
    # Members are decoded as they are asked for, which the store remembers: that belongs to neither run.
    view = reference(plain)
    recording = RecordingCodec()
    first = Chain(recording, view)
    first.run(claims[:WARM_UP])
    recording.spent.clear()
    first.run(claims[WARM_UP:])
    again = Chain(PlayedCodec(recording.made), view)
    again.run(claims[:WARM_UP])
    with cProfile.Profile() if given.profile else nullcontext() as profile:
        again.run(claims[WARM_UP:])
    assert again.decided == first.decided, "the same claims lead to the same bytes"
    if profile is not None:
        pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(45)
        return 0
    return show(again, recording, Counter(plain.decode(Decision, raw).substatus for raw in first.decided), given.least)


def show(chain: Chain, avro: RecordingCodec, outcomes: Counter[str], least: int) -> int:
    """Print what was measured; 1 when it is less than that many claims a second."""
    spent = {name: nanoseconds / MEASURED / 1_000 for name, nanoseconds in chain.spent.items()}
    rules = sum(spent.values())
    out = sys.stdout.write
    out(f"rules {rules:.0f} us a claim of {LINES} lines: {1e6 / rules:,.0f} claims a second on one core\n")
    out("  " + ", ".join(f"{name} {us:.0f} us" for name, us in spent.items()) + "\n")
    parts = {what: nanoseconds / MEASURED / 1_000 for what, nanoseconds in avro.spent.items()}
    told = ", ".join(f"{what} {us:.0f} us" for what, us in parts.items())
    out(f"Avro  {sum(parts.values()):.0f} us a claim: {told}\n")
    out("outcomes " + ", ".join(f"{name} {count:,}" for name, count in outcomes.most_common()) + "\n")
    return 1 if 1e6 / rules < least else 0


if __name__ == "__main__":
    sys.exit(main())
