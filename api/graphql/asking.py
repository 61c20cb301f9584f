"""Who asks, and what is fetched for them in one go however many fields ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from strawberry.dataloader import DataLoader
from strawberry.types import Info

from api.auth import Principal
from api.desk import Desk, Row
from api.graphql.turns import Turns
from api.problems import Problem
from api.queries import StoredClaim
from api.representation import claim_of
from config.limits import GRAPHQL_LINES_MAX
from schemas.identifiers import claim_id_of

_LINES = f"{GRAPHQL_LINES_MAX} lines of claims"
_TIMES = f"{GRAPHQL_LINES_MAX} times of cover and in networks"


class Bound:
    """How much of something one request may have: GRAPHQL_LINES_MAX. `detail` says what it would be more of."""

    def __init__(self, detail: str) -> None:
        self._detail = detail
        self._taken = 0

    def take(self, count: int) -> None:
        """Take so many of it. Raises a 400 problem for more than there may be."""
        self._taken += count
        if self._taken > GRAPHQL_LINES_MAX:
            raise Problem(400, "too_costly", f"{self._detail}: ask for fewer claims (first).")


@dataclass(slots=True)
class Asked:
    """The context of one GraphQL request, which executes `operation` where it has several.

    The loaders live as long as it: nothing is kept for another caller. Where a claim is read, `room` is made for its
    lines first.
    """

    principal: Principal
    correlation: str
    operation: str | None
    desk: Desk
    room: DataLoader[str, None]
    details: DataLoader[str, StoredClaim | None]
    payments: DataLoader[str, Row | None]
    members: DataLoader[str, Row | None]
    providers: DataLoader[str, Row | None]
    turns: Turns = field(default_factory=Turns)
    answered: Bound = field(default_factory=lambda: Bound(f"The answer has more than {_LINES}"))
    times: Bound = field(default_factory=lambda: Bound(f"The answer has more than {_TIMES}"))
    _whole: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def claim(self, name: str) -> StoredClaim:
        """As the desk has it, once there is room for its lines."""
        claim_id = claim_id_of(name)
        if claim_id is not None:
            await self.room.load(claim_id)
        stored = await self.desk.claim(self.principal, name)
        self.details.prime(str(stored.claim["id"]), stored)
        return stored

    async def whole(self, claim_id: str) -> dict[str, Any] | None:
        """A claim in REST's JSON, with its items; made once, however many fields ask for it."""
        stored = await self.details.load(claim_id)
        if stored is None:
            return None
        await self.turns.rest()
        if claim_id not in self._whole:
            self._whole[claim_id] = claim_of(stored)
        return self._whole[claim_id]


Asking = Info[Asked, None]


def asked_of(principal: Principal, correlation: str, operation: str | None, desk: Desk) -> Asked:
    """The context of a request; fields of many claims become one query of the desk."""
    read = Bound(f"What is asked for needs more than {_LINES} read")

    async def make_room(ids: list[str]) -> Sequence[None]:
        read.take(sum((await desk.lines(principal, ids)).values()))
        return [None] * len(ids)

    room = DataLoader(make_room)

    async def details(ids: list[str]) -> Sequence[StoredClaim | None]:
        await room.load_many(ids)
        found = await desk.details(principal, ids)
        return [found.get(claim_id) for claim_id in ids]

    async def payments(ids: list[str]) -> Sequence[Row | None]:
        found = await desk.payments(principal, ids)
        return [found.get(claim_id) for claim_id in ids]

    async def members(ids: list[str]) -> Sequence[Row | None]:
        found = await desk.people(principal, "member", ids)
        return [found.get(member_id) for member_id in ids]

    async def providers(ids: list[str]) -> Sequence[Row | None]:
        found = await desk.people(principal, "provider", ids)
        return [found.get(provider_id) for provider_id in ids]

    loaders = DataLoader(details), DataLoader(payments), DataLoader(members), DataLoader(providers)
    return Asked(principal, correlation, operation, desk, room, *loaders)
