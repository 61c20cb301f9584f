"""What the desk asks about people: who is found by what is personal, and what of them is not."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from api.auth import Principal
from schemas.claim import SubmittedClaim


class People(Protocol):
    """Members and providers."""

    async def member_ids(
        self, principal: Principal, identifiers: Sequence[tuple[str, str]], name: str | None
    ) -> Sequence[str]:
        """Ids of the members with all these identifiers (system, value) and this name. Raises DatabaseAway."""

    async def release_of(self, claim: SubmittedClaim) -> int | None:
        """The release that brought the newest state of the people whom a claim names. Raises DatabaseAway."""

    async def unsealed(self, topic: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """What of the members or providers with these ids is not sealed, by id. Raises DatabaseAway."""
