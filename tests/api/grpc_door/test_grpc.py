"""gRPC under the seeds' names: the same claims, permissions and problems as REST, within limits."""

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from api.grpc_door import calls, claims_pb2
from api.grpc_door.calls import SERVICE
from api.grpc_door.generate import PROTO, ROOT, WRITTEN, generate
from api.grpc_door.refusals import STATUSES
from api.producer import OutcomeUnknown
from config.limits import HTTP_BODY_BYTES_MAX
from tests.api.fakes import (
    CLAIM_ID,
    FakeDetails,
    FakeLists,
    FakePublisher,
    FakeStore,
    bearer,
    claim_json,
    stored_claim,
)

CODES = grpc.StatusCode
GIVEN = claims_pb2.SubmitClaimRequest(
    member_id="MBR-1", provider_id="PRV-1", service_date="2026-01-15", claim_type="professional", currency="USD",
    items=[claims_pb2.SubmittedItem(service_code="99213", diagnosis_code="J06.9", charged_amount="150.00")],
)  # fmt: skip
ONE = claims_pb2.GetClaimRequest(claim_id=CLAIM_ID)
LIST = claims_pb2.ListClaimsRequest(member_id="MBR-1", status="approved", size=2)


def token(*roles: str, **claims: Any) -> tuple[tuple[str, str], ...]:
    """Metadata with a token, as a caller sends it."""
    return (("authorization", bearer(*roles, **claims)["Authorization"]), ("x-correlation-id", "call-1"))


ADMIN = token("admin")


async def code_of(call: Any) -> grpc.StatusCode:
    """The status that a call ends with."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        return error.code()
    return CODES.OK


async def details_of(call: Any) -> dict[str, Any]:
    """The details of the error that a call ends with, by their kind."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status = rpc_status.from_call(caught.value)  # type: ignore[arg-type]
    found: dict[str, Any] = {"message": status.message}
    for packed in status.details:
        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo):
            if packed.Is(kind.DESCRIPTOR):
                found[kind.__name__] = kind.FromString(packed.value)
    return found


async def test_a_claim_is_submitted(stub: Any, publisher: FakePublisher) -> None:
    call = stub.SubmitClaim(GIVEN, metadata=ADMIN)
    made = await call
    sent = publisher.claims()[0]
    assert (made.claim_id, made.status, sent.correlation_id) == (sent.claim_id, "submitted", "call-1")
    assert ("x-correlation-id", "call-1") in list(await call.initial_metadata())
    assert (sent.lines[0].charge, sent.member.member_id) == (15000, "MBR-1")


async def test_fields_and_json_are_the_same_claim(stub: Any, publisher: FakePublisher) -> None:
    whole = claims_pb2.SubmitClaimRequest(
        claim_json=json.dumps(claim_json(memberId="MBR-1", providerId="PRV-1")).encode()
    )
    ids = {(await stub.SubmitClaim(request, metadata=ADMIN)).claim_id for request in (GIVEN, whole, whole)}
    assert ids == {publisher.claims()[0].claim_id}
    both = claims_pb2.SubmitClaimRequest(member_id="MBR-1", claim_json=whole.claim_json)
    assert "twice" in (await details_of(stub.SubmitClaim(both, metadata=ADMIN)))["message"]


async def test_a_key_names_the_claim(stub: Any, publisher: FakePublisher) -> None:
    for key in ("a", "a", "b"):
        request = claims_pb2.SubmitClaimRequest(idempotency_key=key)
        request.MergeFrom(GIVEN)
        await stub.SubmitClaim(request, metadata=ADMIN)
    assert len({claim.claim_id for claim in publisher.claims()}) == 2
    bad = claims_pb2.SubmitClaimRequest(idempotency_key="a b")
    assert await code_of(stub.SubmitClaim(bad, metadata=ADMIN)) == CODES.INVALID_ARGUMENT


async def test_a_claim_is_looked_up(stub: Any, store: FakeStore) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    claim = await stub.GetClaim(ONE, metadata=ADMIN)
    assert (claim.id, claim.claim_number, claim.status) == (CLAIM_ID, "CLM-2026-3Q1S2002", "approved")
    assert (claim.total_charged, claim.adjudication.paid_amount) == ("150.00", "96.00")
    assert (claim.items[0].charged_amount, claim.items[0].quantity) == ("150.00", "1")
    store.stored[CLAIM_ID] = stored_claim(substatus="pended", total_allowed=None)
    assert not (await stub.GetClaim(ONE, metadata=ADMIN)).HasField("adjudication")


