"""GraphQL and gRPC on a real broker and a real database: the claims of REST, with the same answers."""

import json
from typing import Any

import aiohttp
import grpc
import pytest

from api.grpc_door import claims_pb2
from api.grpc_door.claims_pb2_grpc import ClaimsServiceStub
from cli.stack import free_port
from tests.api.fakes import ADMIN
from tests.integration.api_process import answers, api_process
from tests.integration.test_api import a_claim, sql

pytestmark = pytest.mark.integration
TOKEN = (("authorization", ADMIN["Authorization"]),)
QUERY = """
    query($member: ID) { claims(memberId: $member, first: 10) {
        edges { node {
            id claimNumber status items { chargedAmount } adjudication { paidAmount }
            payment { paymentNumber paymentAmount paymentMethod }
        } }
    } }
"""
PAYMENT = """
    insert into claim_events (event_id, event_type, claim_id, claim_number, version, revision, sequence, substatus,
                              actor, at, correlation_id, details)
    select gen_random_uuid(), kind, $1::text::uuid, 'CLM-1', 1, 1, place, 'paid', 'payments',
           timestamptz '2026-03-09' + place * interval '1 day', 'c',
           jsonb_build_object('payment_number', 'P-' || place, 'method', 'bank', 'amount', '96.00')
    from (values ('payment.failed', 3), ('payment.counted', 1), ('claim.paid', 2)) as told (kind, place)
"""


async def graphql(client: aiohttp.ClientSession, url: str, query: str, **variables: Any) -> Any:
    async with client.post(f"{url}/graphql", json={"query": query, "variables": variables}) as response:
        found = await response.json()
        assert (response.status, found.get("errors")) == (200, None), found
        return found["data"]


async def test_three_doors_show_the_same_claim(broker: str, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port, member = free_port(), f"M-{free_port()}"
    monkeypatch.setenv("CLAIMS_API__GRPC_PORT", str(port))
    with api_process(broker, database) as url:
        await answers(url)
        async with (
            aiohttp.ClientSession(headers=ADMIN) as client,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            stub: Any = ClaimsServiceStub(channel)
            whole = json.dumps(a_claim(memberId=member)).encode()
            made = await stub.SubmitClaim(claims_pb2.SubmitClaimRequest(claim_json=whole), metadata=TOKEN)
            async with client.post(f"{url}/api/v1/claims", json=a_claim(memberId=member)) as response:
                other = await response.json()
            await sql(database, PAYMENT, made.claim_id)

            listed = await stub.ListClaims(claims_pb2.ListClaimsRequest(member_id=member), metadata=TOKEN)
            asked = await graphql(client, url, QUERY, member=member)
            async with client.get(f"{url}/api/v1/claims", params={"memberId": member}) as response:
                rest = await response.json()
            nodes = [edge["node"] for edge in asked["claims"]["edges"]]
            ids = [other["id"], made.claim_id]
            assert [claim["id"] for claim in rest["claims"]] == ids
            assert [claim.id for claim in listed.claims] == ids
            assert [node["id"] for node in nodes] == ids
            assert [claim.items[0].charged_amount for claim in listed.claims] == ["150.00", "150.00"]
            assert nodes[0] == {
                "id": other["id"], "claimNumber": other["claimNumber"], "status": "SUBMITTED",
                "items": [{"chargedAmount": "150.00"}], "adjudication": None, "payment": None,
            }  # fmt: skip
            paid = {"paymentNumber": "P-2", "paymentAmount": "96.00", "paymentMethod": "bank"}
            assert nodes[1]["payment"] == paid, "the last one that was made"
