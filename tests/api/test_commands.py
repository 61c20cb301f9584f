"""Commands on claims: who may ask for what in which state, and what is on the topic afterwards."""

from typing import Any
from uuid import UUID

import pytest

from api.producer import OutcomeUnknown
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakePublisher, FakeStore, bearer, stored_claim

PATH = f"/api/v1/claims/{CLAIM_ID}"
ROOT = "880e8400-e29b-41d4-a716-446655440009"
CLINIC = bearer("provider", sub="clinic", provider_id="PRV-1")
PROCESSOR, SUPER = bearer("claim_processor"), bearer("super_admin")


async def ask(client: Client, kind: str, headers: dict[str, str], body: Any = None) -> tuple[int, dict[str, Any]]:
    response = await client.post(f"{PATH}/{kind}", json={"reason": "seen"} if body is None else body, headers=headers)
    return response.status, await response.json(content_type=None)


CASES = [
    # command     state                 who        status
    ("approve",   "pended",             PROCESSOR, 202),
    ("approve",   "denied",             PROCESSOR, 409),
    ("approve",   "approved",           PROCESSOR, 409),
    ("approve",   "front_end_rejected", PROCESSOR, 409),
    ("approve",   "received",           PROCESSOR, 409),
    ("deny",      "pended",             ADMIN,     202),
    ("deny",      "paid",               ADMIN,     409),
    ("release",   "pended",             PROCESSOR, 202),
    ("void",      "paid",               SUPER,     202),
    ("void",      "pended",             CLINIC,    202),
    ("void",      "voided",             CLINIC,    409),
    ("void",      "approved",           ADMIN,     403),
    ("appeal",    "denied",             CLINIC,    202),
    ("appeal",    "pended",             CLINIC,    409),
    ("uphold",    "appealed",           PROCESSOR, 202),
    ("overturn",  "appealed",           PROCESSOR, 202),
    ("overturn",  "upheld",             PROCESSOR, 409),
    ("overturn",  "appealed",           CLINIC,    403),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "substatus", "headers", "status"), CASES)
async def test_who_may_ask_for_what(
    client: Client, store: FakeStore, publisher: FakePublisher, kind: str, substatus: str,
    headers: dict[str, str], status: int,
) -> None:  # fmt: skip
    store.stored[CLAIM_ID] = stored_claim(substatus=substatus)
    found, body = await ask(client, kind, headers)
    assert found == status, body
    assert len(publisher.sent) == (1 if status == 202 else 0)


async def test_what_is_on_the_topic_after_202(client: Client, store: FakeStore, publisher: FakePublisher) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended", root_id=UUID(ROOT))
    headers = bearer("auditor", "admin", "claim_processor", sub="dewi") | {"X-Correlation-ID": "trace-1"}
    status, body = await ask(client, "approve", headers, {"reason": "chart seen", "commandId": "c-1"})
    assert status == 202
    assert (body["commandId"], body["kind"], body["actor"], body["role"]) == ("c-1", "approve", "dewi", "admin")
    topic, key, _, sent = publisher.sent[0]
    assert (topic, key, sent) == ("claims.commands", ROOT.encode(), {"correlation_id": b"trace-1"})
    command = publisher.commands()[0]
    assert (command.command_id, command.kind, command.claim_id, command.actor) == ("c-1", "approve", ROOT, "dewi")
    assert (command.role, command.reason, command.correlation_id) == ("admin", "chart seen", "trace-1")


BODIES: list[tuple[str, Any, int, str]] = [
    # command    body                                        status  problem
    ("approve",  {},                                         422,    "invalid_command"),
    ("approve",  {"reason": "  "},                           422,    "invalid_command"),
    ("approve",  {"reason": None},                           422,    "invalid_command"),
    ("release",  {},                                         202,    ""),
    ("approve",  {"reason": 7},                              422,    "invalid_command"),
    ("approve",  {"reason": "x" * 1_001},                    422,    "invalid_command"),
    ("approve",  {"reason": "x", "commandId": "a b"},        422,    "invalid_command"),
    ("approve",  {"reason": "x", "because": "y"},            422,    "invalid_command"),
    ("approve",  ["reason"],                                 422,    "invalid_command"),
    ("approve",  {"reason": "x" * 1_000, "commandId": "a"},  202,    ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "status", "problem"), BODIES)
async def test_bodies(client: Client, store: FakeStore, kind: str, body: Any, status: int, problem: str) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    found, answer = await ask(client, kind, PROCESSOR, body)
    assert found == status, answer
    assert answer.get("type", "").removeprefix("urn:claims-engine:problem:").replace("-", "_") == problem


async def test_no_json_is_400_or_415(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    bad = await client.post(f"{PATH}/approve", data=b"{", headers=PROCESSOR | {"Content-Type": "application/json"})
    plain = await client.post(f"{PATH}/approve", data=b"{}", headers=PROCESSOR | {"Content-Type": "text/plain"})
    assert (bad.status, plain.status) == (400, 415)
    none = await client.post(f"/api/v1/claims/{CLAIM_ID}/approve", headers=ADMIN)
    detail = (await none.json(content_type=None))["detail"]
    assert (none.status, detail) == (415, "Send a body in JSON, as Content-Type: application/json, in UTF-8.")


async def test_a_missing_reason_is_said_in_words(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    response = await client.post(f"{PATH}/approve", json={}, headers=PROCESSOR)
    found = await response.json(content_type=None)
    assert (response.status, found["detail"]) == (422, "A reason is needed to approve a claim.")


async def test_an_illegal_move_is_said_in_words(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="denied")
    _, body = await ask(client, "approve", PROCESSOR)
    assert body["detail"] == "The claim is denied; only one that is pended can be approved."


async def test_a_permission_without_a_role_is_not_enough(client: Client, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    outsider_with_claims_of_others = bearer("provider", provider_id="PRV-2")
    assert (await ask(client, "void", outsider_with_claims_of_others))[0] == 404
    narrowed = bearer("claim_processor", provider_id="PRV-2")
    assert (await ask(client, "approve", narrowed))[0] == 404
    assert (await ask(client, "approve", bearer("provider", provider_id="PRV-1")))[0] == 403


async def test_the_number_of_an_original_reaches_what_replaced_it(
    client: Client, store: FakeStore, publisher: FakePublisher
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="replaced", replaced_by=UUID(ROOT))
    store.stored[ROOT] = stored_claim(substatus="pended", id=UUID(ROOT), root_id=UUID(CLAIM_ID), version=2)
    status, body = await ask(client, "approve", PROCESSOR)
    assert (status, body["claimId"], publisher.commands()[0].claim_id) == (202, ROOT, CLAIM_ID)
    store.stored[ROOT] = stored_claim(substatus="pended", id=UUID(ROOT), provider_id="PRV-2", member_id="MBR-2")
    assert (await ask(client, "void", CLINIC))[0] == 404


async def test_an_unknown_claim_is_404(client: Client) -> None:
    assert (await ask(client, "approve", PROCESSOR))[0] == 404


async def test_an_unconfirmed_command_is_503_with_its_id(
    client: Client, store: FakeStore, publisher: FakePublisher
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    publisher.failing = OutcomeUnknown("no answer")
    status, body = await ask(client, "approve", PROCESSOR, {"reason": "x", "commandId": "c-7"})
    assert status == 503
    assert "commandId c-7" in body["detail"]


async def test_postgres_away_is_503(client: Client, store: FakeStore) -> None:
    store.away = "gone"
    assert (await ask(client, "approve", PROCESSOR))[0] == 503
