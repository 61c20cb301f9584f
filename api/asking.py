"""What callers ask for, out of URLs and bodies: filters, pages, searches, statistics. All mistakes at once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final, get_args

from multidict import MultiMapping

from api.cursor import CURSOR_CHARACTERS_MAX
from api.filters import PAGE_DEFAULT, ClaimFilter, Page, Search, TotalsFilter
from api.problems import Mistake, Problem
from config.limits import (
    CODE_CHARACTERS_MAX,
    IDENTIFIERS_MAX,
    LIST_NAMES_MAX,
    PAGE_CLAIMS_MAX,
    SEARCH_IDENTIFIERS_MAX,
    SEARCH_TEXT_CHARACTERS_MAX,
)
from schemas.identifiers import claim_id_of
from schemas.json_text import JsonTextError, parse_json, place_name
from schemas.people_names import sought_fault
from schemas.vocabulary import Form, Status, Substatus

_NAME_CHARACTERS_MAX = 200
_DAY_DIGITS = 10


class _Refused(ValueError):  # noqa: N818 - caught where it is raised: one mistake of many
    """What to do about a value; `within` says which part of it, such as `[0].value`."""

    def __init__(self, text: str, within: str = "") -> None:
        super().__init__(text)
        self.within = within


def _text(value: object, characters: int = _NAME_CHARACTERS_MAX) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= characters or "\x00" in value:
        raise _Refused(f"must be text of 1 to {characters} characters")
    return value


def _day(value: object) -> date:
    try:
        if not isinstance(value, str) or len(value) != _DAY_DIGITS:
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise _Refused("must be a day such as 2026-03-02") from None


def _names(value: object) -> list[object]:
    """The values of a list: commas in a URL, a list or one text in a body."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list) or not 0 < len(found) <= LIST_NAMES_MAX:
        raise _Refused(f"must name 1 to {LIST_NAMES_MAX}")
    return list(found)


def _words(of: Any) -> Callable[[object], tuple[str, ...]]:
    words = get_args(of)

    def read(value: object) -> tuple[str, ...]:
        found = _names(value)
        if not all(one in words for one in found):
            raise _Refused(f"must be any of: {', '.join(words)}")
        return tuple(dict.fromkeys(str(one) for one in found))

    return read


def _ids(value: object) -> tuple[str, ...]:
    found = [
        claim_id_of(one) if isinstance(one, str) and len(one) <= CODE_CHARACTERS_MAX else None for one in _names(value)
    ]
    if None in found:
        raise _Refused(f"number {found.index(None) + 1} of them is no claim id and no claim number")
    return tuple(dict.fromkeys(str(one) for one in found))


def _limit(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(PAGE_CLAIMS_MAX)):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= PAGE_CLAIMS_MAX:
        raise _Refused(f"must be a number from 1 to {PAGE_CLAIMS_MAX}")
    return value


def _cursor(value: object) -> str:
    return _text(value, CURSOR_CHARACTERS_MAX)


