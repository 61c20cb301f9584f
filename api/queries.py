"""What the service reads from and writes to Postgres, a claim at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from api import received, statements, statements_receive
from api.batches import Batches
from api.database import CONNECT_SECONDS, STATEMENT_SECONDS, Database
from schemas.claim import SubmittedClaim


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """What is known of a claim id. `digest` is None for a claim that did not come over HTTP."""

    claim_number: str
    status: str
    substatus: str
    accepted_at: datetime
    digest: str | None
    root_id: str


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim with its items and their adjustments: rows by column name, from one snapshot."""

    claim: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    adjustments: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the whole. `balances`: minor units by currency and kind (charged, paid, adjusted)."""

    pended: Mapping[str, int]
    balances: Mapping[tuple[str, str], int]


class ClaimStore(Protocol):
    """What the service asks of its store. Every method raises DatabaseAway, except `fault` and `close`."""

    async def claim(self, claim_id: str) -> StoredClaim | None:
        """The claim as the store knows it; None when it does not."""

    async def timeline(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The steps of the claim's status, oldest first."""

    async def known(self, claim_id: str) -> KnownClaim | None:
        """What is known of a claim id; None for nothing."""

    async def receive(self, claim: SubmittedClaim, claim_number: str, digest: str) -> None:
        """Make a confirmed claim visible at once, unless something better is known of it."""

    async def status_counts(self) -> Mapping[str, int]:
        """Claims by status."""

    async def decision(self, claim_id: str) -> bytes | None:
        """The record of the claim's last decision; None before the first."""

    async def events(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The audit trail of the claim, oldest first."""

    async def figures(self) -> "Figures":
        """What is counted and added up over all claims."""

    async def fault(self) -> str | None:
        """Why claims cannot be looked up just now; None when they can."""

    async def close(self) -> None:
        """Close the connections."""


class PostgresStore:
    """Claims in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._claims: Batches[UUID, StoredClaim | None] = Batches(
            self._claims_of, wait_seconds=CONNECT_SECONDS + STATEMENT_SECONDS
        )
        self._known: Batches[UUID, KnownClaim | None] = Batches(self._known_of)
        self._received: Batches[received.Received, None] = Batches(self._receive)

    async def claim(self, claim_id: str) -> StoredClaim | None:
        """The claim as the store knows it; None when it does not."""
        return await self._claims.ask(UUID(claim_id))

    async def timeline(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The steps of the claim's status, oldest first."""
        async with self._database.connection() as connection:
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(statements.TIMELINE, UUID(claim_id))
        return rows

    async def known(self, claim_id: str) -> KnownClaim | None:
        """What is known of a claim id; None for nothing."""
        return await self._known.ask(UUID(claim_id))

    async def receive(self, claim: SubmittedClaim, claim_number: str, digest: str) -> None:
        """Make a confirmed claim visible at once, unless something better is known of it."""
        await self._received.ask((claim, claim_number, digest))

    async def status_counts(self) -> Mapping[str, int]:
        """Claims by status."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(statements.STATUS_COUNTS)
        return {row["status"]: row["claims"] for row in rows}

    async def decision(self, claim_id: str) -> bytes | None:
        """The record of the claim's last decision; None before the first."""
        async with self._database.connection() as connection:
            record: bytes | None = await connection.fetchval(statements.DECISION, UUID(claim_id))
        return record

    async def events(self, claim_id: str) -> Sequence[Mapping[str, Any]]:
        """The audit trail of the claim, oldest first."""
        async with self._database.connection() as connection:
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(statements.EVENTS, UUID(claim_id))
        return rows

    async def figures(self) -> Figures:
        """What is counted and added up over all claims."""
        async with self._database.connection() as connection:
            pended = await connection.fetch(statements.PENDED_BY_QUEUE)
            balances = await connection.fetch(statements.BALANCES)
        return Figures(
            {row["queue"] or "": row["claims"] for row in pended},
            {(row["currency"], row["kind"]): int(row["amount"]) for row in balances},
        )

    async def _claims_of(self, ids: Sequence[UUID]) -> Sequence[StoredClaim | None]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statements.CLAIMS, ids)
        found = {row["id"]: stored_of(row) for row in rows}
        return [found.get(claim_id) for claim_id in ids]

    async def _known_of(self, ids: Sequence[UUID]) -> Sequence[KnownClaim | None]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statements.KNOWN, ids)
        found = {row["id"]: KnownClaim(*tuple(row)[1:]) for row in rows}
        return [found.get(claim_id) for claim_id in ids]

    async def _receive(self, claims: Sequence[received.Received]) -> Sequence[None]:
        async with self._database.connection() as connection:
            await connection.execute(statements_receive.RECEIVE, *received.json_of(claims))
        return [None] * len(claims)

    async def fault(self) -> str | None:
        """Why claims cannot be looked up just now; None when they can."""
        return await self._database.fault()

    async def close(self) -> None:
        """Close the connections."""
        await self._database.close()


def stored_of(row: Mapping[str, Any]) -> StoredClaim:
    """A row of statements.CLAIMS as a claim with its items and adjustments."""
    items = [dict(zip(statements.ITEM, item, strict=True)) for item in row["items"]]
    adjustments = [dict(zip(statements.ADJUSTMENT, one, strict=True)) for one in row["adjustments"]]
    return StoredClaim(row, items, adjustments)
