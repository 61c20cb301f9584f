"""Completes 277CAs: reads what was received and what became of it, writes each answer to a folder and to its topic.

Everything it knows comes from Kafka. Its group's offsets on edi.received stand at the first record that is still
needed; what was answered is on edi.answered; outcomes are read from the time when the oldest unanswered file came.
Killed at any moment, the next one reads the same records and gives the same answers under the same names. One process
suffices; a second one does the same work and writes the same bytes.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from config.limits import ANSWER_CLAIMS_WAITING_MAX
from config.metrics import EDI_ANSWERS, EDI_TRANSACTIONS_WAITING
from config.settings import Settings
from schemas.codec import Codec, DecodeError
from schemas.edi import EdiAnswered, EdiReceived
from schemas.registry import for_settings
from schemas.topics import EDI_ANSWERED, EDI_RECEIVED
from sources.answers.acknowledgment import acknowledge
from sources.answers.folder import write_answers
from sources.answers.outcomes import CLOCKS_MILLISECONDS, OUTCOME_TOPICS, Recent, outcome_of
from sources.answers.publisher import AnswerPublisher
from sources.answers.tail import Place, Tail
from sources.answers.waiting import Transaction, Waiting, weight_of

# Longest time that one look reads a topic; the next look goes on.
_READING_SECONDS = 20.0
_ANSWERED_MAX = 200_000
# So much more is taken for the sake of a transaction that has begun.
_UNFINISHED_TIMES = 4
_MINUTE, _DAY = 60_000, 86_400_000
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did: complete and interim answers written, transactions that still wait."""

    complete: int
    interim: int
    waiting: int


