"""What requests about members and providers have in common: whose record, over which state, shown how."""

import re
from collections.abc import Awaitable
from datetime import date
from typing import Any, NamedTuple, TypeVar

from aiohttp import web

from api.allowed import Person, in_reach
from api.answers import expected_tags, json_response
from api.body import read_json_bytes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.database import DatabaseAway
from api.models.people_given import MemberGiven, ProviderGiven
from api.people_changes import Expected, not_found
from api.people_json import shown_json
from api.people_parts import PEOPLE, PeopleParts
from api.problems import Problem
from api.refusals import lookup_away
from config.limits import PAYER_UTC_OFFSET_MINUTES
from schemas.audit import View
from schemas.dates import day_at, day_of, text_of
from schemas.json_text import JsonTextError, parse_json
from schemas.reference import Member
from schemas.reference_changes import PersonRecord
from schemas.topics import REFERENCE_MEMBERS, REFERENCE_PROVIDERS

R = TypeVar("R")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,49}")


class Kind(NamedTuple):
    """Members or providers: what differs between the two."""

    word: Person
    topic: str
    model: type[MemberGiven] | type[ProviderGiven]
    view: View
    list_view: View

    @property
    def path(self) -> str:
        """Where they are found."""
        return f"/api/v1/{self.word}s"


MEMBER = Kind("member", REFERENCE_MEMBERS, MemberGiven, "member", "member_list")
PROVIDER = Kind("provider", REFERENCE_PROVIDERS, ProviderGiven, "provider", "provider_list")


def people_of(request: web.Request) -> PeopleParts:
    """The parts of the application that serves this request."""
    return request.config_dict[PEOPLE]


def id_of(record: PersonRecord) -> str:
    """The id of a record."""
    return record.member_id if isinstance(record, Member) else record.provider_id


def today(request: web.Request) -> str:
    """Today on the payer's calendar."""
    return text_of(day_at(parts_of(request).now(), PAYER_UTC_OFFSET_MINUTES))


def day_asked(text: str) -> int:
    """The day that is asked for; raises a 400 problem."""
    try:
        if len(text) != len("2026-03-02"):
            raise ValueError
        day = day_of(date.fromisoformat(text))
    except ValueError:
        raise Problem(400, "bad_day", "effective must be a day such as 2026-03-02.") from None
    return day


def staff(request: web.Request, what: str) -> None:
    """Raises a 403 problem for a token that names a provider or member."""
    if not request[PRINCIPAL].sees_all:
        raise Problem(403, "forbidden", f"{what}; a token that names a provider or member is not.")


def seen_id(request: web.Request, kind: Kind) -> str:
    """The id in the path, where its record is any business of the caller's."""
    principal, record_id = request[PRINCIPAL], request.match_info["id"]
    if not principal.sees_all:
        if kind is MEMBER and principal.provider_id is not None and principal.member_id is None:
            detail = "A provider finds a member by POST /api/v1/members/search with one identifier."
            raise Problem(403, "identifier_needed", detail)
        if not in_reach(principal, kind.word, record_id):
            if _ID.fullmatch(record_id):
                parts_of(request).audit.read(
                    principal, kind.view, [record_id], request[CORRELATION], outcome="refused"
                )  # fmt: skip
            raise not_found()
    if not _ID.fullmatch(record_id):
        raise not_found()
    return record_id


def expected_of(request: web.Request) -> Expected:
    """The states that If-Match names; raises a 428 problem without it, 412 where it holds no tag."""
    tags = expected_tags(request)
    if not tags:
        raise if_match_needed()
    # A weak tag never matches here (RFC 9110, 13.1.1).
    strong = frozenset(tag.value for tag in tags if not tag.is_weak)
    return Expected(strong, "*" in strong)


def if_match_needed() -> Problem:
    """The request must say which state it is about."""
    detail = "Send If-Match with the ETag of the record that you looked at: somebody else may have changed it since."
    return Problem(428, "if_match_needed", detail)


async def body_of(request: web.Request) -> Any:
    """The JSON of the body."""
    try:
        return parse_json(await read_json_bytes(request, parts_of(request).body_seconds))
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None


async def asked_of(answer: Awaitable[R]) -> R:
    """What the store answers; raises a 503 problem while it is away."""
    try:
        return await answer
    except DatabaseAway:
        raise lookup_away() from None


def sees_accounts(request: web.Request) -> bool:
    """Whoever may change an account sees it in full; so do its owners."""
    principal = request[PRINCIPAL]
    return not principal.sees_all or bool({"member:update", "provider:update"} & principal.permissions)


def shown(request: web.Request, record: PersonRecord, status: int = 200) -> web.Response:
    """The record as an answer, with its entity tag."""
    response = json_response(shown_json(record, account_hidden=not sees_accounts(request)), status=status)
    response.etag = str(record.release)
    return response
