"""Access tokens: verified with one pinned algorithm, turned into a principal, remembered until they expire; minted."""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from api.jwks import IssuerKeys
from api.permissions import OUTSIDE_ROLES, PERMISSIONS, ROLES, permissions_of
from api.problems import Problem
from api.token_keys import Keys, TokenKeyError, fixed_keys, signing_key, uses_default_secret
from config.limits import TOKEN_CHARACTERS_MAX, TOKENS_REMEMBERED_MAX
from config.settings import ApiSettings

__all__ = [
    "LEEWAY_SECONDS",
    "Principal",
    "TokenKeyError",
    "Verifier",
    "check_names",
    "key_id_of",
    "mint",
    "signed",
    "token_claims",
    "unauthorized",
    "uses_default_secret",
]

# Clocks of issuer and service may differ by this much.
LEEWAY_SECONDS = 5
_REQUIRED = ["exp", "iat", "sub", "iss", "aud"]
_NAME_CHARACTERS_MAX = 200
_NAMES_MAX = 50


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `provider_id` and `member_id` say whose claims an outsider may see.

    `counts_until`: when the token counts no more, in seconds since 1970-01-01 UTC.
    """

    subject: str
    roles: frozenset[str]
    permissions: frozenset[str]
    provider_id: str | None
    member_id: str | None
    counts_until: float = field(default=math.inf, compare=False)

    @property
    def sees_all(self) -> bool:
        """Whether this is staff: a known role that is no outsider's, and no id that narrows the token."""
        inside = (self.roles & ROLES.keys()) - OUTSIDE_ROLES
        return bool(inside) and self.provider_id is None and self.member_id is None

    @property
    def is_outsider(self) -> bool:
        """Whether this is a provider or member whom the token names: somebody who may have claims of their own."""
        named = self.provider_id is not None or self.member_id is not None
        return named and bool(self.roles & OUTSIDE_ROLES)

    @property
    def submitter_id(self) -> str:
        """The name under which claim numbers are unique: the organisation or person, not the one who typed."""
        return self.provider_id or self.member_id or self.subject


class Verifier:
    """Verifies tokens by the settings of the service. Raises TokenKeyError when the key is missing or unfit.

    A token that was verified is remembered by its digest until it expires, or until the keys change.
    """

    def __init__(self, api: ApiSettings, keys: Keys | None = None, clock: Callable[[], float] = time.time) -> None:
        self._algorithm = api.jwt_algorithm
        self._issuer = api.jwt_issuer
        self._audience = api.jwt_audience
        self._clock = clock
        self._keys = keys or (IssuerKeys(api) if api.jwks and api.jwt_algorithm == "RS256" else fixed_keys(api))
        self._version = self._keys.version
        self._remembered: dict[bytes, Principal] = {}

    async def authenticate(self, authorization: str | None) -> Principal:
        """As `principal`; where the token names a key that is not known, the issuer is asked first (api/jwks.py)."""
        try:
            return self.principal(authorization)
        except _UnknownKey:
            await self._keys.look_again()
            return self.principal(authorization)

    async def keep_fresh(self) -> None:
        """Keeps the keys fresh; runs beside the service until it is cancelled."""
        await self._keys.keep_fresh()

    def principal(self, authorization: str | None) -> Principal:
        """The principal behind an Authorization header; raises a 401 problem when the token is missing or bad."""
        known = self.remembered(authorization)
        if known is not None:
            return known
        token = _token_of(authorization)
        claims = self._claims(token)
        principal = _principal_of(claims)
        if len(self._remembered) >= TOKENS_REMEMBERED_MAX:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[_digest(token)] = principal
        return principal

    def remembered(self, authorization: str | None) -> Principal | None:
        """The principal of a token that was verified before and is good still; None for any other."""
        if self._version != self._keys.version:
            self._version = self._keys.version
            self._remembered.clear()
        scheme, _, token = (authorization or "").partition(" ")
        known = self._remembered.get(_digest(token.strip())) if token.isascii() and scheme.lower() == "bearer" else None
        return known if known is not None and known.counts_until > self._clock() else None

    def _claims(self, token: str) -> Mapping[str, Any]:
        key = self._keys.key(key_id_of(token))
        if key is None:
            raise _UnknownKey
        claims = token_claims(token, key, self._algorithm, self._issuer, self._audience)
        if claims.get("use", "access") != "access" or claims.get("type") == "refresh":
            raise unauthorized("invalid_token", "This is no access token; exchange it at /api/v1/auth/refresh.")
        return claims


