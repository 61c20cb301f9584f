"""Query and Mutation, under the seeds' names. Everything is asked of the desk."""

from datetime import date
from typing import Annotated

import strawberry

from api.allowed import checked_key, demand
from api.filters import PAGE_DEFAULT, ClaimFilter, Page
from api.graphql.asking import Asking
from api.graphql.inputs import SubmitClaimInput, claim_json
from api.graphql.types import Claim, ClaimConnection, ClaimEdge, ClaimStatus, PageInfo
from api.problems import Problem
from schemas.vocabulary import CommandKind

NOT_FOUND = "claim_not_found"
# The seeds' approveClaim has no reason, and an approval is never without one.
NO_REASON = "approved through GraphQL; no reason was given"
Key = Annotated[str | None, strawberry.argument(description="The same key and claim, sent again, is the same claim.")]
CommandId = Annotated[str | None, strawberry.argument(description="A command is carried out once under its id.")]


async def _claim(info: Asking, id: strawberry.ID) -> Claim | None:  # noqa: A002 - the seeds' name
    demand(info.context.principal, "claim")
    try:
        return Claim(row=(await info.context.claim(id)).claim)
    except Problem as problem:
        if problem.code == NOT_FOUND:
            return None
        raise


async def _claims(
    info: Asking,
    member_id: strawberry.ID | None = None,
    status: ClaimStatus | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
    first: int | None = None,
    after: str | None = None,
) -> ClaimConnection:
    demand(info.context.principal, "list")
    where = ClaimFilter(
        member_id=member_id,
        statuses=() if status is None else (status.value,),
        service_from=date_from,
        service_to=date_to,
    )
    page = Page(PAGE_DEFAULT if first is None else first, after)
    found = await info.context.desk.list(info.context.principal, where, page)
    cursors = list(found.cursors)
    ends = PageInfo(
        has_next_page=found.next is not None,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    nodes = (Claim(row=row) for row in found.claims)
    edges = (ClaimEdge(node=node, cursor=cursor) for node, cursor in zip(nodes, cursors, strict=True))
    return ClaimConnection(edges=info.context.turns.each(edges), page_info=ends)


async def _submit(info: Asking, input: SubmitClaimInput, key: Key = None) -> Claim:  # noqa: A002
    asked = info.context
    demand(asked.principal, "submit")
    made = await asked.desk.submit(asked.principal, claim_json(input), checked_key(key), asked.correlation)
    return await _after(info, made.claim_id)


async def _approve(
    info: Asking,
    id: strawberry.ID,  # noqa: A002
    reason: str | None = None,
    command_id: CommandId = None,
) -> Claim:
    return await _commanded(info, "approve", id, reason or NO_REASON, command_id)


async def _deny(
    info: Asking,
    id: strawberry.ID,  # noqa: A002
    reason: str,
    command_id: CommandId = None,
) -> Claim:
    return await _commanded(info, "deny", id, reason, command_id)


async def _commanded(info: Asking, kind: CommandKind, name: str, reason: str, command_id: str | None) -> Claim:
    asked = info.context
    demand(asked.principal, kind)
    done = await asked.desk.command(asked.principal, kind, name, reason, command_id, asked.correlation)
    return await _after(info, done.claim_id)


async def _after(info: Asking, claim_id: str) -> Claim:
    """The claim after something was accepted for it: a lookup that fails must not sound as if it was not."""
    try:
        return Claim(row=(await info.context.claim(claim_id)).claim)
    except Problem as problem:
        detail = f"It was accepted, for claim {claim_id}; the claim cannot be shown just now. {problem.detail}"
        raise Problem(problem.status, "accepted_not_shown", detail, headers=problem.headers) from None


@strawberry.type(description="What can be asked.")
class Query:
    """The seeds' queries."""

    claim: Claim | None = strawberry.field(
        resolver=_claim, description="A claim by id or claim number; null where there is none that the caller may see."
    )
    claims: ClaimConnection = strawberry.field(
        resolver=_claims,
        description="Claims that meet all conditions, the last accepted first; outsiders see their own. "
        "The dates bound the first day of service, both included.",
    )


@strawberry.type(description="What can be done. What was answered without an error is durable.")
class Mutation:
    """The seeds' mutations."""

    submit_claim: Claim = strawberry.mutation(
        resolver=_submit, description="Submit a claim. Safe to send again: it keeps its id and is decided once."
    )
    approve_claim: Claim = strawberry.mutation(
        resolver=_approve, description="Approve a pended claim. The claim is answered as it is now: it moves after."
    )
    deny_claim: Claim = strawberry.mutation(
        resolver=_deny, description="Deny a pended claim. The claim is answered as it is now: it moves after."
    )
