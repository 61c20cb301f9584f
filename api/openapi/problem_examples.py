"""Examples of problems by status: made by what answers them, so that their words are those of the service."""

from collections.abc import Mapping, Sequence
from typing import Any

from agents.instructions import Instruction, state_refusal
from api import auth, body, middleware, problems, refusals
from api.answers import moved_on
from api.desk_commands import illegal_move
from api.desk_submit import conflict, intake_of
from api.gate import too_many
from api.people_changes import not_found as person_not_found
from api.people_requests import if_match_needed
from api.problems import Problem
from api.windows import Policy, Used
from schemas.vocabulary import Substatus

NUMBER = "CLM-2026-3Q1S2002"
_CORRELATION = "7d3c1a52-6f0e-4b7a-9a53-2f1b8f1c0d11"
_DECIDED: Substatus = "approved"


def _refused(given: bytes | dict[str, object]) -> Problem:
    """How the desk refuses a claim."""
    try:
        intake_of(given)
    except Problem as problem:
        return problem
    raise AssertionError("the example of a claim with mistakes has none")


def _illegal() -> Problem:
    refused = state_refusal(Instruction("c-1", "approve", "dewi", "admin", "seen", 0), _DECIDED)
    assert refused is not None
    return illegal_move(refused)


def _too_many() -> Problem:
    return too_many(Used(Policy("write", "600/minute"), False, 0, 12.0))


PROBLEMS: Mapping[int, Sequence[Problem]] = {
    400: (_refused(b"{claim}"),),
    401: (auth.missing_token(),),
    403: (middleware.not_permitted("claim:create"),),
    404: (refusals.claim_not_found(), person_not_found()),
    408: (body.too_slow(body.BODY_SECONDS),),
    409: (conflict(NUMBER), _illegal()),
    412: (moved_on(_DECIDED, "1.0.4.0"),),
    413: (problems.too_large(),),
    414: (middleware.query_too_long(),),
    415: (body.not_json(),),
    422: (_refused({"memberId": "NUSA-0001", "items": [{"serviceCode": "KONSUL-UMUM"}]}),),
    428: (if_match_needed(),),
    429: (_too_many(),),
    500: (problems.internal(),),
    503: (refusals.lookup_away(),),
}


def examples_of(status: int) -> dict[str, Any]:
    """The examples of a status, by the codes of their problems."""
    return {found.code: {"value": problems.body_of(found, _CORRELATION)} for found in PROBLEMS[status]}
