"""The stage adjudicate alone: claims as authorize leaves them go in, envelopes with verdicts come out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agents.adjudicate import adjudicate
from agents.contract import Context, Emit, Message, Table
from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.claim import Identifier, SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.envelope import Authorized, Envelope, LineVerdict, Undone, Validated
from schemas.events import AdjudicationEvent, Command
from schemas.reference import Edit, Member, NetworkSegment, Plan, Provider, ReferenceRelease
from schemas.vocabulary import CommandKind, Verdict
from streams.state import BatchState, MemoryStore
from tests.agents.world import CODEC, DAY, PLAN, YEAR, member

LATER = (DAY + 20) * MILLISECONDS_A_DAY
PASSED = Authorized("passed", "PLAN", None, None, None, ())


def edit(edit_id: str, **changes: Any) -> Edit:
    """A pair that denies 80048 beside 80053 as CO-236."""
    given = Edit(
        1, False, edit_id, "pair", "80048", "80053", (), None, None, None, "deny", 10, "CO", "236", (), YEAR[0]
    )  # fmt: skip
    return replace(given, **changes)


class Desk:
    """Adjudicate over one state and one release: members M1 and M2, providers P1 and P2 of NET and OUT of none."""

    def __init__(self, plan: Plan = PLAN, edits: Sequence[Edit] = (), members: Sequence[Member] = ()) -> None:
        store = ReferenceStore(CODEC)
        networks = (NetworkSegment("NET", YEAR[0], None),)
        providers = [
            Provider(1, False, name, (Identifier("npi", f"NPI-{name}"),), name, "clinic", belongs)
            for name, belongs in (("P1", networks), ("P2", networks), ("OUT", ()))
        ]
        given = {one.member_id: one for one in (member("M1"), member("M2"), *members)}
        loads: list[tuple[str, Sequence[Any]]] = [
            (topics.REFERENCE_MEMBERS, list(given.values())),
            (topics.REFERENCE_PROVIDERS, providers),
            (topics.REFERENCE_PLANS, [plan]),
            (topics.REFERENCE_EDITS, edits),
        ]
        for topic, records in loads:
            for record in records:
                store.add(topic, "", CODEC.encode(record))
        counts = {topic: len(records) for topic, records in loads}
        store.add(topics.REFERENCE_RELEASES, "1", CODEC.encode(ReferenceRelease(1, 0, "test", counts)))
        reference = store.at(1)
        assert reference is not None
        self.store = MemoryStore()
        self._context = Context(BatchState(self.store, CODEC), reference, CODEC)
        self._roots: dict[str, SubmittedClaim] = {}

    def judge(self, claim: SubmittedClaim, authorized: Authorized = PASSED, **changes: Any) -> Envelope:
        """A claim that authorize judged, passed unless said otherwise."""
        provider = claim.provider.provider_id
        validated = Validated(
            claim.member.member_id or "", provider if provider in ("P1", "P2", "OUT") else None, "d", ()
        )
        envelope = Envelope(
            kind="claim", claim_id=claim.claim_id, claim_number="CLM-1", root_id=claim.root_id, version=1,
            coverage_id="FAM", correlation_id="c", accepted_at=claim.accepted_at, release=1,
            submitted=CODEC.encode(claim), validated=validated, authorized=authorized, adjudicated=None, moves=(),
        )  # fmt: skip
        return self.send(replace(envelope, **changes))

    def replace(self, original: SubmittedClaim, claim: SubmittedClaim) -> Envelope:
        """A claim in place of an original."""
        undone = Undone(original.claim_id, 1, "replaced", True)
        kept = replace(claim, root_id=original.root_id)
        return self.judge(kept, kind="replacement", version=2, undoes=undone)

    def void(self, original: SubmittedClaim) -> Envelope:
        """A void of an original, as a claim of its own."""
        return self.judge(original, kind="void", undoes=Undone(original.claim_id, 1, "voided", True))

    def command(
        self, kind: CommandKind, about: SubmittedClaim, role: str = "claim_processor", reason: str | None = "seen"
    ) -> Envelope:
        """A person asks for a move of a claim; a void comes with what it ends, as validate leaves it."""
        asked = Command(f"{kind}-1", kind, about.claim_id, "ani", role, reason, None, None, LATER)
        undoes = Undone(about.claim_id, 1, "voided", False) if kind == "void" else None
        return self._instruct("command", about, CODEC.encode(asked), undoes)

    def settle_outside(self, verdict: Verdict, about: SubmittedClaim) -> Envelope:
        """An outside adjudicator settles a claim."""
        event = AdjudicationEvent("adj-1", about.claim_id, verdict, "outside", "insurer", None, LATER)
        return self._instruct("adjudication", about, CODEC.encode(event), None)

    def send(self, envelope: Envelope) -> Envelope:
        """An envelope through the stage."""
        message = Message(topics.CLAIMS_AUTHORIZED, "FAM", envelope, CODEC.encode(envelope))
        (outcome,) = adjudicate(message, self._context)
        assert isinstance(outcome, Emit)
        assert (outcome.topic, outcome.key) == (topics.CLAIMS_ADJUDICATED, "FAM")
        assert isinstance(outcome.record, Envelope)
        # What comes out, price reads from a topic.
        assert CODEC.decode(Envelope, CODEC.encode(outcome.record)) == outcome.record
        return outcome.record

    def kept(self, table: Table[Any], key: str) -> Any:
        """A record of the state."""
        return self._context.state.get(table, key)

    def keys(self) -> list[str]:
        """Every key that the state holds, with the prefix of its table."""
        state = self._context.state
        assert isinstance(state, BatchState)
        return [name.decode() for name, value in state.changes() if value is not None]

    def _instruct(self, kind: Any, about: SubmittedClaim, raw: bytes, undoes: Undone | None) -> Envelope:
        envelope = Envelope(
            kind=kind, claim_id=about.claim_id, claim_number="CLM-1", root_id=about.root_id, version=1,
            coverage_id="FAM", correlation_id="c", accepted_at=LATER, release=1, submitted=raw, validated=None,
            authorized=None, adjudicated=None, moves=(), undoes=undoes,
        )  # fmt: skip
        return self.send(envelope)


def lines_of(envelope: Envelope) -> tuple[LineVerdict, ...]:
    """Verdicts on the lines."""
    assert envelope.adjudicated is not None
    return envelope.adjudicated.lines


def told(envelope: Envelope) -> list[str]:
    """A line each: its verdict, its adjustments such as CO-236 5000, its findings; `passed` when nothing was found."""
    return [
        " ".join(
            (
                one.verdict,
                *(f"{a.group}-{a.reason} {a.amount}" for a in one.adjustments),
                *(finding.code for finding in one.findings),
            )
        )
        for one in lines_of(envelope)
    ]


def balances(claim: SubmittedClaim, envelope: Envelope) -> bool:
    """What was taken off lies between nothing and the charge, and is the charge where a line is denied."""
    taken = [sum(a.amount for a in verdict.adjustments) for verdict in lines_of(envelope)]
    return all(
        amount == line.charge if verdict.verdict == "denied" else 0 <= amount <= line.charge
        for line, verdict, amount in zip(claim.lines, lines_of(envelope), taken, strict=True)
    )
