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


@dataclass(slots=True)
class Asked:
    """The context of one GraphQL request, which executes `operation` where it has several.

    The loaders live as long as it: nothing is kept for another caller.
    """

    principal: Principal
    correlation: str
    operation: str | None
    desk: Desk
    details: DataLoader[str, StoredClaim | None]
    payments: DataLoader[str, Row | None]
    turns: Turns = field(default_factory=Turns)
    _lines: int = 0
    _whole: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def whole(self, claim_id: str) -> dict[str, Any] | None:
        """A claim in REST's JSON, with its items; made once, however many fields ask for it."""
        stored = await self.details.load(claim_id)
        if stored is None:
            return None
        await self.turns.rest()
        if claim_id not in self._whole:
            self._whole[claim_id] = claim_of(stored)
        return self._whole[claim_id]

    def count(self, lines: int) -> None:
        """Count lines of claims that are answered. Raises a 400 problem for too many."""
        self._lines += lines
        if self._lines > GRAPHQL_LINES_MAX:
            detail = f"The answer has more than {GRAPHQL_LINES_MAX} lines of claims: ask for fewer claims (first)."
            raise Problem(400, "too_costly", detail)


Asking = Info[Asked, None]


def asked_of(principal: Principal, correlation: str, operation: str | None, desk: Desk) -> Asked:
    """The context of a request; fields of many claims become one query of the desk."""

    async def details(ids: list[str]) -> Sequence[StoredClaim | None]:
        found = await desk.details(principal, ids)
        return [found.get(claim_id) for claim_id in ids]

    async def payments(ids: list[str]) -> Sequence[Row | None]:
        found = await desk.payments(principal, ids)
        return [found.get(claim_id) for claim_id in ids]

    return Asked(principal, correlation, operation, desk, DataLoader(details), DataLoader(payments))
