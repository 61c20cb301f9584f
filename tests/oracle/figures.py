"""What the oracle is given and what it answers: plain integers in lists, no ledger and no reversal entries.

The oracle is written from the rules of docs/adjudication and the definitions of the records, never from the engine's
code. Section numbers are those of the rules: 2 edits, 3 moves, 4 allowed amount, 5 member share, 7 balances.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from schemas.claim import ClaimLine, SubmittedClaim
from schemas.events import AuthorizationEvent
from schemas.reference import Benefit, Contract, Edit, Fee, Member, Plan, Provider

FAMILY = "family"
LIFETIME = "lifetime"
# A reason that the rules leave to whom it concerns: that of the pend which a person turned into a denial.
ANY = "any"


@dataclass(frozen=True)
class Payer:
    """The reference data of one release."""

    plan: Plan
    members: Mapping[str, Member]
    providers: Mapping[str, Provider]
    fees: Sequence[Fee] = ()
    contracts: Sequence[Contract] = ()
    edits: Sequence[Edit] = ()


class Posting(NamedTuple):
    """An amount that a line adds to a balance; `when` is the benefit period, a day or the lifetime."""

    account: str
    who: str
    when: str
    amount: int


@dataclass
class Row:
    """A line on its way through the edits to its amounts."""

    line: ClaimLine
    units: int
    covered: int
    benefit: Benefit | None = None
    # Why it is denied. Several edits may say so at once; the rules do not say which of one stage is reported first.
    denials: list[str] = field(default_factory=list)
    pends: bool = False
    # Units that passed the coding edits: what later lines are compared with, whatever became of the line after.
    passed_units: int = 0
    authorization: str | None = None
    allowed: int = 0
    paid: int = 0
    adjustments: dict[str, int] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)

    @property
    def denied(self) -> bool:
        """True when an edit denies the line whole."""
        return bool(self.denials)

    def take(self, reason: str, amount: int) -> None:
        """Add to the adjustments of a group and reason such as CO-45; nothing for 0."""
        if amount:
            self.adjustments[reason] = self.adjustments.get(reason, 0) + amount


@dataclass
class Version:
    """A version of a claim with its decision; `ended` is voided or replaced once it is no longer in force."""

    claim: SubmittedClaim
    number: int
    outcome: str
    coverage: str
    rows: list[Row]
    arrival: int = 0
    # True when it passed the stage authorize: an authorization that arrives does not concern it any more.
    authorized: bool = False
    # The authorizations that this stage knew: what it denied then stays denied, whoever overrules a later stage.
    known: Mapping[str, AuthorizationEvent] = field(default_factory=dict)
    ended: str = ""
    # The stage that it waits in, and those whose finding a person overruled.
    waits_in: str = ""
    overruled: set[str] = field(default_factory=set)

    @property
    def postings(self) -> list[Posting]:
        """What it adds to the balances: nothing when it is pended or no longer in force."""
        if self.ended or self.outcome == "pended":
            return []
        return [posting for row in self.rows if not row.denied for posting in row.postings]


def used(versions: Iterable[Version], account: str, who: str, when: str) -> int:
    """Section 7: a balance is the sum of what the decisions in force recorded."""
    return sum(
        posting.amount
        for version in versions
        for posting in version.postings
        if (posting.account, posting.who, posting.when) == (account, who, when)
    )


def round_half_up(value: Fraction | int) -> int:
    """Section 1: half up, away from zero, once for each stored amount."""
    exact = abs(Fraction(value))
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return whole if value >= 0 else -whole


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Section 1: in proportion by largest remainder, ties to the earlier; equal weights when all are 0."""
    weights = weights if any(weights) else [1] * len(weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def fits(patterns: Sequence[str], code: str | None) -> bool:
    """Codes, prefixes ending in * and ranges A-B of codes of one length; an empty list is for all."""
    return not patterns or (code is not None and any(_fits(pattern, code) for pattern in patterns))


def _fits(pattern: str, code: str) -> bool:
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    first, dash, last = pattern.partition("-")
    return len(code) == len(first) and first <= code <= last if dash else code == pattern
