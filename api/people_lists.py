"""Lists and searches of members and providers, and who changed them."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from api import people_search_body
from api.answers import json_or_unchanged, json_response
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.people_json import eligibility_json, shown_json
from api.people_requests import MEMBER, Kind, asked_of, body_of, id_of, people_of, seen_id, sees_accounts, staff
from api.people_store import PeopleFilter
from api.problems import Problem
from api.representation import moment
from schemas.reference import Member

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def list_all(kind: Kind) -> Handler:
    """The handler that lists them by id."""

    async def handle(request: web.Request) -> web.Response:
        staff(request, f"The list of {kind.word}s is for staff")
        asked = people_search_body.of_query(request.query, kind.word)
        body = await _page(request, kind, asked.where, asked.after, asked.limit)
        return json_or_unchanged(request, body)

    return handle


def search(kind: Kind) -> Handler:
    """The handler that finds them by what must not stand in a URL."""

    async def handle(request: web.Request) -> web.Response:
        asked = people_search_body.of_body(await body_of(request))
        principal = request[PRINCIPAL]
        if principal.sees_all:
            return json_response(await _page(request, kind, asked.where, asked.after, asked.limit))
        if kind is not MEMBER or principal.provider_id is None or not principal.is_outsider:
            raise Problem(
                403, "forbidden", f"The search for {kind.word}s is for staff, and for providers by identifier."
            )
        if len(asked.where.identifiers) != 1 or asked.where != PeopleFilter(identifiers=asked.where.identifiers):
            detail = (
                "A provider finds a member by one identifier, such as the NIK or the member number, and nothing else."
            )
            raise Problem(403, "identifier_needed", detail)
        return json_response(await _page(request, kind, asked.where, None, 1, eligibility=True))

    return handle


def events(kind: Kind) -> Handler:
    """The handler that tells who changed what."""

    async def handle(request: web.Request) -> web.Response:
        staff(request, "Who changed a record is for staff")
        record_id = seen_id(request, kind)
        rows = await asked_of(people_of(request).store.events(kind.topic, record_id))
        parts_of(request).audit.read(request[PRINCIPAL], kind.view, [record_id], request[CORRELATION])
        shown = [
            {
                "id": str(row["event_id"]), "type": row["event_type"], "release": row["release"],
                "fields": list(row["fields"]), "actor": row["actor"], "role": row["role"], "at": moment(row["at"]),
            }
            for row in rows
        ]  # fmt: skip
        return json_or_unchanged(request, {"events": shown})

    return handle


async def _page(
    request: web.Request, kind: Kind, where: PeopleFilter, after: str | None, limit: int, eligibility: bool = False
) -> dict[str, object]:
    records = list(await asked_of(people_of(request).store.page(kind.topic, where, after, limit + 1)))
    shown, more = records[:limit], len(records) > limit
    ids = [id_of(record) for record in shown]
    parts_of(request).audit.read(request[PRINCIPAL], kind.list_view, ids, request[CORRELATION])
    hidden = not sees_accounts(request)
    found = [
        eligibility_json(record) if eligibility and isinstance(record, Member) else shown_json(record, hidden)
        for record in shown
    ]
    follows = people_search_body.cursor_of(ids[-1]) if more and not eligibility else None
    return {f"{kind.word}s": found, "next": follows}
