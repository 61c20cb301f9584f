"""Refresh tokens: signed like access tokens, for another audience and another use, each good once.

A sign-in starts a family. Every refresh gives the family's next token and ends the one before; the family itself ends
after `refresh_family_days`, however often it is refreshed. What Postgres remembers of it is in api/token_families.py.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.auth import check_names, key_id_of, signed, token_claims, unauthorized
from api.token_keys import own_keys
from config.limits import TOKEN_CHARACTERS_MAX
from config.settings import ApiSettings


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What a refresh token says: for whom access tokens are minted, and its place in its family."""

    subject: str
    roles: tuple[str, ...]
    permissions: tuple[str, ...]
    provider_id: str | None
    member_id: str | None
    family: str
    token_id: str
    generation: int
    family_ends: datetime

    def next(self) -> "RefreshToken":
        """The token that takes its place."""
        return replace(self, token_id=str(uuid.uuid4()), generation=self.generation + 1)


def new_family(
    api: ApiSettings,
    subject: str,
    roles: Sequence[str],
    now: datetime,
    *,
    provider_id: str | None = None,
    member_id: str | None = None,
    permissions: Sequence[str] = (),
) -> RefreshToken:
    """The first token of a family; raises ValueError for an unknown role or permission."""
    check_names(roles, permissions)
    ends = now + timedelta(days=api.refresh_family_days)
    family, token_id = str(uuid.uuid4()), str(uuid.uuid4())
    return RefreshToken(
        subject, tuple(roles), tuple(permissions), provider_id, member_id, family, token_id, 0, ends
    )  # fmt: skip


def expiry_of(api: ApiSettings, token: RefreshToken, now: datetime) -> datetime:
    """When the token expires if it is minted now: it never outlives its family."""
    return min(now + timedelta(days=api.refresh_lifetime_days), token.family_ends)


def signed_refresh(api: ApiSettings, token: RefreshToken, now: datetime) -> str:
    """The token as text; raises TokenKeyError without a key to sign with."""
    claims: dict[str, Any] = {
        "sub": token.subject, "use": "refresh", "roles": list(token.roles), "iss": api.jwt_issuer,
        "aud": audience_of(api), "iat": now, "exp": expiry_of(api, token, now), "jti": token.token_id,
        "family": token.family, "generation": token.generation, "family_ends": int(token.family_ends.timestamp()),
    }  # fmt: skip
    named = {
        "provider_id": token.provider_id,
        "member_id": token.member_id,
        "permissions": list(token.permissions),
    }
    return signed(api, claims | {name: value for name, value in named.items() if value})


def audience_of(api: ApiSettings) -> str:
    """Nobody but the refresh route takes a token for this audience."""
    return f"{api.jwt_audience}/refresh"


def read_refresh(api: ApiSettings, text: str) -> RefreshToken:
    """The refresh token in this text; raises a 401 problem for anything else, an access token among it."""
    if len(text) > TOKEN_CHARACTERS_MAX or not text.isascii():
        raise unauthorized("invalid_token", f"A refresh token has at most {TOKEN_CHARACTERS_MAX} ASCII characters.")
    key = own_keys(api).key(key_id_of(text))
    if key is None:
        raise unauthorized("invalid_token", "The token is not signed with a key of this service.")
    claims = token_claims(text, key, api.jwt_algorithm, api.jwt_issuer, audience_of(api))
    if claims.get("use") != "refresh":
        raise unauthorized("invalid_token", "This is no refresh token.")
    try:
        return _token_of(claims)
    except (KeyError, ValueError, TypeError, OverflowError):
        raise unauthorized("invalid_token", "This is no refresh token.") from None


def _token_of(claims: Mapping[str, Any]) -> RefreshToken:
    return RefreshToken(
        subject=str(claims["sub"]),
        roles=tuple(str(role) for role in claims["roles"]),
        permissions=tuple(str(name) for name in claims.get("permissions", ())),
        provider_id=claims.get("provider_id"),
        member_id=claims.get("member_id"),
        family=str(uuid.UUID(claims["family"])),
        token_id=str(uuid.UUID(claims["jti"])),
        generation=int(claims["generation"]),
        family_ends=datetime.fromtimestamp(int(claims["family_ends"]), UTC),
    )
