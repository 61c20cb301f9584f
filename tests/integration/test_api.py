"""The service on a real broker and a real database."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import aiohttp
import asyncpg
import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from api.app import create_app
from api.producer import KafkaPublisher
from config.clients import client_config, reader_config
from config.settings import KafkaSettings
from schemas.codec import Codec
from schemas.topics import CLAIMS_COMMANDS, CLAIMS_DECIDED, CLAIMS_EVENTS, CLAIMS_SUBMITTED, record_of
from sinks.batch import Batch, Record
from sinks.store import Store
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, bearer, claim_json
from tests.integration.api_process import (
    answers,
    api_process,
    create_database,
    create_tables,
    named_database,
    settings_of,
)  # fmt: skip
from tests.sinks import records as samples

pytestmark = pytest.mark.integration
PATH = "/api/v1/claims"


def a_claim(**changes: Any) -> dict[str, Any]:
    """A claim that no other test has sent."""
    return claim_json(claimNumber=f"A-{uuid.uuid4()}") | changes


async def sql(url: str, statement: str, *values: object) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


def records(broker: str, key: str, topic: str = CLAIMS_SUBMITTED) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The records on the topic with this key, with their headers."""
    consumer = Consumer(reader_config(KafkaSettings(bootstrap_servers=broker), f"test-{uuid.uuid4()}"))
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, 0) for number in partitions])
        ended = 0
        while ended < len(partitions):
            message = consumer.poll(10)
            assert message is not None
            if message.error() is not None:
                ended += 1
            elif message.key() == key.encode():
                yield Codec().decode(record_of(topic), message.value()), dict(message.headers() or [])
    finally:
        consumer.close()


async def test_a_claim_accepted_by_one_process_is_visible_at_once_from_another(broker: str, database: str) -> None:
    with api_process(broker, database) as one, api_process(broker, database) as other:
        await answers(one)
        await answers(other)
        async with aiohttp.ClientSession(headers=ADMIN) as client:
            for _ in range(20):
                claim = a_claim()
                async with client.post(one + PATH, json=claim) as response:
                    accepted = await response.json()
                    assert response.status == 201, accepted
                    location = response.headers["Location"]
                async with client.get(other + location) as response:
                    seen = await response.json()
                    assert (response.status, seen["status"], seen["substatus"]) == (200, "submitted", "received")
                assert (seen["id"], seen["claimNumber"]) == (accepted["id"], accepted["claimNumber"])
                assert seen["items"][0]["serviceCode"] == "99213"
            async with client.get(other + location + "/timeline") as response:
                assert [step["substatus"] for step in (await response.json())["timeline"]] == ["received"]
            async with client.post(other + PATH, json=claim) as response:
                assert (response.status, (await response.json())["id"]) == (201, accepted["id"])
            async with client.post(other + PATH, json=claim | {"serviceDate": "2026-01-16"}) as response:
                assert response.status == 409


async def test_what_names_a_replacement_goes_to_the_original(client: Client, broker: str) -> None:
    first, second = a_claim(), a_claim(frequencyCode="7")
    third = a_claim(frequencyCode="7", originalReference=second["claimNumber"])
    original = await (await client.post(PATH, json=first, headers=ADMIN)).json()
    for claim in (second | {"originalReference": first["claimNumber"]}, third):
        response = await client.post(PATH, json=claim, headers=ADMIN)
        assert (response.status, (await response.json())["claimNumber"]) == (201, original["claimNumber"])
    assert [claim.claim_control_number for claim, _ in records(broker, original["id"])] == [
        one["claimNumber"] for one in (first, second, third)
    ]


async def test_what_is_on_the_topic_once_the_caller_has_201(client: Client, broker: str) -> None:
    headers = ADMIN | {"X-Correlation-ID": "trace-1"}
    accepted = await (await client.post(PATH, json=a_claim(), headers=headers)).json()
    found = list(records(broker, accepted["id"]))
    assert [headers for _, headers in found] == [{"correlation_id": b"trace-1"}]
    claim = found[0][0]
    assert (claim.claim_id, claim.correlation_id, claim.total_charge) == (accepted["id"], "trace-1", 15_000)


