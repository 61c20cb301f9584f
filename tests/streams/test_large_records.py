"""What a stage writes may be larger than what it reads: decisions of many lines, the state that keeps them."""

from types import SimpleNamespace
from typing import cast

from confluent_kafka.admin import AdminClient

from config.clients import client_config
from config.limits import STAGE_RECORD_BYTES_MAX
from config.settings import KafkaSettings
from streams.admin import TopicPlan, _new
from streams.changelog import load_tail
from streams.records import Output
from streams.rocks import RocksStore
from streams.state import MemoryStore
from streams.transactions import Transactions

LARGE = b"x" * (STAGE_RECORD_BYTES_MAX - 1_000)
# Topics of its own, made as those of stages are: other tests read theirs.
CHANGELOG, OUTPUTS = "large-records.changelog", "large-records.outputs"


def test_outputs_and_state_of_many_megabytes_are_written_and_read_again(services: SimpleNamespace) -> None:
    kafka = KafkaSettings(bootstrap_servers=services.kafka_bootstrap, partitions=1)
    client = AdminClient(client_config(kafka))
    made = client.create_topics(
        [_new(TopicPlan(name, 1, compacted=name == CHANGELOG), kafka) for name in (CHANGELOG, OUTPUTS)]
    )
    for future in made.values():
        future.result()
    transactions = Transactions(kafka, "large-records", CHANGELOG, 0, 60.0)
    transactions.commit([Output(OUTPUTS, b"key", LARGE)], [(b"large", LARGE), (b"progress", b"1")])
    transactions.close()
    # The next owner fences the first, and reads what it left.
    transactions = Transactions(kafka, "large-records", CHANGELOG, 0, 60.0)
    store = cast(RocksStore, MemoryStore())
    load_tail(kafka, CHANGELOG, 0, store)
    assert store.get(b"large") == LARGE
    transactions.close()
