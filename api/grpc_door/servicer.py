"""ClaimsService: SubmitClaim, GetClaim, ListClaims. Everything is asked of the desk."""

from typing import Any

from api.allowed import checked_key, demand
from api.desk import Desk
from api.grpc_door import claims_pb2 as messages
from api.grpc_door import names
from api.grpc_door.calls import CALLER
from api.grpc_door.claims_pb2_grpc import ClaimsServiceServicer
from api.grpc_door.messages import claim_message, filter_of, given_of
from api.problems import Problem
from api.representation import moment


class Claims(ClaimsServiceServicer):
    """The service, for whoever CALLER names."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def SubmitClaim(  # noqa: N802 - the seeds' name
        self, request: messages.SubmitClaimRequest, context: Any
    ) -> messages.SubmitClaimResponse:
        """Accept a claim; answers once all replicas of the broker have it."""
        caller = CALLER.get()
        demand(caller.principal, "submit")
        given = given_of(request)
        try:
            key = checked_key(request.idempotency_key or None)
            made = await self._desk.submit(caller.principal, given, key, caller.correlation)
        except Problem as problem:
            raise names.of_submit(problem, request) from None
        return messages.SubmitClaimResponse(
            claim_id=made.claim_id,
            claim_number=made.claim_number,
            status=made.status,
            created_at=moment(made.created_at) or "",
        )

    async def GetClaim(self, request: messages.GetClaimRequest, context: Any) -> messages.Claim:  # noqa: N802
        """A claim by id or claim number."""
        caller = CALLER.get()
        demand(caller.principal, "claim")
        if not request.claim_id:
            raise names.empty_id()
        return claim_message(await self._desk.claim(caller.principal, request.claim_id))

    async def ListClaims(  # noqa: N802
        self, request: messages.ListClaimsRequest, context: Any
    ) -> messages.ListClaimsResponse:
        """A page of claims with their items, fetched in one go."""
        caller = CALLER.get()
        demand(caller.principal, "list")
        where, page = filter_of(request)
        try:
            found = await self._desk.list(caller.principal, where, page)
        except Problem as problem:
            raise names.of_list(problem) from None
        ids = [str(row["id"]) for row in found.claims]
        details = await self._desk.details(caller.principal, ids) if ids else {}
        if len(details) != len(ids):
            raise Problem(503, "lookup_unavailable", "Claims changed while they were looked up; ask again.")
        claims = [claim_message(details[claim_id]) for claim_id in ids]
        return messages.ListClaimsResponse(claims=claims, total=len(claims), next_page=found.next or "")
