"""What price knows of a root claim under a coverage: the version in force, its decision, what was asked and paid."""

from collections.abc import Sequence

from agents.contract import Context, Emit
from agents.decided import ended
from agents.ledger import Ledger
from agents.tables import DECIDED, ROOTS
from agents.told import events_of
from config.limits import COMMANDS_PER_CLAIM_MAX
from schemas import topics
from schemas.claim import Payee
from schemas.decision import Decision
from schemas.envelope import Envelope, Finding, Move
from schemas.events import BusinessEvent, PaymentRequest
from schemas.identifiers import event_id
from schemas.state import DecidedVersion, RootState
from schemas.structure import replaced
from schemas.vocabulary import Substatus

NOTHING = RootState("", 0, False, 0, 0)
# The place of a payment request among the events of a revision: before the first of them.
REQUEST_SEQUENCE = 0


def decided_key(claim_id: str, version: int) -> str:
    """Key of a version's decision."""
    return f"{claim_id}:{version}"


class Standing:
    """A root claim while an envelope about it is carried out. Outcomes gather in `outcomes`, in order."""

    def __init__(self, envelope: Envelope, context: Context) -> None:
        self.context = context
        self.coverage_id = envelope.coverage_id
        # A replacement may move to another coverage: each coverage has a standing of its own.
        self._key = f"{envelope.coverage_id}:{envelope.root_id}"
        self.root = context.state.get(ROOTS, self._key) or NOTHING
        self.outcomes: list[Emit] = []

    def stored(self) -> DecidedVersion | None:
        """The last version's decision as it is kept."""
        if not self.root.version:
            return None
        return self.context.state.get(DECIDED, decided_key(self.root.claim_id, self.root.version))

    def decision_in(self, stored: DecidedVersion) -> Decision:
        """The decision in what is kept."""
        return self.context.codec.decode(Decision, stored.decision)

    def set_root(self, **changes: object) -> None:
        """Change what is known of the root."""
        self.root = replaced(self.root, **changes)
        self.context.state.put(ROOTS, self._key, self.root)

    def keep(self, decision: Decision, kept: DecidedVersion, events: Sequence[BusinessEvent]) -> None:
        """Keep a decision, and send it with its events. `kept.decision` is filled in here."""
        encoded = self.context.codec.encode(decision)
        self.context.state.put(
            DECIDED,
            decided_key(decision.claim_id, decision.version),
            replaced(kept, revision=decision.revision, substatus=decision.substatus, decision=encoded),
        )
        self.outcomes.append(Emit(topics.CLAIMS_DECIDED, self.coverage_id, encoded))
        self.tell(events)

    def tell(self, events: Sequence[BusinessEvent]) -> None:
        """Send events."""
        self.outcomes += [Emit(topics.CLAIMS_EVENTS, self.coverage_id, event) for event in events]

    def remember(self, decision: Decision, stored: DecidedVersion, command_id: str) -> None:
        """Keep that something was asked, so that the same again does nothing."""
        asked = with_command(stored, command_id)
        self.context.state.put(DECIDED, decided_key(decision.claim_id, decision.version), asked)

    def end(self, outcome: Substatus, ledger: Ledger, finding: Finding, move: Move) -> Decision | None:
        """End the version in force: the exact negation of what it recorded. None when nothing is in force."""
        stored = self.stored()
        if stored is None or not self.root.live:
            return None
        before = self.decision_in(stored)
        posting = before if stored.posted is None else self.context.codec.decode(Decision, stored.posted)
        ledger.reverse(posting.ledger)
        gone = ended(before, outcome, ledger.take_entries(), finding)
        ledger.save()
        self.keep(gone, replaced(stored, envelope=None, posted=None, before_appeal=None), events_of(gone, (), move))
        self.set_root(live=False)
        return gone

    def ask_for_payment(
        self, decision: Decision, wanted: int, envelope: Envelope, payee: Payee | None, at: int
    ) -> None:
        """Ask for what the root still gets, or for money back; nothing when all was asked for."""
        amount = wanted - self.root.requested
        if amount == 0:
            return
        request = PaymentRequest(
            request_id=event_id(decision.claim_id, decision.version, decision.revision, REQUEST_SEQUENCE),
            claim_id=decision.claim_id,
            claim_number=decision.claim_number,
            root_id=decision.root_id,
            version=decision.version,
            revision=decision.revision,
            coverage_id=decision.coverage_id,
            provider_id=decision.provider_id,
            payee_kind="member" if decision.settlement == "reimbursement" else "provider",
            payee=payee,
            amount=amount,
            currency=decision.currency,
            at=at,
            correlation_id=envelope.correlation_id,
        )
        self.set_root(requested=wanted)
        self.outcomes.append(Emit(topics.PAYMENT_REQUESTS, self.coverage_id, request))


def with_command(stored: DecidedVersion, command_id: str) -> DecidedVersion:
    """What is kept, with one more thing that was asked."""
    return replaced(stored, commands=known_commands((*stored.commands, command_id)))


def known_commands(commands: tuple[str, ...]) -> tuple[str, ...]:
    """The commands and payments that are remembered: the latest, each once."""
    return tuple(dict.fromkeys(commands))[-COMMANDS_PER_CLAIM_MAX:] if commands else ()