async def test_claims_are_listed_page_by_page(
    stub: Any, store: FakeStore, lists: FakeLists, details: FakeDetails
) -> None:
    for number in range(3):
        claim_id = UUID(int=number + 1)
        store.stored[str(claim_id)] = stored_claim(id=claim_id)
    lists.rows = [stored.claim for stored in store.stored.values()]
    page = await stub.ListClaims(LIST, metadata=ADMIN)
    assert ([claim.id for claim in page.claims], page.total) == (list(store.stored)[:2], 2)
    assert len(details.asked) == 1
    again = claims_pb2.ListClaimsRequest(page=page.next_page)
    again.MergeFrom(LIST)
    rest = await stub.ListClaims(again, metadata=ADMIN)
    assert ([claim.id for claim in rest.claims], rest.next_page) == (list(store.stored)[2:], "")
    asked = lists.asked[0][0].where
    assert (asked.member_id, asked.statuses) == ("MBR-1", ("approved",))


PERMITTED = [
    # role              submit                    get       list
    ("super_admin",     CODES.OK,                 CODES.OK, CODES.OK),
    ("admin",           CODES.OK,                 CODES.OK, CODES.OK),
    ("claim_processor", CODES.PERMISSION_DENIED,  CODES.OK, CODES.OK),
    ("provider",        CODES.OK,                 CODES.OK, CODES.OK),
    ("member",          CODES.OK,                 CODES.OK, CODES.OK),
    ("auditor",         CODES.PERMISSION_DENIED,  CODES.OK, CODES.OK),
]  # fmt: skip
OWN: dict[str, dict[str, Any]] = {"provider": {"provider_id": "PRV-1"}, "member": {"member_id": "MBR-1"}}


@pytest.mark.parametrize(("role", "submit", "get", "listed"), PERMITTED)
async def test_who_may_do_what(stub: Any, store: FakeStore, role: str, submit: Any, get: Any, listed: Any) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    sent = token(role, **OWN.get(role, {}))
    assert await code_of(stub.SubmitClaim(GIVEN, metadata=sent)) == submit
    assert await code_of(stub.GetClaim(ONE, metadata=sent)) == get
    assert await code_of(stub.ListClaims(LIST, metadata=sent)) == listed


async def test_a_stranger_finds_nothing(stub: Any, store: FakeStore, publisher: FakePublisher) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    stranger = token("provider", provider_id="PRV-2")
    assert await code_of(stub.GetClaim(ONE, metadata=stranger)) == CODES.NOT_FOUND
    assert await code_of(stub.SubmitClaim(GIVEN, metadata=stranger)) == CODES.PERMISSION_DENIED
    assert publisher.sent == []


@pytest.mark.parametrize("sent", [(), (("authorization", "Bearer x"),), (("authorization", "Basic x"),)])
async def test_without_a_good_token_nothing_is_answered(stub: Any, sent: Any, publisher: FakePublisher) -> None:
    for call in (stub.SubmitClaim(GIVEN, metadata=sent), stub.GetClaim(ONE, metadata=sent)):
        assert await code_of(call) == CODES.UNAUTHENTICATED
    assert publisher.sent == []


LACKS = "items[0].charged_amount items[0] member_id provider_id service_date"
IN_JSON = LACKS.replace("charged_amount", "chargedAmount").replace("er_id", "erId").replace("e_date", "eDate")
WRONG = [
    # call         request                                  code                reason             fields
    ("ListClaims",  {"status": "done", "date_from": "x"},   "INVALID_ARGUMENT", "BAD_QUERY",       "status date_from"),
    ("ListClaims",  {"size": -1},                           "INVALID_ARGUMENT", "BAD_LIMIT",       "size"),
    ("ListClaims",  {"page": "x"},                          "INVALID_ARGUMENT", "BAD_CURSOR",      "page"),
    ("SubmitClaim", {"items": [{}]},                        "INVALID_ARGUMENT", "INVALID_CLAIM",   LACKS),
    ("SubmitClaim", {"claim_json": b'{"items":[{}]}'},      "INVALID_ARGUMENT", "INVALID_CLAIM",   IN_JSON),
    ("SubmitClaim", {"claim_json": b"{"},                   "INVALID_ARGUMENT", "NOT_JSON",        "claim_json"),
    ("GetClaim",    {},                                     "INVALID_ARGUMENT", "BAD_QUERY",       "claim_id"),
    ("GetClaim",    {"claim_id": "'; drop table claims"},   "NOT_FOUND",        "CLAIM_NOT_FOUND", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "code", "reason", "fields"), WRONG)
