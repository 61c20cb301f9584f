"""Members and providers over HTTP. The truth is a release of reference data: a change is made as a small one.

Staff do what their permissions say. A member reads their own record and changes its contact, and so does a provider
with its own; a provider finds a member by one exact identifier and is shown who that is and when they are covered.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import hdrs, web

from api import people_changes
from api.context import CORRELATION, PRINCIPAL, parts_of
from api.database import DatabaseAway
from api.models.people_given import MemberGiven
from api.people_changes import not_found
from api.people_json import id_given
from api.people_requests import (
    Kind,
    asked_of,
    body_of,
    day_asked,
    expected_of,
    people_of,
    seen_id,
    shown,
    staff,
    today,
)
from api.permissions import ROLES
from api.problems import Mistake, Problem
from api.refusals import outcome_unknown
from schemas.reference_changes import Author, Changed, PersonRecord, ReleaseAway, UnfitError, Wish

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Edit = Callable[[PersonRecord | None], PersonRecord]
_STORE_SECONDS = 2.0
log = structlog.get_logger(__name__)


def create(kind: Kind) -> Handler:
    """The handler that takes a new one."""

    async def handle(request: web.Request) -> web.Response:
        staff(request, f"A new {kind.word} comes from staff")
        given = people_changes.parsed(kind.model, await body_of(request), today(request))
        record_id = id_given(given, people_of(request).sealer)
        changed = await _change(request, kind, record_id, people_changes.created(given, record_id))
        response = shown(request, changed.record, status=201 if changed.made else 200)
        response.headers[hdrs.LOCATION] = f"{kind.path}/{record_id}"
        return response

    return handle


def read(kind: Kind) -> Handler:
    """The handler that shows one."""

    async def handle(request: web.Request) -> web.Response:
        record_id = seen_id(request, kind)
        record = await asked_of(people_of(request).store.record(kind.topic, record_id))
        if record is None:
            raise not_found()
        parts_of(request).audit.read(request[PRINCIPAL], kind.view, [record_id], request[CORRELATION])
        tags = request.if_none_match or ()
        if any(tag.value in (str(record.release), "*") for tag in tags):
            response = web.Response(status=304)
            response.etag = str(record.release)
            return response
        return shown(request, record)

    return handle


def put(kind: Kind) -> Handler:
    """The handler that puts a record in place of the one that is there."""

    async def handle(request: web.Request) -> web.Response:
        record_id = seen_id(request, kind)
        expected = expected_of(request)
        given = people_changes.parsed(kind.model, await body_of(request), today(request))
        named = given.member_id if isinstance(given, MemberGiven) else given.provider_id
        if named not in (None, record_id):
            raise people_changes.invalid(
                [Mistake("id_contradicts", f"{kind.word}Id", "differs from the id in the path")]
            )
        edit = people_changes.put(given, record_id, expected, not request[PRINCIPAL].sees_all)
        return shown(request, (await _change(request, kind, record_id, edit)).record)

    return handle


def patch(kind: Kind) -> Handler:
    """The handler that changes some fields."""

    async def handle(request: web.Request) -> web.Response:
        record_id = seen_id(request, kind)
        expected, body = expected_of(request), await body_of(request)
        if not isinstance(body, dict) or f"{kind.word}Id" in body:
            detail = f"The body must be an object with the fields to change; {kind.word}Id is none of them."
            raise Problem(422, "invalid_person", detail)
        outsider = not request[PRINCIPAL].sees_all
        edit = people_changes.patched(body, kind.model, today(request), expected, outsider)
        return shown(request, (await _change(request, kind, record_id, edit)).record)

    return handle


def end(kind: Kind) -> Handler:
    """The handler that ends one: it stays readable, and claims of earlier days are decided."""

    async def handle(request: web.Request) -> web.Response:
        staff(request, f"A {kind.word} is ended by staff")
        day = day_asked(request.query.get("effective", today(request)))
        edit = people_changes.ended(day, expected_of(request))
        return shown(request, (await _change(request, kind, seen_id(request, kind), edit)).record)

    return handle


async def _change(request: web.Request, kind: Kind, record_id: str, edit: Edit) -> Changed:
    """Make a change and what it makes visible at once. Raises the problems of the edit, 422 and 503."""
    principal = request[PRINCIPAL]
    role = next((role for role in ROLES if role in principal.roles), "none")
    author = Author(principal.subject, role, request[CORRELATION])
    try:
        changed = await people_of(request).changes.change(Wish(kind.topic, record_id, edit, author))
    except UnfitError as error:
        raise people_changes.invalid([Mistake(f.code, f.place, f.text) for f in error.findings]) from None
    except ReleaseAway as error:
        log.warning("a change of people was not confirmed", error=str(error))
        raise outcome_unknown(
            "The change was not confirmed in time and may or may not have been made. Look at the record, or send the "
            "same change again: made twice it does no harm."
        ) from None
    if changed.made:
        try:
            async with asyncio.timeout(_STORE_SECONDS):
                await people_of(request).store.keep(changed.record)
        except (DatabaseAway, TimeoutError) as error:
            log.warning("a change of people is not visible until the sink has written it", error=str(error))
    return changed
