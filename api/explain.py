"""`GET /api/v1/claims/{id}/explanation`, the receipt in words, and `/eob`, the letter to the member."""

import asyncio
from typing import cast

from aiohttp import hdrs, web

from agents.periods import payer_day
from agents.words import Language
from api.answers import desk_of, json_or_unchanged
from api.context import PRINCIPAL, parts_of
from api.explanation import explanation_of, explanation_without_decision
from api.letter import UNDECIDED, Around, letter_of
from api.letter_html import POLICY, html_of
from api.letter_names import names_of
from api.people_requests import people_of
from api.problems import Problem
from api.queries import StoredClaim
from schemas.dates import milliseconds_of
from schemas.decision import Decision

LANGUAGES = "en", "id"
FORMATS = "html", "pdf"


async def get_explanation(request: web.Request) -> web.Response:
    """Why a claim was decided as it was, line by line, in `lang`."""
    language = cast(Language, _choice(request, "lang", LANGUAGES))
    stored, decision = await desk_of(request).decision(request[PRINCIPAL], request.match_info["id"])
    explained = (
        explanation_without_decision(stored, language) if decision is None else explanation_of(decision, language)
    )
    return json_or_unchanged(request, explained)


async def get_eob(request: web.Request) -> web.Response:
    """The explanation of benefits as `format`, in `lang`."""
    language = cast(Language, _choice(request, "lang", LANGUAGES))
    form = _choice(request, "format", FORMATS)
    stored, decision = await desk_of(request).decision(request[PRINCIPAL], request.match_info["id"])
    if decision is None or decision.substatus in UNDECIDED:
        raise _no_letter(stored.claim["substatus"] if decision is None else decision.substatus)
    letter = letter_of(decision, language, await _around(request, stored, decision))
    name = f'inline; filename="{decision.claim_number}-{decision.version}-{language}.{form}"'
    headers: dict[str, str] = {hdrs.CONTENT_DISPOSITION: name}
    if form == "html":
        headers["Content-Security-Policy"] = POLICY
        return web.Response(text=html_of(letter), content_type="text/html", charset="utf-8", headers=headers)
    # Loading the library takes longer than the rest of the service: only who wants a PDF waits for it.
    from api.letter_pdf import pdf_of

    body = await asyncio.to_thread(pdf_of, letter)
    return web.Response(body=body, content_type="application/pdf", headers=headers)


async def _around(request: web.Request, stored: StoredClaim, decision: Decision) -> Around:
    """What the letter says besides the decision."""
    parts, row = parts_of(request), stored.claim
    names = await names_of(decision, request[PRINCIPAL], people_of(request).store, parts.audit)
    # The row says when its own revision was written; where the record is newer already, that is another day.
    written = row["decided_at"] if row["revision"] == decision.revision else None
    return Around(
        payer=parts.settings.letter,
        day=payer_day(parts.now()),
        member_name=names.member,
        provider_name=names.provider,
        ended_on=None if written is None else payer_day(milliseconds_of(written)),
    )


def _no_letter(substatus: str) -> Problem:
    """Why there is no letter, and what to do instead."""
    detail = f"The claim is {substatus}: nothing was decided that a letter could explain."
    if substatus in UNDECIDED:
        detail = f"The claim is {substatus}: a letter explains a decision, and there is none yet. Ask again once "
        detail += "there is; /explanation says what the claim waits for."
    return Problem(409, "not_decided", detail)


def _choice(request: web.Request, name: str, choices: tuple[str, ...]) -> str:
    """The value of a query parameter; the first choice where it is absent."""
    found = request.query.get(name, choices[0])
    if found not in choices:
        raise Problem(400, f"bad_{name}", f"{name} must be {' or '.join(choices)}.")
    return found
