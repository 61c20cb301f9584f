"""What happens to a claim after it was submitted, in a line of code each: commands, payments, voids, replacements."""

from dataclasses import replace
from typing import Any

from schemas import topics
from schemas.accounts import posted_by
from schemas.claim import ClaimLine, SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.decision import Decision
from schemas.events import AdjudicationEvent, BusinessEvent, Command, PaymentEvent, PaymentRequest
from schemas.vocabulary import CommandKind
from streams.driver import Driver
from tests.agents.world import CODEC, DAY, claim

LATER = (DAY + 20) * MILLISECONDS_A_DAY


def command(
    chain: Driver,
    about: SubmittedClaim,
    kind: CommandKind,
    *,
    actor: str = "ani",
    role: str = "claim_processor",
    reason: str | None = "looked at it",
    command_id: str = "",
    at: int = LATER,
) -> None:
    """Ask for a move of a claim."""
    asked = command_id or f"{kind}-{actor}"
    given = Command(asked, kind, about.claim_id, actor, role, reason, None, None, at)
    chain.pipe(topics.CLAIMS_COMMANDS, about.root_id, given)


def payment(chain: Driver, about: SubmittedClaim, amount: int, event_id: str = "pay-1", **changes: Any) -> None:
    """A payment of the claim arrives."""
    given = PaymentEvent(
        event_id, about.claim_id, "TRF-1", "transfer", amount, "USD", "paid", DAY + 20, None, LATER
    )  # fmt: skip
    chain.pipe(topics.PAYMENT_EVENTS, about.root_id, replace(given, **changes))


def settled_outside(chain: Driver, about: SubmittedClaim, verdict: Any, reason: str | None = "outside") -> None:
    """An outside adjudicator settles a pended claim."""
    given = AdjudicationEvent(f"adj-{verdict}", about.claim_id, verdict, reason, "outside", None, LATER)
    chain.pipe(topics.ADJUDICATION_EVENTS, about.root_id, given)


def replacement(original: SubmittedClaim, *lines: ClaimLine, number: str = "R1", **changes: Any) -> SubmittedClaim:
    """A claim that replaces another one (frequency 7)."""
    given = claim(*lines, number=number, **changes)
    return replace(given, root_id=original.root_id, frequency_code="7", original_reference=original.claim_id)


def void(original: SubmittedClaim, number: str = "V1") -> SubmittedClaim:
    """A claim that voids another one (frequency 8)."""
    given = claim(*original.lines, number=number, member_id=original.member.member_id or "")
    return replace(given, root_id=original.root_id, frequency_code="8", original_reference=original.claim_id)


def latest(chain: Driver, about: SubmittedClaim) -> Decision:
    """The last decision of a claim id."""
    found: list[Decision] = [one for one in chain.read(topics.CLAIMS_DECIDED) if one.claim_id == about.claim_id]
    return max(found, key=lambda one: (one.version, one.revision))


def events(chain: Driver, about: SubmittedClaim) -> list[BusinessEvent]:
    """All events of a claim id in order."""
    return [one for one in chain.read(topics.CLAIMS_EVENTS) if one.claim_id == about.claim_id]


def refusals(chain: Driver, about: SubmittedClaim) -> list[str]:
    """Codes of what was refused."""
    return [one.details["reason"] for one in events(chain, about) if one.event_type.endswith(".refused")]


def requests(chain: Driver) -> list[int]:
    """Amounts that were asked for in payments, in order."""
    asked: list[PaymentRequest] = chain.read(topics.PAYMENT_REQUESTS)
    return [one.amount for one in asked]


def balances(chain: Driver) -> dict[bytes, object]:
    """Every balance of the ledger."""
    from agents.tables import BALANCES
    from schemas.state import Balances

    stored = chain.stores["price"].data
    return {k: CODEC.decode(Balances, v).amounts for k, v in stored.items() if k.startswith(BALANCES.prefix)}


def balance_of_everything(chain: Driver) -> dict[str, int]:
    """The trial balance: every decision once, by account."""
    accounts: dict[str, int] = {}
    seen: set[tuple[str, int, int]] = set()
    for decision in chain.read(topics.CLAIMS_DECIDED):
        key = (decision.claim_id, decision.version, decision.revision)
        if key not in seen:
            seen.add(key)
            for account, amount in posted_by(decision).items():
                accounts[account] = accounts.get(account, 0) + amount
    return {account: amount for account, amount in accounts.items() if amount}


def state(decision: Decision) -> tuple[str, str, int]:
    """Status, substatus and what the plan pays."""
    return decision.status, decision.substatus, decision.paid
