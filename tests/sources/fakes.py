"""A producer that keeps what it is given, and can be full, away or lossy."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from confluent_kafka import KafkaError, KafkaException

from config.settings import KafkaSettings
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.edi import EdiReceived
from schemas.topics import CLAIMS_SUBMITTED, EDI_RECEIVED
from sources.submitter import EDI_TOPICS, Submitter

CODEC = Codec()
KAFKA = KafkaSettings(bootstrap_servers="nowhere:9092")


class FakeProducer:
    """What a Submitter asks of a producer. `full`: how often the queue is full first; `left`: never confirmed."""

    def __init__(
        self,
        full: int = 0,
        left: int = 0,
        away: bool = False,
        topics: Sequence[str] = EDI_TOPICS,
        cluster: str = "the-cluster",
    ) -> None:
        self._cluster = cluster
        self.records: list[tuple[str, bytes, bytes, Sequence[tuple[str, bytes]]]] = []
        self.polls = 0
        self._full, self._left, self._away, self._topics = full, left, away, topics

    def produce(self, topic: str, value: bytes, key: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        if self._full:
            self._full -= 1
            raise BufferError
        self.records.append((topic, value, key, headers))

    def empty(self) -> None:
        """The queue has room from now on."""
        self._full = 0

    def poll(self, timeout: float) -> int:
        self.polls += 1
        return 0

    def flush(self, timeout: float) -> int:
        return self._left

    def list_topics(self, topic: str, timeout: float) -> Any:
        if self._away:
            raise KafkaException(KafkaError(KafkaError._TRANSPORT))
        known = SimpleNamespace(error=None, partitions={0: None})
        return SimpleNamespace(topics=dict.fromkeys(self._topics, known), cluster_id=self._cluster)

    @property
    def claims(self) -> list[SubmittedClaim]:
        """What was sent, decoded."""
        return [CODEC.decode(SubmittedClaim, value) for value in self._values]

    @property
    def claims_sent(self) -> dict[str, bytes]:
        """Records of claims by claim control number."""
        return {claim.claim_control_number or "": value for claim, value in zip(self.claims, self._values, strict=True)}

    @property
    def received(self) -> list[EdiReceived]:
        """What was told of files of EDI, decoded."""
        return [CODEC.decode(EdiReceived, value) for topic, value, _, _ in self.records if topic == EDI_RECEIVED]

    @property
    def _values(self) -> list[bytes]:
        return [value for topic, value, _, _ in self.records if topic == CLAIMS_SUBMITTED]


def submitter(producer: FakeProducer) -> Submitter:
    """A submitter over it."""
    return Submitter(KAFKA, producer, patience_seconds=0.01)
