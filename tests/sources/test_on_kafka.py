"""The sources against a real broker: what they say was delivered is on the topic, once, keyed and readable."""

from types import SimpleNamespace

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings, Settings
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.topics import CLAIMS_SUBMITTED
from sources.generate.pump import pump
from sources.generate.spec import SAMPLE_REFERENCE, Spec
from sources.replay.run import Options, replay
from sources.submitter import BrokerAwayError, Submitter
from streams import admin

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(services: SimpleNamespace) -> Settings:
    made = Settings(kafka=KafkaSettings(bootstrap_servers=services.kafka_bootstrap))
    admin.create(made.kafka)
    return made


def on_topic(settings: Settings) -> list[Message]:
    """All records of the topic."""
    consumer = Consumer(reader_config(settings.kafka, "test-sources"))
    partitions = range(settings.kafka.partitions)
    consumer.assign([TopicPartition(CLAIMS_SUBMITTED, partition, OFFSET_BEGINNING) for partition in partitions])
    found: list[Message] = []
    ended: set[int | None] = set()
    while len(ended) < settings.kafka.partitions:
        message = consumer.poll(10)
        assert message is not None, "the broker answers within ten seconds"
        if message.error():
            ended.add(message.partition())
        else:
            found.append(message)
    consumer.close()
    return found


def test_generated_claims(settings: Settings) -> None:
    before = len(on_topic(settings))
    result = pump(settings, Spec(seed=11, members=200), count=2_000)
    assert (result.sent, result.delivered, result.failed) == (2_000, 2_000, 0)
    messages = on_topic(settings)[before:]
    assert len(messages) == 2_000
    codec = Codec()
    for message in messages[:50]:
        claim = codec.decode(SubmittedClaim, message.value())
        assert message.key() == claim.root_id.encode()
        assert message.headers() == [("correlation_id", (claim.correlation_id or "").encode())]


def test_replayed_files(settings: Settings) -> None:
    before = len(on_topic(settings))
    folder = SAMPLE_REFERENCE.parent
    summary = replay([folder / "claims-837p.edi", folder / "claims.jsonl"], settings, Options())
    assert (summary.claims, summary.delivered, summary.unsent) == (41, 36, 5)
    assert len(on_topic(settings)) - before == 36


def test_a_broker_that_is_not_there() -> None:
    away = KafkaSettings(bootstrap_servers="127.0.0.1:9")
    with pytest.raises(BrokerAwayError, match="does not answer"):
        Submitter(away).check()
