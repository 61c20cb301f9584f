"""The ledger of a coverage as Postgres has it: balances of accounts, the postings behind them, and how large it is."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sinks.connect import connect

if TYPE_CHECKING:
    from asyncpg import Record

_BALANCES = """
    select account, who, period, sum(amount) as amount, count(*) as entries
    from ledger_entries where coverage_id = $1 group by 1, 2, 3 order by period, account, who
"""
_ENTRIES = """
    select account, who, period, amount, claim_id, version, revision, line_number, decided_at
    from ledger_entries where coverage_id = $1 order by decided_at, claim_id, version, revision, sequence
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A balance, and how many postings made it. Minor units, thousandths of units or a count, as the account says."""

    account: str
    who: str
    period: str
    amount: int
    entries: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting, with the decision that made it."""

    account: str
    who: str
    period: str
    amount: int
    claim_id: str
    version: int
    revision: int
    line_number: int
    decided_at: datetime


async def balances_of(url: str, coverage_id: str) -> list[Account]:
    """Every account of the coverage; those that came to 0 too. Raises as `sinks.connect.connect`."""
    rows = await _fetched(url, _BALANCES, coverage_id)
    return [Account(r["account"], r["who"], r["period"], int(Decimal(r["amount"])), r["entries"]) for r in rows]


async def postings_of(url: str, coverage_id: str) -> list[Posting]:
    """Every posting of the coverage, oldest first."""
    rows = await _fetched(url, _ENTRIES, coverage_id)
    return [
        Posting(
            r["account"], r["who"], r["period"], r["amount"], str(r["claim_id"]), r["version"], r["revision"],
            r["line_number"], r["decided_at"],
        )
        for r in rows
    ]  # fmt: skip


async def _fetched(url: str, statement: str, coverage_id: str) -> "list[Record]":
    connection = await connect(url, timeout=10)
    try:
        return list(await connection.fetch(statement, coverage_id))
    finally:
        await connection.close()
