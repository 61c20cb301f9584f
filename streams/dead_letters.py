"""Reads what the stages set aside."""

from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings
from schemas.codec import Codec
from schemas.events import DeadLetter
from schemas.registry import for_settings
from streams.topology import STAGES

RECORDS_A_READ = 1_000


def read_all(kafka: KafkaSettings) -> Iterator[DeadLetter]:
    """Every dead letter up to now, by topic and partition in the order of their offsets."""
    codec = Codec(for_settings(kafka))
    consumer = Consumer(reader_config(kafka, "claims.dead-letters"))
    try:
        for stage in STAGES:
            for topic in stage.dead_letters:
                metadata = consumer.list_topics(topic, timeout=10).topics[topic]
                partitions = [TopicPartition(topic, number, 0) for number in metadata.partitions]
                yield from _read(consumer, partitions, codec)
    finally:
        consumer.close()


def _read(consumer: Consumer, partitions: list[TopicPartition], codec: Codec) -> Iterator[DeadLetter]:
    if not partitions:
        return
    consumer.assign(partitions)
    ended: set[int | None] = set()
    while len(ended) < len(partitions):
        for message in consumer.consume(RECORDS_A_READ, 0.05):
            error = message.error()
            if error is None:
                yield codec.decode(DeadLetter, message.value())
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            else:
                raise KafkaException(error)
