"""Turns records from topics into the rows of one transaction: the newest state of each claim, every step and event."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from config.sealing import Sealer
from schemas.accounts import posted_by
from schemas.audit import AuditRead
from schemas.codec import Codec, DecodeError
from schemas.decision import Decision, RejectedClaim
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.money import MoneyError, exponent_of
from schemas.topics import (
    ADJUDICATION_EVENTS,
    AUDIT_READS,
    AUTHORIZATION_EVENTS,
    CLAIMS_ADJUDICATED,
    CLAIMS_AUTHORIZED,
    CLAIMS_COMMANDS,
    CLAIMS_DECIDED,
    CLAIMS_EVENTS,
    CLAIMS_REJECTED,
    CLAIMS_SUBMITTED,
    CLAIMS_VALIDATED,
    PAYMENT_EVENTS,
    PAYMENT_REQUESTS,
    dead_letters_of,
)
from sinks import people, rows, staging
from sinks.people import PeopleRows
from sinks.rows import DecisionKey, Guard, Row, TimelineKey
from sinks.staging import Staging

_READ_BY_STAGES = (
    CLAIMS_SUBMITTED, CLAIMS_COMMANDS, AUTHORIZATION_EVENTS, ADJUDICATION_EVENTS, PAYMENT_EVENTS, CLAIMS_VALIDATED,
    CLAIMS_AUTHORIZED, CLAIMS_ADJUDICATED,
)  # fmt: skip
DEAD_LETTER_TOPICS = tuple(dead_letters_of(topic) for topic in _READ_BY_STAGES)
TOPICS = (
    CLAIMS_DECIDED,
    CLAIMS_REJECTED,
    CLAIMS_EVENTS,
    PAYMENT_REQUESTS,
    AUDIT_READS,
    *people.TOPICS,
    *DEAD_LETTER_TOPICS,
)
# Of a decision: its currency, and what it posts to the trial balance by account.
Posting = tuple[str, Mapping[str, int]]


class PoisonError(RuntimeError):
    """A record of the engine's own that the sink cannot take: a bug, which a person must see before more is written."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came: its place, the time it was written (milliseconds), its bytes."""

    topic: str
    partition: int
    offset: int
    at: int
    value: bytes | None


@dataclass(slots=True)
class Rows:
    """The rows of one transaction, by staging table, and what each decision among them posts."""

    tables: dict[Staging, list[Row]] = field(default_factory=dict)
    postings: Mapping[DecisionKey, Posting] = field(default_factory=dict)

    def of(self, table: Staging) -> list[Row]:
        """The rows of a table, to add to."""
        return self.tables.setdefault(table, [])

    def without_nul(self) -> "Rows":
        """The same rows without U+0000 in their texts."""
        shown = {table: [rows.without_nul(row) for row in found] for table, found in self.tables.items()}
        return Rows(shown, self.postings)

    def posted(self, keys: Iterable[DecisionKey] | None = None) -> dict[tuple[str, str], int]:
        """Minor units by currency and account, of the decisions named or of all, in the order of the table's key."""
        found: dict[tuple[str, str], int] = {}
        for currency, accounts in self.postings.values() if keys is None else (self.postings[key] for key in keys):
            for account, amount in accounts.items():
                found[currency, account] = found.get((currency, account), 0) + amount
        return {key: found[key] for key in sorted(found) if found[key]}