class Service:
    """Answers into `folder`. `look` again and again; `close` at the end."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        group = f"{settings.worker.group_prefix}.edi-answers"
        self._settings = settings
        self._folder = folder
        self._codec = Codec(for_settings(settings.kafka))
        self._publisher = AnswerPublisher(settings.kafka, self._codec)
        self._received = Tail(settings.kafka, group, (EDI_RECEIVED,))
        self._answered = Tail(settings.kafka, f"{group}.answered", (EDI_ANSWERED,))
        self._outcomes = Tail(settings.kafka, f"{group}.outcomes", OUTCOME_TOPICS)
        self._recent = Recent()
        self._waiting = Waiting()
        # Transactions that have their complete answer, and those that have an interim one.
        self._done: OrderedDict[str, None] = OrderedDict()
        self._interim: OrderedDict[str, None] = OrderedDict()
        # Outcomes were read from this time on; None before the first look.
        self._since: int | None = None
        self._started = False
        self._committed: dict[Place, int] = {}

    def look(self, now: int) -> Look:
        """Answer what can be answered at `now` (milliseconds).

        Raises KafkaException, MissingTopicError, UnconfirmedError, OSError: the next look tries again.
        """
        if not self._started:
            self._received.start_from_committed()
            self._started = True
        self._read_outcomes(self._read_received())
        self._waiting.judge()
        interim = self._answer_interim(now)
        complete = self._answer_complete() + self._give_up(now)
        needed = self._waiting.keep_from(self._received.positions)
        if needed != self._committed:
            self._received.commit(needed)
            self._committed = needed
        EDI_TRANSACTIONS_WAITING.set(len(self._waiting))
        return Look(complete, interim, len(self._waiting))

    def close(self) -> None:
        """Let go of the broker."""
        for tail in (self._received, self._answered, self._outcomes):
            tail.close()

    def _read_received(self) -> int | None:
        """Take new transactions; the earliest time of receipt among them."""
        count = self._waiting.claims
        if self._is_full(count):
            return None
        new: list[tuple[Any, int]] = []
        for message in self._received.read(_READING_SECONDS):
            received = self._decoded(EdiReceived, message)
            if received is not None and received.transaction_id not in self._done:
                new.append((message, received.received_at))
                count += weight_of(received)
            if self._is_full(count):
                log.warning("claims wait for outcomes; further transactions wait on their topic", claims=count)
                break
        if not new:
            return None
        earliest = min(received_at for _, received_at in new)
        self._read_answered(earliest)
        for message, _ in new:
            self._add(message)
        return earliest

    def _is_full(self, claims: int) -> bool:
        """Whether further transactions must wait on their topic; parts of one that has begun need not, for long."""
        return claims >= ANSWER_CLAIMS_WAITING_MAX and (
            not self._waiting.unfinished or claims >= _UNFINISHED_TIMES * ANSWER_CLAIMS_WAITING_MAX
        )

    def _add(self, message: Any) -> None:
        received: EdiReceived = self._decoded(EdiReceived, message)
        if received.transaction_id not in self._done:
            place = message.topic(), message.partition()
            for claim_id in self._waiting.add(place, message.offset(), received, message.value()):
                self._waiting.hear(claim_id, self._recent.of(claim_id))

    def _read_answered(self, since: int) -> None:
        """What was answered already, by this process or by one before it."""
        if not self._answered.positions:
            self._answered.start_at(since - CLOCKS_MILLISECONDS)
        for message in self._answered.read(_READING_SECONDS):
            answered = self._decoded(EdiAnswered, message)
            if answered is not None and answered.transaction_id is not None and answered.part == answered.parts:
                self._remember(self._interim if answered.interim else self._done, answered.transaction_id)

    def _read_outcomes(self, earliest: int | None) -> None:
        """Outcomes up to now; of new transactions from when their files came, where those are not remembered."""
        if earliest is not None:
            wanted = earliest - CLOCKS_MILLISECONDS
            if self._since is None or wanted < self._since or self._recent.forgot:
                self._recent.clear()
                self._outcomes.start_at(wanted)
                self._since = wanted
        for message in self._outcomes.read(_READING_SECONDS):
            self._heard(message)

    def _heard(self, message: Any) -> None:
        try:
            found = outcome_of(self._codec, message.topic(), message.value(), message.timestamp()[1])
        except DecodeError as error:
            log.warning("a record cannot be read", topic=message.topic(), offset=message.offset(), code=error.code)
            return
        if found is not None:
            claim_id, outcome = found
            self._recent.add(claim_id, outcome)
            self._waiting.hear(claim_id, (outcome,))

    def _answer_interim(self, now: int) -> int:
        """Those that are whole and too old to be left without a word."""
        limit = now - int(self._settings.edi.interim_after_minutes * _MINUTE)
        due = [
            one
            for one in self._waiting.older_than(limit)
            if one.whole and one.open and one.transaction_id not in self._interim
        ]
        self._give(due, interim=True)
        return len(due)

    def _answer_complete(self) -> int:
        due = list(self._waiting.complete())
        self._give(due, interim=False)
        for transaction in due:
            self._waiting.remove(transaction)
        return len(due)

    def _give(self, due: Sequence[Transaction], interim: bool) -> None:
        """Write the answers, produce them, and remember them when they are confirmed."""
        for transaction in due:
            answer = acknowledge(transaction.records(self._codec), transaction.verdicts, interim)
            write_answers(self._folder, (answer,))
            for record in answer.records():
                self._publisher.produce(record)
        if due:
            self._publisher.confirm()
        for transaction in due:
            self._remember(self._interim if interim else self._done, transaction.transaction_id)
            EDI_ANSWERS.labels("277CA-interim" if interim else "277CA").inc()

    def _give_up(self, now: int) -> int:
        """Those that are too old get their last answer: what is known, and that the other claims were received."""
        limit = now - int(self._settings.edi.give_up_after_days * _DAY)
        due = list(self._waiting.older_than(limit))
        whole = [one for one in due if one.whole]
        self._give(whole, interim=False)
        for transaction in due:
            log.warning(
                "a transaction is waited for no more",
                transaction=transaction.transaction_id,
                claims_without_outcome=len(transaction.open),
                whole=transaction.whole,
            )
            self._waiting.remove(transaction)
        return len(whole)

    def _decoded(self, record: type[Any], message: Any) -> Any:
        try:
            return self._codec.decode(record, message.value())
        except DecodeError as error:
            log.warning("a record cannot be read", topic=message.topic(), offset=message.offset(), code=error.code)
            return None

    @staticmethod
    def _remember(into: OrderedDict[str, None], transaction_id: str) -> None:
        into[transaction_id] = None
        if len(into) > _ANSWERED_MAX:
            into.popitem(last=False)
