"""The desk's commands: accepted once the broker has them, carried out by the chain.

A command is refused here only where the table already shows that it is illegal; the chain has the last word, and a
refusal of its own is an event (`command.refused`, with the id of the command).
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from agents import instructions
from agents.instructions import Instruction
from api.auth import Principal
from api.context import Parts
from api.desk_lookups import claim_in_force
from api.permissions import ROLES
from api.problems import Mistake, Problem
from api.producer import OutcomeUnknown
from api.queries import StoredClaim
from api.refusals import outcome_unknown
from config.limits import TEXT_CHARACTERS_MAX
from schemas.envelope import Finding
from schemas.events import Command
from schemas.topics import CLAIMS_COMMANDS as TOPIC
from schemas.vocabulary import CommandKind

_COMMAND_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
# Looks at the claim as it is, and refuses the command with a problem where the caller expected another state.
Expected = Callable[[StoredClaim], None]
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller asks of the claim with this id or number."""

    kind: CommandKind
    name: str
    reason: str | None
    command_id: str | None
    correlation: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A command that all replicas have. `at` is milliseconds since 1970-01-01 UTC."""

    command_id: str
    kind: CommandKind
    claim_id: str
    claim_number: str
    actor: str
    role: str
    at: int


async def command(parts: Parts, principal: Principal, wish: Wish, expected: Expected | None) -> Accepted:
    """Publish the command; see Desk.command."""
    stored = await claim_in_force(parts, principal, wish.name)
    _check_fields(wish)
    if expected is not None:
        expected(stored)
    role = _role(principal, wish.kind)
    chosen = wish.command_id or str(uuid.uuid4())
    instruction = Instruction(chosen, wish.kind, principal.subject, role, wish.reason, parts.now())
    _check(instruction, stored)
    await _publish(parts, instruction, str(stored.claim["root_id"]), wish.correlation)
    return Accepted(
        chosen, wish.kind, str(stored.claim["id"]), stored.claim["claim_number"], principal.subject, role,
        instruction.at,
    )  # fmt: skip


def _check_fields(wish: Wish) -> None:
    found: list[Mistake] = []
    if wish.reason is not None and len(wish.reason) > TEXT_CHARACTERS_MAX:
        found.append(Mistake("reason", "reason", f"must be text of at most {TEXT_CHARACTERS_MAX:,} characters"))
    if wish.command_id is not None and not _COMMAND_ID.fullmatch(wish.command_id):
        text = "must be 1 to 100 letters, digits, points, colons, underscores and hyphens"
        found.append(Mistake("command_id", "commandId", text))
    if found:
        raise Problem(422, "invalid_command", "The command has mistakes; mend them and send it again.", mistakes=found)


def _role(principal: Principal, kind: CommandKind) -> str:
    """The first of the token's roles, in the order of the table, that may ask for this."""
    for role in ROLES:
        if role in principal.roles and role in instructions.ROLES[kind]:
            return role
    able = ", ".join(role for role in ROLES if role in instructions.ROLES[kind])
    raise Problem(403, "forbidden", f"To {kind} a claim needs one of the roles {able}; the token carries none.")


def _check(wish: Instruction, stored: StoredClaim) -> None:
    refused = instructions.form_refusal(wish)
    if refused is not None:
        mistake = Mistake(refused.code, refused.place, refused.text)
        raise Problem(422, "invalid_command", f"{_sentence(refused.text)}", mistakes=[mistake])
    refused = instructions.state_refusal(wish, stored.claim["substatus"])
    if refused is not None:
        raise illegal_move(refused)


def illegal_move(refused: Finding) -> Problem:
    """The claim is in no state in which this could be done."""
    return Problem(409, "illegal_move", _sentence(refused.text))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


async def _publish(parts: Parts, wish: Instruction, root_id: str, correlation: str) -> None:
    command = Command(
        wish.command_id, wish.kind, root_id, wish.actor, wish.role, wish.reason, None, correlation, wish.at
    )
    value = parts.codec.encode(command)
    try:
        await parts.publisher.publish(TOPIC, root_id.encode(), value, {"correlation_id": correlation.encode()})
    except OutcomeUnknown as error:
        log.warning("a command was not confirmed", command_id=wish.command_id, error=str(error))
        raise outcome_unknown(
            f"The command was not confirmed in time and may or may not be carried out. Send it again with commandId "
            f"{wish.command_id}: the same command is carried out once."
        ) from None
