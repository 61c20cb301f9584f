"""Topics: what must exist, creating what is missing, and refusing what is wrong."""

import time
from dataclasses import dataclass

import structlog
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]

from config.clients import client_config
from config.limits import RECORD_BYTES_MAX, STAGE_RECORD_BYTES_MAX
from config.settings import KafkaSettings
from schemas.topics import TOPICS
from streams.topology import STAGES

log = structlog.get_logger(__name__)
DELETIONS_KEPT_MILLISECONDS = 7 * 86_400_000
BROKER_REPORT_SECONDS = 10.0
TOPIC_BYTES_MAX = RECORD_BYTES_MAX + 148_576
WRITTEN_OUTSIDE = frozenset(topic for stage in STAGES if stage.outside for topic in stage.reads)


class TopicsError(RuntimeError):
    """Topics are missing or have the wrong partition count; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """A topic as it must be."""

    name: str
    partitions: int
    compacted: bool


def planned(kafka: KafkaSettings) -> list[TopicPlan]:
    """Every topic of the topology: claims, reference data, changelogs and dead letters."""
    plans = [TopicPlan(t.name, kafka.partitions if t.partitioned_as == "chain" else 1, t.compacted) for t in TOPICS]
    for stage in STAGES:
        plans.append(TopicPlan(stage.changelog, kafka.partitions, compacted=True))
        plans.extend(TopicPlan(name, kafka.partitions, compacted=False) for name in stage.dead_letters)
    return plans


def existing(kafka: KafkaSettings, timeout_seconds: float = 10) -> dict[str, int]:
    """Partition count of every topic on the broker; raises KafkaException when it cannot be reached."""
    metadata = AdminClient(client_config(kafka)).list_topics(timeout=timeout_seconds)
    return {name: len(topic.partitions) for name, topic in metadata.topics.items()}


def wrong(kafka: KafkaSettings, found: dict[str, int]) -> list[str]:
    """What is missing or has another partition count than planned, a line each."""
    problems = []
    for plan in planned(kafka):
        if plan.name not in found:
            problems.append(f"topic {plan.name} is missing; run `claims topics create`")
        elif found[plan.name] != plan.partitions:
            problems.append(
                f"topic {plan.name} has {found[plan.name]} partitions, the settings say {plan.partitions}; "
                f"set CLAIMS_KAFKA__PARTITIONS={found[plan.name]}: the count is fixed once claims are in"
            )
    return problems


def create(kafka: KafkaSettings) -> list[str]:
    """Create what is missing; returns the names created. Raises TopicsError for a wrong partition count."""
    found = existing(kafka)
    missing = [plan for plan in planned(kafka) if plan.name not in found]
    admin = AdminClient(client_config(kafka))
    futures = admin.create_topics([_new(plan, kafka) for plan in missing]) if missing else {}
    for name, future in futures.items():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].name() != "TOPIC_ALREADY_EXISTS":
                raise TopicsError(f"topic {name} cannot be created: {error.args[0].str()}") from error
    problems = wrong(kafka, _settled(kafka, {plan.name for plan in missing}))
    if problems:
        raise TopicsError("\n".join(problems))
    return sorted(futures)


def wait_for_broker(kafka: KafkaSettings) -> dict[str, int]:
    """Topics of the broker as soon as it answers; says every ten seconds what is waited for."""
    reported = 0.0
    while True:
        try:
            return existing(kafka, timeout_seconds=5)
        except KafkaException as error:
            now = time.monotonic()
            if now - reported > BROKER_REPORT_SECONDS:
                reported = now
                log.warning("waiting for Kafka", servers=kafka.bootstrap_servers, error=error.args[0].name())
            time.sleep(0.5)


def wait_for_topics(kafka: KafkaSettings) -> None:
    """Return when the broker answers and all topics are as planned; says what it waits for."""
    reported = 0.0
    while True:
        problems = wrong(kafka, wait_for_broker(kafka))
        if not problems:
            return
        if not any("missing" in problem for problem in problems):
            raise TopicsError("\n".join(problems))
        now = time.monotonic()
        if now - reported > BROKER_REPORT_SECONDS:
            reported = now
            log.warning("waiting for topics; create them with `claims topics create`", missing=len(problems))
        time.sleep(0.5)


def _settled(kafka: KafkaSettings, names: set[str]) -> dict[str, int]:
    until = time.monotonic() + 10
    found = existing(kafka)
    while not names <= found.keys() and time.monotonic() < until:
        time.sleep(0.1)
        found = existing(kafka)
    return found


def _new(plan: TopicPlan, kafka: KafkaSettings) -> NewTopic:
    most = TOPIC_BYTES_MAX if plan.name in WRITTEN_OUTSIDE else STAGE_RECORD_BYTES_MAX + TOPIC_BYTES_MAX
    config = {
        "min.insync.replicas": str(kafka.min_insync_replicas),
        "max.message.bytes": str(most),
        # Claims and their history are kept for ever; what may go is decided by a person, not by a default.
        "retention.ms": "-1",
    }
    if plan.compacted:
        config |= {"cleanup.policy": "compact", "delete.retention.ms": str(DELETIONS_KEPT_MILLISECONDS)}
    return NewTopic(plan.name, plan.partitions, kafka.replication_factor, config=config)
