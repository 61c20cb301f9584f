"""The state of each stage: one table a kind of record, under one prefix each."""

from agents.contract import Table
from schemas.envelope import Envelope
from schemas.state import (
    AuthorizationList,
    Balances,
    CoverageLedger,
    DecidedVersion,
    HistoryLines,
    IdList,
    RegisterEntry,
    RootState,
)

# validate: by root claim id
REGISTER = Table("register", b"r", RegisterEntry)
# authorize: by coverage and member id; claims that wait by root claim id, and the ids of those by coverage and member
AUTHORIZATIONS = Table("authorizations", b"a", AuthorizationList)
WAITING = Table("waiting", b"w", Envelope)
WAITING_OF_MEMBER = Table("waiting_of_member", b"m", IdList)
# adjudicate: lines by family, member and day; the keys of those of a root claim; claims that wait, by root claim id
HISTORY = Table("history", b"h", HistoryLines)
HISTORY_OF_CLAIM = Table("history_of_claim", b"c", IdList)
# Root claims of which an appeal was asked for and has not ended yet
APPEALED = Table("appealed", b"p", IdList)
REVIEWED = Table("review", b"v", Envelope)
# price: by claim id and version, by root claim id, by coverage id and benefit period, by coverage id
DECIDED = Table("decided", b"d", DecidedVersion)
ROOTS = Table("roots", b"o", RootState)
BALANCES = Table("balances", b"b", Balances)
LEDGERS = Table("ledgers", b"g", CoverageLedger)
