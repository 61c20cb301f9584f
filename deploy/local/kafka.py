"""Apache Kafka as one KRaft node, broker and controller in one process."""

from __future__ import annotations

import base64
import logging
import os
import shutil
import signal
import socket
import uuid
from pathlib import Path
from string import Template

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from deploy.local.artifacts import INSTALL, fetch_jars, kafka_version, read_lock
from deploy.local.guarded import run_guarded
from deploy.local.guardian import Charge
from deploy.local.java import find_java
from deploy.local.ports import LOOPBACK, choose_port
from deploy.local.service import LocalService

HEAP = "512m"
FORMAT_SECONDS = 60.0
GRACE_SECONDS = 15.0
CONNECT_SECONDS = 0.2
METADATA_SECONDS = 2.0
MAX_CONSOLE_BYTES = 5_000_000
TEMPLATES = Path(__file__).parent


class KafkaBroker(LocalService):
    """The embedded broker. Its address is 127.0.0.1:`port`, without TLS and SASL."""

    name = "Kafka"
    install = INSTALL

    @property
    def log(self) -> Path:
        """What the JVM says on its console; the broker's own log is logs/kafka.log beside it."""
        return self.folder / "console.log"

    def version(self) -> str:
        """The version in the lock file."""
        return kafka_version(read_lock())

    def ports(self) -> list[int]:
        """The broker's and the controller's."""
        return [self.port, self._controller_port]

    def prepare(self, lock: int) -> Charge:
        """Write the configuration for today's ports; format the storage when it is new."""
        java = find_java()
        self._jars = fetch_jars(self.announce)
        self._controller_port = choose_port(self.folder / "controller.port")
        self._cluster_id = self._remembered_cluster_id()
        template = Template((TEMPLATES / "server.properties").read_text())
        ports = {"port": self.port, "controller_port": self._controller_port}
        (self.folder / "server.properties").write_text(template.substitute(ports))
        shutil.copyfile(TEMPLATES / "log4j2.properties", self.folder / "log4j2.properties")
        if self.log.exists() and self.log.stat().st_size > MAX_CONSOLE_BYTES:
            self.log.unlink()
        # Written last by the formatter, so a formatting that was interrupted is done again.
        if not (self.folder / "data" / "meta.properties").exists():
            shutil.rmtree(self.folder / "data", ignore_errors=True)
            arguments = ["format", "-t", self._cluster_id, "-c", "server.properties"]
            formatting = self._charge(java, ["kafka.tools.StorageTool", *arguments], lock)
            run_guarded(formatting, self.environment(), FORMAT_SECONDS)
        return self._charge(java, ["kafka.Kafka", "server.properties"], lock)

    def environment(self) -> dict[str, str]:
        """This process's, and the jars."""
        return {**os.environ, "CLASSPATH": os.pathsep.join(map(str, self._jars))}

    def answers(self) -> bool:
        """Whether the broker of our cluster is registered and not fenced."""
        try:
            with socket.create_connection((LOOPBACK, self.port), CONNECT_SECONDS):
                pass
            quiet = logging.getLogger("deploy.local.kafka.probe")
            quiet.setLevel(logging.CRITICAL)
            client = AdminClient({"bootstrap.servers": f"{LOOPBACK}:{self.port}", "log_level": 0}, logger=quiet)
            metadata = client.list_topics(timeout=METADATA_SECONDS)
        except (OSError, KafkaException):
            return False
        return bool(metadata.brokers) and metadata.cluster_id == self._cluster_id

    def _charge(self, java: Path, main: list[str], lock: int) -> Charge:
        options = [f"-Xmx{HEAP}", "-Xms128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]
        options += ["-Djava.awt.headless=true", "-Dlog4j2.configurationFile=log4j2.properties"]
        return Charge(
            command=[str(java), *options, *main],
            # Paths in the configuration are relative to this folder: Kafka would split an absolute one at a comma.
            folder=str(self.folder),
            log=str(self.log),
            parent=os.getpid(),
            stop_signal=signal.SIGTERM,
            grace_seconds=GRACE_SECONDS,
            held_descriptors=[lock],
        )

    def _remembered_cluster_id(self) -> str:
        """Kept apart from the data: the formatter is told the same one again after an interruption."""
        path = self.folder / "cluster.id"
        if not path.exists() or not path.read_text().strip():
            # Kafka's own form of a UUID. A leading dash would look like an option to the formatter.
            encoded = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").lstrip("-").ljust(22, "A")
            path.write_text(encoded + "\n")
        return path.read_text().strip()
