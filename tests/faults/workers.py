"""Worker processes of the fault tests, and the topics as they stand."""

import os
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, TopicPartition

from config.clients import reader_config
from config.settings import KafkaSettings

CRASHING = Path(__file__).with_name("crashing_worker.py")
SESSION_TIMEOUT_SECONDS = 6


class Record(NamedTuple):
    """A committed record."""

    key: bytes
    value: bytes | None


class Worker:
    """A worker process with a state folder of its own."""

    def __init__(self, name: str, kafka: KafkaSettings, folder: Path, stages: str = "") -> None:
        self._stages = stages
        self.folder = folder / name
        self._log = folder / f"{name}.log"
        self._environment = {
            **os.environ,
            "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers or "",
            "CLAIMS_STATE_DIR": str(self.folder),
            "CLAIMS_WORKER__SESSION_TIMEOUT_SECONDS": str(SESSION_TIMEOUT_SECONDS),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, dies_at_write: int | None = None) -> None:
        """Start it; with `dies_at_write` it dies after that many transactions, before the state is written."""
        environment = dict(self._environment)
        if dies_at_write is not None:
            environment["DIES_AT_WRITE"] = str(dies_at_write)
        with self._log.open("ab") as log:
            command = [sys.executable, str(CRASHING), "--stages", self._stages]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self, lose_state: bool = False) -> int:
        """kill -9, the state folder with it if asked; returns the exit code."""
        assert self.process is not None
        self.process.kill()
        code = self.process.wait()
        if lose_state:
            shutil.rmtree(self.folder, ignore_errors=True)
        return code

    def stop(self) -> int:
        """Ask it to end; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=60)

    @property
    def is_alive(self) -> bool:
        """True while the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def last_words(self) -> str:
        """The end of its log: why it ended."""
        return self._log.read_text(errors="replace")[-2_000:]

    def said(self, text: str) -> bool:
        """True when its log holds the text."""
        return text in self._log.read_text(errors="replace")


def read_all(kafka: KafkaSettings, topic: str) -> dict[int, list[Record]]:
    """Every committed record of a topic, by partition, in order."""
    consumer = Consumer(reader_config(kafka, "tests.reader"))
    consumer.assign([TopicPartition(topic, partition, 0) for partition in range(kafka.partitions)])
    found: dict[int, list[Record]] = defaultdict(list)
    ended: set[int] = set()
    try:
        while len(ended) < kafka.partitions:
            for message in consumer.consume(10_000, 0.2):
                error, partition = message.error(), message.partition()
                assert partition is not None
                if error is None:
                    key = message.key()
                    assert isinstance(key, bytes)
                    found[partition].append(Record(key, message.value()))
                elif error.code() == KafkaError._PARTITION_EOF:
                    ended.add(partition)
                else:
                    raise AssertionError(error.str())
    finally:
        consumer.close()
    return found