async def test_of_many_records_at_once_each_arrives_or_is_known_not_to(broker: str) -> None:
    settings = KafkaSettings(bootstrap_servers=broker)
    admin = AdminClient(client_config(settings))
    admin.create_topics([NewTopic("tests.many", 2, 1)])["tests.many"].result(20)
    publisher = KafkaPublisher(settings)
    try:
        given = [(b"one", b"1", {}), (b"large", b"x" * 3_000_000, {}), (b"two", b"2", {"correlation_id": b"t"})]
        assert await publisher.publish_all("tests.many", given) == [True, False, True]
    finally:
        await publisher.close()


async def test_a_missing_topic_is_named_with_the_way_to_it(broker: str) -> None:
    publisher = KafkaPublisher(KafkaSettings(bootstrap_servers=broker), delivery_seconds=1)
    fault = await publisher.fault("claims.nowhere")
    await publisher.close()
    assert fault == (
        "topic claims.nowhere cannot be used (UNKNOWN_TOPIC_OR_PART); create the topics with: claims topics create"
    )


async def test_ready_and_metrics(client: Client) -> None:
    assert (await client.get("/health/ready")).status == 200
    await client.post(PATH, json=a_claim(), headers=ADMIN)
    text = await (await client.get("/metrics")).text()
    assert 'claims_status_count{status="submitted"} 1.0' in text
    assert "api_database_up 1.0" in text


