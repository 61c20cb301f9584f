"""A line while edits look at it: what fired on it, in which order it counts, and the verdict that comes of it.

All edits run before a line is decided, so every problem is told at once. Deny comes before pend, pend before warn, then
the order of the edits; a denied line is taken off whole under the first denial. An edit that only takes units leaves
the rest of the line standing: charge = what is left + what the edit took, split by largest remainder.
"""

from typing import NamedTuple

from agents.history import SameService
from agents.receipt import step
from schemas.claim import ClaimLine
from schemas.envelope import Adjustment, Finding, LineVerdict, Step
from schemas.money import split
from schemas.reference import Benefit
from schemas.vocabulary import GroupCode, Severity, Verdict

SEVERITIES: dict[Severity, int] = {"deny": 0, "pend": 1, "warn": 2}
# Place of the edits among those of one severity; coding edits have a priority and an id besides.
DUPLICATES, COVERAGE, CODING = range(3)


class Hit(NamedTuple):
    """An edit that fired. `rule` is its id on the remittance; `units_milli` what it takes when not the whole line."""

    severity: Severity
    order: tuple[int, int, str]
    group: GroupCode
    reason: str
    rule: str
    finding: Finding
    units_milli: int | None = None


class EditedLine:
    """A line, its benefit, the lines of the same service, and what fired so far."""

    __slots__ = ("benefit", "denied", "hits", "line", "service", "units_left")

    def __init__(self, line: ClaimLine, benefit: Benefit | None, service: SameService) -> None:
        self.line = line
        self.benefit = benefit
        self.service = service
        self.hits: list[Hit] = []
        self.denied = False
        self.units_left = line.units_milli

    @property
    def place(self) -> str:
        """Where the line stands on the claim."""
        return f"lines[{self.line.line_number}]"

    def add(self, hit: Hit) -> None:
        """Remember what fired; a denial of the whole line takes it out of what later edits compare with."""
        self.hits.append(hit)
        if hit.severity == "deny":
            self.units_left -= self.units_left if hit.units_milli is None else hit.units_milli
            self.denied = self.units_left <= 0

    def pending(self) -> Hit | None:
        """The first edit for which a person must look at the line; None for a line that is denied anyway."""
        if self.denied:
            return None
        return next((hit for hit in self.hits if hit.severity == "pend"), None)

    def verdict(self) -> LineVerdict:
        """What the edits come to."""
        line, benefit = self.line, self.benefit
        benefit_id = benefit.benefit_id if benefit is not None else None
        if not self.hits:
            return LineVerdict(line.line_number, "passed", benefit_id, (), ())
        self.hits.sort(key=_rank)
        findings = tuple(hit.finding for hit in self.hits)
        adjustments, steps, units = self._removed()
        if self.denied:
            return LineVerdict(line.line_number, "denied", benefit_id, adjustments, findings, 0, steps)
        outcome: Verdict = "passed" if self.pending() is None else "pended"
        return LineVerdict(line.line_number, outcome, benefit_id, adjustments, findings, units, steps)

    def _removed(self) -> tuple[tuple[Adjustment, ...], tuple[Step, ...], int]:
        """Adjustments, their steps and the units that went: the whole line under the first denial, or units of it."""
        denials = [hit for hit in self.hits if hit.severity == "deny"]
        whole = next((hit for hit in denials if hit.units_milli is None), None)
        adjustments: list[Adjustment] = []
        steps: list[Step] = []
        charge, units = self.line.charge, self.line.units_milli
        for hit in denials if whole is None else (whole,):
            taken = units if hit.units_milli is None else hit.units_milli
            left, amount = (0, charge) if taken >= units else split(charge, (units - taken, taken))
            if amount:
                adjustments.append(Adjustment(hit.group, hit.reason, amount, hit.rule, None, hit.units_milli))
            steps.append(step(hit.rule, charge, left))
            charge, units = left, units - taken
        return tuple(adjustments), tuple(steps), self.line.units_milli - units


def _rank(hit: Hit) -> tuple[int, tuple[int, int, str]]:
    return (SEVERITIES[hit.severity], hit.order)
