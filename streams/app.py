"""The faust app: agents that hand batches to sessions, on a transport of our own, without tables, web or producer."""

from collections.abc import Sequence
from typing import Any, cast

import faust
from faust.app.base import BootStrategy
from faust.types import TP
from yarl import URL

from config.settings import KafkaSettings, Settings
from streams import intake_rate
from streams.feed import Feed, FeedTransport
from streams.intake_rate import IntakeRate
from streams.records import Batch
from streams.runner import Die
from streams.session import Equipment
from streams.sessions import SessionManager
from streams.topology import TOPOLOGY_VERSION, Stage

RECORDS_A_FETCH_MAX = 4_000


class Boot(BootStrategy):
    """Starts the consumer, the agents and the sessions; faust's web server would serve data without authentication."""

    enable_web = False
    enable_kafka_producer = False


class ClaimsApp(faust.App):
    """An app of some stages of the topology."""

    BootStrategy = Boot
    stages: Sequence[Stage] = ()
    intake: IntakeRate

    def _new_transport(self) -> FeedTransport:
        return FeedTransport(self.conf.broker_consumer, self)

    @property
    def feed(self) -> Feed:
        """The consumer."""
        return cast(Feed, self.consumer)

    def batches_of(self, topic: str) -> Any:
        """The channel of the stage that reads a topic."""
        return self._channels[topic]

    def add_agents(self, stages: Sequence[Stage]) -> None:
        """One agent and channel a stage; the agent only offers, the session works."""
        self._channels: dict[str, Any] = {}
        for stage in stages:
            channel = self.channel()
            for topic in stage.reads:
                self.topics.add(self.topic(topic, value_serializer="raw", acks=False))
                self._channels[topic] = channel
            self.agent(channel, name=stage.name)(self._offer)

    async def _offer(self, stream: Any) -> None:
        batch: Batch
        async for batch in stream:
            runner = cast(SessionManager, self.tables).runner_of(batch.topic, batch.partition)
            if runner is not None:
                runner.offer(batch)

    async def resume_flow(self) -> None:
        """After an assignment: fetch again, for the sessions that ask for it."""
        self.consumer.resume_partitions(self.consumer.assignment())
        self.flow_control.resume()
        self.consumer.resume_flow()
        await self._fetcher.maybe_start()
        self.on_rebalance_end()

    async def _stop_consumer(self) -> None:
        await super()._stop_consumer()
        await self.tables.stop()


def group_of(settings: Settings, stages: Sequence[Stage]) -> str:
    """Consumer group of a role: all workers of a group subscribe alike, or partitions of a stage are split."""
    return f"{settings.worker.group_prefix}.{'-'.join(stage.name for stage in stages)}.v{TOPOLOGY_VERSION}"


def build_app(settings: Settings, stages: Sequence[Stage], equipment: Equipment, die: Die) -> ClaimsApp:
    """The app of those stages; it is run by a faust worker."""

    def sessions(app: ClaimsApp, **options: Any) -> SessionManager:
        return SessionManager(app, stages, equipment, die, **options)

    session_timeout = settings.worker.session_timeout_seconds
    intake = IntakeRate(settings.worker.claims_per_second_max)
    app = ClaimsApp(
        group_of(settings, stages),
        broker=[URL(f"kafka://{server}") for server in brokers(settings.kafka)],
        broker_credentials=credentials(settings.kafka),
        store="memory://",
        web_enabled=False,
        topic_disable_leader=True,
        autodiscover=False,
        table_standby_replicas=0,
        broker_session_timeout=session_timeout,
        broker_heartbeat_interval=max(0.3, session_timeout / 5),
        broker_request_timeout=max(40.0, session_timeout + 5),
        broker_rebalance_timeout=60.0,
        broker_max_poll_records=intake_rate.RECORDS_A_FETCH_MAX if intake.held else RECORDS_A_FETCH_MAX,
        broker_commit_interval=3600.0,
        stream_wait_empty=False,
        datadir=equipment.folder,
        TableManager=sessions,
    )
    app.intake = intake
    app.add_agents(stages)
    return app


def brokers(kafka: KafkaSettings) -> list[str]:
    """The brokers as host:port."""
    assert kafka.bootstrap_servers, "checked by config.clients before"
    return [server.strip() for server in kafka.bootstrap_servers.split(",")]


def credentials(kafka: KafkaSettings) -> Any:
    """The broker's credentials in faust's types; None for a plain connection."""
    if kafka.security_protocol == "PLAINTEXT":
        return None
    import ssl

    context = None
    if kafka.security_protocol.endswith("SSL"):
        context = ssl.create_default_context(cafile=str(kafka.ssl_ca_file) if kafka.ssl_ca_file else None)
        if kafka.ssl_certificate_file:
            context.load_cert_chain(str(kafka.ssl_certificate_file), str(kafka.ssl_key_file or "") or None)
    if kafka.security_protocol == "SSL":
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=kafka.sasl_username,
        password=kafka.sasl_password.get_secret_value() if kafka.sasl_password else None,
        mechanism=kafka.sasl_mechanism or "PLAIN",
        ssl_context=context,
    )


__all__ = ["TP", "ClaimsApp", "build_app", "group_of"]
