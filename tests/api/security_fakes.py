"""Fakes of what the doors remember of tokens and reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.cursor import Position
from api.database import DatabaseAway
from api.refresh_tokens import RefreshToken, new_family, signed_refresh
from api.token_families import REUSED, REVOKED
from config.settings import ApiSettings


@dataclass
class FakeFamilies:
    """Families of refresh tokens in memory; raises DatabaseAway where `away` is set."""

    following: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    away: str | None = None

    async def advance(self, used: RefreshToken, following: RefreshToken) -> bool:
        self._ask()
        expected = self.following.get(used.family, used.token_id if used.generation == 0 else None)
        if used.family in self.ended or expected != used.token_id:
            await self.revoke(used, REUSED)
            return False
        self.following[used.family] = following.token_id
        return True

    async def revoke(self, token: RefreshToken, why: str = REVOKED) -> None:
        self._ask()
        self.ended.setdefault(token.family, why)

    def _ask(self) -> None:
        if self.away is not None:
            raise DatabaseAway(self.away)


@dataclass
class FakeReadLog:
    """Reads in memory, the last first; raises DatabaseAway where `away` is set."""

    rows: list[Mapping[str, Any]] = field(default_factory=list)
    away: str | None = None

    async def of_claim(self, claim_id: str, after: Position | None, limit: int) -> Sequence[Mapping[str, Any]]:
        if self.away is not None:
            raise DatabaseAway(self.away)
        found = [row for row in self.rows if row["claim_id"] == claim_id]
        if after is not None:
            found = found[1 + [row["event_id"] for row in found].index(after.claim_id) :]
        return found[:limit]


def refresh_text(api: ApiSettings, *roles: str, sub: str = "dewi", now: datetime | None = None, **claims: Any) -> str:
    """The first refresh token of a family."""
    now = now or datetime.now(UTC)
    return signed_refresh(api, new_family(api, sub, roles, now, **claims), now)
