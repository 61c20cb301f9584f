"""The book of a coverage: submissions in order, every claim decided from scratch against the decisions in force.

What replaces or voids a claim comes from the provider of the version in force, or from its submitter for its member.

Section 3 and 7: a void takes out what its version recorded, later claims keep their amounts; a replacement is decided
against balances without its own original. No counters: each balance is summed again for every claim.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from schemas.claim import SubmittedClaim
from schemas.events import AuthorizationEvent
from tests.oracle import amounts, edits, shares
from tests.oracle.figures import ANY, Payer, Row, Version, used


@dataclass
class Book:
    """Everything that was submitted; `versions` by root claim, oldest first."""

    payer: Payer
    versions: dict[str, list[Version]] = field(default_factory=dict)
    waiting: dict[str, list[SubmittedClaim]] = field(default_factory=dict)
    commands: dict[str, list[str]] = field(default_factory=dict)
    voided: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    authorizations: dict[str, AuthorizationEvent] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def submit(self, claim: SubmittedClaim) -> None:
        """A claim, void or replacement; one that is known already is a repeat and changes nothing."""
        if claim.claim_id in self.known:
            return
        self.known.add(claim.claim_id)
        if claim.frequency_code == "1":
            self._decide(claim, claim.root_id)
            for late in self.waiting.pop(claim.root_id, []):
                self._follow(late)
            for kind in self.commands.pop(claim.root_id, []):
                self.carry_out(claim.root_id, kind)
        elif claim.root_id in self.versions:
            self._follow(claim)
        else:
            self.waiting.setdefault(claim.root_id, []).append(claim)

    def authorize(self, event: AuthorizationEvent) -> None:
        """An authorization; claims of the member that wait for one are judged again, in the order of their arrival."""
        self.authorizations[event.authorization_number] = event
        for version in sorted(self.all(), key=lambda one: one.arrival):
            if (
                version.outcome == "pended"
                and not version.authorized
                and version.claim.member.member_id == event.member_id
            ):
                if version.ended or _waits(self._authorized(version.claim, self.authorizations)):
                    continue
                self._judge(version)

    def carry_out(self, root: str, kind: str) -> None:
        """What a person asks: void, approve or deny; it waits for a claim that has not come."""
        if root not in self.versions:
            self.commands.setdefault(root, []).append(kind)
        elif kind == "void":
            self.end(root)
        else:
            self.settle(root, kind == "approve")

    def end(self, root: str) -> None:
        """A person voids what is in force of a root claim; nothing happens where nothing is."""
        if root in self.versions and root not in self.voided:
            self.versions[root][-1].ended = "voided"
            self.voided.add(root)

    def settle(self, root: str, approved: bool) -> None:
        """A person approves or denies a claim that waits: the finding is overruled, or its lines are denied with it."""
        version = self.versions[root][-1] if root in self.versions else None
        if version is None or version.ended or version.outcome != "pended":
            return
        if approved:
            version.overruled.add(version.waits_in)
            self._judge(version)
        else:
            version.outcome = "denied"
            for row in version.rows:
                row.denials.append(ANY)
                # What is denied after the coding edits was seen by them, and stays history.
                row.passed_units = row.passed_units if version.waits_in == "price" else 0

    def all(self) -> list[Version]:
        """Every version that was decided."""
        return [version for listed in self.versions.values() for version in listed]

    def balance(self, account: str, who: str, when: str) -> int:
        """What the decisions in force recorded."""
        return used(self.all(), account, who, when)

    def _follow(self, claim: SubmittedClaim) -> None:
        """Frequency 7 or 8 under a root that is known; after a void nothing follows, and nothing of a stranger's."""
        if claim.root_id in self.voided or not self._is_theirs(claim, self.versions[claim.root_id][-1].claim):
            self.rejected.add(claim.claim_id)
            # What was refused may be right later: once a replacement has named that provider.
            self.known.discard(claim.claim_id)
            return
        self.versions[claim.root_id][-1].ended = "voided" if claim.frequency_code == "8" else "replaced"
        if claim.frequency_code == "8":
            self.voided.add(claim.root_id)
        else:
            self._decide(claim, claim.root_id)

    def _is_theirs(self, claim: SubmittedClaim, before: SubmittedClaim) -> bool:
        """Whether the sender of a void or replacement may change that version. Stories name everybody by our ids."""
        provider = claim.provider.provider_id
        if provider in self.payer.providers and provider == before.provider.provider_id:
            return True
        return (claim.submitter_id, claim.member) == (before.submitter_id, before.member)

    def _decide(self, claim: SubmittedClaim, root: str) -> None:
        member = self.payer.members[claim.member.member_id or ""]
        cover = edits.segment_of(member, claim.service_from)
        listed = self.versions.setdefault(root, [])
        version = Version(claim, len(listed) + 1, "pended", cover.coverage_id if cover else "", [], len(self.all()))
        listed.append(version)
        self._judge(version)

    def _authorized(self, claim: SubmittedClaim, known: Mapping[str, AuthorizationEvent]) -> list[Row]:
        rows = [Row(line, line.units_milli, line.charge) for line in claim.lines]
        edits.authorize(self.payer, claim, rows, known)
        return rows

    def _judge(self, version: Version) -> None:
        """All stages in the order of section 2, against everything in force but this version."""
        if not version.authorized:
            version.known = dict(self.authorizations)
        claim, rows = version.claim, self._authorized(version.claim, version.known)
        others = [one for one in self.all() if one is not version]
        version.rows, version.outcome, version.waits_in = rows, "pended", "authorize"
        if _waits(rows) and "authorize" not in version.overruled:
            return
        version.authorized, version.waits_in = True, "adjudicate"
        for row in rows:
            row.pends = False
        edits.adjudicate(self.payer, claim, rows, others)
        # A line that waits for a person is history like one that passed: else its copy would slip by meanwhile.
        for row in rows:
            row.passed_units = 0 if row.denied else row.units
        if _waits(rows) and "adjudicate" not in version.overruled:
            return
        version.waits_in = "price"
        self._price(claim, rows, self._before(version, others))
        version.outcome = _outcome(rows)
        paid = sum(row.paid for row in rows)
        above = self.payer.plan.review_above
        # A claim that a person has approved before was looked at.
        if above is not None and paid > above and not version.overruled:
            version.outcome = "pended"

    def _before(self, version: Version, others: list[Version]) -> Callable[[str, str, str], int]:
        """Balances of the version's own coverage: families do not see each other."""
        family = [one for one in others if one.coverage == version.coverage]
        return lambda account, who, when: used(family, account, who, when)

    def _price(self, claim: SubmittedClaim, rows: list[Row], before: Callable[[str, str, str], int]) -> None:
        live = [row for row in rows if not row.denied]
        by = amounts.pricing_of(self.payer, claim)
        meter = shares.Meter(self.payer.plan, claim, live, before)
        shares.count(meter, self.authorizations)
        meter.rows = live = [row for row in live if not row.denied]
        amounts.allow(self.payer, claim, live, by)
        shares.share(meter, by.tier)


def _waits(rows: list[Row]) -> bool:
    """Section 2: deny before pend."""
    return any(row.pends and not row.denied for row in rows)


def _outcome(rows: list[Row]) -> str:
    """A claim is denied when all its lines are; one paid 0 because of the member's share is approved."""
    if all(row.denied for row in rows):
        return "denied"
    partly = any(row.denied or row.units < row.line.units_milli for row in rows)
    return "partially_approved" if partly else "approved"
