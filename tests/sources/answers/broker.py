"""A broker with the topics of EDI: files received, what the engine made of their claims, and the answers given."""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

from config.clients import producer_config, reader_config
from config.settings import EdiSettings, KafkaSettings, Settings, WorkerSettings
from schemas import topics
from schemas.claim import Identifier, SubmittedClaim
from schemas.codec import Codec
from schemas.edi import EdiAnswered, EdiReceived
from sources.answers.outcomes import OUTCOME_TOPICS
from streams import admin
from streams.driver import Driver
from tests.agents.world import member, world

CODEC = Codec()
KNOWN = "ACM0000001"


def settings_of(bootstrap: str, **edi: Any) -> Settings:
    """Settings with a group of its own that has read all that other tests left on edi.received."""
    settings = Settings(
        _env_file=None,
        kafka=KafkaSettings(bootstrap_servers=bootstrap),
        worker=WorkerSettings(group_prefix=f"test-{uuid.uuid4().hex[:12]}"),
        edi=EdiSettings(**edi),
    )
    admin.create(settings.kafka)
    consumer = Consumer(reader_config(settings.kafka, f"{settings.worker.group_prefix}.edi-answers"))
    ends = [
        TopicPartition(topics.EDI_RECEIVED, partition, _end(consumer, partition))
        for partition in range(settings.kafka.partitions)
    ]
    consumer.commit(offsets=ends, asynchronous=False)
    consumer.close()
    return settings


def _end(consumer: Consumer, partition: int) -> int:
    """The end of a partition, as soon as a topic made just now has a leader."""
    until = time.monotonic() + 10
    while True:
        try:
            _, end = consumer.get_watermark_offsets(TopicPartition(topics.EDI_RECEIVED, partition), timeout=10)
        except KafkaException:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return int(end)


def chain() -> Driver:
    """The engine in memory: it knows the member whose number is KNOWN, and the provider of the files."""
    return world(members=[replace(member("M9"), identifiers=(Identifier("member_number", KNOWN),))])


@dataclass
class Engine:
    """Judges claims by the stages of the engine, and puts what comes out on the topics when it is told to."""

    settings: Settings
    driver: Driver = field(default_factory=chain)
    sent: dict[str, int] = field(default_factory=dict)

    def judge(self, claims: Iterable[SubmittedClaim]) -> None:
        """Take claims as if they came from their topic, and tell what became of them."""
        for one in claims:
            self.driver.pipe(topics.CLAIMS_SUBMITTED, one.root_id, one)
        self.tell()

    def tell(self) -> None:
        """Produce outcomes that were not produced yet."""
        producer = Producer(producer_config(self.settings.kafka))
        for topic in OUTCOME_TOPICS:
            outputs = self.driver.outputs.get(topic, [])
            for output in outputs[self.sent.get(topic, 0) :]:
                producer.produce(topic, output.value, output.key)
            self.sent[topic] = len(outputs)
        assert producer.flush(30) == 0


def produce(settings: Settings, records: Sequence[EdiReceived], raw: Sequence[bytes] = ()) -> None:
    """Put transactions on edi.received."""
    producer = Producer(producer_config(settings.kafka))
    for value in raw:
        producer.produce(topics.EDI_RECEIVED, value, b"SUB1")
    for record in records:
        producer.produce(topics.EDI_RECEIVED, CODEC.encode(record), record.submitter_id.encode())
    assert producer.flush(30) == 0


def answered(settings: Settings, transaction_id: str) -> list[EdiAnswered]:
    """All answers to a transaction on edi.answered."""
    consumer = Consumer(reader_config(settings.kafka, f"{uuid.uuid4()}"))
    partitions = range(settings.kafka.partitions)
    consumer.assign([TopicPartition(topics.EDI_ANSWERED, partition, 0) for partition in partitions])
    found: list[EdiAnswered] = []
    ended: set[int] = set()
    while len(ended) < settings.kafka.partitions:
        message: Any = consumer.poll(10)
        assert message is not None, "the broker answers within ten seconds"
        if message.error():
            ended.add(message.partition())
        else:
            found.append(CODEC.decode(EdiAnswered, message.value()))
    consumer.close()
    return [one for one in found if one.transaction_id == transaction_id]
