"""`POST /api/v1/claims/{id}/approve` and the other commands, also under the names of the work queue."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import uuid5

from aiohttp import hdrs, web

from api.answers import check_expected, desk_of, json_response
from api.body import read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.desk_commands import Accepted
from api.idempotency import answered_once, idempotency_key
from api.problems import Mistake, Problem
from api.representation import moment
from schemas.dates import moment_of
from schemas.identifiers import CLAIM_NAMESPACE
from schemas.json_text import JsonTextError, parse_json, place_name
from schemas.vocabulary import CommandKind

_FIELDS = frozenset({"reason", "commandId"})
Handler = Callable[[web.Request], Awaitable[web.Response]]


def _handler(kind: CommandKind) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        key = idempotency_key(request)
        fields = _fields_of(await read_json_bytes(request, parts_of(request).body_seconds))
        command_id = fields.get("commandId") or _command_id(request, kind, key)
        accepted = await desk_of(request).command(
            request[PRINCIPAL], kind, request.match_info["id"], fields.get("reason"), command_id,
            request[CORRELATION], partial(check_expected, request),
        )  # fmt: skip
        return _response(accepted)

    handle.__doc__ = f"202 with the id of the command to {kind} the claim, once all replicas have it."
    return answered_once(handle)


approve, deny, release = _handler("approve"), _handler("deny"), _handler("release")
void, appeal = _handler("void"), _handler("appeal")
uphold, overturn = _handler("uphold"), _handler("overturn")


def _command_id(request: web.Request, kind: CommandKind, key: str | None) -> str | None:
    """The id of a command that came with a key: the same key, the same command, carried out once."""
    if key is None:
        return None
    return str(
        uuid5(CLAIM_NAMESPACE, f"command\n{request[PRINCIPAL].subject}\n{key}\n{kind}\n{request.match_info['id']}")
    )


def _fields_of(body: bytes) -> Mapping[str, str]:
    try:
        fields = parse_json(body)
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    if not isinstance(fields, dict):
        raise Problem(422, "invalid_command", 'The body must be an object: {"reason": "..."}.')
    found = [Mistake("unknown_field", place_name(name), "leave it out") for name in sorted(fields.keys() - _FIELDS)]
    found += [
        Mistake("string_type", name, "must be text")
        for name in sorted(_FIELDS & fields.keys())
        if fields[name] is not None and not isinstance(fields[name], str)
    ]
    if found:
        raise Problem(422, "invalid_command", "The command has mistakes; mend them and send it again.", mistakes=found)
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _response(accepted: Accepted) -> web.Response:
    body = {
        "commandId": accepted.command_id,
        "kind": accepted.kind,
        "claimId": accepted.claim_id,
        "claimNumber": accepted.claim_number,
        "actor": accepted.actor,
        "role": accepted.role,
        "at": moment(moment_of(accepted.at)),
    }
    response = json_response(body, status=202)
    # What comes of it is an event of the claim: the step itself, or a refusal that names the command.
    response.headers[hdrs.LOCATION] = f"/api/v1/claims/{accepted.claim_id}/events"
    return response