async def test_mistakes_are_told_one_by_one(
    stub: Any, name: str, given: dict[str, Any], code: str, reason: str, fields: str
) -> None:
    call, asked = getattr(stub, name), getattr(claims_pb2, f"{name}Request")(**given)
    assert await code_of(call(asked, metadata=ADMIN)) == getattr(CODES, code)
    found = await details_of(call(asked, metadata=ADMIN))
    assert (found["ErrorInfo"].reason, found["ErrorInfo"].metadata["correlationId"]) == (reason, "call-1")
    violations = found["BadRequest"].field_violations if "BadRequest" in found else []
    assert [violation.field for violation in violations] == fields.split()
    assert "drop table" not in found["message"]


WORDS = [
    # call         request                     what is said, and what is not
    ("ListClaims",  {"size": -1},               "size must be a number", "limit"),
    ("ListClaims",  {"page": "x"},              "page must be the next_page of an answer before", "cursor"),
    ("SubmitClaim", {"claim_json": b"{"},       "claim_json cannot be read: not JSON", "body"),
    ("SubmitClaim", {"items": [{}]},            "member_id", "memberId"),
    ("SubmitClaim", {"idempotency_key": "a b"}, "idempotency_key must be", "header"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "said", "not_said"), WORDS)
async def test_mistakes_are_told_in_the_words_of_the_proto(
    stub: Any, name: str, given: dict[str, Any], said: str, not_said: str
) -> None:
    asked = getattr(claims_pb2, f"{name}Request")(**given)
    found = str(await details_of(getattr(stub, name)(asked, metadata=ADMIN)))
    assert (said in found, not_said in found) == (True, False), found


async def test_while_services_are_away(stub: Any, publisher: FakePublisher, store: FakeStore) -> None:
    publisher.failing, store.away = OutcomeUnknown("slow"), "no server"
    found = await details_of(stub.GetClaim(ONE, metadata=ADMIN))
    assert (found["ErrorInfo"].reason, found["RetryInfo"].retry_delay.seconds > 0) == ("LOOKUP_UNAVAILABLE", True)
    assert await code_of(stub.SubmitClaim(GIVEN, metadata=ADMIN)) == CODES.UNAVAILABLE


async def test_a_bug_is_told_to_nobody(stub: Any, store: FakeStore) -> None:
    store.broken = RuntimeError("a member's name")
    found = await details_of(stub.GetClaim(ONE, metadata=ADMIN))
    assert found["ErrorInfo"].reason == "INTERNAL"
    assert "name" not in found["message"]


async def test_a_call_that_takes_too_long_is_ended(
    stub: Any, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(claim_id: str) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(store, "claim", never)
    monkeypatch.setattr(calls, "GRPC_CALL_SECONDS_MAX", 0.1)
    found = await details_of(stub.GetClaim(ONE, metadata=ADMIN))
    assert found["ErrorInfo"].reason == "TOO_SLOW"
    monkeypatch.setattr(calls, "GRPC_CALL_SECONDS_MAX", 30)
    assert await code_of(stub.GetClaim(ONE, metadata=ADMIN, timeout=0.1)) == CODES.DEADLINE_EXCEEDED


async def test_a_message_that_is_too_large_is_refused(stub: Any, publisher: FakePublisher) -> None:
    large = claims_pb2.SubmitClaimRequest(claim_json=b" " * (HTTP_BODY_BYTES_MAX + 1))
    assert await code_of(stub.SubmitClaim(large, metadata=ADMIN)) == CODES.RESOURCE_EXHAUSTED
    assert publisher.sent == []


async def test_health_says_whether_claims_can_be_taken(channel: Any, publisher: FakePublisher) -> None:
    stub: Any = health_pb2_grpc.HealthStub(channel)
    answer = await stub.Check(health_pb2.HealthCheckRequest(service=SERVICE))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


async def test_health_says_that_they_cannot(channel: Any, publisher: FakePublisher) -> None:
    publisher.away = "no broker"
    stub: Any = health_pb2_grpc.HealthStub(channel)
    answer = await stub.Check(health_pb2.HealthCheckRequest())
    assert answer.status == health_pb2.HealthCheckResponse.NOT_SERVING


async def test_reflection_names_the_services(channel: Any) -> None:
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    names = [service.name async for answer in stub.ServerReflectionInfo(asked)
             for service in answer.list_services_response.service]  # fmt: skip
    assert SERVICE in names
    assert "grpc.health.v1.Health" in names


def test_every_status_of_a_problem_has_a_status_of_grpc() -> None:
    assert set(STATUSES) >= {400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 500, 503}


def test_the_generated_code_is_current(tmp_path: Path) -> None:
    generate(tmp_path)
    folder = Path(PROTO).parent
    for name in WRITTEN:
        assert (tmp_path / folder / name).read_text() == (ROOT / folder / name).read_text(), (
            "run: python -m api.grpc_door.generate"
        )
