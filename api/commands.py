"""`POST /api/v1/claims/{id}/approve` and the other commands: accepted once the broker has them, carried out by price.

A command is refused here only where the table already shows that it is illegal; the chain has the last word, and a
refusal of its own is an event (`command.refused`, with the id of the command).
"""

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import hdrs, web

from agents import instructions
from agents.instructions import Instruction
from api.auth import Principal
from api.body import read_json_bytes
from api.claims import RETRY_SECONDS, claim_in_force, json_response
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.permissions import ROLES
from api.problems import Mistake, Problem
from api.producer import OutcomeUnknown
from api.queries import StoredClaim
from api.representation import moment
from config.limits import TEXT_CHARACTERS_MAX
from schemas.dates import moment_of
from schemas.events import Command
from schemas.json_text import JsonTextError, parse_json
from schemas.topics import CLAIMS_COMMANDS as TOPIC
from schemas.vocabulary import CommandKind

_COMMAND_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_FIELDS = frozenset({"reason", "commandId"})
log = structlog.get_logger(__name__)
Handler = Callable[[web.Request], Awaitable[web.Response]]


def _handler(kind: CommandKind) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        stored = await claim_in_force(request)
        parts = parts_of(request)
        fields = _fields_of(await read_json_bytes(request, parts.body_seconds))
        wish = Instruction(
            fields.get("commandId") or str(uuid.uuid4()), kind, request[PRINCIPAL].subject,
            _role(request[PRINCIPAL], kind), fields.get("reason"), parts.now(),
        )  # fmt: skip
        _check(wish, stored)
        await _publish(request, wish, str(stored.claim["root_id"]))
        return _accepted(wish, stored)

    handle.__doc__ = f"202 with the id of the command to {kind} the claim, once all replicas have it."
    return handle


approve, deny, release = _handler("approve"), _handler("deny"), _handler("release")
void, appeal = _handler("void"), _handler("appeal")
uphold, overturn = _handler("uphold"), _handler("overturn")


def _fields_of(body: bytes) -> Mapping[str, str]:
    try:
        fields = parse_json(body)
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    if not isinstance(fields, dict):
        raise Problem(422, "invalid_command", 'The body must be an object: {"reason": "..."}.')
    found = [Mistake("unknown_field", name[:50], "leave it out") for name in sorted(fields.keys() - _FIELDS)]
    reason, command_id = fields.get("reason"), fields.get("commandId")
    if reason is not None and not (isinstance(reason, str) and len(reason) <= TEXT_CHARACTERS_MAX):
        found.append(Mistake("reason", "reason", f"must be text of at most {TEXT_CHARACTERS_MAX} characters"))
    if command_id is not None and not (isinstance(command_id, str) and _COMMAND_ID.fullmatch(command_id)):
        text = "must be 1 to 100 letters, digits, points, colons, underscores and hyphens"
        found.append(Mistake("command_id", "commandId", text))
    if found:
        raise Problem(422, "invalid_command", "The command has mistakes; mend them and send it again.", mistakes=found)
    return {name: value for name, value in fields.items() if isinstance(value, str)}


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
        raise Problem(409, "illegal_move", _sentence(refused.text))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


async def _publish(request: web.Request, wish: Instruction, root_id: str) -> None:
    parts, correlation = parts_of(request), request[CORRELATION]
    command = Command(
        wish.command_id, wish.kind, root_id, wish.actor, wish.role, wish.reason, None, correlation, wish.at
    )
    value = parts.codec.encode(command)
    try:
        await parts.publisher.publish(TOPIC, root_id.encode(), value, {"correlation_id": correlation.encode()})
    except OutcomeUnknown as error:
        log.warning("a command was not confirmed", command_id=wish.command_id, error=str(error))
        detail = (
            f"The command was not confirmed in time and may or may not be carried out. Send it again with commandId "
            f"{wish.command_id}: the same command is carried out once."
        )
        raise Problem(503, "outcome_unknown", detail, headers={hdrs.RETRY_AFTER: str(RETRY_SECONDS)}) from None


def _accepted(wish: Instruction, stored: StoredClaim) -> web.Response:
    claim = str(stored.claim["id"])
    body = {
        "commandId": wish.command_id,
        "kind": wish.kind,
        "claimId": claim,
        "claimNumber": stored.claim["claim_number"],
        "actor": wish.actor,
        "role": wish.role,
        "at": moment(moment_of(wish.at)),
    }
    response = json_response(body, status=202)
    # What comes of it is an event of the claim: the step itself, or a refusal that names the command.
    response.headers[hdrs.LOCATION] = f"/api/v1/claims/{claim}/events"
    return response
