"""Submission: what reaches the topic, what the caller hears, and what happens when broker or database is away."""

from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from api.producer import OutcomeUnknown, RecordTooLargeError
from schemas.identifiers import claim_id_of
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, FakePeople, FakePublisher, FakeStore, bearer, claim_json

PATH = "/api/v1/claims"


async def submit(client: Client, claim: dict[str, Any] | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    named = ADMIN | {name.replace("_", "-"): value for name, value in headers.items()}
    response = await client.post(PATH, json=claim or claim_json(), headers=named)
    body = await response.json(content_type=None)
    return response.status, body | {"_location": response.headers.get("Location")}


async def test_the_answer_is_the_seeds_json(client: Client) -> None:
    status, body = await submit(client)
    assert status == 201
    assert body.keys() == {"id", "claimNumber", "status", "createdAt", "_location"}
    assert body["status"] == "submitted"
    assert body["createdAt"].endswith("Z")
    assert body["claimNumber"].startswith("CLM-2026-")
    assert claim_id_of(body["claimNumber"]) == body["id"]
    assert body["_location"] == f"{PATH}/{body['id']}"


async def test_the_record_on_the_topic(client: Client, publisher: FakePublisher, store: FakeStore) -> None:
    _, body = await submit(client, X_Correlation_ID="trace-1")
    topic, key, _, headers = publisher.sent[0]
    claim = publisher.claims()[0]
    assert (topic, key, headers) == ("claims.submitted", body["id"].encode(), {"correlation_id": b"trace-1"})
    assert (claim.claim_id, claim.root_id, claim.channel, claim.submitter_id) == (body["id"], body["id"], "api", "dewi")
    assert (claim.correlation_id, claim.total_charge, claim.form) == ("trace-1", 15_000, "professional")
    assert [received[:2] for received in store.received] == [(body["id"], body["claimNumber"])]


async def test_a_claim_waits_for_the_release_of_the_people_it_names(
    client: Client, publisher: FakePublisher, people: FakePeople
) -> None:
    await submit(client)
    people.release = 12
    await submit(client, claim_json(claimNumber="A-1"))
    assert [headers.get("reference_release") for _, _, _, headers in publisher.sent] == [None, b"12"]


async def test_the_same_claim_again_has_the_same_id(client: Client, publisher: FakePublisher) -> None:
    first, again = await submit(client), await submit(client)
    assert first[0] == again[0] == 201
    assert first[1]["id"] == again[1]["id"]
    assert [claim.claim_id for claim in publisher.claims()] == [first[1]["id"]] * 2


async def test_a_replacement_has_the_number_of_its_original(client: Client, store: FakeStore) -> None:
    _, first = await submit(client, claim_json(claimNumber="A-1"))
    again = claim_json(claimNumber="A-2", frequencyCode="7", originalReference="A-1", serviceDate="2025-12-30")
    _, known = await submit(client, again)
    assert known["claimNumber"] == first["claimNumber"]
    assert known["id"] != first["id"]
    store.away = "gone"
    _, unknown = await submit(client, again | {"claimNumber": "A-3"})
    assert claim_id_of(unknown["claimNumber"]) == first["id"], "the year may differ, the claim may not"


@pytest.mark.parametrize("frequency", ["7", "8"])
@pytest.mark.parametrize("named_by", ["its own number", "its id"])
async def test_what_names_a_replacement_reaches_the_original(
    client: Client, publisher: FakePublisher, named_by: str, frequency: str
) -> None:
    _, first = await submit(client, claim_json(claimNumber="A-1"))
    _, second = await submit(client, claim_json(claimNumber="A-2", frequencyCode="7", originalReference="A-1"))
    reference = "A-2" if named_by == "its own number" else second["id"]
    last = claim_json(claimNumber="A-3", frequencyCode=frequency, originalReference=reference)
    _, third = await submit(client, last)
    assert third["claimNumber"] == first["claimNumber"]
    assert [claim.root_id for claim in publisher.claims()] == [first["id"]] * 3
    assert [key for _, key, _, _ in publisher.sent] == [first["id"].encode()] * 3
    assert (await submit(client, last))[1]["id"] == third["id"], "the same claim again is the same claim"


IDS = [
    # claim number  key      claim number  key      same id
    ("A-1",         None,    "A-1",        None,    True),
    ("A-1",         None,    "A-2",        None,    False),
    ("A-1",         "k1",    "A-1",        "k2",    True),
    (None,          "k1",    None,         "k1",    True),
    (None,          "k1",    None,         "k2",    False),
    (None,          None,    None,         None,    True),
]  # fmt: skip


@pytest.mark.parametrize(("number", "key", "other_number", "other_key", "same"), IDS)
async def test_where_the_id_comes_from(
    client: Client, number: str | None, key: str | None, other_number: str | None, other_key: str | None, same: bool
) -> None:
    def headers(value: str | None) -> dict[str, str]:
        return {} if value is None else {"Idempotency_Key": value}

    _, one = await submit(client, claim_json(claimNumber=number), **headers(key))
    _, other = await submit(client, claim_json(claimNumber=other_number), **headers(other_key))
    assert (one["id"] == other["id"]) is same


async def test_another_content_under_the_same_number_is_a_conflict(client: Client, publisher: FakePublisher) -> None:
    _, first = await submit(client, claim_json(claimNumber="A-1"))
    status, body = await submit(client, claim_json(claimNumber="A-1", serviceDate="2026-01-16"))
    assert (status, body["type"]) == (409, "urn:claims-engine:problem:conflict")
    assert first["claimNumber"] in body["detail"]
    assert len(publisher.sent) == 1


AMENDS = [
    # frequency  claim number  names      status
    ("7",        "A-1",        "A-1",     409),
    ("8",        "A-1",        "A-1",     409),
    ("7",        "A-2",        "A-1",     201),
    ("8",        "A-2",        "A-1",     201),
]  # fmt: skip


@pytest.mark.parametrize("digest", ["known", None])
@pytest.mark.parametrize(("frequency", "number", "original", "status"), AMENDS)
async def test_what_amends_a_claim_needs_a_number_of_its_own(
    client: Client, store: FakeStore, frequency: str, number: str, original: str, status: int, digest: str | None
) -> None:
    _, first = await submit(client, claim_json(claimNumber="A-1"))
    if digest is None:
        store.knowing[first["id"]] = replace(store.knowing[first["id"]], digest=None)
    amends = claim_json(claimNumber=number, frequencyCode=frequency, originalReference=original)
    found, body = await submit(client, amends)
    assert found == status
    if status == 409:
        assert "claimNumber of its own" in body["detail"]


async def test_other_content_of_a_replacement_under_its_own_number_is_a_conflict(client: Client) -> None:
    replaces = claim_json(claimNumber="A-2", frequencyCode="7", originalReference="A-1")
    assert (await submit(client, replaces))[0] == 201
    assert (await submit(client, replaces))[0] == 201
    assert (await submit(client, replaces | {"serviceDate": "2026-01-16"}))[0] == 409


async def test_a_claim_rejected_at_the_front_end_may_come_again_mended(
    client: Client, publisher: FakePublisher, store: FakeStore
) -> None:
    _, first = await submit(client, claim_json(claimNumber="A-1"))
    known = store.knowing[first["id"]]
    store.knowing[first["id"]] = replace(known, status="rejected", substatus="front_end_rejected")
    status, body = await submit(client, claim_json(claimNumber="A-1", serviceDate="2026-01-16"))
    assert (status, body["status"], body["id"]) == (201, "submitted", first["id"])
    assert len(publisher.sent) == 2


async def test_a_decided_claim_sent_again_answers_with_its_status(client: Client, store: FakeStore) -> None:
    _, first = await submit(client)
    store.knowing[first["id"]] = replace(store.knowing[first["id"]], status="approved", substatus="approved")
    status, body = await submit(client)
    assert (status, body["status"], body["createdAt"]) == (201, "approved", "2026-03-02T04:05:06.789Z")


async def test_a_claim_of_a_file_has_no_digest_and_is_left_to_validate(client: Client, store: FakeStore) -> None:
    _, first = await submit(client, claim_json(claimNumber="A-1"))
    store.knowing[first["id"]] = replace(store.knowing[first["id"]], digest=None)
    assert (await submit(client, claim_json(claimNumber="A-1", serviceDate="2026-01-16")))[0] == 201


async def test_an_unknown_outcome_is_503_and_a_retry_has_the_same_id(
    client: Client, publisher: FakePublisher, store: FakeStore
) -> None:
    publisher.failing = OutcomeUnknown("no answer")
    response = await client.post(PATH, json=claim_json(), headers=ADMIN)
    found = await response.json(content_type=None)
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert store.received == []
    publisher.failing = None
    _, body = await submit(client)
    assert body["id"] in found["detail"]


async def test_a_record_too_large_is_413(client: Client, publisher: FakePublisher) -> None:
    publisher.failing = RecordTooLargeError()
    status, body = await submit(client)
    assert (status, body["type"]) == (413, "urn:claims-engine:problem:claim-too-large")


async def test_postgres_away_the_claim_is_accepted(client: Client, publisher: FakePublisher, store: FakeStore) -> None:
    store.away = "ConnectionRefusedError"
    status, body = await submit(client)
    assert (status, body["status"], len(publisher.sent)) == (201, "submitted", 1)


class NoisyStore(FakeStore):
    """Fails, but only after the broker has the claim."""

    async def receive(self, claim: object, claim_number: str, digest: str) -> None:
        raise RuntimeError("a column is missing")


async def test_whatever_fails_after_the_broker_has_it_the_claim_is_accepted(aiohttp_client: Any) -> None:
    from tests.api.fakes import app_of

    assert (await submit(await aiohttp_client(app_of(store=NoisyStore()))))[0] == 201


NPI = {"identifiers": [{"system": "npi", "value": "1"}]}
OWNERS = [
    # role        token names             claim names                     status
    ("provider",  {"provider_id": "P1"},  {"providerId": "P1"},           201),
    ("provider",  {"provider_id": "P1"},  {"providerId": "P2"},           403),
    ("provider",  {"provider_id": "P1"},  {"providerId": None, "provider": NPI}, 403),
    ("provider",  {},                     {"providerId": "P1"},           403),
    ("member",    {"member_id": "M1"},    {"memberId": "M1"},             201),
    ("member",    {"member_id": "M1"},    {"memberId": "M2"},             403),
    ("admin",     {},                     {"providerId": "P2"},           201),
]  # fmt: skip


@pytest.mark.parametrize(("role", "token", "claim", "status"), OWNERS)
async def test_outsiders_submit_only_their_own(
    client: Client, publisher: FakePublisher, role: str, token: dict[str, Any], claim: dict[str, Any], status: int
) -> None:
    response = await client.post(PATH, json=claim_json(**claim), headers=bearer(role, **token))
    assert (response.status, len(publisher.sent)) == (status, int(status == 201))


async def test_submissions_are_counted_by_form_and_outcome(client: Client) -> None:
    def count(form: str, status: str) -> float:
        return REGISTRY.get_sample_value("claims_submitted_total", {"form": form, "status": status}) or 0

    before = count("dental", "submitted"), count("unknown", "invalid_claim")
    await submit(client, claim_json(claimType="dental"))
    await submit(client, {"items": []})
    assert (count("dental", "submitted"), count("unknown", "invalid_claim")) == (before[0] + 1, before[1] + 1)
