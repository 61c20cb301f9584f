"""The one set of queries and commands: REST, GraphQL and gRPC ask here and nowhere else.

Each takes the principal first, shows and does what that caller may, and raises api.problems.Problem for the rest: 404
for a claim that is none of the caller's, 503 while a service is away. It knows no request and no JSON of a door.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api import desk_commands, desk_details, desk_lists, desk_lookups, desk_people, desk_submit, desk_totals
from api.allowed import Person
from api.auth import Principal
from api.context import Parts
from api.desk_commands import Accepted
from api.desk_lists import ClaimPage
from api.desk_lookups import Trail
from api.desk_submit import Given, Submitted
from api.filters import ClaimFilter, Page, Search, TotalsFilter
from api.queries import StoredClaim
from schemas.decision import Decision
from schemas.vocabulary import CommandKind

Row = Mapping[str, Any]


class Desk:
    """Queries and commands on the parts of a service."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def submit(self, principal: Principal, given: Given, key: str | None, correlation: str) -> Submitted:
        """Accept a claim (JSON bytes, a parsed object or a ClaimIntake): returns once all replicas have it.

        `key` makes the claim's id where it has no number of its own. Raises 400, 403, 409, 413, 422 and 503 problems.
        """
        return await desk_submit.submit(self._parts, principal, given, key, correlation)

    async def claim(self, principal: Principal, name: str) -> StoredClaim:
        """A claim with its items and adjustments, by id or claim number."""
        return await desk_lookups.claim(self._parts, principal, name)

    async def timeline(self, principal: Principal, name: str) -> Trail:
        """A claim and the steps of its status, oldest first."""
        return await desk_lookups.timeline(self._parts, principal, name)

    async def events(self, principal: Principal, name: str) -> Trail:
        """A claim and its audit trail, oldest first, with the details that this caller may see."""
        return await desk_lookups.events(self._parts, principal, name)

    async def decision(self, principal: Principal, name: str) -> tuple[StoredClaim, Decision | None]:
        """A claim and the record of its last decision, None before the first: what explanation and letter say."""
        return await desk_lookups.decision(self._parts, principal, name)

    async def list(self, principal: Principal, where: ClaimFilter, page: Page) -> ClaimPage:
        """Claims that meet the filter, the last accepted first; of outsiders only their own."""
        return await desk_lists.claims(self._parts, principal, where, page)

    async def search(self, principal: Principal, wanted: Search, page: Page) -> ClaimPage:
        """The same by what must not stand in a URL. Raises a 422 problem for a search that cannot be made."""
        return await desk_lists.search(self._parts, principal, wanted, page)

    async def details(self, principal: Principal, ids: Sequence[str]) -> Mapping[str, StoredClaim]:
        """Claims with their items and adjustments, by id, in one go; what is none of the caller's is left out."""
        return await desk_details.details(self._parts, principal, ids)

    async def lines(self, principal: Principal, ids: Sequence[str]) -> Mapping[str, int]:
        """How many lines each of these claims has; what is none of the caller's is left out."""
        return await desk_details.lines(self._parts, principal, ids)

    async def payments(self, principal: Principal, ids: Sequence[str]) -> Mapping[str, Row]:
        """The last payment of each of these claims that was paid: `at`, and `details` as texts by name."""
        return await desk_details.payments(self._parts, principal, ids)

    async def people(self, principal: Principal, kind: Person, ids: Sequence[str]) -> Mapping[str, Row]:
        """What is not sealed of members or providers, by id; whom the caller may not look up is left out."""
        return await desk_people.people(self._parts, principal, kind, ids)

    async def queue(self, principal: Principal, queue: str | None, page: Page) -> ClaimPage:
        """Pended claims of a queue, or of all, what is due first; for staff."""
        return await desk_lists.pending(self._parts, principal, queue, page)

    async def statistics(self, principal: Principal, wanted: TotalsFilter) -> Sequence[Row]:
        """Claims counted and added up by what `wanted.group_by` names; of outsiders only their own."""
        return await desk_totals.statistics(self._parts, principal, wanted)

    async def command(
        self,
        principal: Principal,
        kind: CommandKind,
        name: str,
        reason: str | None,
        command_id: str | None,
        correlation: str,
        expected: desk_commands.Expected | None = None,
    ) -> Accepted:
        """Ask for a move of a claim: approve, deny, release, void, appeal, uphold, overturn.

        Returns once all replicas have the command. `expected` is called with the claim as it is and may refuse.
        Raises 403, 404, 409, 422 and 503 problems.
        """
        wish = desk_commands.Wish(kind, name, reason, command_id, correlation)
        return await desk_commands.command(self._parts, principal, wish, expected)
