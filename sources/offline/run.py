"""`adjudicate`: the lines of a file through the chain in order, and what comes out as JSON records, one at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from schemas import topics
from schemas.codec import Codec
from schemas.decision import Decision, RejectedClaim
from schemas.decision_json import decision_json
from schemas.envelope import Finding
from schemas.event_json import (
    dead_json,
    event_json,
    input_error_json,
    payment_request_json,
    rejection_json,
    waiting_json,
)
from schemas.events import AuthorizationEvent, BusinessEvent, DeadLetter, PaymentRequest
from schemas.vocabulary import Measure
from sources.offline.inputs import Inputs

Record = dict[str, Any]
# The measures of the limits of a decision's plan, by limit id.
Limits = Callable[[Decision], Mapping[str, Measure]]
# Called now and then with the number of lines read so far.
Progress = Callable[[int], None]
# Called with the number of a line and what is wrong with it.
Complain = Callable[[int, Sequence[Finding]], None]
PROGRESS_EVERY = 64


class Left(Protocol):
    """A record that left a stage."""

    @property
    def topic(self) -> str:
        """Its topic."""

    @property
    def value(self) -> bytes:
        """Its bytes."""


class Chain(Protocol):
    """All stages in memory."""

    def pipe(self, topic: str, key: str, record: object) -> None:
        """Send a record and run the chain until it is quiet."""

    def drain(self) -> Sequence[Left]:
        """What went to any topic since the last time, in order."""


@dataclass
class Counts:
    """What a run read: lines that are not blank, and those that were no input."""

    lines: int = 0
    bad: int = 0


class Run:
    """Decides a file over a chain that holds reference data, opening balances and history already."""

    def __init__(
        self, chain: Chain, codec: Codec, limits: Limits, complain: Complain = lambda line, found: None
    ) -> None:
        self._chain = chain
        self._codec = codec
        self._limits = limits
        self._complain = complain
        self.counts = Counts()

    def grant(self, authorizations: Sequence[AuthorizationEvent]) -> Iterator[Record]:
        """Send the authorizations of the folder; yields what the chain has to say of them, as line 0."""
        for event in authorizations:
            self._chain.pipe(topics.AUTHORIZATION_EVENTS, event.member_id, event)
            yield from self._left(0, event.member_id)

    def decide(self, file: BinaryIO, announce: Progress = lambda done: None) -> Iterator[Record]:
        """What becomes of every line, in order; a line that is no input is told and the rest goes on."""
        for line in Inputs().read(file):
            self.counts.lines += 1
            if self.counts.lines % PROGRESS_EVERY == 0:
                announce(self.counts.lines)
            if line.sent is None:
                self.counts.bad += 1
                self._complain(line.number, line.findings)
                yield input_error_json(line.number, line.findings)
                continue
            self._chain.pipe(*line.sent)
            yield from self._left(line.number, line.sent[1])

    def _left(self, number: int, key: str) -> Iterator[Record]:
        _, *outputs = self._chain.drain()
        # Only what waits leaves nothing on any topic but the one it came by.
        records = [self._record(output.topic, output.value) for output in outputs] or [waiting_json(key)]
        for record in records:
            if record is not None:
                # Format and type come first, then where it came from.
                yield {"format": record.pop("format"), "type": record.pop("type"), "line": number, **record}

    def _record(self, topic: str, value: bytes) -> Record | None:
        decode = self._codec.decode
        if topic == topics.CLAIMS_DECIDED:
            decision = decode(Decision, value)
            return decision_json(decision, self._limits(decision) if decision.ledger else {})
        if topic == topics.CLAIMS_REJECTED:
            return rejection_json(decode(RejectedClaim, value))
        if topic == topics.CLAIMS_EVENTS:
            return event_json(decode(BusinessEvent, value))
        if topic == topics.PAYMENT_REQUESTS:
            return payment_request_json(decode(PaymentRequest, value))
        return dead_json(decode(DeadLetter, value)) if topic.endswith(".dlq") else None
