"""Fakes of the stores of many claims: pages of rows, and details by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from api.cursor import Position
from api.database import DatabaseAway, DatabaseSlow
from api.filters import TotalsFilter
from api.queries import StoredClaim
from api.queries_list import Question
from api.scope import Scope


class Stored(Protocol):
    """What has claims by id."""

    stored: dict[str, StoredClaim]


@dataclass
class FakeLists:
    """Pages of `rows`, whatever is asked; keeps the questions."""

    rows: list[Mapping[str, Any]] = field(default_factory=list)
    asked: list[tuple[Any, Position | None, int]] = field(default_factory=list)
    away: str | None = None
    slow: bool = False

    def _answer(self, question: object, after: Position | None, limit: int) -> Sequence[Mapping[str, Any]]:
        if self.away is not None:
            raise DatabaseAway(self.away)
        if self.slow:
            raise DatabaseSlow("TimeoutError")
        self.asked.append((question, after, limit))
        ids = [row["id"] for row in self.rows]
        begin = 0 if after is None else ids.index(after.claim_id) + 1
        return self.rows[begin : begin + limit]

    async def claims(self, question: Question, after: Position | None, limit: int) -> Sequence[Mapping[str, Any]]:
        return self._answer(question, after, limit)

    async def pending(self, queue: str | None, after: Position | None, limit: int) -> Sequence[Mapping[str, Any]]:
        return self._answer(queue, after, limit)

    async def totals(self, scope: Scope, wanted: TotalsFilter) -> Sequence[Mapping[str, Any]]:
        return self._answer((scope, wanted), None, 10_000)


@dataclass
class FakeDetails:
    """Details of the claims of a store; counts how often it is asked."""

    store: Stored
    paid: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    async def details(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, StoredClaim]:
        self.asked.append(("details", ids))
        found = {claim_id: self.store.stored[claim_id] for claim_id in ids if claim_id in self.store.stored}
        return {
            claim_id: stored
            for claim_id, stored in found.items()
            if scope.holds(stored.claim["provider_id"], stored.claim["member_id"])
        }

    async def lines(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, int]:
        self.asked.append(("lines", ids))
        found = {claim_id: self.store.stored[claim_id] for claim_id in ids if claim_id in self.store.stored}
        return {
            claim_id: len(stored.items)
            for claim_id, stored in found.items()
            if scope.holds(stored.claim["provider_id"], stored.claim["member_id"])
        }

    async def payments(self, scope: Scope, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        self.asked.append(("payments", ids))
        return {claim_id: self.paid[claim_id] for claim_id in ids if claim_id in self.paid}
