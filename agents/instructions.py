"""What a person, a scheduler or an outside adjudicator asks for, in one form, and when it is refused."""

from typing import NamedTuple

from config.limits import MOVES_PER_CLAIM_MAX
from schemas.codec import Codec
from schemas.envelope import Approval, Envelope, Finding, Move
from schemas.events import AdjudicationEvent, Command
from schemas.vocabulary import CommandKind, Substatus

OUTSIDE_ADJUDICATOR = "adjudicator"
SCHEDULER = "scheduler"
WHY_CHARACTERS_MAX = 100
_STAFF = frozenset({"claim_processor", "admin", "super_admin"})
_OWNERS = frozenset({"provider", "member"})
# Who may ask for what. The API asks for a permission besides.
ROLES: dict[CommandKind, frozenset[str]] = {
    "approve": _STAFF | {OUTSIDE_ADJUDICATOR},
    "deny": _STAFF | {OUTSIDE_ADJUDICATOR, SCHEDULER},
    "release": _STAFF | {SCHEDULER},
    "void": _STAFF | _OWNERS,
    "appeal": _STAFF | _OWNERS,
    "uphold": _STAFF | {SCHEDULER},
    "overturn": _STAFF,
}
_LIVE: frozenset[Substatus] = frozenset(
    {"pended", "denied", "partially_approved", "approved", "paid", "appealed", "upheld"}
)
# In which states a claim may be asked for what: the legal moves of a decided claim.
LEGAL: dict[CommandKind, frozenset[Substatus]] = {
    "approve": frozenset({"pended"}),
    "deny": frozenset({"pended"}),
    "release": frozenset({"pended"}),
    # An appeal ends with the claim it is about.
    "void": _LIVE,
    "appeal": frozenset({"denied", "partially_approved", "approved", "paid"}),
    "uphold": frozenset({"appealed"}),
    "overturn": frozenset({"appealed"}),
}
DONE = {
    "approve": "approved",
    "deny": "denied",
    "release": "released",
    "void": "voided",
    "appeal": "appealed",
    "uphold": "upheld",
    "overturn": "overturned",
}
NEED_REASON: frozenset[CommandKind] = frozenset({"approve", "deny", "void", "appeal", "uphold", "overturn"})


class Instruction(NamedTuple):
    """A wish for a move. `at` in milliseconds is its event time."""

    command_id: str
    kind: CommandKind
    actor: str
    role: str
    reason: str | None
    at: int

    @property
    def why(self) -> str:
        """The reason for a finding, which a claim may carry on each of its lines; the whole stands in the event."""
        reason = self.reason or ""
        return reason if len(reason) <= WHY_CHARACTERS_MAX else f"{reason[:WHY_CHARACTERS_MAX]}..."


def instruction_of(envelope: Envelope, codec: Codec) -> Instruction:
    """The instruction that an envelope of kind command or adjudication carries."""
    if envelope.kind == "adjudication":
        event = codec.decode(AdjudicationEvent, envelope.submitted)
        kind: CommandKind = "approve" if event.verdict == "passed" else "deny"
        reason = event.reason or event.verdict
        return Instruction(event.event_id, kind, event.actor, OUTSIDE_ADJUDICATOR, reason, event.at)
    command = codec.decode(Command, envelope.submitted)
    return Instruction(command.command_id, command.kind, command.actor, command.role, command.reason, command.at)


def form_refusal(wish: Instruction) -> Finding | None:
    """Why an instruction is refused whatever the state of its claim; None when it is well formed."""
    if wish.role not in ROLES[wish.kind]:
        text = f"the role {wish.role} may not {wish.kind} a claim; {', '.join(sorted(ROLES[wish.kind]))} may"
        return Finding("L-ROLE", "role", text)
    if wish.kind in NEED_REASON and not (wish.reason or "").strip():
        return Finding("L-REASON-MISSING", "reason", f"a reason is needed to {wish.kind} a claim")
    return None


def leaves_alone(wish: Instruction, held: Envelope) -> bool:
    """Whether a claim that waits stays as it is: this very instruction moved it before, or it was released too often.

    Price answers for it. Every move of a claim is kept with it, so that what it waits in would grow without end.
    """
    if wish.kind == "release":
        return released_too_often(wish, len(held.moves))
    return any(approval.command_id == wish.command_id for approval in held.approvals)


def released_too_often(wish: Instruction, moves: int) -> bool:
    """Whether a claim with so many moves is not judged again; a person may still approve or deny it."""
    return wish.kind == "release" and moves >= MOVES_PER_CLAIM_MAX


def state_refusal(wish: Instruction, substatus: Substatus) -> Finding | None:
    """Why an instruction is refused in the state its claim is in; None when the move is legal."""
    if substatus in LEGAL[wish.kind]:
        return None
    allowed = ", ".join(sorted(LEGAL[wish.kind]))
    return Finding(
        "L-ILLEGAL-MOVE", "kind", f"the claim is {substatus}; only one that is {allowed} can be {DONE[wish.kind]}"
    )


def approval_of(wish: Instruction) -> Approval:
    """The instruction as the claim remembers it."""
    return Approval(wish.command_id, wish.kind, wish.actor, wish.role, wish.reason, wish.at)


def move_of(wish: Instruction, substatus: Substatus, stage: str, code: str) -> Move:
    """The step of the claim's life that the instruction makes."""
    return Move(substatus, stage, wish.at, code, wish.actor, wish.role, wish.reason)
