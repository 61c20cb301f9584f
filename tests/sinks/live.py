"""A sink on real services: a database of its own, records on the topics, and the sink in a thread."""

import asyncio
import contextlib
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import asyncpg
from confluent_kafka import KafkaException, Producer
from pydantic import SecretStr

from config.clients import producer_config
from config.settings import DatabaseSettings, KafkaSettings, Settings, SinkSettings, WorkerSettings
from schemas.audit import AuditRead
from schemas.codec import Codec
from schemas.decision import Decision, RejectedClaim
from schemas.events import BusinessEvent, ClaimDocument, DeadLetter, PaymentRequest, PeopleEvent
from schemas.reference import Member, Provider
from schemas.topics import (
    AUDIT_READS,
    CLAIMS_DECIDED,
    CLAIMS_EVENTS,
    CLAIMS_REJECTED,
    DOCUMENTS_STORED,
    PAYMENT_REQUESTS,
    PEOPLE_CHANGED,
    REFERENCE_MEMBERS,
    REFERENCE_PROVIDERS,
    dead_letters_of,
)
from sinks.batch import TOPICS
from sinks.ends import Ends
from sinks.run import run
from sinks.store import Place
from streams import admin

Sent = (
    Decision
    | RejectedClaim
    | BusinessEvent
    | PaymentRequest
    | DeadLetter
    | AuditRead
    | ClaimDocument
    | PeopleEvent
    | Member
    | Provider
)
SETTLED_SECONDS = 90.0
_CODEC = Codec()


def sql(url: str, statement: str, *values: object) -> list[Any]:
    """The rows of one statement."""

    async def fetched() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    return asyncio.run(fetched())


@contextlib.contextmanager
def own_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """URL of a database of its own, empty or a copy of `template`; dropped afterwards."""
    name = f"sink_{uuid.uuid4().hex}"
    sql(server_url, f'create database "{name}"' + (f' template "{template}"' if template else ""))
    try:
        yield f"{server_url.rpartition('/')[0]}/{name}"
    finally:
        sql(server_url, f'drop database if exists "{name}" with (force)')


def settings_of(bootstrap: str, url: str) -> Settings:
    """Settings with consumer groups of their own; the topics exist afterwards."""
    settings = Settings(
        _env_file=None,
        kafka=KafkaSettings(bootstrap_servers=bootstrap),
        database=DatabaseSettings(url=SecretStr(url)),
        worker=WorkerSettings(group_prefix=f"test-{uuid.uuid4().hex[:12]}"),
        sink=SinkSettings(batch_wait_seconds=0.05),
    )
    admin.create(settings.kafka)
    return settings


def send(settings: Settings, records: Iterable[Sent], commit: bool = True) -> None:
    """Put the records on their topics in one transaction, which is committed or not."""
    transactional = {"transactional.id": f"test-{uuid.uuid4()}", "log_level": 0}
    producer = Producer(producer_config(settings.kafka) | transactional)
    producer.init_transactions()
    producer.begin_transaction()
    for record in records:
        topic, key = _address(record)
        producer.produce(topic, _CODEC.encode(record), key)
    producer.flush()
    producer.commit_transaction() if commit else producer.abort_transaction()


def _address(record: Sent) -> tuple[str, str]:
    match record:
        case Decision():
            return CLAIMS_DECIDED, record.coverage_id
        case RejectedClaim():
            return CLAIMS_REJECTED, record.root_id
        case BusinessEvent():
            return CLAIMS_EVENTS, record.claim_id
        case PaymentRequest():
            return PAYMENT_REQUESTS, record.coverage_id
        case AuditRead():
            return AUDIT_READS, record.claim_id or record.subject
        case ClaimDocument():
            return DOCUMENTS_STORED, record.root_id
        case PeopleEvent():
            return PEOPLE_CHANGED, record.record_id
        case Member():
            return REFERENCE_MEMBERS, f"{record.member_id}|{record.release}"
        case Provider():
            return REFERENCE_PROVIDERS, f"{record.provider_id}|{record.release}"
        case DeadLetter():
            return dead_letters_of(record.topic), "key"


class RunningSink:
    """`sinks.run.run` in a thread; `error` is what it raised."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.error: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            run(self.settings, self._stop)
        except BaseException as error:
            self.error = error

    def settle(self) -> None:
        """Wait until all that is on the topics now is in Postgres."""
        assert self.settings.database.url is not None
        url = self.settings.database.url.get_secret_value()
        until = time.monotonic() + SETTLED_SECONDS
        wanted = self._ends(until)
        while True:
            stored = {(row[0], row[1]): row[2] for row in sql(url, "select * from sink_offsets")}
            if all(stored.get(place, 0) >= end for place, end in wanted.items()):
                return
            assert self.error is None, self.error
            assert time.monotonic() < until, "the sink has not written everything in time"
            time.sleep(0.1)

    def _ends(self, until: float) -> dict[Place, int]:
        ends = Ends(self.settings.kafka)
        while True:
            try:
                return ends.of(ends.places(TOPICS))
            except KafkaException:
                # Topics that were created a moment ago have no leader yet.
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def ended(self, seconds: float = 30.0) -> BaseException | None:
        """Wait until it has ended by itself; returns what it raised."""
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the sink goes on"
        return self.error

    def stop(self) -> BaseException | None:
        """Stop it politely; returns what it raised."""
        self._stop.set()
        return self.ended()


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[RunningSink]:
    """A sink, stopped afterwards."""
    sink = RunningSink(settings)
    try:
        yield sink
    finally:
        sink.stop()
