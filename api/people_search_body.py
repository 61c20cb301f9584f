"""What a list or a search of members and providers asks for, from a URL or from a body."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from multidict import MultiMapping
from pydantic import ValidationError

from api.models.people_given import PeopleSearch
from api.people_store import PeopleFilter
from api.problems import Mistake, Problem
from config.limits import CODE_CHARACTERS_MAX, FINDINGS_SHOWN_MAX, PAGE_CLAIMS_MAX
from schemas.intake import problems
from schemas.intake_model import IdentifierIntake
from schemas.people_names import name_tokens, sought_fault

PAGE_DEFAULT = 50
# Of a list: the condition in the URL, and the name it has in the column of times (schemas/sealed_people.py).
_TIMES = {"member": {"coverageId": "coverage", "planId": "plan"}, "provider": {"networkId": "network"}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that is asked for: of what, after which id, and how many."""

    where: PeopleFilter
    after: str | None
    limit: int


def of_query(query: MultiMapping[str], word: str) -> Asked:
    """A list: by coverage, plan or network, `includeEnded`, `limit` and `cursor`. Raises a 400 problem."""
    known = {*_TIMES[word], "includeEnded", "limit", "cursor"}
    unknown = sorted(query.keys() - known)
    if unknown:
        raise Problem(400, "unknown_parameter", f"The list takes {', '.join(sorted(known))} and nothing else.")
    times = {name: query[asked] for asked, name in _TIMES[word].items() if query.get(asked)}
    if any(len(value) > CODE_CHARACTERS_MAX or "\x00" in value for value in times.values()):
        raise Problem(400, "bad_parameter", f"An id has {CODE_CHARACTERS_MAX} characters at most.")
    ended = query.get("includeEnded", "false")
    if ended not in ("true", "false"):
        raise Problem(400, "bad_parameter", "includeEnded must be true or false.")
    where = PeopleFilter(times=json.dumps([times]) if times else None, ended_too=ended == "true")
    return Asked(where, _id_of(query.get("cursor")), _limit(query.get("limit")))


def of_body(body: Any) -> Asked:
    """A search. Raises a 422 problem."""
    if not isinstance(body, dict):
        raise Problem(422, "invalid_search", 'The body must be an object, such as {"name": "..."}.')
    try:
        search = PeopleSearch.model_validate(body)
    except ValidationError as error:
        mistakes = [Mistake(f.code, f.place, f.text) for f in problems(error)[:FINDINGS_SHOWN_MAX]]
        raise Problem(422, "invalid_search", "The search has mistakes; mend them.", mistakes=mistakes) from None
    _check(search.identifiers)
    if not search.identifiers and not name_tokens(search.name or ""):
        raise Problem(422, "invalid_search", "Search by an identifier or by a name, or both.")
    pairs = tuple((one.system, one.value) for one in search.identifiers)
    where = PeopleFilter(pairs, search.name, None, search.include_ended)
    return Asked(where, _id_of(search.cursor), search.limit)


def _check(identifiers: Sequence[IdentifierIntake]) -> None:
    """Refuse identifiers that cannot be anybody's: an empty list would read as if nobody had them."""
    mistakes = [
        Mistake(fault.code, f"identifiers[{number}].{fault.of}", fault.text)
        for number, one in enumerate(identifiers)
        if (fault := sought_fault(one.system, one.value)) is not None
    ]
    if mistakes:
        raise Problem(422, "invalid_search", "The search has mistakes; mend them.", mistakes=mistakes)


def cursor_of(record_id: str) -> str:
    """The cursor behind the last id of a page."""
    return base64.urlsafe_b64encode(record_id.encode()).decode().rstrip("=")


def _id_of(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        if len(cursor) > 2 * CODE_CHARACTERS_MAX:
            raise ValueError
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        if "\x00" in found:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Problem(400, "bad_cursor", "cursor must be the next of a page before, as it was.") from None
    return found


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE_DEFAULT
    if text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= PAGE_CLAIMS_MAX:
        return int(text)
    raise Problem(400, "bad_limit", f"limit must be a number from 1 to {PAGE_CLAIMS_MAX}.")