class Batch:
    """Collects records, whatever their order, into rows that are unique by their keys; seals what dead letters hold."""

    def __init__(self, codec: Codec, sealer: Sealer) -> None:
        self._codec = codec
        self._sealer = sealer
        self._people = PeopleRows(codec, sealer)
        self._claims: dict[str, tuple[Guard, Decision | RejectedClaim, Record]] = {}
        self._timeline: dict[TimelineKey, Row] = {}
        self._decisions: dict[DecisionKey, Row] = {}
        self._postings: dict[DecisionKey, Posting] = {}
        self._rows = Rows()
        self._take: dict[str, Callable[[Record], None]] = {
            CLAIMS_DECIDED: self._decided,
            CLAIMS_REJECTED: self._rejected,
            CLAIMS_EVENTS: self._event,
            PAYMENT_REQUESTS: self._payment_request,
            AUDIT_READS: self._audit_read,
            **dict.fromkeys(people.TOPICS, self._person),
            **dict.fromkeys(DEAD_LETTER_TOPICS, self._dead_letter),
        }

    def add(self, record: Record) -> None:
        """Take a record; raises PoisonError for one that cannot be a row."""
        try:
            self._take[record.topic](record)
        except (DecodeError, MoneyError, KeyError, OverflowError, AssertionError) as error:
            # The texts of these errors name faults and codes, never what a record holds.
            raise PoisonError(
                f"{record.topic}[{record.partition}] offset {record.offset} cannot be written to Postgres: {error}. "
                "The sink stops here and loses nothing. Does another program write to this topic, or a newer release? "
                "Start the sink of that release, or correct the topic."
            ) from error

    def rows(self) -> Rows:
        """All rows; lines and adjustments only of the newest state of each claim."""
        made = Rows(self._rows.tables | self._people.tables(), self._postings)
        if self._claims:
            claims, lines, adjustments = made.of(staging.CLAIMS), made.of(staging.LINES), made.of(staging.ADJUSTMENTS)
            for _, claim, record in self._claims.values():
                if isinstance(claim, Decision):
                    claims.append(rows.decided_claim(claim, record.at))
                    rows.lines_of(claim, lines, adjustments)
                else:
                    claims.append(rows.rejected_claim(claim, record.offset, record.at))
        if self._decisions:
            made.of(staging.DECISIONS).extend(self._decisions.values())
        if self._timeline:
            made.of(staging.TIMELINE).extend(self._timeline.values())
        return made

    def _decided(self, record: Record) -> None:
        decision = self._codec.decode(Decision, record.value)
        exponent_of(decision.currency)
        self._newest(rows.guard_of_decision(decision), decision, record)
        self._received(decision)
        assert record.value is not None, "a record that was decoded has bytes"
        key, row = rows.decision_row(decision, record.value, record.at)
        if key not in self._decisions:
            self._decisions[key] = row
            self._postings[key] = decision.currency, posted_by(decision)

    def _rejected(self, record: Record) -> None:
        rejected = self._codec.decode(RejectedClaim, record.value)
        exponent_of(rejected.currency)
        self._newest(rows.guard_of_rejection(record.offset), rejected, record)
        self._received(rejected)
        key, row = rows.timeline_of_rejection(rejected, record.offset, record.at)
        self._timeline[key] = row

    def _event(self, record: Record) -> None:
        event = self._codec.decode(BusinessEvent, record.value)
        self._rows.of(staging.EVENTS).append(rows.event(event))
        if rows.is_step(event):
            key, row = rows.timeline_of_event(event)
            self._timeline.setdefault(key, row)

    def _payment_request(self, record: Record) -> None:
        request = self._codec.decode(PaymentRequest, record.value)
        self._rows.of(staging.PAYMENT_REQUESTS).append(rows.payment_request(request))

    def _dead_letter(self, record: Record) -> None:
        letter = self._codec.decode(DeadLetter, record.value)
        row = rows.dead_letter(letter, record.partition, record.offset, self._sealer)
        self._rows.of(staging.DEAD_LETTERS).append(row)

    def _person(self, record: Record) -> None:
        self._people.add(record.topic, record.value)

    def _audit_read(self, record: Record) -> None:
        read = self._codec.decode(AuditRead, record.value)
        self._rows.of(staging.AUDIT_READS).append(rows.audit_read(read))

    def _newest(self, guard: Guard, claim: Decision | RejectedClaim, record: Record) -> None:
        known = self._claims.get(claim.claim_id)
        if known is None or guard > known[0]:
            self._claims[claim.claim_id] = (guard, claim, record)

    def _received(self, claim: Decision | RejectedClaim) -> None:
        key, row = rows.timeline_of_receipt(claim)
        known = self._timeline.get(key)
        if known is None or row[-1] < known[-1]:
            self._timeline[key] = row