class _UnknownKey(Problem):
    """The token names a key that nobody knows (yet)."""

    def __init__(self) -> None:
        detail = "The token is not signed with a key of this service."
        super().__init__(401, "invalid_token", detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


def token_claims(token: str, key: Any, algorithm: str, issuer: str, audience: str) -> Mapping[str, Any]:
    """The claims of a token that this key signed, for this audience; raises a 401 problem."""
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token, key, algorithms=[algorithm], issuer=issuer, audience=audience,
            leeway=LEEWAY_SECONDS, options={"require": _REQUIRED},
        )  # fmt: skip
    except jwt.ExpiredSignatureError:
        raise unauthorized("expired_token", "The token has expired; get a new one.") from None
    except jwt.MissingRequiredClaimError as error:
        raise unauthorized("invalid_token", f"The token lacks the claim {error.claim}.") from None
    except jwt.InvalidIssuerError:
        raise unauthorized("invalid_token", "The token is from another issuer.") from None
    except jwt.InvalidAudienceError:
        raise unauthorized("invalid_token", "The token is for another audience.") from None
    except (jwt.InvalidAlgorithmError, jwt.InvalidSignatureError):
        raise unauthorized("invalid_token", "The token is not signed with the key of this service.") from None
    except jwt.ImmatureSignatureError:
        detail = "The token is not valid yet (nbf, iat); compare the clock of its issuer with ours."
        raise unauthorized("invalid_token", detail) from None
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        raise malformed_token() from None
    return claims


def _token_of(authorization: str | None) -> str:
    if authorization is None:
        raise missing_token()
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not token.isascii():
        raise unauthorized("invalid_token", "The Authorization header must be: Bearer <token>.")
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise unauthorized("invalid_token", f"The token is longer than {TOKEN_CHARACTERS_MAX:,} characters.")
    return token


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode(), digest_size=32).digest()


def key_id_of(token: str) -> str | None:
    """The id of the key that the token names, unverified; raises a 401 problem for what is no token."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except (jwt.PyJWTError, ValueError, TypeError):
        raise malformed_token() from None
    return kid if isinstance(kid, str) else None


def mint(
    api: ApiSettings,
    subject: str,
    roles: Sequence[str],
    now: datetime,
    *,
    provider_id: str | None = None,
    member_id: str | None = None,
    permissions: Sequence[str] = (),
    minutes: int | None = None,
) -> str:
    """An access token of this service; `permissions` are granted beyond those of the roles.

    Raises TokenKeyError without a key to sign with, ValueError for an unknown role or permission.
    """
    check_names(roles, permissions)
    claims: dict[str, Any] = {
        "sub": subject,
        "use": "access",
        "roles": list(roles),
        "iss": api.jwt_issuer,
        "aud": api.jwt_audience,
        "iat": now,
        "exp": now + timedelta(minutes=minutes or api.token_lifetime_minutes),
    }
    named = {"provider_id": provider_id, "member_id": member_id, "permissions": list(permissions)}
    return signed(api, claims | {name: value for name, value in named.items() if value})


def signed(api: ApiSettings, claims: dict[str, Any]) -> str:
    """The claims, signed by this service; raises TokenKeyError without a key."""
    key, kid = signing_key(api)
    return jwt.encode(claims, key, algorithm=api.jwt_algorithm, headers=None if kid is None else {"kid": kid})


def check_names(roles: Sequence[str], permissions: Sequence[str]) -> None:
    """Raise ValueError for a role or permission that does not exist."""
    for what, given, known in (("role", roles, list(ROLES)), ("permission", permissions, sorted(PERMISSIONS))):
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"unknown {what} {', '.join(unknown)}; one of: {', '.join(known)}")


def _principal_of(claims: Mapping[str, Any]) -> Principal:
    roles = _names(claims, "roles")
    return Principal(
        subject=_name(claims, "sub") or "",
        roles=roles,
        permissions=permissions_of(roles) | (_names(claims, "permissions") & PERMISSIONS),
        provider_id=_name(claims, "provider_id"),
        member_id=_name(claims, "member_id"),
        counts_until=float(claims["exp"]) + LEEWAY_SECONDS,
    )


def _name(claims: Mapping[str, Any], claim: str) -> str | None:
    value = claims.get(claim)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _NAME_CHARACTERS_MAX:
        raise unauthorized("invalid_token", f"The claim {claim} must be text of 1 to {_NAME_CHARACTERS_MAX}.")
    return value


def _names(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    value = claims.get(claim, [])
    if not isinstance(value, list) or len(value) > _NAMES_MAX or not all(isinstance(name, str) for name in value):
        raise unauthorized("invalid_token", f"The claim {claim} must be a list of at most {_NAMES_MAX} names.")
    return frozenset(value)


def missing_token() -> Problem:
    """The request has no token."""
    return unauthorized("missing_token", "Send a token: Authorization: Bearer <token>.", challenge="Bearer")


def malformed_token() -> Problem:
    """What was sent is no token, or holds claims that none may hold."""
    return unauthorized("invalid_token", "The token is malformed; send it whole, as it was issued.")


def unauthorized(code: str, detail: str, challenge: str = 'Bearer error="invalid_token"') -> Problem:
    """A 401 problem with the challenge that RFC 6750 asks for."""
    return Problem(401, code, detail, headers={"WWW-Authenticate": challenge})
