"""What REST handlers share: the desk of the application, JSON with exact decimals, conditional requests."""

import hashlib
import re

from aiohttp import ETag, hdrs, web

from api.desk import Desk
from api.problems import Problem
from api.queries import StoredClaim
from schemas.json_text import dump_json

DESK = web.AppKey("desk", Desk)
# What tag_of makes.
_CLAIM_TAG = re.compile(r"[0-9]+(\.[0-9]+){3}(\.r)?")


def desk_of(request: web.Request) -> Desk:
    """The desk of the application that serves this request."""
    return request.app[DESK]


def json_response(body: object, status: int = 200) -> web.Response:
    """A JSON response with exact decimals."""
    return web.Response(status=status, body=dump_json(body).encode(), content_type="application/json", charset="utf-8")


def tag_of(stored: StoredClaim) -> str:
    """The entity tag of a claim: another one for every state in which it was ever stored."""
    row = stored.claim
    tag = f"{row['version']}.{row['revision']}.{row['rank']}.{row['rank_order']}"
    return tag if row["replaced_by"] is None else f"{tag}.r"


def unchanged(request: web.Request, tag: str) -> web.Response | None:
    """304 where the caller has what the tag names (If-None-Match); None where it must be answered in full."""
    asked = request.if_none_match
    if asked is None or not any(one.value in (tag, "*") for one in asked):
        return None
    response = web.Response(status=304)
    response.etag = tag
    return response


def json_or_unchanged(request: web.Request, body: object) -> web.Response:
    """A JSON response tagged by its content, or 304 where the caller has it."""
    response = json_response(body)
    assert isinstance(response.body, bytes)
    tag = ETag(hashlib.blake2b(response.body, digest_size=12).hexdigest(), is_weak=True)
    asked = request.if_none_match
    if asked is not None and any(one.value in (tag.value, "*") for one in asked):
        response = web.Response(status=304)
    response.etag = tag
    return response


def check_expected(request: web.Request, stored: StoredClaim) -> None:
    """Refuse with 412 where If-Match names no tag of the claim as it is: it has moved on since the caller looked."""
    if hdrs.IF_MATCH not in request.headers:
        return
    tag, named = tag_of(stored), expected_tags(request)
    # A weak tag never matches here (RFC 9110, 13.1.1).
    if any(one.value in (tag, "*") and not one.is_weak for one in named):
        return
    if not any(_CLAIM_TAG.fullmatch(one.value) for one in named):
        detail = f"If-Match names what is no tag of a claim, such as {tag} is; send the ETag of the claim that you saw."
        raise Problem(412, "unknown_tag", detail, headers={hdrs.ETAG: f'"{tag}"'})
    raise moved_on(stored.claim["substatus"], tag)


def expected_tags(request: web.Request) -> tuple[ETag, ...]:
    """The tags in If-Match; none without it. Raises a 412 problem where there is none in it."""
    tags = request.if_match or ()
    if not tags and hdrs.IF_MATCH in request.headers:
        detail = 'If-Match holds no entity tag; send the ETag of an answer as it was, with its quotes: "1.0.4.0".'
        raise Problem(412, "unknown_tag", detail)
    return tags


def moved_on(substatus: str, tag: str) -> Problem:
    """The claim is no longer what the caller has seen."""
    detail = f"The claim has moved on: it is {substatus} now. Look at it again before you ask."
    return Problem(412, "claim_moved_on", detail, headers={hdrs.ETAG: f'"{tag}"'})