async def test_a_decision_is_shown_and_never_undone_by_a_repeat(client: Client, database: str) -> None:
    claim = a_claim()
    accepted = await (await client.post(PATH, json=claim, headers=ADMIN)).json()
    await sql(
        database,
        "update claims set status = 'approved', substatus = 'approved', revision = 1, rank = 2, "
        "total_allowed = 120, total_paid = 96, total_member_share = 24, decided_at = $2 where id = $1::text::uuid",
        accepted["id"], datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    await sql(
        database,
        "insert into claim_adjustments values ($1::text::uuid, 1, 1, 'CO', '45', 30, 'fee', null)",
        accepted["id"],
    )
    again = await client.post(PATH, json=claim, headers=ADMIN)
    assert (again.status, (await again.json())["status"]) == (201, "approved")
    text = await (await client.get(f"{PATH}/{accepted['claimNumber']}", headers=ADMIN)).text()
    assert '"allowedAmount":120.00,"paidAmount":96.00,"memberResponsibility":24.00' in text
    assert (
        '"adjustments":[{"group":"CO","reason":"45","amount":30.00,"rule":"fee","remark":null,"quantity":null}]' in text
    )


async def test_a_rejected_claim_comes_again_mended_and_then_stands(client: Client, database: str) -> None:
    claim = a_claim()
    accepted = await (await client.post(PATH, json=claim, headers=ADMIN)).json()
    reject = "update claims set status = 'rejected', substatus = $2, rank = $3 where id = $1::text::uuid"
    await sql(database, reject, accepted["id"], "front_end_rejected", 1)
    mended = claim | {"serviceDate": "2026-01-16"}
    assert (await client.post(PATH, json=mended, headers=ADMIN)).status == 201
    await sql(database, reject, accepted["id"], "denied", 2)
    assert (await client.post(PATH, json=mended, headers=ADMIN)).status == 201
    assert (await client.post(PATH, json=claim, headers=ADMIN)).status == 409


async def test_outsiders_see_their_own_at_once(client: Client) -> None:
    claim = a_claim(providerId="PRV-1")
    clinic, other = bearer("provider", provider_id="PRV-1"), bearer("provider", provider_id="PRV-2")
    accepted = await (await client.post(PATH, json=claim, headers=clinic)).json()
    assert (await client.get(f"{PATH}/{accepted['id']}", headers=clinic)).status == 200
    assert (await client.get(f"{PATH}/{accepted['id']}", headers=other)).status == 404


async def test_text_in_a_claim_is_data_and_no_sql(client: Client) -> None:
    claim = a_claim(memberId="x'); drop table claims; --")
    accepted = await (await client.post(PATH, json=claim, headers=ADMIN)).json()
    found = await (await client.get(f"{PATH}/{accepted['id']}", headers=ADMIN)).json()
    assert found["memberId"] == claim["memberId"]


async def test_postgres_away_claims_are_taken_and_it_recovers(
    aiohttp_client: Any, broker: str, services: SimpleNamespace
) -> None:
    name = f"api_{uuid.uuid4().hex}"
    url = named_database(services.database_url, name)
    client: Client = await aiohttp_client(create_app(settings_of(broker, url)))
    claim = a_claim()
    accepted = await client.post(PATH, json=claim, headers=ADMIN)
    location = accepted.headers["Location"]
    assert accepted.status == 201
    assert len(list(records(broker, location.rsplit("/", 1)[1]))) == 1
    assert (await client.get(location, headers=ADMIN)).status == 503
    assert (await client.get("/health/ready")).status == 503
    await create_database(services.database_url, name)
    assert (await client.get(location, headers=ADMIN)).status == 503
    await create_tables(url)
    assert (await client.get(location, headers=ADMIN)).status == 404
    await client.post(PATH, json=claim, headers=ADMIN)
    assert (await client.get(location, headers=ADMIN)).status == 200


async def test_lost_connections_are_made_anew(client: Client, database: str) -> None:
    accepted = await client.post(PATH, json=a_claim(), headers=ADMIN)
    ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'claims-api'"
    assert await sql(database, ended)
    first = await client.get(accepted.headers["Location"], headers=ADMIN)
    assert first.status in (200, 503)
    assert (await client.get(accepted.headers["Location"], headers=ADMIN)).status == 200


async def write(url: str, *decided: Any) -> None:
    """Put decisions and events into the tables as the sink does."""
    codec, store = Codec(), await Store.open(url, 30)
    batch = Batch(codec, samples.SEALER)
    for offset, one in enumerate(decided):
        topic = CLAIMS_DECIDED if hasattr(one, "lines") else CLAIMS_EVENTS
        batch.add(Record(topic, 0, offset, samples.ACCEPTED, codec.encode(one)))
    await store.write(batch.rows(), [])
    await store.close()


async def test_the_life_of_a_claim_is_seen_and_asked_for(client: Client, broker: str, database: str) -> None:
    waits = samples.pended(uuid.uuid4().int % 10**9)
    await write(database, waits, *samples.events(waits))
    path = f"{PATH}/{waits.claim_id}"
    queue = await (await client.get("/api/v1/workflow/pending?queue=review", headers=ADMIN)).json()
    assert [(one["id"], one["pend"]["dueDate"]) for one in queue["claims"]] == [(waits.claim_id, "2026-04-10")]
    assert (await (await client.get("/api/v1/workflow/pending?queue=other", headers=ADMIN)).json())["claims"] == []
    asked = await client.post(f"{path}/approve", json={"reason": "seen", "commandId": "c-1"}, headers=ADMIN)
    assert asked.status == 202
    found = list(records(broker, waits.root_id, CLAIMS_COMMANDS))
    assert [(one.command_id, one.kind, one.claim_id, one.role) for one, _ in found] == [
        ("c-1", "approve", waits.root_id, "admin")
    ]
    seen = samples.approved(waits)
    await write(database, seen, samples.refusal(seen))
    assert (await client.post(f"{path}/approve", json={"reason": "again"}, headers=ADMIN)).status == 409
    explained = await (await client.get(f"{path}/explanation", headers=ADMIN)).json()
    assert (explained["revision"], explained["lines"][0]["steps"][0]["rule"]) == (2, "P-FEE")
    trail = await (await client.get(f"{path}/events", headers=ADMIN)).json()
    assert trail["events"][-1]["type"] == "command.refused"
    letter = await (await client.get(f"{path}/eob", headers=ADMIN)).text()
    assert "$132.51" in letter
    text = await (await client.get("/metrics")).text()
    assert 'claims_trial_balance_minor_units{account_kind="charged",currency="USD"} 13251.0' in text
    assert 'claims_trial_balance_minor_units{account_kind="difference",currency="USD"} 0.0' in text
