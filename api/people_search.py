"""How a search finds members by what is personal: their identifiers and names."""

from collections.abc import Sequence
from typing import Protocol

from api.auth import Principal
from schemas.claim import SubmittedClaim


class People(Protocol):
    """Members by what may not stand in a URL."""

    async def member_ids(
        self, principal: Principal, identifiers: Sequence[tuple[str, str]], name: str | None
    ) -> Sequence[str]:
        """Ids of the members with all these identifiers (system, value) and this name. Raises DatabaseAway."""

    async def release_of(self, claim: SubmittedClaim) -> int | None:
        """The release that brought the newest state of the people whom a claim names. Raises DatabaseAway."""
