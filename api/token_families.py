"""What Postgres remembers of families of refresh tokens: which token is the next one, and which family has ended."""

from typing import Protocol
from uuid import UUID

from api import statements_families as statements
from api.database import Database
from api.refresh_tokens import RefreshToken

REUSED, REVOKED = "reused", "revoked"


class Families(Protocol):
    """Both methods raise DatabaseAway: then no token is given out."""

    async def advance(self, used: RefreshToken, following: RefreshToken) -> bool:
        """Put the next token in the place of the one that is used. False, and the family ended, if that was used."""

    async def revoke(self, token: RefreshToken, why: str = REVOKED) -> None:
        """End the family of the token."""


class PostgresFamilies:
    """Families in Postgres: two processes that are sent the same token give one answer between them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self, used: RefreshToken, following: RefreshToken) -> bool:
        """Put the next token in the place of the one that is used. False, and the family ended, if that was used."""
        family, next_id = UUID(used.family), UUID(following.token_id)
        async with self._database.connection() as connection:
            if used.generation == 0:
                first = family, used.subject, next_id, used.family_ends
                moved = await connection.fetchval(statements.START, *first)
                await connection.execute(statements.PURGE)
            else:
                moved = await connection.fetchval(statements.ADVANCE, family, UUID(used.token_id), next_id)
        if moved is None:
            await self.revoke(used, REUSED)
        return moved is not None

    async def revoke(self, token: RefreshToken, why: str = REVOKED) -> None:
        """End the family of the token."""
        async with self._database.connection() as connection:
            await connection.execute(statements.REVOKE, UUID(token.family), token.subject, token.family_ends, why)
