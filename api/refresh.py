"""`POST /api/v1/auth/refresh` and `/revoke`: a refresh token for new tokens, once; and our own public keys."""

from datetime import UTC, datetime

import structlog
from aiohttp import web

from api.answers import json_response
from api.auth import mint, unauthorized
from api.body import read_json_bytes
from api.context import Parts, parts_of
from api.database import DatabaseAway
from api.problems import Problem
from api.refresh_tokens import RefreshToken, expiry_of, read_refresh, signed_refresh
from api.refusals import RETRY_SECONDS
from api.token_families import Families
from api.token_keys import TokenKeyError, mints_here, published
from schemas.json_text import JsonTextError, parse_json

FAMILIES = web.AppKey("families", Families)
log = structlog.get_logger(__name__)


async def post_refresh(request: web.Request) -> web.Response:
    """An access token and the next refresh token. A token that was used before ends its family: somebody has a copy."""
    parts, token = await _asked(request)
    now = datetime.fromtimestamp(parts.now() / 1000, UTC)
    following = token.next()
    try:
        good = await request.config_dict[FAMILIES].advance(token, following)
    except DatabaseAway:
        raise _unavailable() from None
    if not good:
        log.warning("a refresh token came again, or after its family ended", family=token.family)
        raise unauthorized("refresh_refused", "This refresh token was used before or was revoked; sign in again.")
    try:
        return json_response(_tokens(parts, following, now))
    except TokenKeyError:
        raise
    except ValueError:
        raise unauthorized(
            "refresh_refused", "The roles of this sign-in are not known any more; sign in again."
        ) from None


async def post_revoke(request: web.Request) -> web.Response:
    """204: no token of the family gives tokens any more. Access tokens given out end by themselves."""
    _, token = await _asked(request)
    try:
        await request.config_dict[FAMILIES].revoke(token)
    except DatabaseAway:
        raise _unavailable() from None
    return web.Response(status=204)


async def get_jwks(request: web.Request) -> web.Response:
    """The public keys of tokens minted here; none where tokens are signed with a secret, or elsewhere."""
    response = json_response(published(parts_of(request).settings.api))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


async def _asked(request: web.Request) -> tuple[Parts, RefreshToken]:
    parts = parts_of(request)
    if not mints_here(parts.settings.api):
        raise Problem(404, "not_minted_here", "Tokens come from another issuer; refresh them there.")
    try:
        body = parse_json(await read_json_bytes(request, parts.body_seconds))
    except JsonTextError as error:
        raise Problem(400, error.code, f"The body cannot be read: {error}.") from None
    text = body.get("refreshToken") if isinstance(body, dict) and body.keys() == {"refreshToken"} else None
    if not isinstance(text, str):
        raise Problem(422, "invalid_refresh", 'The body must be: {"refreshToken": "..."}.')
    return parts, read_refresh(parts.settings.api, text)


def _tokens(parts: Parts, token: RefreshToken, now: datetime) -> dict[str, object]:
    api = parts.settings.api
    access = mint(
        api, token.subject, token.roles, now,
        provider_id=token.provider_id, member_id=token.member_id, permissions=token.permissions,
    )  # fmt: skip
    return {
        "accessToken": access,
        "tokenType": "Bearer",
        "expiresIn": api.token_lifetime_minutes * 60,
        "refreshToken": signed_refresh(api, token, now),
        "refreshExpiresIn": int((expiry_of(api, token, now) - now).total_seconds()),
    }


def _unavailable() -> Problem:
    """No list of what was used and revoked, no token."""
    detail = "Tokens cannot be refreshed just now; send the same request again in a moment."
    return Problem(503, "refresh_unavailable", detail, headers={"Retry-After": str(RETRY_SECONDS)})
