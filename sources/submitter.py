"""Claims onto their topic from a file or a generator, and what EDI says of them: a bounded queue, failures counted."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

import structlog
from confluent_kafka import KafkaException, Producer

from config.clients import producer_config
from config.limits import RECORD_BYTES_MAX
from config.settings import KafkaSettings
from schemas import registry
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.edi import EdiAnswered, EdiReceived
from schemas.topics import CLAIMS_SUBMITTED, CORRELATION_HEADER, EDI_ANSWERED, EDI_RECEIVED

# What may wait for the broker; beyond it `send` waits too.
QUEUE_RECORDS_MAX = 20_000
QUEUE_KILOBYTES_MAX = 65_536
# How long a batch may wait to fill: for claims that somebody waits for, and for files of them.
LINGER_MILLISECONDS = 5
LINGER_OF_FILES_MILLISECONDS = 50
_PROBE_SECONDS = 10.0
_FULL_QUEUE_WAIT_SECONDS = 0.05
# The client's flush is deaf to signals while it runs.
_FLUSH_SECONDS = 0.5
log = structlog.get_logger(__name__)


def for_files(kafka: KafkaSettings) -> "Submitter":
    """A submitter of whole files: fewer and fuller batches."""
    return Submitter(kafka, linger_milliseconds=LINGER_OF_FILES_MILLISECONDS)


class BrokerAwayError(RuntimeError):
    """The broker or its topic cannot be reached; the text says which, and what to do."""


class ClaimTooLargeError(ValueError):
    """A claim that no record can hold."""


class ClientProducer(Protocol):
    """What is asked of a confluent producer."""

    def produce(self, topic: str, value: bytes, key: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        """Queue a record; raises BufferError when the queue is full."""

    def poll(self, timeout: float) -> int:
        """Serve delivery reports."""

    def flush(self, timeout: float) -> int:
        """Wait for what is queued; returns how many records are left."""

    def list_topics(self, topic: str, timeout: float) -> Any:
        """Metadata of a topic."""


# Topics that a file of EDI needs as well.
EDI_TOPICS = (CLAIMS_SUBMITTED, EDI_RECEIVED, EDI_ANSWERED)


class Submitter:
    """Sends claims to the topic of submitted claims, keyed by root claim, with their correlation id as a header."""

    def __init__(
        self,
        kafka: KafkaSettings,
        producer: ClientProducer | None = None,
        patience_seconds: float = 60.0,
        linger_milliseconds: int = LINGER_MILLISECONDS,
    ) -> None:
        self.sent = 0
        self.failures: Counter[str] = Counter()
        self.answers_failed: Counter[str] = Counter()
        self._servers = kafka.bootstrap_servers
        self.cluster_id = ""
        self._patience_seconds = patience_seconds
        self._noted: set[str] = set()
        self._codec = Codec(registry.for_settings(kafka))
        self._producer = producer or cast(ClientProducer, Producer(self._configured(kafka, linger_milliseconds)))

    def _configured(self, kafka: KafkaSettings, linger_milliseconds: int) -> dict[str, Any]:
        return producer_config(kafka) | {
            "linger.ms": linger_milliseconds,
            "queue.buffering.max.messages": QUEUE_RECORDS_MAX,
            "queue.buffering.max.kbytes": QUEUE_KILOBYTES_MAX,
            # Reports of success would cost more than the sending: what was sent and did not fail was delivered.
            "delivery.report.only.error": True,
            "on_delivery": self._report,
            # It would write to standard error by itself; what matters of it comes by error_cb.
            "log_level": 0,
            "error_cb": self._note,
        }

    @property
    def failed(self) -> int:
        """Records that were not delivered."""
        return sum(self.failures.values())

    def check(self, topics: Sequence[str] = (CLAIMS_SUBMITTED,)) -> None:
        """Raise BrokerAwayError unless the broker answers and has the topics; afterwards `cluster_id` names it."""
        for topic in topics:
            try:
                metadata = self._producer.list_topics(topic, timeout=_PROBE_SECONDS)
            except KafkaException as error:
                text = f"the broker at {self._servers} does not answer ({error.args[0].str()}); is it running?"
                raise BrokerAwayError(text) from None
            found = metadata.topics.get(topic)
            if found is None or found.error is not None or not found.partitions:
                text = f"the broker at {self._servers} has no topic {topic}; create it with `claims topics create`"
                raise BrokerAwayError(text)
            self.cluster_id = metadata.cluster_id or ""

    def send(self, claim: SubmittedClaim) -> None:
        """Queue a claim; waits while the queue is full. Raises ClaimTooLargeError."""
        value = self.encoded(claim)
        headers = [(CORRELATION_HEADER, (claim.correlation_id or "").encode())]
        self._produce(CLAIMS_SUBMITTED, value, claim.root_id, headers)
        self.sent += 1
        if self.sent % 256 == 0:
            self._producer.poll(0)

    def encoded(self, claim: SubmittedClaim) -> bytes:
        """The record of a claim, not sent. Raises ClaimTooLargeError."""
        value = self._codec.encode(claim)
        if len(value) > RECORD_BYTES_MAX:
            text = f"the claim has {len(value):,} bytes as a record; the limit is {RECORD_BYTES_MAX:,}"
            raise ClaimTooLargeError(text)
        return value

    def send_edi(self, record: EdiReceived | EdiAnswered) -> None:
        """Queue what was received by EDI, or an answer; waits while the queue is full."""
        topic = EDI_RECEIVED if isinstance(record, EdiReceived) else EDI_ANSWERED
        self._produce(topic, self._codec.encode(record), record.submitter_id, [])

    def _produce(self, topic: str, value: bytes, key: str, headers: Sequence[tuple[str, bytes]]) -> None:
        while True:
            try:
                self._producer.produce(topic, value=value, key=key.encode(), headers=headers)
                return
            except BufferError:
                self._producer.poll(_FULL_QUEUE_WAIT_SECONDS)

    def settle(self, hurry: Callable[[], bool] = lambda: False) -> bool:
        """Wait until the broker has confirmed all that was sent; False when a record failed or is still under way.

        Gives up when `hurry` says so: it is asked twice a second.
        """
        until = time.monotonic() + self._patience_seconds
        while (left := self._producer.flush(_FLUSH_SECONDS)) and time.monotonic() < until and not hurry():
            pass
        return left == 0 and not self.failures and not self.answers_failed

    def serve(self) -> None:
        """Serve delivery reports; call now and then while nothing is sent."""
        self._producer.poll(0)

    def close(self) -> int:
        """Wait until all is delivered or has failed; returns the number delivered."""
        self.settle()
        if left := self._producer.flush(0):
            self.failures[f"not confirmed within {self._patience_seconds:g} s"] += left
        return self.sent - self.failed

    def _note(self, error: Any) -> None:
        """Say once of each kind that something is wrong between us and the broker."""
        name = str(error.name())
        if name not in self._noted:
            self._noted.add(name)
            log.warning("trouble with the broker; it is tried again", error=name, broker=self._servers)

    def _report(self, error: Any, message: Any) -> None:
        if error is None:
            return
        failures = self.failures if message.topic() == CLAIMS_SUBMITTED else self.answers_failed
        failures[str(error.str())] += 1