def _identifiers(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not 0 < len(value) <= SEARCH_IDENTIFIERS_MAX:
        raise _Refused(f'must be a list of 1 to {IDENTIFIERS_MAX}: {{"system": "nik", "value": "..."}}')
    found: list[tuple[str, str]] = []
    for number, one in enumerate(value):
        if not isinstance(one, dict) or one.keys() != {"system", "value"}:
            raise _Refused('must hold objects such as {"system": "nik", "value": "..."}')
        found.append((_text(one["system"], CODE_CHARACTERS_MAX), _text(one["value"])))
        fault = sought_fault(*found[-1])
        if fault is not None:
            raise _Refused(fault.text, f"[{number}].{fault.of}")
    return tuple(found)


def _searched(value: object) -> str:
    return _text(value, SEARCH_TEXT_CHARACTERS_MAX)


Reader = Callable[[object], object]
Field = tuple[str, Reader]
# Name of the caller's field: the field of ours, and how it is read.
_FILTER: Final[Mapping[str, Field]] = {
    "ids": ("ids", _ids),
    "status": ("statuses", _words(Status)),
    "substatus": ("substatuses", _words(Substatus)),
    "form": ("forms", _words(Form)),
    "memberId": ("member_id", _text),
    "providerId": ("provider_id", _text),
    "dateFrom": ("service_from", _day),
    "dateTo": ("service_to", _day),
    "submittedFrom": ("submitted_from", _day),
    "submittedTo": ("submitted_to", _day),
}
_PAGE: Final[Mapping[str, Field]] = {"limit": ("limit", _limit), "cursor": ("after", _cursor)}
_SEARCH: Final[Mapping[str, Field]] = {
    "memberIdentifiers": ("identifiers", _identifiers),
    "memberName": ("member_name", _searched),
    "claimControlNumber": ("control_number", _text),
    "submitterId": ("submitter_id", _text),
    "text": ("text", _searched),
}
_QUEUE: Final[Mapping[str, Field]] = {"queue": ("queue", _text)}
_TOTALS: Final[Mapping[str, Field]] = {
    "groupBy": ("group_by", lambda value: tuple(str(one) for one in _names(value))),
    "submittedFrom": ("day_from", _day),
    "submittedTo": ("day_to", _day),
    "status": ("statuses", _words(Status)),
    "form": ("forms", _words(Form)),
    "currency": ("currency", lambda value: _text(value, 3)),
    "providerId": ("provider_id", _text),
}


def filter_in_url(query: MultiMapping[str]) -> tuple[ClaimFilter, Page]:
    """The filter and page of a list; raises a 400 problem that names every mistake."""
    found = _of_url(query, _FILTER, _PAGE)
    return ClaimFilter(**found[0]), _page(found[1])


def queue_in_url(query: MultiMapping[str]) -> tuple[str | None, Page]:
    """The queue (None: all) and the page of the work queue."""
    found = _of_url(query, _QUEUE, _PAGE)
    return found[0].get("queue"), _page(found[1])


def page_in_url(query: MultiMapping[str]) -> Page:
    """The page of a list that has no filter."""
    return _page(_of_url(query, _PAGE)[0])


def totals_in_url(query: MultiMapping[str]) -> TotalsFilter:
    """What statistics are asked for."""
    return TotalsFilter(**_of_url(query, _TOTALS)[0])


def search_in_body(body: bytes) -> tuple[Search, Page]:
    """The search and page of a body; raises a 400 or 422 problem that names every mistake, quoting no value."""
    try:
        given = parse_json(body)
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    if not isinstance(given, dict):
        raise Problem(422, "invalid_search", 'The body must be an object, such as {"text": "..."}.')
    mistakes: list[Mistake] = []
    fields = {name: value for name, value in given.items() if value is not None}
    where, page, search = _read(fields, (_FILTER, _PAGE, _SEARCH), mistakes)
    if mistakes:
        raise Problem(422, "invalid_search", "The search has mistakes; mend them.", mistakes=mistakes)
    return Search(ClaimFilter(**where), **search), _page(page)


def _page(found: dict[str, Any]) -> Page:
    return Page(found.get("limit", PAGE_DEFAULT), found.get("after"))


def _of_url(query: MultiMapping[str], *tables: Mapping[str, Field]) -> list[dict[str, Any]]:
    mistakes = [
        Mistake("twice", place_name(name), "stands twice in the URL; send it once, with commas")
        for name in dict.fromkeys(query)
        if len(query.getall(name)) > 1
    ]
    fields = {name: value for name, value in query.items() if value != ""}
    found = _read(fields, tables, mistakes)
    if len(mistakes) == 1 and mistakes[0].place in ("limit", "cursor"):
        raise Problem(400, f"bad_{mistakes[0].place}", f"{mistakes[0].place} {mistakes[0].text}.")
    if mistakes:
        raise Problem(400, "bad_query", "The query of the URL has mistakes; mend them.", mistakes=mistakes)
    return found


def _read(
    fields: Mapping[str, object], tables: Iterable[Mapping[str, Field]], mistakes: list[Mistake]
) -> list[dict[str, Any]]:
    """The fields by table, under our names; what is wrong is added to the mistakes."""
    found: list[dict[str, Any]] = []
    known: set[str] = set()
    for table in tables:
        read: dict[str, Any] = {}
        for name in table.keys() & fields.keys():
            ours, reader = table[name]
            try:
                read[ours] = reader(fields[name])
            except _Refused as refused:
                mistakes.append(Mistake("bad_value", name + refused.within, str(refused)))
        found.append(read)
        known |= table.keys()
    advice = f"leave it out; known are {', '.join(sorted(known))}"
    mistakes.extend(Mistake("unknown_field", place_name(name), advice) for name in sorted(fields.keys() - known))
    return found
