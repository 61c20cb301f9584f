"""`GET /api/v1/claims/{id}/audit`: who looked at a claim, the last look first; for auditors and administrators."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from aiohttp import web

from api import statements_audit as statements
from api.answers import json_response
from api.asking import page_in_url
from api.context import PRINCIPAL, parts_of
from api.cursor import Position, cursor_of, position_of
from api.database import Database, DatabaseAway
from api.desk_lists import checked_limit
from api.problems import Problem
from api.refusals import lookup_away, staff_only
from api.representation import moment
from schemas.identifiers import claim_id_of

Row = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ReadLog(Protocol):
    """Where reads are found."""

    async def of_claim(self, claim_id: str, after: Position | None, limit: int) -> Sequence[Row]:
        """Reads of a claim, its documents among them, the last first. Raises DatabaseAway."""


class PostgresReadLog:
    """Reads in Postgres, as the sink has written them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_claim(self, claim_id: str, after: Position | None, limit: int) -> Sequence[Row]:
        """Reads of a claim, its documents among them, the last first."""
        at = None if after is None else _EPOCH + after.at * _MICROSECOND
        event_id = None if after is None else after.claim_id
        async with self._database.connection() as connection:
            rows: Sequence[Row] = await connection.fetch(
                statements.READS_OF, "claim", claim_id, at, event_id, limit
            )  # fmt: skip
        return rows


READ_LOG = web.AppKey("read_log", ReadLog)


async def get_audit(request: web.Request) -> web.Response:
    """A page of the reads of a claim. Looking here is a read of the claim too."""
    principal, parts = request[PRINCIPAL], parts_of(request)
    if not principal.sees_all:
        raise staff_only("The record of reads is")
    page = page_in_url(request.query)
    limit = checked_limit(page.limit)
    claim_id = claim_id_of(request.match_info["id"])
    if claim_id is None:
        raise Problem(404, "claim_not_found", "This is no claim id and no claim number.")
    question = ("audit", claim_id)
    after = position_of(page.after, question)
    parts.audit.read(principal, "claim_audit", [claim_id])
    try:
        rows = await request.config_dict[READ_LOG].of_claim(claim_id, after, limit + 1)
    except DatabaseAway:
        raise lookup_away() from None
    shown = rows[:limit]
    last = cursor_of(_position(shown[-1]), question) if len(rows) > limit else None
    return json_response({"claimId": claim_id, "reads": [_read(row) for row in shown], "next": last})


def _position(row: Row) -> Position:
    return Position((row["at"] - _EPOCH) // _MICROSECOND, row["event_id"])


def _read(row: Row) -> dict[str, object]:
    return {
        "eventId": str(row["event_id"]),
        "at": moment(row["at"]),
        "subject": row["subject"],
        "roles": list(row["roles"]),
        "providerId": row["provider_id"],
        "memberId": row["member_id"],
        "view": row["view"],
        "outcome": row["outcome"],
        "correlationId": row["correlation_id"],
    }
