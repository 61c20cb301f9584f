"""Problems in the names of claims.proto: the desk speaks in those of REST."""

import re
from collections.abc import Mapping

from api.grpc_door import claims_pb2 as messages
from api.problems import Mistake, Problem

# Fields of our messages, by the names that REST has for them.
CLAIM = {
    "memberId": "member_id", "providerId": "provider_id", "serviceDate": "service_date", "claimType": "claim_type",
    "claimNumber": "claim_number", "currency": "currency", "frequencyCode": "frequency_code",
    "originalReference": "original_reference",
}  # fmt: skip
ITEM = {
    "serviceCode": "service_code", "diagnosisCode": "diagnosis_code", "quantity": "quantity",
    "chargedAmount": "charged_amount", "serviceDate": "service_date",
}  # fmt: skip
_SUBMIT = CLAIM | ITEM
_LIST = {"limit": "size", "cursor": "page", "next of a page": "next_page of an answer"}
_FIELD_OF = {"bad_limit": "size", "bad_cursor": "page"}


def of_submit(problem: Problem, request: messages.SubmitClaimRequest) -> Problem:
    """A problem of SubmitClaim. Places in claim_json have the names of JSON: they are the caller's own."""
    if problem.code == "bad_idempotency_key":
        return _of_field(problem, "idempotency_key", problem.detail.replace("The key", "idempotency_key"))
    if not request.claim_json:
        return _renamed(problem, _SUBMIT)
    if problem.status != 400 or problem.mistakes:
        return problem
    return _of_field(problem, "claim_json", problem.detail.replace("The body", "claim_json"))


def of_list(problem: Problem) -> Problem:
    """A problem of ListClaims."""
    field = _FIELD_OF.get(problem.code)
    return problem if field is None else _of_field(problem, field, _words(problem.detail, _LIST))


def empty_id() -> Problem:
    """GetClaim without an id."""
    text = "claim_id is empty; send the id or the number of a claim."
    return Problem(400, "bad_query", text, mistakes=[Mistake("missing", "claim_id", text)])


def _renamed(problem: Problem, names: Mapping[str, str]) -> Problem:
    mistakes = [Mistake(one.code, _words(one.place, names), _words(one.text, names)) for one in problem.mistakes]
    return _like(problem, _words(problem.detail, names), mistakes)


def _of_field(problem: Problem, field: str, text: str) -> Problem:
    return _like(problem, text, [Mistake(problem.code, field, text)])


def _like(problem: Problem, detail: str, mistakes: list[Mistake]) -> Problem:
    return Problem(problem.status, problem.code, detail, mistakes=mistakes, headers=problem.headers)


def _words(text: str, names: Mapping[str, str]) -> str:
    return re.sub(rf"\b({'|'.join(names)})\b", lambda found: names[found[0]], text)
