"""The producer without a broker: the outcome is unknown, said in time, and readiness tells why."""

import asyncio
import socket

import pytest
from confluent_kafka import KafkaError

from api.producer import KafkaPublisher, OutcomeUnknown, RecordTooLargeError, _fault_of
from config.settings import KafkaSettings


def nobody() -> KafkaSettings:
    """A broker that is not there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return KafkaSettings(bootstrap_servers=f"127.0.0.1:{held.getsockname()[1]}")


async def test_without_a_broker_the_outcome_is_unknown() -> None:
    publisher = KafkaPublisher(nobody(), delivery_seconds=0.3)
    try:
        with pytest.raises(OutcomeUnknown):
            await publisher.publish("claims.submitted", b"key", b"value", {"correlation_id": b"trace-1"})
        fault = await publisher.fault("claims.submitted")
        assert fault is not None
        assert "check KAFKA_BOOTSTRAP_SERVERS" in fault
    finally:
        await publisher.close()


async def test_a_record_larger_than_any_is_refused_at_once() -> None:
    publisher = KafkaPublisher(nobody(), delivery_seconds=0.3)
    try:
        with pytest.raises(RecordTooLargeError):
            await publisher.publish("claims.submitted", b"key", b"x" * 2_000_000, {})
    finally:
        await publisher.close()


async def test_a_producer_that_failed_for_good_is_replaced() -> None:
    publisher = KafkaPublisher(nobody(), delivery_seconds=0.2)
    try:
        first = publisher._producer
        publisher._on_error(KafkaError(KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER, "lost", fatal=True))
        with pytest.raises(OutcomeUnknown):
            await publisher.publish("claims.submitted", b"key", b"value", {})
        assert publisher._producer is not first
    finally:
        await publisher.close()


async def test_of_many_records_each_is_told_whether_it_is_known_to_have_arrived() -> None:
    publisher = KafkaPublisher(nobody(), delivery_seconds=0.2)
    try:
        records = [(b"key", b"value", {"correlation_id": b"trace-1"}), (b"key", b"x" * 2_000_000, {})]
        assert await publisher.publish_all("audit.reads", records) == [False, False]
        assert await publisher.publish_all("audit.reads", []) == []
    finally:
        await publisher.close()


async def test_a_report_after_the_wait_is_dropped() -> None:
    from api.producer import _report_to

    delivered: asyncio.Future[KafkaError | None] = asyncio.get_running_loop().create_future()
    report = _report_to(asyncio.get_running_loop(), delivered)
    delivered.cancel()
    report(None, None)  # type: ignore[arg-type]
    await asyncio.sleep(0)


def test_a_producer_needs_the_name_of_a_broker() -> None:
    with pytest.raises(ValueError, match="set KAFKA_BOOTSTRAP_SERVERS"):
        KafkaPublisher(KafkaSettings())


def test_what_the_broker_says() -> None:
    assert isinstance(_fault_of(KafkaError(KafkaError.MSG_SIZE_TOO_LARGE)), RecordTooLargeError)
    assert isinstance(_fault_of(KafkaError(KafkaError.NOT_ENOUGH_REPLICAS)), OutcomeUnknown)
