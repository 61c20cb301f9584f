"""The state of each stage: one table a kind of record, under one prefix each."""

from agents.contract import Table
from schemas.state import AuthorizationList, Balances, DecidedVersion, LinePassed, PendedList, RegisterEntry

# validate: by claim id
REGISTER = Table("register", b"r", RegisterEntry)
# authorize: by member id
AUTHORIZATIONS = Table("authorizations", b"a", AuthorizationList)
PENDED = Table("pended", b"p", PendedList)
# adjudicate: by coverage id and fingerprint of a line
LINES_PASSED = Table("lines_passed", b"l", LinePassed)
# price: by claim id and version, by coverage id and benefit period
DECIDED = Table("decided", b"d", DecidedVersion)
BALANCES = Table("balances", b"b", Balances)
