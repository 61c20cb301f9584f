"""Reads the sink's topics up to given offsets and leaves the digests of what Postgres must hold."""

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from confluent_kafka import Consumer, KafkaError, TopicPartition

from config.clients import reader_config
from config.settings import Settings
from schemas import registry
from schemas.audit import AuditRead
from schemas.codec import Codec, DecodeError
from schemas.decision import Decision, RejectedClaim
from schemas.events import BusinessEvent, DeadLetter, PaymentRequest
from schemas.topics import AUDIT_READS, CLAIMS_DECIDED, CLAIMS_EVENTS, CLAIMS_REJECTED, PAYMENT_REQUESTS
from sinks import canonical, rows, verify_people
from sinks.spill import NO_KEY, Spill
from sinks.store import Place

_OWN = ("claims", "decisions", "events", "timeline", "payment_requests", "dead_letters", "audit_reads")
CLAIMS, DECISIONS, EVENTS, TIMELINE, REQUESTS, DEAD_LETTERS, READS = range(len(_OWN))
# Kinds of entries; those of documents and people come after the others.
KINDS = _OWN + verify_people.KINDS
FIRST_OF_PEOPLE = len(_OWN)
RECORDS_AT_ONCE = 2_000
SILENCE_SECONDS_MAX = 30.0


class VerifyError(RuntimeError):
    """The comparison cannot be made; the text says why and what to do."""


def each_record(settings: Settings, offsets: Mapping[Place, int], purpose: str) -> Iterator[Any]:
    """Every committed record below the offset of its partition, in the order of each partition. Raises VerifyError."""
    left = {place: offset for place, offset in offsets.items() if offset > 0}
    consumer = Consumer(reader_config(settings.kafka, f"{settings.worker.group_prefix}.{purpose}.{uuid.uuid4()}"))
    try:
        consumer.assign([TopicPartition(*place, 0) for place in left])
        yield from _read(consumer, left)
    finally:
        consumer.close()


def _read(consumer: Consumer, left: dict[Place, int]) -> Iterator[Any]:
    heard = time.monotonic()
    while left:
        messages: Any = consumer.consume(RECORDS_AT_ONCE, 1.0)
        for message in messages:
            place = message.topic(), message.partition()
            error = message.error()
            if error is not None and error.code() != KafkaError._PARTITION_EOF:
                continue
            heard = time.monotonic()
            if place not in left:
                continue
            if error is None and message.offset() < left[place]:
                yield message
            # The end of the partition counts too: behind the last record lies the marker of its transaction.
            if error is not None or message.offset() >= left[place] - 1:
                del left[place]
                consumer.pause([TopicPartition(*place)])
        if time.monotonic() - heard > SILENCE_SECONDS_MAX:
            raise VerifyError(f"Kafka has said nothing for {SILENCE_SECONDS_MAX:g} seconds; is it up?")


class TopicReader:
    """One pass over all topics of the sink."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._codec = Codec(registry.for_settings(settings.kafka))

    def spill(self, offsets: Mapping[Place, int], into: Spill) -> None:
        """Add every committed record below the offset of its partition. Raises VerifyError."""
        with into:
            for message in each_record(self._settings, offsets, "verify"):
                self._add(message, into)

    def _add(self, message: Any, into: Spill) -> None:
        topic, value, offset = message.topic(), message.value(), message.offset()
        try:
            if topic == CLAIMS_DECIDED:
                self._decided(self._codec.decode(Decision, value), value, into)
            elif topic == CLAIMS_REJECTED:
                self._rejected(self._codec.decode(RejectedClaim, value), offset, message.timestamp()[1], into)
            elif topic == CLAIMS_EVENTS:
                self._event(self._codec.decode(BusinessEvent, value), into)
            elif topic == PAYMENT_REQUESTS:
                request = self._codec.decode(PaymentRequest, value)
                digest = canonical.digest(canonical.payment_request_parts(request))
                into.add(REQUESTS, UUID(request.claim_id).bytes, digest)
            elif topic == AUDIT_READS:
                parts = canonical.audit_read_parts(self._codec.decode(AuditRead, value))
                into.add(READS, NO_KEY, canonical.digest(parts))
            elif not verify_people.add_record(topic, value, self._codec, into, FIRST_OF_PEOPLE):
                letter = self._codec.decode(DeadLetter, value)
                parts = canonical.dead_letter_parts(letter, message.partition(), offset)
                into.add(DEAD_LETTERS, NO_KEY, canonical.digest(parts))
        except DecodeError as error:
            raise VerifyError(f"{topic}[{message.partition()}] offset {offset} cannot be read: {error}") from error

    def _decided(self, decision: Decision, value: bytes, into: Spill) -> None:
        key = UUID(decision.claim_id).bytes
        digest = canonical.digest(canonical.decision_parts(decision))
        into.add(CLAIMS, key, digest, rows.guard_of_decision(decision))
        into.add(DECISIONS, key, canonical.digest(canonical.history_parts(decision, value)))

    def _rejected(self, rejected: RejectedClaim, offset: int, at: int, into: Spill) -> None:
        key = UUID(rejected.claim_id).bytes
        digest = canonical.digest(canonical.rejection_parts(rejected, offset))
        into.add(CLAIMS, key, digest, rows.guard_of_rejection(offset))
        into.add(TIMELINE, key, canonical.digest(canonical.step_of_rejection(rejected, offset, at)))

    def _event(self, event: BusinessEvent, into: Spill) -> None:
        key = UUID(event.claim_id).bytes
        into.add(EVENTS, key, canonical.digest(canonical.event_parts(event)))
        if event.event_type.startswith("claim."):
            into.add(TIMELINE, key, canonical.digest(canonical.step_of_event(event)))
